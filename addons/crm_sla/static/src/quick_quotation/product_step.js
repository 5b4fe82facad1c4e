import {Component, onWillStart, onWillUnmount, useState} from "@odoo/owl";
import {KeepLast, Mutex} from "@web/core/utils/concurrency";
import {formatCurrency} from "@web/core/currency";
import {useDebounced} from "@web/core/utils/timing";
import {useService} from "@web/core/utils/hooks";
import {MODEL} from "./quick_service";

/** Clicks on + that follow each other quickly make one call. */
const SAVE_DELAY = 300;

/** Step 2: a grid of products with the customer's prices and how many he takes. */
export class ProductStep extends Component {
    static template = "crm_sla.ProductStep";
    static props = {
        quotation: Object,
        total: String,
        onQuotation: Function,
        onDone: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.mutex = new Mutex();
        this.timers = new Map();
        this.state = useState({
            term: "",
            categoryId: false,
            categories: [],
            products: [],
            hasMore: false,
        });
        this.search = useDebounced(() => this.load(), 250);
        onWillStart(async () => {
            const [categories] = await Promise.all([
                this.call("get_categories"),
                this.load(),
            ]);
            this.state.categories = categories;
        });
        onWillUnmount(() => this.saveAll());
    }

    call(method, ...args) {
        return this.orm.silent.call(MODEL, method, [this.props.quotation.id, ...args]);
    }

    // === WHICH PRODUCTS === //

    async load(offset = 0) {
        const {term, categoryId} = this.state;
        const page = await this.keepLast.add(
            this.call("get_products", term, categoryId, offset)
        );
        const before = offset ? this.state.products : [];
        this.state.products = [...before, ...page.products];
        this.state.hasMore = page.hasMore;
    }

    onInput(ev) {
        this.state.term = ev.target.value;
        this.search();
    }

    async chooseCategory(categoryId) {
        this.state.categoryId = categoryId;
        await this.load();
    }

    format(amount) {
        return formatCurrency(amount, this.props.quotation.currencyId);
    }

    // === HOW MANY === //

    setQuantity(product, quantity) {
        product.quantity = Math.max(0, Number(quantity) || 0);
        clearTimeout(this.timers.get(product));
        this.timers.set(
            product,
            setTimeout(() => this.save(product), SAVE_DELAY)
        );
    }

    /** One call at a time: they all change the same quotation. */
    save(product) {
        this.timers.delete(product);
        return this.mutex.exec(async () => {
            const answer = await this.call(
                "set_quantity",
                product.id,
                product.quantity
            ).catch((error) => {
                this.load(); // Show what the server holds, then the message
                throw error;
            });
            if (!this.timers.has(product)) {
                Object.assign(product, answer.product);
            }
            this.props.onQuotation(answer.quotation);
        });
    }

    async saveAll() {
        const products = [...this.timers.keys()];
        for (const product of products) {
            clearTimeout(this.timers.get(product));
        }
        await Promise.all(products.map((product) => this.save(product)));
        await this.mutex.getUnlockedDef();
    }

    async onClickDone() {
        await this.saveAll();
        this.props.onDone();
    }
}

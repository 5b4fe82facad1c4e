import {Component, onWillUnmount, useState} from "@odoo/owl";
import {ConnectionLostError} from "@web/core/network/rpc";
import {Dialog} from "@web/core/dialog/dialog";
import {KeepLast} from "@web/core/utils/concurrency";
import {useDebounced} from "@web/core/utils/timing";
import {useService} from "@web/core/utils/hooks";

/** A part that was used: which, how many, and who pays. */
export class PartDialog extends Component {
    static template = "postsale_contracts.PartDialog";
    static components = {Dialog};
    static props = {
        parts: Array, // Those used most, to choose from without a connection
        conditions: Array,
        conditionId: [Number, Boolean],
        onChosen: Function,
        close: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.state = useState({
            term: "",
            found: this.props.parts.slice(0, 8),
            isOffline: false,
            product: null,
            quantity: 1,
            conditionId: this.props.conditionId,
        });
        this.search = useDebounced(() => this.load(), 250);
        onWillUnmount(() => this.search.cancel());
    }

    onInput(ev) {
        this.state.term = ev.target.value;
        this.search();
    }

    async load() {
        const term = this.state.term.trim();
        try {
            this.state.found = await this.keepLast.add(
                this.orm.silent.call("postsale.my.day", "search_parts", [term])
            );
            this.state.isOffline = false;
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
            this.state.isOffline = true;
            this.state.found = this.findUsual(term);
        }
        if (!term) {
            this.state.found = this.props.parts.slice(0, 8);
        }
    }

    findUsual(term) {
        const part = term.toLowerCase();
        return this.props.parts.filter(
            ({name, barcode}) =>
                name.toLowerCase().includes(part) || (barcode && barcode === term)
        );
    }

    choose(product) {
        this.state.product = product;
    }

    /** What is in no list is told in words; the office finds its product. */
    chooseWords() {
        this.choose({id: false, name: this.state.term.trim(), uom: ""});
    }

    changeQuantity(step) {
        this.state.quantity = Math.max(1, (Number(this.state.quantity) || 0) + step);
    }

    onConditionChosen(ev) {
        this.state.conditionId = Number(ev.target.value) || false;
    }

    get isValid() {
        return Number(this.state.quantity) > 0;
    }

    async save() {
        const {product, conditionId} = this.state;
        const quantity = Number(this.state.quantity);
        await this.props.onChosen({product, quantity, conditionId});
        this.props.close();
    }
}

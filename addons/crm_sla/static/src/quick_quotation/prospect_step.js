import {Component, useState} from "@odoo/owl";
import {useAutofocus, useService} from "@web/core/utils/hooks";
import {KeepLast} from "@web/core/utils/concurrency";
import {formatCurrency} from "@web/core/currency";
import {useDebounced} from "@web/core/utils/timing";
import {MODEL} from "./quick_service";

/** Step 1: choose the customer, or create one with what qualifies him. */
export class ProspectStep extends Component {
    static template = "crm_sla.ProspectStep";
    static props = {
        start: Object,
        quotation: {type: [Object, {value: null}]},
        onQuotation: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.state = useState({
            term: "",
            customers: null,
            isNew: false,
            values: {},
            duplicates: [],
            templateId: this.props.quotation?.templateId || "",
        });
        useAutofocus({refName: "search"});
        this.search = useDebounced(this.search.bind(this), 200);
    }

    onInput(ev) {
        this.state.term = ev.target.value;
        this.search();
    }

    async search() {
        const found = this.orm.silent.call(MODEL, "search_customers", [
            this.state.term,
        ]);
        this.state.customers = this.state.term ? await this.keepLast.add(found) : null;
    }

    async choose(customerId) {
        const {templateId} = this.state;
        this.props.onQuotation(
            await this.orm.call(MODEL, "open_quotation", [
                customerId,
                Number(templateId) || false,
                this.props.quotation?.id || false,
            ])
        );
    }

    formatTotal({total, currencyId}) {
        return formatCurrency(total, currencyId);
    }

    // === A NEW ONE === //

    enterNew() {
        const isEmail = this.state.term.includes("@");
        this.state.values = {
            name: isEmail ? "" : this.state.term,
            email: isEmail ? this.state.term : "",
            phone: "",
            city: "",
            country_id: this.props.start.countryId || "",
            is_company: false,
        };
        this.state.duplicates = [];
        this.state.isNew = true;
    }

    async findDuplicates() {
        const {email, phone} = this.state.values;
        this.state.duplicates = await this.orm.silent.call(MODEL, "find_duplicates", [
            email,
            phone,
        ]);
        return this.state.duplicates.length;
    }

    /** Whoever might be known already is shown first; a second click creates him. */
    async create() {
        if (!this.state.duplicates.length && (await this.findDuplicates())) {
            return;
        }
        const {id} = await this.orm.call(MODEL, "create_customer", [this.state.values]);
        await this.choose(id);
    }
}

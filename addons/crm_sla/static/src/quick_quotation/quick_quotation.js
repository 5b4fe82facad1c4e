import {Component, onWillStart, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {formatCurrency} from "@web/core/currency";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";
import {MODEL} from "./quick_service";
import {OfferStep} from "./offer_step";
import {ProductStep} from "./product_step";
import {ProspectStep} from "./prospect_step";
import {TakeBackDialog} from "./take_back_dialog";

/**
 * A quotation in three steps: for whom, what, the offer.
 *
 * It is a draft on the server from the first step on, and its id stands in the address:
 * leaving, coming back or loading the page again loses nothing.
 */
export class QuickQuotation extends Component {
    static template = "crm_sla.QuickQuotation";
    static components = {ProspectStep, ProductStep, OfferStep};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.steps = [
            {name: "prospect", label: _t("Customer")},
            {name: "products", label: _t("Products")},
            {name: "offer", label: _t("Offer")},
        ];
        this.state = useState({
            step: "prospect",
            start: null,
            quotation: null,
            isHandedOver: false,
        });
        onWillStart(async () => {
            await this.loadStart();
            const id = this.state.start.handedOverId || this.props.resId;
            if (id) {
                this.resume(await this.orm.call(MODEL, "get_quotation", [id]));
            }
        });
    }

    async loadStart() {
        const start = await this.orm.call(MODEL, "start", []);
        this.state.start = start;
        this.state.isHandedOver = Boolean(start.handedOverId);
    }

    get stepIndex() {
        return this.steps.findIndex(({name}) => name === this.state.step);
    }

    get total() {
        return formatCurrency(
            this.state.quotation.total,
            this.state.quotation.currencyId
        );
    }

    /** The customer has the screen: no way to other customers, nor out of here. */
    get mayGoBack() {
        const {isHandedOver, quotation, step} = this.state;
        if (step === "offer") {
            return quotation.isOpen;
        }
        return step === "products" && !isHandedOver;
    }

    setQuotation(quotation) {
        this.state.quotation = quotation;
    }

    /** Go on where it was left: with the products, or the offer if they are settled. */
    resume(quotation) {
        this.setQuotation(quotation);
        this.state.step = quotation.isOpen ? "products" : "offer";
        this.props.updateActionState?.({resId: quotation.id});
    }

    goTo(step) {
        this.state.step = step;
    }

    async onClickBack() {
        if (this.state.step === "offer") {
            this.goTo("products");
        } else {
            await this.loadStart();
            this.goTo("prospect");
        }
    }

    async startAnew() {
        await this.loadStart();
        this.setQuotation(null);
        this.goTo("prospect");
        this.props.updateActionState?.({resId: false});
    }

    openOrder() {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "sale.order",
            res_id: this.state.quotation.id,
            views: [[false, "form"]],
            target: "main",
        });
    }

    close() {
        if (this.state.quotation) {
            this.openOrder();
        } else {
            this.action.doAction("sale.action_quotations_with_onboarding", {
                clearBreadcrumbs: true,
            });
        }
    }

    async handOver() {
        await this.orm.call(MODEL, "hand_over", [this.state.quotation.id]);
        this.state.isHandedOver = true;
    }

    takeBack() {
        this.dialog.add(TakeBackDialog, {
            onTakenBack: () => {
                this.state.isHandedOver = false;
            },
        });
    }
}

registry.category("actions").add("crm_sla.quick_quotation", QuickQuotation);

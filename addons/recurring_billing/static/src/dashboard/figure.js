import {Component} from "@odoo/owl";
import {formatCurrency} from "@web/core/currency";
import {formatInteger} from "@web/views/fields/formatters";

/** A number that opens the records it counts. */
export class Figure extends Component {
    static template = "recurring_billing.DashboardFigure";
    static props = {
        figure: Object,
        currencyId: Number,
        onOpen: Function,
    };

    get value() {
        return formatInteger(this.props.figure.value);
    }

    get amount() {
        const {amount, amount_label: label} = this.props.figure;
        return amount
            ? `${formatCurrency(amount, this.props.currencyId)} ${label}`
            : "";
    }

    get tone() {
        const {tone, value} = this.props.figure;
        if (!value) {
            return "text-muted";
        }
        return tone ? `text-${tone}` : "";
    }
}

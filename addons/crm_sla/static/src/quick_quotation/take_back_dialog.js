import {Component, useState} from "@odoo/owl";
import {useAutofocus, useService} from "@web/core/utils/hooks";
import {Dialog} from "@web/core/dialog/dialog";
import {_t} from "@web/core/l10n/translation";
import {MODEL} from "./quick_service";

/** The salesperson shows that he is back. Who has no password logs out and in again. */
export class TakeBackDialog extends Component {
    static template = "crm_sla.TakeBackDialog";
    static components = {Dialog};
    static props = {close: Function, onTakenBack: Function};

    setup() {
        this.orm = useService("orm");
        this.state = useState({password: "", error: ""});
        useAutofocus();
    }

    async confirm() {
        try {
            await this.orm.silent.call(MODEL, "take_back", [this.state.password]);
        } catch (error) {
            this.state.error = error.data?.message || _t("This did not work.");
            return;
        }
        this.props.onTakenBack();
        this.props.close();
    }
}

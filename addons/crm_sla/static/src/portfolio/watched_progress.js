import {onMounted, onWillUnmount} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {
    ProgressBarField,
    progressBarField,
} from "@web/views/fields/progress_bar/progress_bar_field";

const EVERY = 2000;

/** A progress bar that asks how far the work is, until it is shown no longer. */
export class WatchedProgress extends ProgressBarField {
    setup() {
        super.setup();
        let timer = null;
        onMounted(() => {
            timer = setInterval(() => this.props.record.load(), EVERY);
        });
        onWillUnmount(() => clearInterval(timer));
    }
}

registry.category("fields").add("crm_sla_watched_progress", {
    ...progressBarField,
    component: WatchedProgress,
});

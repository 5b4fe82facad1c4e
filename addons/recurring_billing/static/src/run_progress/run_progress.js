import {Component, useEffect, useState} from "@odoo/owl";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useService} from "@web/core/utils/hooks";

/** How far a run is: a bar with what is done, has failed and is left. */
export class RunProgress extends Component {
    static template = "recurring_billing.RunProgress";
    static props = {
        runId: Number,
        percent: {type: Number, optional: true},
        isCompact: {type: Boolean, optional: true},
        canOpen: {type: Boolean, optional: true},
        onEnd: {type: Function, optional: true},
    };

    setup() {
        this.action = useService("action");
        this.state = useState({run: null});
        const {watch} = useService("recurring_run_watch");
        useEffect(
            (runId) => watch(runId, (run) => this.update(run)),
            () => [this.props.runId]
        );
    }

    get percent() {
        return this.state.run ? this.state.run.percent : this.props.percent || 0;
    }

    /** What the bar is made of, in percent of its width. */
    get parts() {
        const {run} = this.state;
        if (!run) {
            return [{name: "issued", color: "bg-success", width: this.percent}];
        }
        const {issued, failed, other, left, withdrawn} = run;
        const total = issued + failed + other + left + withdrawn || 1;
        return [
            {name: "issued", color: "bg-success", width: (100 * issued) / total},
            {name: "failed", color: "bg-danger", width: (100 * failed) / total},
            {name: "other", color: "bg-warning", width: (100 * other) / total},
        ];
    }

    update(run) {
        this.state.run = run;
        if (run.state === "done") {
            this.props.onEnd?.();
        }
    }

    open() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "recurring.run",
            res_id: this.props.runId,
            views: [[false, "form"]],
        });
    }
}

/** On a run itself, or on a field that holds the run under way. */
export class RunProgressField extends Component {
    static template = "recurring_billing.RunProgressField";
    static components = {RunProgress};
    static props = {
        ...standardFieldProps,
        isCompact: {type: Boolean, optional: true},
    };

    get isLink() {
        return this.props.record.fields[this.props.name].type === "many2one";
    }

    get runId() {
        const {record, name} = this.props;
        return this.isLink ? record.data[name]?.id : record.resId;
    }

    get percent() {
        const {record, name} = this.props;
        return this.isLink ? 0 : Math.round(record.data[name]);
    }

    /** The figures around are those of a moment ago; what somebody types is kept. */
    async reload() {
        const {record} = this.props;
        if (!(await record.isDirty())) {
            await record.load();
        }
    }
}

registry.category("fields").add("recurring_run_progress", {
    component: RunProgressField,
    supportedTypes: ["float", "many2one"],
    extractProps: ({viewType}) => ({isCompact: viewType !== "form"}),
});

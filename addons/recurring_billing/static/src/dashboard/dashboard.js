import {
    Component,
    onMounted,
    onWillStart,
    useExternalListener,
    useState,
} from "@odoo/owl";
import {Figure} from "./figure";
import {ForecastChart} from "./forecast_chart";
import {KeepLast} from "@web/core/utils/concurrency";
import {Layout} from "@web/search/layout";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";

const MODEL = "recurring.dashboard";

/**
 * The day at a glance: what is wrong, figures that are links, and what is expected.
 *
 * It is worked out anew whenever somebody opens it, comes back to it, or presses
 * "Refresh".
 */
export class Dashboard extends Component {
    static template = "recurring_billing.Dashboard";
    static components = {Figure, ForecastChart, Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.keepLastChart = new KeepLast();
        this.display = {controlPanel: {}};
        this.state = useState({data: null, chart: null, seenAt: null});
        onWillStart(() => this.loadFigures(this.orm));
        onMounted(() => this.loadChart()); // The figures need not wait for it
        useExternalListener(document, "visibilitychange", () => this.onVisible());
    }

    async loadFigures(orm) {
        this.state.data = await this.keepLast.add(orm.call(MODEL, "get_data", []));
        this.state.seenAt = luxon.DateTime.now();
    }

    async loadChart() {
        this.state.chart = await this.keepLastChart.add(
            this.orm.silent.call(MODEL, "get_chart", [])
        );
    }

    refresh() {
        return Promise.all([this.loadFigures(this.orm), this.loadChart()]);
    }

    /** Back from another tab or program: quietly, without covering the screen. */
    onVisible() {
        if (document.visibilityState === "visible") {
            // Without a connection the old figures stay, with their time
            const loading = [this.loadFigures(this.orm.silent), this.loadChart()];
            Promise.all(loading).catch(() => {});
        }
    }

    get asOf() {
        return _t(
            "As of %s",
            this.state.seenAt.toLocaleString(luxon.DateTime.TIME_SIMPLE)
        );
    }

    /** Nothing has ever been set up, and there is nothing to tell. */
    get isFirstDay() {
        const {groups, has_tasks: hasTasks} = this.state.data;
        const isZero = ({value}) => !value;
        return !hasTasks && groups.every(({figures}) => figures.every(isZero));
    }

    open(action) {
        return this.action.doAction(action);
    }

    createTask() {
        return this.open({
            type: "ir.actions.act_window",
            res_model: "recurring.task",
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("recurring_billing.dashboard", Dashboard);

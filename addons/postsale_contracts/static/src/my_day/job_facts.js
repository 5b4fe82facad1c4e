import {Component} from "@odoo/owl";
import {deserializeDateTime} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";

/** Opens the map program of the phone; elsewhere a page. */
const MAP_URL = "https://www.google.com/maps/search/?api=1&query=";

/** Where, whom to call, what stands there, until when. */
export class JobFacts extends Component {
    static template = "postsale_contracts.JobFacts";
    static props = {job: Object};

    get mapUrl() {
        return MAP_URL + encodeURIComponent(this.props.job.address);
    }

    get phoneUrl() {
        return `tel:${this.props.job.phone.replace(/[^+\d]/g, "")}`;
    }

    get assets() {
        return this.props.job.assets.map(({name, serial, place}) =>
            [name, serial, place].filter(Boolean).join(" · ")
        );
    }

    get sla() {
        const {isSlaRunning, meetsSla, slaDeadline} = this.props.job;
        if (!slaDeadline || !isSlaRunning) {
            return null;
        }
        const deadline = deserializeDateTime(slaDeadline);
        const isToday = deadline.hasSame(luxon.DateTime.now(), "day");
        const {DATETIME_SHORT, TIME_SIMPLE} = luxon.DateTime;
        const moment = deadline.toLocaleString(isToday ? TIME_SIMPLE : DATETIME_SHORT);
        return meetsSla === "no"
            ? {text: _t("SLA missed: %s", moment), level: "danger"}
            : {text: _t("SLA until %s", moment), level: "info"};
    }
}

import {Component, useState} from "@odoo/owl";
import {deserializeDateTime, serializeDateTime} from "@web/core/l10n/dates";
import {_t} from "@web/core/l10n/translation";

/** As the server: nobody works longer at a stretch. */
const MAX_HOURS = 16;
const INPUT_FORMAT = "yyyy-MM-dd'T'HH:mm";

/** Somebody forgot to stop yesterday: he says when he finished. */
export class ForgottenWork extends Component {
    static template = "postsale_contracts.ForgottenWork";
    static props = {running: Object, onStopped: Function};

    setup() {
        this.start = deserializeDateTime(this.props.running.since);
        this.state = useState({end: "", error: ""});
    }

    get since() {
        return this.start.toLocaleString(luxon.DateTime.DATETIME_MED_WITH_WEEKDAY);
    }

    get min() {
        return this.start.toFormat(INPUT_FORMAT);
    }

    get max() {
        const latest = luxon.DateTime.min(
            this.start.plus({hours: MAX_HOURS}),
            luxon.DateTime.now()
        );
        return latest.toFormat(INPUT_FORMAT);
    }

    async save() {
        const {end} = this.state;
        if (!end || end < this.min || end > this.max) {
            this.state.error = _t(
                "Enter an end after the start, %s hours later at most.",
                MAX_HOURS
            );
            return;
        }
        const moment = luxon.DateTime.fromISO(end, {zone: this.start.zone});
        await this.props.onStopped(serializeDateTime(moment));
    }
}

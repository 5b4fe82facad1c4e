import {Component, onMounted, useState} from "@odoo/owl";
import {useService} from "@web/core/utils/hooks";

/** Findings shown before somebody asks for the others: a phone is small. */
const FIRST = 2;

/** What the watchdog has found, each with a button that opens the records. */
export class WatchdogBanner extends Component {
    static template = "recurring_billing.WatchdogBanner";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({findings: [], isOpen: false});
        onMounted(() => this.load());
    }

    get shown() {
        const {findings, isOpen} = this.state;
        return isOpen ? findings : findings.slice(0, FIRST);
    }

    get hiddenCount() {
        return this.state.findings.length - this.shown.length;
    }

    async load() {
        this.state.findings = await this.orm.silent.call(
            "recurring.watchdog",
            "get_findings",
            []
        );
    }

    open(finding) {
        return this.action.doAction(finding.action, {onClose: () => this.load()});
    }

    openAll() {
        this.state.isOpen = true;
    }
}

import {Component, useState} from "@odoo/owl";
import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {_t} from "@web/core/l10n/translation";
import {useService} from "@web/core/utils/hooks";

/** Says what the server does not have yet, and why. */
export class UnsavedBar extends Component {
    static template = "postsale_contracts.UnsavedBar";
    static props = {};

    setup() {
        this.queue = useService("postsale_entry_queue");
        this.dialog = useService("dialog");
        this.queueState = useState(this.queue.state);
    }

    get waiting() {
        return this.queueState.entries.filter(
            ({isSaved, reason}) => !isSaved && !reason
        );
    }

    get refused() {
        return this.queueState.entries.filter(({reason}) => reason);
    }

    get waitingText() {
        const {length} = this.waiting;
        return length === 1
            ? _t("1 entry is not yet saved")
            : _t("%s entries are not yet saved", length);
    }

    discard(entry) {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Discard This Entry?"),
            body: _t("“%s” will be lost.", entry.label),
            confirmLabel: _t("Discard"),
            confirm: () => this.queue.discard(entry),
            cancelLabel: _t("Keep"),
            cancel: () => {},
        });
    }
}

import {Component, useEffect, useState} from "@odoo/owl";
import {deserializeDateTime, serializeDateTime} from "@web/core/l10n/dates";
import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {JobFacts} from "./job_facts";
import {PartDialog} from "./part_dialog";
import {SignatureDialog} from "./signature_dialog";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {formatFloatTime} from "@web/views/fields/formatters";
import {readPhoto} from "./photo";
import {useService} from "@web/core/utils/hooks";

/** One job: everything that is entered there becomes an entry of the queue. */
export class Job extends Component {
    static template = "postsale_contracts.Job";
    static components = {JobFacts};
    static props = {
        job: Object,
        running: [Object, Boolean],
        isForgotten: Boolean,
        day: Object,
        now: Object,
        onClose: Function,
        onStop: Function,
    };

    setup() {
        this.queue = useService("postsale_entry_queue");
        this.dialog = useService("dialog");
        this.state = useState({
            note: browser.localStorage.getItem(this.draftKey) || "",
            photoError: "",
        });
        useEffect(
            (note) => {
                if (note) {
                    browser.localStorage.setItem(this.draftKey, note);
                } else {
                    browser.localStorage.removeItem(this.draftKey);
                }
            },
            () => [this.state.note]
        );
    }

    add(kind, values, label) {
        return this.queue.add(kind, this.props.job, values, label);
    }

    // === TIME === //

    get isRunning() {
        return this.props.running && this.props.running.task === this.props.job.id;
    }

    get worked() {
        const {job, now, running} = this.props;
        const hours = this.isRunning
            ? Math.max(0, now.diff(deserializeDateTime(running.since)).as("hours"))
            : 0;
        return formatFloatTime(job.workedHours + hours);
    }

    start() {
        return this.add("start", {}, _t("Work started"));
    }

    stop() {
        return this.props.onStop(
            this.props.running,
            serializeDateTime(luxon.DateTime.now())
        );
    }

    // === WHAT WAS DONE === //

    /** A note that is not saved yet survives a reload, too. */
    get draftKey() {
        return `postsale_note_${this.queue.owner}_${this.props.job.id}`;
    }

    async saveNote() {
        const text = this.state.note.trim();
        await this.add("note", {text}, text.slice(0, 60));
        this.state.note = "";
    }

    async onPhotoChosen(ev) {
        const input = ev.target;
        this.state.photoError = "";
        for (const file of [...input.files]) {
            try {
                const image = await readPhoto(file);
                await this.add("photo", {image}, _t("Photo"));
            } catch {
                this.state.photoError = _t("%s is no photo.", file.name);
            }
        }
        input.value = ""; // The same one may be chosen again
    }

    check(line) {
        const done = !line.done;
        return this.add("check", {line: line.id, done}, line.name);
    }

    confirmPlanned(part) {
        return this.add("done", {activity: part.id}, part.name);
    }

    addPart() {
        const {conditions, parts} = this.props.day;
        this.dialog.add(PartDialog, {
            parts,
            conditions,
            conditionId: this.props.job.conditionId,
            onChosen: ({product, quantity, conditionId}) => {
                const values = {product: product.id, quantity, condition: conditionId};
                if (!product.id) {
                    values.name = product.name;
                }
                return this.add("part", values, product.name);
            },
        });
    }

    // === THE END === //

    askForSignature() {
        this.dialog.add(SignatureDialog, {
            jobName: this.props.job.name,
            onSigned: (name, image) =>
                this.add("signature", {name, image}, _t("Signature of %s", name)),
        });
    }

    get missing() {
        const {checklist, signedBy} = this.props.job;
        const open = checklist.filter(({done}) => !done).length;
        return [
            open && _t("Open points on the checklist: %s.", open),
            !signedBy && _t("The customer has not signed."),
        ].filter(Boolean);
    }

    finish() {
        if (!this.missing.length) {
            this.confirmFinish();
            return;
        }
        this.dialog.add(ConfirmationDialog, {
            title: _t("Finish This Job?"),
            body: this.missing.join("\n"),
            confirmLabel: _t("Finish"),
            confirm: () => this.confirmFinish(),
            cancelLabel: _t("Go On"),
            cancel: () => {},
        });
    }

    async confirmFinish() {
        await this.add("finish", {}, _t("Finished"));
        this.props.onClose();
    }
}

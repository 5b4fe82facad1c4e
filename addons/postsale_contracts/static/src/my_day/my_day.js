import {Component, onWillStart, onWillUnmount, useState} from "@odoo/owl";
import {deserializeDate, deserializeDateTime} from "@web/core/l10n/dates";
import {useBus, useService} from "@web/core/utils/hooks";
import {ConnectionLostError} from "@web/core/network/rpc";
import {DayCache} from "./day_cache";
import {ForgottenWork} from "./forgotten_work";
import {Job} from "./job";
import {JobFacts} from "./job_facts";
import {Mutex} from "@web/core/utils/concurrency";
import {UnsavedBar} from "./unsaved_bar";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {getDayWithEntries} from "./day_with_entries";
import {loadSignaturePad} from "./signature_dialog";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";

const MINUTE = 60 * 1000;

/**
 * A technician's day: his jobs, and one job with all that is entered there.
 *
 * What he enters goes into a queue that survives a lost connection and a reload; the
 * screen shows it at once, and says what the server does not have yet.
 */
export class MyDay extends Component {
    static template = "postsale_contracts.MyDay";
    static components = {ForgottenWork, Job, JobFacts, UnsavedBar};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.queue = useService("postsale_entry_queue");
        this.queueState = useState(this.queue.state);
        this.cache = new DayCache(this.queue.owner);
        this.mutex = new Mutex();
        this.state = useState({
            day: null,
            jobId: this.props.resId || false,
            now: luxon.DateTime.now(),
        });
        useBus(this.queue.bus, "SAVED", () => this.load());
        onWillStart(() => Promise.all([this.queue.open(), this.load()]));
        loadSignaturePad().catch(() => {}); // Without a connection: at the next start
        const timer = browser.setInterval(() => {
            this.state.now = luxon.DateTime.now();
        }, MINUTE / 2);
        onWillUnmount(() => browser.clearInterval(timer));
    }

    /** One after the other: each sees what was saved before it was asked for. */
    load() {
        return this.mutex.exec(() => this.fetchDay());
    }

    /** From the server; without a connection as it was last seen on this phone. */
    async fetchDay() {
        const savedKeys = this.queue.getSavedKeys();
        try {
            const day = await this.orm.silent.call("postsale.my.day", "get_day", []);
            this.cache.keep(day);
            this.state.day = day;
            this.queue.forget(savedKeys);
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
            if (!this.state.day) {
                await this.cache.read(error).then(
                    (day) => {
                        this.state.day = day;
                    },
                    () => {} // Never seen here: the screen says so
                );
            }
        }
    }

    getView() {
        return getDayWithEntries(this.state.day, this.queueState.entries);
    }

    // === THE DAY === //

    get title() {
        const {today} = this.state.day;
        return deserializeDate(today).toLocaleString({
            weekday: "long",
            day: "numeric",
            month: "long",
        });
    }

    /** What is shown may be old when there is no connection. */
    get asOf() {
        const seen = luxon.DateTime.fromISO(this.state.day.now, {
            zone: "utc",
        }).toLocal();
        return this.state.now.diff(seen).as("minutes") > 10
            ? _t("As of %s", seen.toLocaleString(luxon.DateTime.DATETIME_SHORT))
            : "";
    }

    /** @param {Object[]} jobs */
    getSections(jobs) {
        const sections = [
            {name: "overdue", label: _t("Overdue")},
            {name: "today", label: _t("Today")},
            {name: "next", label: _t("Coming Days")},
            {name: "undated", label: _t("Without a Date")},
            {name: "finished", label: _t("Finished")},
        ];
        const getName = (job) => (job.isFinished ? "finished" : job.section);
        return sections
            .map((section) => ({
                ...section,
                jobs: jobs.filter((job) => getName(job) === section.name),
            }))
            .filter((section) => section.jobs.length || section.name === "today");
    }

    /** The day where it is not today's, and the hours that were agreed. */
    getTime(job) {
        const parts = [];
        if (job.day && job.section !== "today") {
            parts.push(
                deserializeDate(job.day).toLocaleString({
                    weekday: "short",
                    day: "numeric",
                    month: "short",
                })
            );
        }
        return [...parts, job.hours].filter(Boolean).join(", ");
    }

    // === ONE JOB === //

    open(jobId) {
        this.state.jobId = jobId;
        this.props.updateActionState?.({resId: jobId});
    }

    close() {
        this.open(false);
    }

    // === RUNNING WORK === //

    getSince(running) {
        return deserializeDateTime(running.since).toLocaleString(
            luxon.DateTime.TIME_SIMPLE
        );
    }

    /** Started on another day: nobody works through the night. */
    isForgotten(running) {
        return (
            running &&
            !deserializeDateTime(running.since).hasSame(this.state.now, "day")
        );
    }

    async stop(running, ended) {
        const job = {id: running.task, name: running.name};
        const values = {start: running.start, ended};
        await this.queue.add("stop", job, values, _t("Work stopped"));
    }
}

registry.category("actions").add("postsale_contracts.my_day", MyDay);

import {EventBus, reactive, toRaw} from "@odoo/owl";
import {ConnectionLostError} from "@web/core/network/rpc";
import {EntryStore, StorageRefused} from "./entry_store";
import {_t} from "@web/core/l10n/translation";
import {browser} from "@web/core/browser/browser";
import {registry} from "@web/core/registry";
import {session} from "@web/session";
import {user} from "@web/core/user";
import {uuid} from "@web/core/utils/strings";

const MODEL = "postsale.field.entry";
const FIRST_PAUSE = 2000;
const LONGEST_PAUSE = 5 * 60 * 1000;
/** Of one call: entries, and characters of their contents. */
const BATCH_LENGTH = 20;
const BATCH_SIZE = 3000000;
const SESSION_EXPIRED = "odoo.http.SessionExpiredException";

/** What the server reads of an entry. */
const getPayload = ({uuid, kind, task, at, values}) => ({uuid, kind, task, at, values});

const now = () => luxon.DateTime.utc().toFormat("yyyy-MM-dd HH:mm:ss");

/**
 * Whatever a technician enters, until the server has it.
 *
 * It is kept on the phone first, then sent in order. The server knows each entry by its
 * key, so one whose answer got lost is sent again without harm. Nothing is dropped but
 * by the technician.
 */
export class EntryQueue {
    constructor(orm, database, userId) {
        this.orm = orm;
        this.userId = userId;
        this.owner = `${database}_${userId}`;
        this.bus = new EventBus();
        this.pause = FIRST_PAUSE;
        this.lastTime = 0;
        this.state = reactive({
            entries: [],
            isSending: false,
            isKept: true, // The phone keeps what is entered
            problem: "",
        });
    }

    get flag() {
        return `postsale_unsaved_${this.owner}`;
    }

    get waiting() {
        return this.state.entries.filter(({isSaved, reason}) => !isSaved && !reason);
    }

    get refused() {
        return this.state.entries.filter(({reason}) => reason);
    }

    // === KEPT ON THE PHONE === //

    /** Whoever left something unsaved gets it sent, wherever he is in Odoo. */
    openIfNeeded() {
        if (browser.localStorage.getItem(this.flag)) {
            this.open();
        }
    }

    open() {
        this.opened ??= this.load();
        return this.opened;
    }

    async load() {
        await this.attempt(async () => {
            this.store = new EntryStore(this.owner);
            this.state.entries = await this.store.getAll();
        });
        browser.addEventListener("online", () => this.tryNow());
        document.addEventListener("visibilitychange", () => {
            if (document.visibilityState === "visible") {
                this.tryNow();
            }
        });
        this.tryNow();
    }

    /**
     * @param {String} kind
     * @param {Object} job
     * @param {Object} values what the server gets
     * @param {String} label what the technician reads of it
     */
    async add(kind, job, values, label) {
        this.lastTime = Math.max(Date.now(), this.lastTime + 1);
        const key = uuid() + uuid();
        const entry = {
            key: `${this.lastTime}-${key}`, // In the order of their time
            uuid: key,
            kind,
            task: job.id,
            taskName: job.name,
            at: now(),
            values,
            label,
        };
        await this.keep(entry);
        this.state.entries.push(entry);
        this.tryNow();
    }

    async keep(entry) {
        browser.localStorage.setItem(this.flag, "1");
        await this.attempt(() => this.store.put({...toRaw(entry)}));
    }

    async drop(entry) {
        const {key} = entry;
        this.state.entries = this.state.entries.filter((other) => other.key !== key);
        await this.attempt(() => this.store.remove(key));
    }

    async attempt(work) {
        try {
            await work();
        } catch (error) {
            if (!(error instanceof StorageRefused)) {
                throw error;
            }
            this.state.isKept = false;
        }
    }

    // === SENT === //

    tryNow() {
        this.pause = FIRST_PAUSE;
        return this.send();
    }

    async send() {
        if (this.state.isSending) {
            return;
        }
        browser.clearTimeout(this.timer);
        this.state.isSending = true;
        try {
            while (this.waiting.length) {
                await this.sendBatch(this.getBatch());
            }
            this.state.problem = "";
            this.pause = FIRST_PAUSE;
        } catch (error) {
            this.postpone(error);
        } finally {
            this.state.isSending = false;
        }
    }

    getBatch() {
        let size = 0;
        return this.waiting.slice(0, BATCH_LENGTH).filter((entry, index) => {
            size += JSON.stringify(entry.values).length;
            return index === 0 || size < BATCH_SIZE;
        });
    }

    async sendBatch(batch) {
        const payloads = batch.map((entry) => getPayload(toRaw(entry)));
        const answers = await this.orm.silent.call(MODEL, "record", [
            payloads,
            this.userId,
        ]);
        for (const [index, answer] of answers.entries()) {
            await this.settle(batch[index], answer);
        }
        if (!this.state.entries.some(({isSaved}) => !isSaved)) {
            browser.localStorage.removeItem(this.flag);
        }
        this.bus.trigger("SAVED");
    }

    /** A saved one stays in sight until the screen has loaded what came of it. */
    async settle(entry, answer) {
        if (answer.outcome === "refused") {
            entry.reason = answer.message;
            await this.keep(entry);
        } else {
            entry.isSaved = true;
            await this.attempt(() => this.store.remove(entry.key));
        }
    }

    postpone(error) {
        if (error instanceof ConnectionLostError) {
            this.state.problem = _t("No connection");
        } else if (error.exceptionName === SESSION_EXPIRED) {
            this.state.problem = _t("You are logged out. Log in again");
        } else {
            this.state.problem = error.data?.message || error.message;
        }
        this.timer = browser.setTimeout(() => this.send(), this.pause);
        this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
    }

    /** Keys of what the server has: a day that is asked for now shows it. */
    getSavedKeys() {
        return this.state.entries.filter(({isSaved}) => isSaved).map(({key}) => key);
    }

    forget(keys) {
        this.state.entries = this.state.entries.filter(({key}) => !keys.includes(key));
    }

    // === REFUSED === //

    async retry(entry) {
        entry.reason = "";
        await this.keep(entry);
        await this.tryNow();
    }

    discard(entry) {
        return this.drop(entry);
    }
}

export const entryQueueService = {
    dependencies: ["orm"],
    start(env, {orm}) {
        const queue = new EntryQueue(orm, session.db, user.userId);
        queue.openIfNeeded();
        return queue;
    },
};

registry.category("services").add("postsale_entry_queue", entryQueueService);

import {deserializeDateTime} from "@web/core/l10n/dates";

const getHours = (start, end) =>
    deserializeDateTime(end).diff(deserializeDateTime(start)).as("hours");

/** What each kind of entry changes: the running work, or its job. */
const EFFECTS = {
    start(view, job, entry) {
        const {task, taskName, at} = entry;
        stop(view, at);
        view.running = {start: entry.uuid, task, name: taskName, since: at};
    },
    stop(view, job, {values}) {
        if (view.running && view.running.start === values.start) {
            stop(view, values.ended);
        }
    },
    note(view, job, {values}) {
        job.notes.push(values.text);
    },
    photo(view, job, {values}) {
        job.photos.push(values.image);
    },
    check(view, job, {values}) {
        const line = job.checklist.find(({id}) => id === values.line);
        if (line) {
            line.done = values.done;
        }
    },
    done(view, job, {values}) {
        const part = job.parts.find(({id}) => id === values.activity);
        if (part) {
            part.isPlanned = false;
        }
    },
    part(view, job, {key, label, values}) {
        job.parts.push({id: key, name: label, quantity: values.quantity});
    },
    signature(view, job, {values}) {
        job.signedBy = values.name;
    },
    finish(view, job, {at}) {
        job.isFinished = true;
        if (view.running && view.running.task === job.id) {
            stop(view, at);
        }
    },
};

function stop(view, end) {
    const {running} = view;
    const job = running && view.jobs.find(({id}) => id === running.task);
    if (job) {
        job.workedHours += Math.max(0, getHours(running.since, end));
    }
    view.running = false;
}

/**
 * The day as the technician sees it: as the server knows it, and what he has entered
 * since. Nothing is changed in what is given.
 *
 * @param {Object} day the answer of ``postsale.my.day.get_day``
 * @param {Object[]} entries of the queue, in order
 * @returns {{jobs: Object[], running: (Object|Boolean)}}
 */
export function getDayWithEntries(day, entries) {
    const jobs = day.jobs.map((job) => ({
        ...job,
        checklist: job.checklist.map((line) => ({...line})),
        parts: job.parts.map((part) => ({...part})),
        notes: [],
        photos: [],
        isFinished: false,
    }));
    const view = {jobs, running: day.running};
    const unknown = {notes: [], photos: [], checklist: [], parts: []};
    for (const entry of entries) {
        if (!entry.reason) {
            const job = jobs.find(({id}) => id === entry.task);
            EFFECTS[entry.kind](view, job || {...unknown, id: entry.task}, entry);
        }
    }
    return view;
}

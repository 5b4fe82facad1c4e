import {ConnectionLostError} from "@web/core/network/rpc";
import {registry} from "@web/core/registry";

const EVERY = 2500;

/**
 * Asks how far runs are, in one request for all bars on the page: every few seconds
 * while the page is looked at and a run is under way, else not at all.
 */
export const runWatchService = {
    dependencies: ["orm"],
    start(_env, {orm}) {
        const watchers = new Map();
        let timer = null;
        let isAsking = false;

        function plan(delay) {
            clearTimeout(timer);
            timer = watchers.size && !document.hidden ? setTimeout(ask, delay) : null;
        }

        async function ask() {
            const ids = [...watchers.keys()];
            // The last bar may have gone from the page in the meantime
            if (isAsking || !ids.length) {
                return;
            }
            isAsking = true;
            try {
                const runs = await orm.silent.call("recurring.run", "get_progress", [
                    ids,
                ]);
                runs.forEach(tell);
            } catch (error) {
                if (!(error instanceof ConnectionLostError)) {
                    // Refused: asking again would not help
                    ids.forEach((id) => watchers.delete(id));
                }
            } finally {
                isAsking = false;
            }
            plan(EVERY);
        }

        function tell(run) {
            const callbacks = [...(watchers.get(run.id) || [])];
            if (run.state === "done") {
                watchers.delete(run.id);
            }
            callbacks.forEach((callback) => callback(run));
        }

        /**
         * Calls back with the figures of a run now and then, until it has ended.
         *
         * @returns {Function} stops it
         */
        function watch(id, callback) {
            watchers.set(id, (watchers.get(id) || new Set()).add(callback));
            plan(0);
            return () => {
                const callbacks = watchers.get(id);
                callbacks?.delete(callback);
                if (callbacks && !callbacks.size) {
                    watchers.delete(id);
                }
            };
        }

        document.addEventListener("visibilitychange", () => plan(0));
        return {watch};
    },
};

registry.category("services").add("recurring_run_watch", runWatchService);

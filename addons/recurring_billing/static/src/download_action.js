import {registry} from "@web/core/registry";
import {download} from "@web/core/network/download";

/**
 * Fetches a file in the background: no new window, also on a phone, and an error of the
 * server is shown as any other message.
 */
async function downloadFile(env, {params}) {
    env.services.ui.block();
    try {
        await download({url: params.url, data: {}});
    } finally {
        env.services.ui.unblock();
    }
}

registry.category("actions").add("recurring_billing.download", downloadFile);

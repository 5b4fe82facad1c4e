import {download} from "@web/core/network/download";
import {registry} from "@web/core/registry";

/**
 * Fetches a file without a new window, which the app on a phone does not open; an error
 * of the server is shown as any other message.
 */
async function downloadFile(env, {params}) {
    env.services.ui.block();
    try {
        await download({url: params.url, data: {}});
    } finally {
        env.services.ui.unblock();
    }
}

registry.category("actions").add("crm_sla.download", downloadFile);

import {registry} from "@web/core/registry";

/**
 * Tells that orders were made with the default settings. The message stays until it is
 * read, and opens the orders in the same window, also on a phone.
 */
export function tellAboutOrders(env, {params}) {
    const {message, type, button, open, next} = params;
    let close = null;
    const openOrders = {
        name: button,
        primary: true,
        onClick: () => {
            close();
            return env.services.action.doAction(open);
        },
    };
    const buttons = open ? [openOrders] : [];
    close = env.services.notification.add(message, {type, sticky: true, buttons});
    return next;
}

registry.category("actions").add("postsale_contracts.order_notice", tellAboutOrders);

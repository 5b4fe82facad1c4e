import {checkWidth} from "./phone_tour_steps";
import {registry} from "@web/core/registry";

const banner = ".o_recurring_watchdog [data-key=copy]";

registry.category("web_tour.tours").add("recurring_billing_copy", {
    steps: () => [
        {trigger: `${banner} button`, run: "click"},
        {
            content: "The dialogue tells what would happen",
            trigger: ".modal [name=waiting]:contains('date has come')",
        },
        {...checkWidth, trigger: ".modal .o_form_view"},
        {trigger: ".modal button[name=action_release]", run: "click"},
        {
            content: "The banner is gone with its cause",
            trigger: `.o_action_manager:not(:has(${banner}))`,
        },
    ],
});

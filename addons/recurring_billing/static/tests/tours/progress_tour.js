import {checkWidth} from "./phone_tour_steps";
import {registry} from "@web/core/registry";

const isLeft = (count) => `.o_recurring_run_left:contains(/^${count}$/)`;

const warning = ".o_recurring_watchdog [data-key=waiting]";

/** From the list of tasks to the run that is at work on one of them. */
const watchRun = (task) => [
    {
        content: "The watchdog tells what waits",
        trigger: `${warning}:contains('wait for your release: 1.')`,
    },
    {trigger: task, run: "click"},
    {
        content: "The task shows the run that is at work on it",
        trigger: `[name=current_run]:contains('Issued: 1') ${isLeft(4)}`,
    },
    checkWidth,
    {trigger: "[name=current_run] button:contains('Open the run')", run: "click"},
    {trigger: `.o_field_widget[name=progress] ${isLeft(4)}`},
    {
        content: "The bar moves by itself",
        trigger: `.o_field_widget[name=progress]:contains('40 %') ${isLeft(3)}`,
    },
    checkWidth,
];

const cancelRun = [
    {trigger: "button[name=action_cancel]", run: "click"},
    {trigger: ".modal-footer .btn-primary:contains('Cancel the run')", run: "click"},
    {
        content: "What was under way is issued, the rest withdrawn",
        trigger: "[name=cancelled]:contains('not issued: 3')",
    },
];

/** What waits is one click away from the warning, and released with another. */
const release = [
    {trigger: `${warning} button`, run: "click"},
    {
        content: "The reason stands beside the button",
        trigger: "[name=waiting]:contains('A lot.') button[name=action_release]",
        run: "click",
    },
    {trigger: ".o_form_view .o_field_widget[name=generated_count]:contains(/^1$/)"},
];

registry.category("web_tour.tours").add("recurring_billing_progress_desktop", {
    steps: () => [
        ...watchRun(".o_data_row .o_data_cell[name=name]:contains('Tour run')"),
        ...cancelRun,
        {trigger: ".breadcrumb-item a:contains('Recurring Tasks')", run: "click"},
        ...release,
    ],
});

registry.category("web_tour.tours").add("recurring_billing_progress_phone", {
    steps: () => [
        ...watchRun(".o_kanban_record:contains('Tour run')"),
        ...cancelRun,
        {trigger: ".o_back_button", run: "click"},
        {
            content: "Nothing is under way any more",
            trigger:
                ".o_form_view:not(:has([name=current_run])) .o_notebook a:contains('To Whom')",
        },
        {trigger: ".o_back_button", run: "click"},
        ...release,
    ],
});

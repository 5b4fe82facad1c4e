import {checkWidth, openMore} from "./phone_tour_steps";
import {registry} from "@web/core/registry";

const repeatMonthly = [
    {trigger: "button[name=action_repeat_monthly]", run: "click"},
    {
        content: "The notification says at which prices",
        trigger: ".o_notification:contains('same prices')",
    },
    {
        content: "The invoice itself says when the next one comes",
        trigger:
            "[name=repeats] .o_field_widget[name=repeat_text]:contains('Every month'):contains('next on')",
    },
];

const stopRepeating = [
    {trigger: "[name=repeats] button[name=action_stop_repeating]", run: "click"},
    {
        trigger: ".modal:contains('No further invoice') .modal-footer .btn-primary",
        run: "click",
    },
    {trigger: ".o_form_view:not(:has([name=repeats]))"},
];

registry.category("web_tour.tours").add("recurring_billing_repeat_desktop", {
    steps: () => [
        ...repeatMonthly,
        {
            content: "Look at the task and come back",
            trigger: "[name=repeats] button[name=action_view_repeat_task]",
            run: "click",
        },
        {
            trigger:
                ".o_form_view .o_field_widget[name=name] input:value('Repeats INV/')",
        },
        {trigger: "button[name=action_view_origin]", run: "click"},
        ...stopRepeating,
        {
            content: "It can be taken up again",
            trigger: "button[name=action_repeat_monthly]:contains('Repeat Again')",
            run: "click",
        },
        {trigger: "[name=repeats] button[name=action_stop_repeating]"},
    ],
});

registry.category("web_tour.tours").add("recurring_billing_repeat_phone", {
    steps: () => [openMore, ...repeatMonthly, checkWidth, ...stopRepeating],
});

const confirmOrder = [
    {
        trigger:
            ".o_field_widget[name=billing_text]:contains('Billed periodically: monthly')",
    },
    {trigger: "button[name=action_confirm]", run: "click"},
    {
        content: "What was agreed stays",
        trigger: ".o_field_widget[name=billing_cycle].o_readonly_modifier",
    },
];

registry.category("web_tour.tours").add("recurring_billing_order_desktop", {
    steps: () => [
        {
            content: "Mark the line in the list",
            trigger:
                ".o_field_widget[name=order_line] .o_data_row .o_data_cell[name=billed_periodically]",
            run: "click",
        },
        {
            trigger:
                ".o_field_widget[name=order_line] .o_selected_row [name=billed_periodically] input",
            run: "check",
        },
        {
            trigger: ".o_field_widget[name=billing_cycle]",
        },
        ...confirmOrder,
        {
            content: "It bills itself from now on",
            trigger:
                "button[name=action_view_billing_task] .o_field_widget[name=billing_state]:contains('Running')",
        },
        {
            content: "To the task and its line",
            trigger: "button[name=action_view_billing_task]",
            run: "click",
        },
        {
            trigger:
                ".o_form_view:contains('change them there') .o_field_widget[name=line_ids]:contains('Tour Service')",
        },
    ],
});

registry.category("web_tour.tours").add("recurring_billing_order_phone", {
    steps: () => [
        {
            content: "Mark the line on its card",
            trigger:
                ".o_field_widget[name=order_line] .o_kanban_record:contains('Tour Service')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=billed_periodically] input",
            run: "check",
        },
        {trigger: ".modal .o_form_button_save", run: "click"},
        {trigger: "body:not(:has(.modal))"},
        {trigger: ".o_form_button_save", run: "click"},
        openMore,
        ...confirmOrder,
        checkWidth,
    ],
});

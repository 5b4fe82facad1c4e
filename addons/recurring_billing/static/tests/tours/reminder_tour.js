import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("recurring_billing_reminder_settings", {
    steps: () => [
        {
            content: "Off until somebody switches it on",
            trigger: ".o_field_widget[name=reminder_active] input:not(:checked)",
            run: "click",
        },
        {
            content: "The first day is proposed",
            trigger: ".o_field_widget[name=reminder_from_date]",
        },
        {trigger: ".o_form_button_save", run: "click", expectUnloadPage: true},
        {trigger: ".o_field_widget[name=reminder_active] input:checked"},
    ],
});

const confirm = {trigger: ".modal-footer .btn-primary", run: "click"};

const isReminded = (row) => ({
    content: "The list tells what has become of it",
    trigger: `${row}:contains('1 Tour Customer'):contains('has not left yet')`,
});

const readHistory = (row) => [
    {
        trigger: "button[name=action_view_payment_reminders]",
        run: "click",
    },
    {trigger: `${row}:contains('First reminder')`},
];

registry.category("web_tour.tours").add("recurring_billing_reminder_desktop", {
    steps: () => [
        {
            trigger:
                ".o_data_row:contains('1 Tour Customer'):contains('5 days overdue') .o_list_record_selector",
            run: "click",
        },
        {trigger: "button[name=action_remind_now]", run: "click"},
        confirm,
        isReminded(".o_data_row"),
        {
            trigger: ".o_data_row:contains('1 Tour Customer') td[name=move_id]",
            run: "click",
        },
        ...readHistory(".o_data_row"),
    ],
});

registry.category("web_tour.tours").add("recurring_billing_reminder_phone", {
    steps: () => [
        {
            trigger:
                ".o_kanban_record:contains('1 Tour Customer') button[name=action_remind_now]",
            run: "click",
        },
        confirm,
        isReminded(".o_kanban_record"),
        {
            trigger:
                ".o_kanban_record:contains('1 Tour Customer') button[name=action_open_invoice]",
            run: "click",
        },
        {
            content: "On a phone the figures stand behind a button",
            trigger: ".o-form-buttonbox .o_button_more",
            run: "click",
        },
        ...readHistory(".o_kanban_record"),
    ],
});

import {registry} from "@web/core/registry";

/** The same on a desktop and on a phone: the first button of the header is shown there. */
registry.category("web_tour.tours").add("recurring_billing_accountant_pack", {
    steps: () => [
        {trigger: ".o_list_button_add, .o-kanban-button-new", run: "click"},
        {
            content: "Months, quarters or own dates",
            trigger: ".o_field_widget[name=period] input[data-value=this_month]",
            run: "click",
        },
        {
            trigger:
                ".o_field_widget[name=period] input[data-value=this_month]:checked",
        },
        {trigger: ".o_statusbar_buttons button[name=action_make]", run: "click"},
        {
            content: "A small pack is made at once, with figures and remarks",
            trigger: ".o_field_widget[name=file_count]:contains('1')",
        },
        {trigger: ".o_field_widget[name=note]:contains('Never sent to the customer')"},
        {
            trigger: ".o_statusbar_buttons button[name=action_download]",
            run: "click",
        },
        {trigger: "body:not(:has(.o_blockUI)):not(:has(.o_error_dialog))"},
        {
            content: "Its documents open",
            isActive: ["desktop"],
            trigger: "button[name=action_view_documents]",
            run: "click",
        },
        {
            isActive: ["desktop"],
            trigger: ".o_data_row:contains('Tour Customer')",
        },
    ],
});

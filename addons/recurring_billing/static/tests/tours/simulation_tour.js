import {registry} from "@web/core/registry";
import {checkWidth, openMore} from "./phone_tour_steps";

const simulate = [
    {
        content: "The dialogue knows the task",
        trigger: ".o_field_widget[name=scope] input[data-value=task]:checked",
    },
    {trigger: ".o_statusbar_buttons button[name=action_simulate]", run: "click"},
    {
        content: "What would happen, in figures",
        trigger: ".o_field_widget[name=totals_text]:contains('documents:')",
    },
];
const openDocument = [
    {
        content: "A document with its line",
        trigger: ".o_form_view .o_field_widget[name=line_ids]:contains('Per week')",
    },
    {trigger: ".o_form_view .o_field_widget[name=email_to]:contains('tour@')"},
];

registry.category("web_tour.tours").add("recurring_billing_simulation_desktop", {
    steps: () => [
        {
            trigger: ".o_statusbar_buttons button[name=action_simulate]",
            run: "click",
        },
        ...simulate,
        {
            trigger: ".o_field_widget[name=document_ids] .o_data_row:contains('2 No')",
        },
        {
            trigger: ".o_statusbar_buttons button[name=action_download]",
            run: "click",
        },
        {trigger: "body:not(:has(.o_blockUI)):not(:has(.o_error_dialog))"},
        {
            trigger: ".o_statusbar_buttons button[name=action_view_documents]",
            run: "click",
        },
        {trigger: ".o_switch_view.o_calendar", run: "click"},
        {trigger: ".o_calendar_renderer .o_event:contains('Tour Customer')"},
        {trigger: ".o_switch_view.o_list", run: "click"},
        {
            trigger:
                ".o_list_view .o_data_row:contains('1 Tour') .o_data_cell[name=date]",
            run: "click",
        },
        ...openDocument,
    ],
});

registry.category("web_tour.tours").add("recurring_billing_simulation_phone", {
    steps: () => [
        openMore,
        {
            trigger: ".o-dropdown--menu button[name=action_simulate]",
            run: "click",
        },
        ...simulate,
        checkWidth,
        {
            trigger:
                ".o_field_widget[name=document_ids] .o_kanban_record:contains('2 No')",
        },
        {
            trigger: ".o_statusbar_buttons button[name=action_view_documents]",
            run: "click",
        },
        {
            trigger: "body:not(:has(.o_form_view)) .o_kanban_record:contains('1 Tour')",
            run: "click",
        },
        ...openDocument,
        checkWidth,
    ],
});

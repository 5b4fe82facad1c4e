import {registry} from "@web/core/registry";

const openTab = (name) => ({
    trigger: `.o_notebook a[name=${name}]`,
    run: "click",
});

/** Spread, start and run: the same on a desktop and on a phone. */
const plan = [
    {
        content: "Prices are of no interest here",
        trigger: ".o_form_view:not(:has(.o_field_widget[name=price_mode]))",
    },
    openTab("to_whom"),
    {trigger: "button[name=action_spread_visits]", run: "click"},
    {
        content: "The proposal stands there before anything is changed",
        trigger: ".modal .o_field_widget[name=line_ids]:contains('1 Tour Customer')",
    },
    {trigger: ".modal footer button[name=action_apply]", run: "click"},
    {
        content: "Start",
        trigger: "body:not(:has(.modal)) .o_statusbar_buttons button[name=action_start]",
        run: "click",
    },
    {
        trigger: ".o_statusbar_buttons button[name=action_run_now]",
        run: "click",
    },
    {trigger: ".modal-footer button:contains('Run now')", run: "click"},
    {
        content: "The run tells what was made",
        trigger: ".o_field_widget[name=report_html]:contains('1 Tour Customer')",
    },
];

/** The work order, and its checklist. */
const lookAtOrder = [
    {
        content: "It knows how to get in",
        trigger: ".o_field_widget[name=visit_access_notes]:has(textarea:value('Ring twice'))",
    },
    {
        content: "Something is checked",
        trigger: ".o_field_widget[name=checklist_ids] .o_field_boolean_toggle input",
        run: "click",
    },
    {
        trigger:
            ".o_field_widget[name=checklist_ids] .o_field_boolean_toggle input:checked",
    },
    {trigger: ".o_form_button_save:not(:hidden)", run: "click"},
    {trigger: ".o_form_saved"},
];

registry.category("web_tour.tours").add("postsale_contracts_work_order_desktop", {
    steps: () => [
        {trigger: ".o_data_row td:contains('Tour maintenance')", run: "click"},
        ...plan,
        {
            content: "To the calendar: one is created, the others will be",
            trigger: ".o_navbar_apps_menu button",
            run: "click",
        },
        {trigger: ".o-dropdown-item:contains('Post-Sale')", run: "click"},
        {
            trigger: ".o_menu_sections button:contains('Work Orders')",
            run: "click",
        },
        {trigger: ".o-dropdown-item:contains('Calendar')", run: "click"},
        {trigger: ".o_calendar_view .fc-event:contains('1 Tour Customer')"},
        {
            trigger: ".o_menu_sections button:contains('Work Orders')",
            run: "click",
        },
        {
            trigger: ".o-dropdown-item[data-section]:contains(/^Work Orders$/)",
            run: "click",
        },
        {trigger: ".o_data_row td:contains('Tour maintenance')", run: "click"},
        ...lookAtOrder,
    ],
});

registry.category("web_tour.tours").add("postsale_contracts_work_order_phone", {
    steps: () => [
        {trigger: ".o_kanban_record:contains('Tour maintenance')", run: "click"},
        ...plan,
    ],
});

import {registry} from "@web/core/registry";

const checkWidth = (trigger = ".o_action_manager") => ({
    content: "Nothing lies beyond the edge of the screen",
    trigger,
    run() {
        const width = document.documentElement.scrollWidth;
        if (width > window.innerWidth) {
            throw new Error(`The page is ${width} px wide`);
        }
    },
});

/** Type into a field and choose what is offered; a phone offers it in a dialog. */
const chooseDesktop = (field, label) => [
    {
        trigger: `.modal .o_field_widget[name=${field}] input`,
        run: `edit ${label}`,
    },
    {
        trigger: `.o-autocomplete--dropdown-item:contains('${label}')`,
        run: "click",
    },
];

const choosePhone = (field, label) => [
    {
        trigger: `.modal .o_field_widget[name=${field}] input`,
        run: "click",
    },
    {
        trigger: `.modal .o_kanban_record:contains('${label}'), .o-autocomplete--dropdown-item:contains('${label}')`,
        run: "click",
    },
];

const createTask = (choose) => [
    {trigger: "button[name=action_create_task]", run: "click"},
    ...choose("reason_id", "Breakdown"),
    {
        content: "At the first stage anybody may be entered",
        trigger: ".modal .o_field_widget[name=managed_by_user_id] input",
    },
    {
        trigger: ".modal .o_field_widget[name=name] input",
        run: "edit Tour: install it",
    },
    ...choose("stage_id", "In Progress"),
    {
        content: "At this one the reason says who manages it: read-only, and at once",
        trigger:
            ".modal .o_field_widget[name=managed_by_user_id].o_readonly_modifier:contains('Bea')",
    },
    checkWidth(".modal .o_form_view"),
    {trigger: ".modal button[name=action_create_tasks]", run: "click"},
    {
        content: "The task opens, with the order it was made from",
        trigger:
            ".o_form_view .o_field_widget[name=reason_id]:contains('Breakdown'), .o_form_view .o_field_widget[name=reason_id] input:value('Breakdown')",
    },
];

const backToOrder = [
    {
        trigger: ".oe_stat_button[name=action_view_origin_order]",
        run: "click",
    },
    {
        content: "The order counts its task",
        trigger: ".oe_stat_button[name=action_view_linked_tasks]:contains('1')",
    },
];

registry.category("web_tour.tours").add("crm_sla_create_desktop", {
    steps: () => [...createTask(chooseDesktop), ...backToOrder],
});

registry.category("web_tour.tours").add("crm_sla_create_phone", {
    steps: () => [
        {
            trigger: ".o_statusbar_buttons button[title=More]",
            run: "click",
        },
        ...createTask(choosePhone),
        checkWidth(),
    ],
});

const seeMine = (record) => [
    {
        content: "Everybody's tasks, with the words Yes, No or None",
        trigger: `${record}:contains('Tour: for Bea'):contains('None')`,
    },
    {
        content: "Nobody has taken this one: take it",
        trigger: `${record}:contains('Tour: take me'):contains('Workshop') button[name=action_take]`,
        run: "click",
    },
    {
        trigger: `${record}:contains('Tour: take me'):contains('Ana'):not(:has(button[name=action_take]))`,
    },
    checkWidth(),
];

registry.category("web_tour.tours").add("crm_sla_search_desktop", {
    steps: () => [
        ...seeMine(".o_data_row"),
        {trigger: ".o_searchview_dropdown_toggler", run: "click"},
        {trigger: ".o-dropdown-item:contains('My Tasks')", run: "click"},
        {
            trigger:
                ".o_list_view:has(.o_data_row:contains('Tour: free')):not(:has(.o_data_row:contains('Tour: for Bea')))",
        },
        {trigger: ".o-dropdown-item:contains('Meets SLA: Yes')", run: "click"},
        {trigger: ".o_list_view:not(:has(.o_data_row:contains('Tour: free')))"},
    ],
});

registry.category("web_tour.tours").add("crm_sla_search_phone", {
    steps: () => seeMine(".o_kanban_record"),
});

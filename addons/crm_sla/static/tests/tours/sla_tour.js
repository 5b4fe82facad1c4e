import {registry} from "@web/core/registry";

const checkWidth = {
    content: "Nothing lies beyond the edge of the screen",
    trigger: ".o_form_view",
    run() {
        const width = document.documentElement.scrollWidth;
        if (width > window.innerWidth) {
            throw new Error(`The page is ${width} px wide`);
        }
    },
};

const fillInPolicy = [
    {
        content: "A policy has a name",
        trigger: ".o_field_widget[name=name] input",
        run: "edit Urgent breakdowns",
    },
    {
        content: "and hours",
        trigger: ".o_field_widget[name=hours] input",
        run: "edit 4:30",
    },
    checkWidth,
    {trigger: ".o_form_button_save", run: "click"},
];

const recompute = [
    {
        content: "What would change is shown before anything is written",
        trigger: ".o_form_statusbar button:contains('Recompute SLA')",
        run: "click",
    },
    {trigger: ".modal button[name=action_preview]", run: "click"},
    {trigger: ".modal .alert-info:contains('tasks would change')"},
    {trigger: ".modal button[name=action_apply]", run: "click"},
    {trigger: ".modal .alert-success:contains('recomputed')"},
    {trigger: ".modal button:contains('Close')", run: "click"},
    {trigger: "body:not(:has(.modal))"},
];

registry.category("web_tour.tours").add("crm_sla_policy_desktop", {
    steps: () => [
        {trigger: ".o_list_button_add", run: "click"},
        ...fillInPolicy,
        ...recompute,
    ],
});

registry.category("web_tour.tours").add("crm_sla_policy_phone", {
    steps: () => [
        {trigger: ".o-kanban-button-new", run: "click"},
        ...fillInPolicy,
        ...recompute,
        checkWidth,
    ],
});

const lookAtTask = [
    {
        content: "The task says whether it meets its SLA, and how much time is left",
        trigger: ".o_field_widget[name=meets_sla]:contains('Yes')",
    },
    {trigger: ".o_field_widget[name=sla_countdown]:contains('left')"},
    {
        content: "and why",
        trigger: ".o_notebook a[name=sla]",
        run: "click",
    },
    {
        trigger:
            ".o_field_widget[name=sla_explanation]:contains('Standard'):contains('Support')",
    },
];

registry.category("web_tour.tours").add("crm_sla_task_desktop", {
    steps: () => [
        ...lookAtTask,
        {
            content: "Waiting stops the clock",
            trigger: ".o_statusbar_status button:contains('Waiting')",
            run: "click",
        },
        {trigger: ".o_field_widget[name=sla_countdown]:contains('Paused')"},
        {trigger: ".o_field_widget[name=sla_period_ids] .o_data_row:eq(1)"},
    ],
});

registry.category("web_tour.tours").add("crm_sla_task_phone", {
    steps: () => [
        ...lookAtTask,
        {
            trigger:
                ".o_field_widget[name=sla_period_ids] .o_kanban_record:contains('New')",
        },
        checkWidth,
    ],
});

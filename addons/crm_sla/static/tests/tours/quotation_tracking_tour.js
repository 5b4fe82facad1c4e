import {registry} from "@web/core/registry";

const checkWidth = {
    content: "Nothing lies beyond the edge of the screen",
    trigger: ".o_action_manager",
    run() {
        const width = document.documentElement.scrollWidth;
        if (width > window.innerWidth) {
            throw new Error(`The page is ${width} px wide`);
        }
    },
};

const logCall = [
    {
        content: "Core's dialogue, a call is chosen already",
        trigger: ".modal .o_field_widget[name=summary] input",
        run: "edit Asked whether it arrived",
    },
    {
        trigger: ".modal button[name=action_schedule_activities_done]",
        run: "click",
    },
];

registry.category("web_tour.tours").add("crm_sla_quotation_tracking_desktop", {
    steps: () => [
        {
            content: "What was opened and what was not stand side by side",
            trigger:
                ".o_data_row:contains('Opened Customer') .badge:contains('Opened')",
        },
        {
            trigger:
                ".o_data_row:contains('Silent Customer') .badge:contains('Not Opened')",
        },
        {
            trigger:
                ".o_data_row:contains('Silent Customer') button[name=action_log_call]",
            run: "click",
        },
        ...logCall,
        {
            content: "The call counts",
            trigger:
                ".o_data_row:contains('Silent Customer') .o_data_cell[name=call_count]:contains('1')",
        },
        {
            trigger:
                ".o_data_row:contains('Opened Customer') button[name=action_open_tracking]",
            run: "click",
        },
        {
            content: "The history, last thing first",
            trigger: ".o_data_row:first .badge:contains('Opened')",
        },
        {
            trigger: ".o_data_row:last .badge:contains('Sent')",
        },
    ],
});

registry.category("web_tour.tours").add("crm_sla_quotation_tracking_phone", {
    steps: () => [
        {
            trigger:
                ".o_kanban_record:contains('Opened Customer'):contains('Opened 1')",
        },
        checkWidth,
        {
            trigger:
                ".o_kanban_record:contains('Silent Customer') button[name=action_log_call]",
            run: "click",
        },
        ...logCall,
        {
            trigger: ".o_kanban_record:contains('Silent Customer'):contains('Calls 1')",
        },
        {
            trigger:
                ".o_kanban_record:contains('Opened Customer') button[name=action_open_tracking]",
            run: "click",
        },
        {
            trigger: ".o_kanban_record:first:contains('Opened')",
        },
        checkWidth,
    ],
});

import {registry} from "@web/core/registry";

const openTab = (name) => ({
    trigger: `.o_notebook a[name=${name}]`,
    run: "click",
});

/** Each screen shows nothing beyond its edge, on a phone, too. */
const checkWidth = {
    trigger: ".o_form_view",
    run() {
        const width = document.documentElement.scrollWidth;
        if (width > window.innerWidth) {
            throw new Error(`The page is ${width} px wide`);
        }
    },
};

registry.category("web_tour.tours").add("postsale_contracts_work_order", {
    steps: () => [
        {
            trigger:
                ".o_data_row td:contains('Tour maintenance'), .o_kanban_record:contains('Tour maintenance')",
            run: "click",
        },
        {
            content: "Prices are of no interest here",
            trigger:
                ".o_form_view:has(.o_field_widget[name=assigned_user_ids]):not(:has(.o_field_widget[name=price_mode]))",
        },
        checkWidth,
        openTab("to_whom"),
        {trigger: "button[name=action_spread_visits]", run: "click"},
        {
            content: "The proposal stands there before anything is changed",
            trigger:
                ".modal .o_field_widget[name=line_ids]:contains('1 Tour Customer')",
        },
        {trigger: ".modal footer button[name=action_apply]", run: "click"},
        {
            trigger:
                "body:not(:has(.modal)) .o_statusbar_buttons button[name=action_start]",
            run: "click",
        },
        {trigger: ".o_statusbar_buttons button[name=action_run_now]", run: "click"},
        {trigger: ".modal-footer button:contains('Run now')", run: "click"},
        {
            content: "The run tells what was made",
            trigger: ".o_field_widget[name=report_html]:contains('1 Tour Customer')",
        },
        {
            trigger: ".o_statusbar_buttons button[name=action_view_documents]",
            run: "click",
        },
        {trigger: "button[name=action_open_document]", run: "click"},
        openTab("work_order"),
        {
            content: "The technician reads how to get in",
            trigger:
                ".o_field_widget[name=visit_access_notes] textarea:value('Ring twice')",
        },
        checkWidth,
        {
            isActive: ["desktop"],
            trigger:
                ".o_field_widget[name=checklist_ids] .o_field_boolean_toggle input",
            run: "click",
        },
        {
            isActive: ["mobile"],
            trigger:
                ".o_field_widget[name=checklist_ids] .o_kanban_record:contains('Filter cleaned')",
            run: "click",
        },
        {
            isActive: ["mobile"],
            trigger: ".modal .o_field_widget[name=done] input",
            run: "click",
        },
        {
            isActive: ["mobile"],
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            trigger: "body:not(:has(.modal)) .o_form_button_save",
            run: "click",
        },
        {trigger: ".o_form_saved"},
    ],
});

registry.category("web_tour.tours").add("postsale_contracts_visits", {
    steps: () => [
        {
            content: "What is created and what will be stand side by side",
            trigger: ".o_calendar_view .fc-event:contains('1 Tour Customer')",
            run: "click",
        },
        {
            content: "Either tells what it is",
            trigger:
                ".o_cw_popover:contains('Work Order'), .o_cw_popover:contains('Not Created Yet'), .modal:contains('Not Created Yet'), .modal:contains('Work Order')",
        },
    ],
});

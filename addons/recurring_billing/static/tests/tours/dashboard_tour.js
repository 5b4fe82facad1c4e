import {registry} from "@web/core/registry";

// A button: whoever has only a keyboard gets there, too
const FAILED = "button.o_recurring_dashboard_figure[data-figure=failed]";
const checkWidth = {
    content: "Nothing lies beyond the edge of the screen",
    trigger: ".o_recurring_dashboard",
    run() {
        const {scrollWidth, clientWidth} = document.querySelector(
            ".o_recurring_dashboard .o_content"
        );
        if (scrollWidth > clientWidth) {
            throw new Error(`The page is ${scrollWidth} px wide, not ${clientWidth}`);
        }
    },
};
const openFailed = [
    {
        content: "The figure counts the failed document",
        trigger: `${FAILED}:contains('1')`,
    },
    checkWidth,
    {trigger: FAILED, run: "click"},
];

registry.category("web_tour.tours").add("recurring_billing_dashboard_desktop", {
    steps: () => [
        ...openFailed,
        {trigger: ".o_data_row:contains('1 Tour Customer'):contains('Failed')"},
        {trigger: ".breadcrumb-item:contains('Dashboard') a", run: "click"},
        {trigger: ".o_recurring_dashboard_refresh", run: "click"},
        {trigger: "[data-group=sent] h2 button", run: "click"},
        {
            content: "The clerk's follow-up",
            trigger: ".o_searchview_facet:contains('Last 30 Days')",
        },
    ],
});

registry.category("web_tour.tours").add("recurring_billing_dashboard_phone", {
    steps: () => [
        ...openFailed,
        {trigger: ".o_kanban_record:contains('1 Tour Customer')"},
        {trigger: ".o_navbar_breadcrumbs .o_back_button, .o_back_button", run: "click"},
        {trigger: FAILED},
    ],
});

registry.category("web_tour.tours").add("recurring_billing_dashboard_start", {
    steps: () => [
        {trigger: ".o_recurring_dashboard_start .btn-primary", run: "click"},
        {trigger: ".o_form_view .o_field_widget[name=name]"},
    ],
});

registry.category("web_tour.tours").add("recurring_billing_dashboard_chart", {
    steps: () => [
        {
            content: "The chart comes after the figures",
            trigger: ".o_recurring_dashboard_chart canvas",
        },
        {trigger: ".o_recurring_dashboard_chart summary", run: "click"},
        {
            content: "A bar of the next month that holds 50.00",
            trigger: ".o_recurring_dashboard_bar:contains('50.00'):eq(1)",
            run: "click",
        },
        {trigger: ".o_list_view .o_data_row:contains('1 Tour Customer')"},
        {trigger: ".breadcrumb-item:contains('Dashboard') a", run: "click"},
        {trigger: ".o_recurring_dashboard_chart h2 button", run: "click"},
        {content: "The forecast", trigger: ".o_graph_view"},
    ],
});

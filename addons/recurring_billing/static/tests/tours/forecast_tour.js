import {registry} from "@web/core/registry";

const checkPage = {
    content: "Nothing lies beyond the edge of the screen",
    trigger: ".o_view_controller",
    run() {
        const width = document.documentElement.scrollWidth;
        if (width > window.innerWidth) {
            throw new Error(`The page is ${width} px wide`);
        }
    },
};

registry.category("web_tour.tours").add("recurring_billing_forecast_desktop", {
    steps: () => [
        {
            content: "The coming months are a chart",
            trigger: ".o_graph_view .o_graph_canvas_container canvas",
        },
        {trigger: ".o_searchview_facet:contains('12 Months')"},
        {trigger: ".o_switch_view.o_pivot", run: "click"},
        {trigger: ".o_pivot .o_pivot_cell_value:contains('500.00')"},
        {trigger: ".o_switch_view.o_list", run: "click"},
        {
            content: "Prices tell their day",
            trigger: ".o_data_row:contains('Tour Customer'):contains('50.00')",
        },
        {trigger: "button[name=action_update_prices]", run: "click"},
        {trigger: ".o_notification:contains('The prices are up to date')"},
        {
            content: "A row leads to its task",
            trigger: ".o_data_row:first .o_data_cell[name=partner_id]",
            run: "click",
        },
        {trigger: ".o_form_view .o_field_widget[name=name] input:value('Tour task')"},
        {
            trigger:
                ".o_menu_sections button[data-menu-xmlid='recurring_billing.menu_recurring_forecast_root']",
            run: "click",
        },
        {
            trigger:
                ".o-dropdown--menu a[data-menu-xmlid='recurring_billing.menu_recurring_forecast_actual']",
            run: "click",
        },
        {
            content: "Past months, grouped by what became of them",
            trigger: ".o_group_header .o_group_name",
            run: "click",
        },
        {trigger: ".o_group_header:contains('As Expected')", run: "click"},
        {trigger: ".o_data_row:contains('Tour Customer')"},
        checkPage,
    ],
});

registry.category("web_tour.tours").add("recurring_billing_forecast_phone", {
    steps: () => [
        {trigger: ".o_graph_view .o_graph_canvas_container canvas"},
        checkPage,
        {trigger: ".o_cp_switch_buttons button", run: "click"},
        {trigger: ".o-dropdown-item:contains('Kanban')", run: "click"},
        {
            trigger: ".o_kanban_record:contains('Tour Customer'):contains('50.00')",
        },
        checkPage,
        {trigger: ".o_kanban_record:first", run: "click"},
        {trigger: ".o_form_view .o_field_widget[name=name]"},
    ],
});

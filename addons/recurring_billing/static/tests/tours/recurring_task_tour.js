import {registry} from "@web/core/registry";
import {checkWidth} from "./phone_tour_steps";
import {
    checkInvoice,
    fillInHow,
    fillInWhen,
    openTab,
    runNow,
    saveAndStart,
} from "./recurring_task_tour_steps";

registry.category("web_tour.tours").add("recurring_billing_task_desktop", {
    url: "/odoo/recurring-tasks",
    steps: () => [
        {trigger: ".o_list_button_add", run: "click"},
        {trigger: ".o_field_widget[name=name] input", run: "edit Tour task"},
        // What
        {
            trigger:
                ".o_field_widget[name=line_ids] .o_field_x2many_list_row_add a:contains('Add a section')",
            run: "click",
        },
        {
            trigger: ".o_selected_row .o_field_widget[name=name] input",
            run: "edit Service",
        },
        {
            trigger:
                ".o_field_widget[name=line_ids] .o_field_x2many_list_row_add a:contains('Add a line')",
            run: "click",
        },
        {
            trigger: ".o_selected_row .o_field_widget[name=product_id] input",
            run: "edit Tour Service",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Tour Service')",
            run: "click",
        },
        {
            content: "The product brings its price",
            trigger:
                ".o_selected_row .o_field_widget[name=price_unit] input:value('50.00')",
        },
        {
            trigger: ".o_selected_row .o_field_widget[name=name] textarea",
            run: "edit Document {number} of the tour",
        },
        {
            trigger: ".o_selected_row .o_field_widget[name=quantity] input",
            run: "edit 2 && press Tab",
        },
        {
            content: "The amount of one document",
            trigger: ".o_field_widget[name=amount_untaxed]:contains('100.00')",
        },
        // To whom
        openTab("to_whom"),
        {
            trigger:
                ".o_field_widget[name=recipient_ids] .o_field_x2many_list_row_add a:contains('Add a customer')",
            run: "click",
        },
        {
            trigger: ".o_selected_row .o_field_widget[name=partner_id] input",
            run: "edit Tour Customer",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Tour Customer')",
            run: "click",
        },
        {
            content: "Address, e-mail and the ready mark come by themselves",
            trigger:
                ".o_field_widget[name=recipient_ids] .o_data_row:contains('tour@customer.example.com'):contains('Ready')",
        },
        ...fillInWhen,
        ...fillInHow,
        ...saveAndStart,
        ...runNow,
        {
            trigger:
                ".o_data_row:contains('Tour Customer'):contains('Issued'):contains('Waiting')",
        },
        {
            content: "Open the invoice from its row",
            trigger: ".o_data_row button[name=action_open_document]",
            run: "click",
        },
        ...checkInvoice,
        {
            content: "The words in braces were filled in",
            trigger: ".o_form_view:contains('Document 1 of the tour')",
        },
        {
            content: "The invoice leads back to its task",
            trigger: "button[name=action_view_recurring_task]",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=name] input:value('Tour task')",
        },
    ],
});

/** On a phone a many2one opens a page of cards. */
function pickCard(field, label) {
    return [
        {trigger: `.modal .o_field_widget[name=${field}] input`, run: "click"},
        {
            trigger: `.modal .o_kanban_record:contains('${label}')`,
            run: "click",
        },
    ];
}

registry.category("web_tour.tours").add("recurring_billing_task_phone", {
    url: "/odoo/recurring-tasks",
    steps: () => [
        {trigger: ".o-kanban-button-new", run: "click"},
        {trigger: ".o_field_widget[name=name] input", run: "edit Tour task"},
        // What
        {
            trigger: ".o_field_widget[name=line_ids] button:contains('Add a line')",
            run: "click",
        },
        ...pickCard("product_id", "Tour Service"),
        {
            trigger: ".modal .o_field_widget[name=price_unit] input:value('50.00')",
        },
        {
            trigger: ".modal .o_field_widget[name=name] textarea",
            run: "edit Document {number} of the tour",
        },
        {trigger: ".modal .o_form_button_save", run: "click"},
        {
            trigger:
                ".o_field_widget[name=line_ids] .o_kanban_record:contains('Document {number} of the tour')",
        },
        // To whom
        openTab("to_whom"),
        {
            trigger:
                ".o_field_widget[name=recipient_ids] button:contains('Add a customer')",
            run: "click",
        },
        ...pickCard("partner_id", "Tour Customer"),
        {
            trigger:
                ".modal .o_field_widget[name=email]:contains('tour@customer.example.com')",
        },
        {trigger: ".modal .o_form_button_save", run: "click"},
        {
            trigger:
                ".o_field_widget[name=recipient_ids] .o_kanban_record:contains('Tour Customer'):contains('Ready')",
        },
        ...fillInWhen,
        ...fillInHow,
        ...saveAndStart,
        checkWidth,
        ...runNow,
        {
            trigger:
                ".o_kanban_record:contains('Tour Customer'):contains('Issued') button[name=action_open_document]",
            run: "click",
        },
        ...checkInvoice,
    ],
});

registry.category("web_tour.tours").add("recurring_billing_documents", {
    url: "/odoo/recurring-documents",
    steps: () => [
        {
            content: "The reason stands in the row",
            trigger:
                ".o_data_row:contains('Tour Customer'):contains('Failed'):contains('The customer is archived.')",
        },
        {
            content: "Filter what needs me",
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        {trigger: ".o-dropdown-item:contains('Needs You')", run: "click"},
        {trigger: ".o_searchview_facet:contains('Needs You')"},
        {
            content: "Somebody has mended it meanwhile: try again",
            trigger: ".o_data_row:contains('Tour Customer') button[name=action_retry]",
            run: "click",
        },
        {
            content: "The run says what came of it",
            trigger: ".o_field_widget[name=report_html]:contains('1 document issued')",
        },
        {
            trigger: ".o_statusbar_buttons button[name=action_view_documents]",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains('Tour Customer'):contains('Issued')",
        },
        {
            content: "To the list of runs",
            trigger:
                ".o_menu_sections button[data-menu-xmlid='recurring_billing.recurring_documents_menu']",
            run: "click",
        },
        {
            trigger:
                ".o-dropdown--menu a[data-menu-xmlid='recurring_billing.recurring_run_menu']",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains('By hand'):contains('Done')",
        },
    ],
});

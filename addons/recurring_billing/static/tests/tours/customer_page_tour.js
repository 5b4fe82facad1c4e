import {registry} from "@web/core/registry";

const openTab = (name) => ({
    trigger: `.o_notebook_headers a[name=${name}]`,
    run: "click",
});

const onSales = ".o_field_widget[name=sale_history_ids]";

/** Opens a document from its cell and comes back by the breadcrumb. */
const openFromCell = (row) => [
    {
        content: "Each cell opens its document",
        trigger: `${onSales} ${row} .o_field_widget[name=invoice_ids] button`,
        run: "click",
    },
    {trigger: ".o_form_view .o_field_widget[name=invoice_line_ids]"},
];

const readFigures = [
    {
        content: "What is shown is counted, what is due is summed up",
        trigger: ".o_field_widget[name=sale_history_counts]:contains('Invoices: 1')",
    },
    {trigger: ".o_field_widget[name=outstanding_balance]:contains('57.50')"},
];

/** The files themselves are checked over HTTP: a tour cannot look into a download. */
const download = (row) => [
    {trigger: `${onSales} ${row} button[name=action_download_pdf]`, run: "click"},
    {trigger: "body:not(:has(.o_blockUI))"},
    {trigger: `${onSales} ${row} button[name=action_download_xml]`, run: "click"},
    {trigger: "body:not(:has(.o_blockUI))"},
    {trigger: "button[name=action_print_sale_history]", run: "click"},
    {trigger: "body:not(:has(.o_blockUI)):not(:has(.o_error_dialog))"},
];

const startPeriodicBilling = (row) => [
    openTab("periodic_billing"),
    {trigger: "button[name=action_new_periodic_billing]", run: "click"},
    {
        content: "The task's form starts with the customer filled in",
        trigger: ".o_form_view .o_field_widget[name=document_type]",
    },
    openTab("to_whom"),
    {
        trigger: `.o_field_widget[name=recipient_ids] ${row}:contains('1 Tour Customer')`,
    },
    {trigger: ".o_form_button_cancel", run: "click"},
];

registry.category("web_tour.tours").add("recurring_billing_customer_desktop", {
    steps: () => [
        openTab("sale_history"),
        ...readFigures,
        ...download(".o_data_row"),
        ...startPeriodicBilling(".o_data_row"),
        {
            trigger: ".o_form_view .o_notebook_headers a[name=sale_history]",
            run: "click",
        },
        ...openFromCell(".o_data_row"),
    ],
});

registry.category("web_tour.tours").add("recurring_billing_customer_phone", {
    steps: () => [
        openTab("sale_history"),
        ...readFigures,
        ...download(".o_kanban_record"),
        ...startPeriodicBilling(".o_kanban_record"),
        {
            trigger: ".o_form_view .o_notebook_headers a[name=sale_history]",
            run: "click",
        },
        ...openFromCell(".o_kanban_record"),
    ],
});

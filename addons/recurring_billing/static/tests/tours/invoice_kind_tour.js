import {registry} from "@web/core/registry";

/** From the customer's page to the draft, the same on a desktop and on a phone. */
const recapitulate = () => [
    {trigger: ".o_form_view .o_cp_action_menus i.fa-cog", run: "click"},
    {trigger: ".o_menu_item:contains('Recapitulative Invoice')", run: "click"},
    {
        content: "Both orders of the month are blocks",
        trigger: ".modal .o_field_widget[name=source_text]:contains('Order')",
    },
    {trigger: ".modal button[name=action_create]", run: "click"},
    {
        content: "The draft tells its kind",
        trigger: ".o_form_view .o_field_widget[name=invoice_kind]",
    },
    {trigger: "button[name=action_post]:visible", run: "click"},
    {
        content: "Once posted, the kind stays",
        trigger: ".o_form_view .o_field_widget[name=invoice_kind].o_readonly_modifier",
    },
];

registry.category("web_tour.tours").add("recurring_billing_recapitulative", {
    steps: recapitulate,
});

registry.category("web_tour.tours").add("recurring_billing_mark_as_paid", {
    steps: () => [
        {trigger: ".o_form_view .o_cp_action_menus i.fa-cog", run: "click"},
        {trigger: ".o_menu_item:contains('Mark as Paid')", run: "click"},
        {trigger: ".o_form_view .ribbon:contains('Paid')"},
    ],
});

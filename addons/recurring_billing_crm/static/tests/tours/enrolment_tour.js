import {checkWidth, openMore} from "@recurring_billing/../tests/tours/phone_tour_steps";
import {registry} from "@web/core/registry";

const tellsWhatIsMissing = {
    content: "The card says what it lacks",
    trigger: ".alert:contains('still needs'):contains('street')",
};

registry.category("web_tour.tours").add("recurring_billing_crm_card_desktop", {
    steps: () => [
        tellsWhatIsMissing,
        {trigger: "button[name=action_enrol]", run: "click"},
        {
            content: "It is refused with everything that is missing",
            trigger: ".modal:contains('Missing: street')",
        },
        {trigger: ".modal .modal-footer .btn-primary", run: "click"},
        {trigger: ".o_form_view:not(:has(.modal))"},
    ],
});

const confirm = {trigger: "button[name=action_confirm_payment]", run: "click"};
const pay = [
    {
        content: "The card says what the pro-forma asks",
        trigger: ".alert:contains('asks for'):contains('PF/')",
    },
    checkWidth,
];
const paid = [
    {trigger: ".modal button[name=action_confirm]", run: "click"},
    {trigger: ".alert:contains('The payment is confirmed')"},
];

registry.category("web_tour.tours").add("recurring_billing_crm_pay_desktop", {
    steps: () => [...pay, confirm, ...paid],
});

registry.category("web_tour.tours").add("recurring_billing_crm_pay_phone", {
    steps: () => [...pay, openMore, confirm, ...paid],
});

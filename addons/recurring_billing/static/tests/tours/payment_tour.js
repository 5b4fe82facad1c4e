import {checkWidth, openMore} from "./phone_tour_steps";
import {registry} from "@web/core/registry";

const payPart = (confirm) => [
    ...confirm,
    {
        content: "The dialogue proposes what is missing",
        trigger: ".modal .o_field_widget[name=consequence]:contains('invoice is made')",
    },
    {
        trigger: ".modal .o_field_widget[name=amount] input",
        run: "edit 50 && press Tab",
    },
    {
        trigger: ".modal .o_field_widget[name=consequence]:contains('no invoice yet')",
    },
    {trigger: ".modal button[name=action_confirm]", run: "click"},
    {
        content: "The order says what is still missing",
        trigger:
            ".alert:contains('already paid') .o_field_widget[name=proforma_missing_amount]",
    },
];

const payRest = (confirm) => [
    ...confirm,
    {trigger: ".modal button[name=action_confirm]", run: "click"},
    {
        trigger: ".o_form_view:not(:has(.alert:contains('still missing')))",
    },
];

const issue = {trigger: "button[name=action_issue_proforma]", run: "click"};
const asks = {trigger: ".alert:contains('asks for'):contains('PF/')"};
const invoice = {trigger: "button[name=action_view_invoice]"};
const confirm = {trigger: "button[name=action_open_payment_dialog]", run: "click"};

registry.category("web_tour.tours").add("recurring_billing_payment_desktop", {
    steps: () => [issue, asks, ...payPart([confirm]), ...payRest([confirm]), invoice],
});

registry.category("web_tour.tours").add("recurring_billing_payment_phone", {
    steps: () => [
        openMore,
        issue,
        asks,
        checkWidth,
        ...payPart([openMore, confirm]),
        ...payRest([openMore, confirm]),
    ],
});

const writeRule = [
    {
        trigger: ".o_field_widget[name=name] input",
        run: "edit Evening courses",
    },
    {
        trigger: ".o_field_widget[name=payment_days] input",
        run: "edit 5",
    },
    {trigger: ".o_form_button_save", run: "click"},
    {
        trigger:
            ".o_form_saved, .o_form_view:not(:has(.o_form_status_indicator_buttons:not(.invisible)))",
    },
    checkWidth,
];

registry.category("web_tour.tours").add("recurring_billing_payment_rule", {
    steps: () => writeRule,
});

import {checkWidth} from "./phone_tour_steps";
import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("recurring_billing_change_settings", {
    steps: () => [
        {
            content: "Nothing waits until somebody says so",
            trigger: ".o_field_widget[name=recurring_change_vat] input:not(:checked)",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=recurring_change_growth] input",
            run: "edit 15",
        },
        {trigger: ".o_form_button_save", run: "click", expectUnloadPage: true},
        {
            trigger: ".o_field_widget[name=recurring_change_vat] input:checked",
        },
        {
            trigger: ".o_field_widget[name=recurring_change_growth] input:value('15')",
        },
    ],
});

const isIssued = {
    content: "The report of the new run tells what changed",
    trigger:
        ".o_field_widget[name=report_html]:contains('Issued, with changes since last time (2)'):contains('65.00')",
};

const waits = (name) =>
    `.o_data_row:contains('${name}'):contains('Waiting for Release'):contains('65.00')`;

registry.category("web_tour.tours").add("recurring_billing_change_desktop", {
    steps: () => [
        {
            content: "Old and new price stand in the list",
            trigger: `${waits("1 Tour Customer")} .o_list_record_selector`,
            run: "click",
        },
        {
            trigger: `${waits("2 Tour Customer")} .o_list_record_selector`,
            run: "click",
        },
        {
            trigger: ".o_control_panel button[name=action_release]",
            run: "click",
        },
        isIssued,
    ],
});

registry.category("web_tour.tours").add("recurring_billing_change_phone", {
    steps: () => [
        {
            content: "The page of the run says what changed",
            trigger: ".o_field_widget[name=report_html]:contains('65.00')",
        },
        checkWidth,
        {
            trigger: ".alert button[name=action_release]",
            run: "click",
        },
        isIssued,
        checkWidth,
    ],
});

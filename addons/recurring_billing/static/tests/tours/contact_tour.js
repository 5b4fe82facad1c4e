import {registry} from "@web/core/registry";
import {openTab} from "./recurring_task_tour_steps";

function fillIn(field, text) {
    return {
        content: `Fill in ${field}`,
        trigger: `.modal .o_field_widget[name=${field}] input`,
        run: `edit ${text}`,
    };
}

function tick(label) {
    return {
        content: `Tick ${label}`,
        trigger: `.modal .o_field_widget[name=document_kind_ids] .o-checkbox:contains('${label}') input`,
        run: "click",
    };
}

const pressAdd = {
    content: "Press the button",
    trigger: ".modal .modal-footer button[name=action_add]",
    run: "click",
};

// The same on a desktop and on a phone.
registry.category("web_tour.tours").add("recurring_billing_add_contact", {
    steps: () => [
        openTab("contact_addresses"),
        {
            content: "Add a contact",
            trigger: "button[name=action_add_contact]",
            run: "click",
        },
        fillIn("name", "Nora New"),
        fillIn("email", "nora@customer.example.com"),
        fillIn("phone", "12"),
        fillIn("function", "Head"),
        fillIn("department", "Purchasing"),
        tick("Invoice"),
        tick("Credit Note"),
        pressAdd,
        {
            content: "The wrong number is named, and a right one shown",
            trigger: ".o_error_dialog:contains('“12” is not a phone number of')",
        },
        {
            content: "Close the message",
            trigger: ".o_error_dialog .modal-footer button",
            run: "click",
        },
        {
            content: "What was typed is still there",
            trigger: ".modal .o_field_widget[name=name] input:value('Nora New')",
        },
        fillIn("phone", "+34 612 34 56 78"),
        pressAdd,
        {
            content: "She stands among the contacts, with her department",
            trigger:
                ".o_field_widget[name=child_ids] .o_kanban_record:contains('Nora New'):contains('Purchasing'):contains('+34 612 34 56 78')",
            run: "click",
        },
        {
            content: "The kinds are ticked on her card",
            trigger:
                ".modal .o_field_widget[name=document_kind_ids] .o-checkbox:contains('Invoice') input:checked",
        },
        {
            content: "The others are not",
            trigger:
                ".modal .o_field_widget[name=document_kind_ids] .o-checkbox:contains('Quotation') input:not(:checked)",
        },
    ],
});

import {registry} from "@web/core/registry";

const checkWidth = {
    content: "Nothing lies beyond the edge of the screen",
    trigger: ".o_action_manager",
    run() {
        const width = document.documentElement.scrollWidth;
        if (width > window.innerWidth) {
            throw new Error(`The page is ${width} px wide`);
        }
    },
};

const openMenu = {
    content: "On a phone the buttons are in a menu",
    trigger: ".o_statusbar_buttons button[title=More]",
    run: "click",
};

const send = [
    {trigger: "button[name=action_send_to_erp]", run: "click"},
    {
        content: "It says that it is on its way",
        trigger: "[name=erp]:contains('It is being handed over to the ERP')",
    },
    {trigger: "[name=erp] .badge:contains('Waiting')"},
    checkWidth,
];

const see = [
    {
        content: "The ERP has answered with its number",
        trigger: "[name=erp]:contains('The ERP has this order'):contains('ERP-1')",
    },
    checkWidth,
];

const openVersions = {
    trigger: ".oe_stat_button[name=action_view_erp]",
    run: "click",
};

const openStatButtons = {
    content: "On a phone these buttons are in a menu, too",
    trigger: ".o-form-buttonbox .o_button_more",
    run: "click",
};

registry.category("web_tour.tours").add("postsale_erp_send_desktop", {
    steps: () => send,
});

registry.category("web_tour.tours").add("postsale_erp_send_phone", {
    steps: () => [openMenu, ...send],
});

registry.category("web_tour.tours").add("postsale_erp_see_desktop", {
    steps: () => [
        ...see,
        openVersions,
        {trigger: ".o_data_row td[name=version]:contains('1')", run: "click"},
        {trigger: ".o_form_view .o_field_widget[name=erp_number]:contains('ERP-1')"},
        checkWidth,
    ],
});

registry.category("web_tour.tours").add("postsale_erp_see_phone", {
    steps: () => [
        ...see,
        openStatButtons,
        openVersions,
        {trigger: ".o_kanban_record:contains('version 1')", run: "click"},
        {trigger: ".o_form_view .o_field_widget[name=erp_number]:contains('ERP-1')"},
        checkWidth,
    ],
});

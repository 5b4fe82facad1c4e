import {registry} from "@web/core/registry";

const checkWidth = {
    content: "Nothing lies beyond the edge of the screen",
    trigger: ".o_form_view",
    run() {
        const width = document.documentElement.scrollWidth;
        if (width > window.innerWidth) {
            throw new Error(`The page is ${width} px wide`);
        }
    },
};

const openMore = {
    trigger: ".o_statusbar_buttons button[title=More]",
    run: "click",
};

const isSaved = {
    trigger: ".o_form_view:not(:has(.o_form_status_indicator_buttons:not(.invisible)))",
};

registry.category("web_tour.tours").add("postsale_config", {
    steps: () => [
        {
            trigger: ".o_field_widget[name=new_subject] input",
            run: "edit Tour subject",
        },
        checkWidth,
        {trigger: ".o_form_button_save", run: "click"},
        isSaved,
    ],
});

const chooseOnDesktop = [
    {
        trigger: ".o_field_widget[name=partner_id] input",
        run: "edit 1 Tour Customer",
    },
    {
        trigger: ".o-autocomplete--dropdown-item:contains('1 Tour Customer')",
        run: "click",
    },
];

const chooseOnPhone = [
    {trigger: ".o_field_widget[name=partner_id] input", run: "click"},
    {trigger: ".modal .o_kanban_record:contains('1 Tour Customer')", run: "click"},
    {trigger: "body:not(:has(.modal))"},
];

const writeCost = [
    {
        trigger: ".o_field_widget[name=customer_cost] input",
        run: "edit 480 && press Tab",
    },
    {trigger: ".o_form_button_save", run: "click"},
    isSaved,
];

const openOrder = [
    {
        content: "The message says that defaults were used, and opens the order",
        trigger:
            ".o_notification:contains('default settings') button:contains('Open S')",
        run: "click",
    },
    {
        trigger:
            ".o_form_view .o_field_widget[name=deal_subject] input:value(Tour subject)",
    },
];

registry.category("web_tour.tours").add("postsale_contract_desktop", {
    steps: () => [
        {trigger: ".o_list_button_add", run: "click"},
        ...chooseOnDesktop,
        ...writeCost,
        {trigger: "button[name=action_activate]", run: "click"},
        {trigger: "button[name=action_new_order].btn-primary", run: "click"},
        ...openOrder,
    ],
});

registry.category("web_tour.tours").add("postsale_contract_phone", {
    steps: () => [
        {trigger: ".o-kanban-button-new", run: "click"},
        ...chooseOnPhone,
        ...writeCost,
        checkWidth,
        openMore,
        {trigger: "button[name=action_activate]", run: "click"},
        {trigger: ".o_field_widget[name=date_start].o_readonly_modifier"},
        openMore,
        {trigger: "button[name=action_new_order]", run: "click"},
        ...openOrder,
        checkWidth,
    ],
});

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

const makeOrder = [
    {
        content: "The renewal is opened, with the last cost",
        trigger: ".o_form_view .o_field_widget[name=cost] input:value(480.00)",
    },
    checkWidth,
    {
        trigger: ".o_statusbar_buttons button[name=action_new_order]",
        run: "click",
    },
    {
        content: "The message says that defaults were used, and opens the order",
        trigger:
            ".o_notification:contains('default settings') button:contains('Open S')",
        run: "click",
    },
    {
        trigger:
            ".o_form_view .o_field_widget[name=deal_subject] input:value(Tour renewal)",
    },
];

registry.category("web_tour.tours").add("postsale_decide_desktop", {
    steps: () => [
        {
            content: "Who is to be decided on stands in the list, with both costs",
            trigger: ".o_data_row:contains('1 Tour Customer'):contains('480.00')",
        },
        checkWidth,
        {
            content: "One has given notice",
            trigger:
                ".o_data_row:contains('2 Tour Customer') button[name=action_give_notice]",
            run: "click",
        },
        {trigger: ".modal footer .btn-primary", run: "click"},
        {trigger: ".o_list_view:not(:contains('2 Tour Customer'))"},
        {
            trigger:
                ".o_data_row:contains('1 Tour Customer') button[name=action_renew]",
            run: "click",
        },
        ...makeOrder,
    ],
});

registry.category("web_tour.tours").add("postsale_decide_phone", {
    steps: () => [
        {
            trigger: ".o_kanban_record:contains('1 Tour Customer'):contains('480.00')",
        },
        checkWidth,
        {
            trigger:
                ".o_kanban_record:contains('2 Tour Customer') button[name=action_give_notice]",
            run: "click",
        },
        {trigger: ".modal footer .btn-primary", run: "click"},
        {trigger: ".o_kanban_view:not(:contains('2 Tour Customer'))"},
        {
            trigger:
                ".o_kanban_record:contains('1 Tour Customer') button[name=action_renew]",
            run: "click",
        },
        ...makeOrder,
        checkWidth,
    ],
});

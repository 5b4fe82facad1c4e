import {registry} from "@web/core/registry";
import {waitFor} from "@odoo/hoot-dom";

const checkWidth = (trigger) => ({
    content: "Nothing lies beyond the edge of the screen",
    trigger,
    run() {
        const width = document.documentElement.scrollWidth;
        if (width > window.innerWidth) {
            throw new Error(`The page is ${width} px wide`);
        }
    },
});

const openTab = {
    content: "What was done stands on the tab Intervention",
    trigger: ".o_notebook a[name=intervention]",
    run: "click",
};

const createOrder = [
    {
        content: "One activity is to be billed, and what it comes to is shown",
        trigger: ".o_field_widget[name=to_bill_amount]:contains('60.00')",
    },
    {trigger: "button[name=action_create_order]", run: "click"},
    {
        content: "The message says that defaults were used",
        trigger: ".o_notification:contains('default settings')",
    },
    {
        content: "The ticket says that it is billed",
        trigger: ".o_field_widget[name=intervention_ids]:contains('Billed')",
    },
];

const openOrder = [
    {trigger: ".o_notification_buttons button", run: "click"},
    {trigger: ".o_field_widget[name=order_line]:contains('Tour: new pump')"},
];

const chooseInRow = (field, label) => [
    {
        trigger: `.o_selected_row .o_field_widget[name=${field}] input`,
        run: `edit ${label}`,
    },
    {
        trigger: `.o-autocomplete--dropdown-item:contains('${label}')`,
        run: "click",
    },
];

registry.category("web_tour.tours").add("postsale_ticket_desktop", {
    steps: () => [
        openTab,
        {
            trigger:
                ".o_field_widget[name=intervention_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: ".o_selected_row .o_field_widget[name=name] input",
            run: "edit Tour: new pump",
        },
        ...chooseInRow("condition_id", "Billed to the Customer"),
        ...chooseInRow("stage_id", "Done"),
        {trigger: ".o_form_button_save", run: "click"},
        checkWidth(".o_form_view"),
        ...createOrder,
        ...openOrder,
    ],
});

registry.category("web_tour.tours").add("postsale_ticket_phone", {
    steps: () => [
        openTab,
        {
            trigger: ".o_field_widget[name=intervention_ids] .o-kanban-button-new",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=name] input",
            run: "edit Tour: new pump",
        },
        {
            trigger: ".modal .o_field_widget[name=condition_id] input",
            run: "click",
        },
        {
            trigger:
                ".modal .o_kanban_record:contains('Billed to the Customer'), .o-autocomplete--dropdown-item:contains('Billed to the Customer')",
            run: "click",
        },
        {
            content: "On a phone the stages come up from below, outside the window",
            trigger: ".modal .o_statusbar_status button:contains('To Do')",
            async run() {
                this.anchor.click();
                const done = await waitFor(".dropdown-item:contains('Done')");
                done.click();
            },
        },
        {trigger: ".modal .o_statusbar_status button:contains('Done')"},
        checkWidth(".modal .o_form_view"),
        {trigger: ".modal .o_form_button_save", run: "click"},
        {trigger: "body:not(:has(.modal))"},
        {trigger: ".o_form_button_save", run: "click"},
        checkWidth(".o_form_view"),
        ...createOrder,
    ],
});

const bill = (row) => [
    {
        content: "The preview says what each ticket comes to",
        trigger: `.modal ${row}:contains('Tour: first'):contains('60.00')`,
    },
    checkWidth(".modal .o_form_view"),
    {trigger: ".modal .o_notebook a[name=activities]", run: "click"},
    {
        content: "and why something is not billed",
        trigger: `.modal ${row}:contains('Covered by the Contract')`,
    },
    {trigger: ".modal button[name=action_bill]", run: "click"},
    {trigger: ".o_notification:contains('2 orders were made')"},
    {trigger: "body:not(:has(.modal))"},
];

const select = (name) => ({
    trigger: `.o_data_row:contains('${name}') .o_list_record_selector input`,
    run: "click",
});

registry.category("web_tour.tours").add("postsale_bill_activities_desktop", {
    steps: () => [
        checkWidth(".o_list_view"),
        select("Tour: first"),
        select("Tour: second"),
        {trigger: "button[name=action_bill_activities]", run: "click"},
        ...bill(".o_data_row"),
    ],
});

/** A finger that stays on a card chooses it. */
const hold = (name) => ({
    trigger: `.o_kanban_record:contains('${name}')`,
    async run() {
        this.anchor.dispatchEvent(new TouchEvent("touchstart", {bubbles: true}));
        await new Promise((resolve) => setTimeout(resolve, 600));
        this.anchor.dispatchEvent(new TouchEvent("touchend", {bubbles: true}));
    },
});

registry.category("web_tour.tours").add("postsale_bill_activities_phone", {
    steps: () => [
        checkWidth(".o_kanban_view"),
        hold("Tour: first"),
        {
            content: "The first one is chosen: a tap chooses the next",
            trigger: ".o_kanban_record.o_record_selected:contains('Tour: first')",
        },
        {trigger: ".o_kanban_record:contains('Tour: second')", run: "click"},
        {trigger: ".o_kanban_record.o_record_selected:contains('Tour: second')"},
        {trigger: ".o_cp_action_menus button:has(.fa-cog)", run: "click"},
        {trigger: "button[name=action_bill_activities]", run: "click"},
        ...bill(".o_kanban_record"),
    ],
});

import {registry} from "@web/core/registry";
import {checkWidth} from "@recurring_billing/../tests/tours/phone_tour_steps";

/** From the list of assets to a document that names one, and back to its customer. */
const steps = (card, row) => [
    {
        content: "An asset is found by the customer who has it",
        trigger: `${card}:contains('Tour Boiler')`,
        run: "click",
    },
    {
        content: "What happened with it is counted by kind",
        trigger: ".o_form_view .o_field_widget[name=history_ids]",
    },
    checkWidth,
    {
        content: "Its history opens the document",
        trigger: `.o_field_widget[name=history_ids] ${row}:contains('Quotation') button[name=action_open]`,
        run: "click",
    },
    {
        content: "The document names the asset",
        trigger: ".o_form_view .o_field_widget[name=asset_ids]:contains('Tour Boiler')",
    },
];

registry.category("web_tour.tours").add("postsale_asset_desktop", {
    steps: () => steps(".o_data_row .o_data_cell", ".o_data_row"),
});

registry.category("web_tour.tours").add("postsale_asset_phone", {
    steps: () => steps(".o_kanban_record", ".o_kanban_record"),
});

/** A customer with two assets gets a line for each of them. */
registry.category("web_tour.tours").add("postsale_asset_lines", {
    steps: () => [
        {trigger: ".o_notebook_headers a[name=to_whom]", run: "click"},
        {trigger: "button[name=action_arrange_assets]", run: "click"},
        {
            content: "The preview says what will happen",
            trigger: ".modal .o_field_widget[name=added_count]:contains('1')",
        },
        {trigger: ".modal footer button[name=action_apply]", run: "click"},
        {
            content: "Each line shows its asset",
            trigger:
                ".o_field_widget[name=recipient_ids]:contains('Tour Boiler'):contains('Tour Pump')",
        },
    ],
});

import {download} from "@web/core/network/download";
import {registry} from "@web/core/registry";

const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** Choose a file that the test has put under this address. */
function chooseFile(address) {
    return {
        content: `Choose ${address}`,
        trigger: ".modal .o_field_widget[name=file] .o_select_file_button",
        async run() {
            const answer = await fetch(address);
            const name = address.split("/").pop();
            const file = new File([await answer.blob()], name, {type: XLSX});
            const transfer = new DataTransfer();
            transfer.items.add(file);
            const input = document.querySelector(
                ".modal .o_field_widget[name=file] input[type=file]"
            );
            input.files = transfer.files;
            input.dispatchEvent(new Event("change", {bubbles: true}));
        },
    };
}

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

/** The first button of the header is shown on a phone as well. */
registry.category("web_tour.tours").add("crm_sla_portfolio_fill", {
    steps: () => [
        checkWidth,
        {trigger: ".o_statusbar_buttons button[name=action_fill]", run: "click"},
        {
            content: "One customer has invoices in the reference period",
            trigger: ".modal .o_field_widget[name=customer_count]:contains('1')",
        },
        {trigger: ".modal footer button[name=action_fill]", run: "click"},
        {
            content: "He is in the list with what he brought",
            trigger:
                ".o_data_row:contains('1 Tour Customer'):contains('500.00'), " +
                ".o_kanban_record:contains('1 Tour Customer'):contains('500.00')",
        },
    ],
});

registry.category("web_tour.tours").add("crm_sla_portfolio_upload", {
    steps: () => [
        {
            isActive: ["mobile"],
            trigger: ".o_statusbar_buttons button[title=More]",
            run: "click",
        },
        {
            content: "The template is fetched, and is an Excel file",
            trigger: "button[name=action_download_template]",
            async run(helpers) {
                const fetchFile = download._download;
                download._download = async ({url}) => {
                    download._download = fetchFile;
                    const body = new FormData();
                    body.append("csrf_token", odoo.csrf_token);
                    const answer = await fetch(url, {method: "POST", body});
                    const kind = answer.headers.get("Content-Type");
                    document.body.dataset.template = `${answer.status} ${kind}`;
                };
                await helpers.click();
            },
        },
        {trigger: `body[data-template="200 ${XLSX}"]`},
        {
            trigger: ".o_statusbar_buttons button[name=action_upload]",
            run: "click",
        },
        chooseFile("/crm_sla_tour/wrong.xlsx"),
        {trigger: ".modal footer button[name=action_upload]:enabled", run: "click"},
        {
            content: "A wrong file is refused, and comes back",
            trigger: ".alert-danger:contains('is no customer of this company')",
        },
        {trigger: ".o_field_widget[name=file_errors]"},
        checkWidth,
        {
            isActive: ["desktop"],
            trigger: ".o_back_button a",
            run: "click",
        },
        {
            isActive: ["mobile"],
            trigger: ".o_back_button",
            run: "click",
        },
        {
            trigger: ".o_statusbar_buttons button[name=action_upload]",
            run: "click",
        },
        chooseFile("/crm_sla_tour/right.xlsx"),
        {trigger: ".modal footer button[name=action_upload]:enabled", run: "click"},
        {trigger: ".alert-success:contains('Customers changed: 1')"},
    ],
});

/** An agent and his customers. */
registry.category("web_tour.tours").add("crm_sla_portfolio_agent", {
    steps: () => [
        {
            content: "He sees his own customer, and no other",
            trigger:
                ".o_data_row:contains('1 Tour Customer'), " +
                ".o_kanban_record:contains('1 Tour Customer')",
        },
        {
            trigger: "body:not(:has(:contains('2 Tour Customer')))",
        },
        {
            isActive: ["desktop"],
            trigger: ".o_switch_view.o_pivot",
            run: "click",
        },
        {
            isActive: ["desktop"],
            trigger: ".o_pivot td:contains('500.00')",
        },
    ],
});

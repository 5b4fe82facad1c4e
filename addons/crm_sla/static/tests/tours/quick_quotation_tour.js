import {registry} from "@web/core/registry";

/** Whatever is clicked from here on is counted, so the tour can prove how little. */
const countClicks = {
    content: "Count the clicks",
    trigger: ".o_quick_quotation .o_quick_search",
    run() {
        window.quickClicks = 0;
        window.quickScreens = new Set();
        window.addEventListener(
            "click",
            () => {
                window.quickClicks++;
            },
            true
        );
    },
};

const checkClicks = (most) => ({
    content: `3 screens, at most ${most} clicks, the one into the search field too`,
    trigger: ".o_quick_steps li:count(3)",
    run() {
        if (window.quickClicks > most) {
            throw new Error(
                `${window.quickClicks} clicks, at most ${most} were promised`
            );
        }
    },
});

const checkWidth = {
    content: "Nothing lies beyond the edge of the screen",
    trigger: ".o_quick_quotation",
    run() {
        const width = document.documentElement.scrollWidth;
        if (width > window.innerWidth) {
            throw new Error(`The page is ${width} px wide`);
        }
    },
};

/** A pen that goes up and down, as a finger does: the pad listens to pointers. */
export const drawSignature = {
    content: "Draw the signature",
    trigger: "canvas.o_web_sign_signature",
    async run() {
        const canvas = this.anchor;
        const {left, top, width, height} = canvas.getBoundingClientRect();
        const at = (type, x, y) =>
            new PointerEvent(type, {
                bubbles: true,
                cancelable: true,
                isPrimary: true,
                pointerType: "pen",
                pressure: type === "pointerup" ? 0 : 0.5,
                button: type === "pointermove" ? -1 : 0,
                buttons: type === "pointerup" ? 0 : 1,
                clientX: left + x * width,
                clientY: top + y * height,
            });
        canvas.dispatchEvent(at("pointerdown", 0.1, 0.8));
        for (let step = 1; step <= 8; step++) {
            await new Promise((resolve) => setTimeout(resolve, 20));
            const y = step % 2 ? 0.2 : 0.8;
            canvas.dispatchEvent(at("pointermove", 0.1 + step / 10, y));
        }
        canvas.dispatchEvent(at("pointerup", 0.9, 0.8));
    },
};

const choose = [
    {trigger: ".o_quick_search", run: "edit 1 Tour Customer"},
    {
        trigger: ".o_quick_customers button:contains('1 Tour Customer')",
        run: "click",
    },
];

const plus = (product) => ({
    trigger: `.o_quick_product:contains('${product}') .o_quick_plus`,
    run: "click",
});

const addTwoProducts = [
    checkWidth,
    plus("Tour Printer"),
    plus("Tour Paper"),
    {
        content: "The total follows",
        trigger: ".o_quick_footer .o_quick_total:contains('105.00')",
    },
];

const sign = [
    {trigger: ".o_quick_sign", run: "click"},
    {trigger: ".o_signing_document code"},
    checkWidth,
    drawSignature,
    {trigger: ".o_quick_accept:enabled", run: "click"},
    {trigger: ".o_quick_confirmed:contains('is confirmed')"},
];

const signOnTheDevice = [
    countClicks,
    checkWidth,
    ...choose,
    ...addTwoProducts,
    {trigger: ".o_quick_done", run: "click"},
    {trigger: ".o_quick_line:contains('Tour Printer')"},
    {trigger: ".o_quick_totals .o_quick_total:contains('105.00')"},
    checkWidth,
    ...sign,
    checkClicks(7),
];

registry.category("web_tour.tours").add("crm_sla_quick_sign", {
    steps: () => signOnTheDevice,
});

/** A new customer, back and forth, handed over, loaded again, taken back, by link. */
registry.category("web_tour.tours").add("crm_sla_quick_hand_over", {
    steps: () => [
        {trigger: ".o_quick_search", run: "edit 2 Tour Prospect"},
        {trigger: ".o_quick_content:contains('Nobody found')"},
        {trigger: ".o_quick_new", run: "click"},
        {trigger: "#o_quick_name:value('2 Tour Prospect')"},
        {trigger: "#o_quick_email", run: "edit known@example.com"},
        {trigger: ".o_quick_create", run: "click"},
        {
            content: "Who has this address already is shown first",
            trigger: ".alert:contains('1 Tour Customer')",
        },
        {trigger: "#o_quick_email", run: "edit prospect@example.com"},
        {trigger: "#o_quick_phone", run: "edit +34 600 11 22 33"},
        {trigger: "body:not(:has(.alert:contains('1 Tour Customer')))"},
        checkWidth,
        {trigger: ".o_quick_create", run: "click"},
        ...addTwoProducts,
        {trigger: ".o_quick_done", run: "click"},
        {trigger: ".o_quick_line:contains('Tour Paper')"},
        {
            content: "Going back keeps everything",
            trigger: ".o_quick_back",
            run: "click",
        },
        {
            trigger:
                ".o_quick_product:contains('Tour Paper') .o_quick_stepper input:value('1')",
        },
        {trigger: ".o_quick_hand_over", run: "click"},
        {trigger: ".o_quick_take_back"},
        {trigger: "body:not(:has(.o_quick_close)):not(:has(.o_quick_back))"},
        {
            content: "Loading another page comes back to this one",
            trigger: ".o_quick_quotation",
            run() {
                window.location.href = "/odoo/sales";
            },
            expectUnloadPage: true,
        },
        {trigger: ".o_quick_product:contains('Tour Paper')"},
        {trigger: "body:not(:has(.o_quick_close)):not(:has(.o_error_dialog))"},
        {trigger: ".o_quick_take_back", run: "click"},
        {trigger: "#o_quick_password", run: "edit wrong"},
        {trigger: ".o_quick_confirm_take_back", run: "click"},
        {trigger: ".modal .text-danger:contains('not your password')"},
        {trigger: "#o_quick_password", run: "edit sellerxx"},
        {trigger: ".o_quick_confirm_take_back", run: "click"},
        {trigger: "body:not(:has(.modal)) .o_quick_close"},
        {trigger: ".o_quick_done", run: "click"},
        {trigger: ".o_quick_send", run: "click"},
        {trigger: ".o_quick_sent:contains('prospect@example.com')"},
    ],
});

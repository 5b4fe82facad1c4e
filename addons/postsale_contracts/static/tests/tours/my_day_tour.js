import {checkWidth} from "@recurring_billing/../tests/tours/phone_tour_steps";
import {drawSignature} from "@crm_sla/../tests/tours/quick_quotation_tour";
import {registry} from "@web/core/registry";

const checkScreen = {
    content: "Nothing lies beyond the edge, and every button is big enough for a thumb",
    trigger: ".o_my_day",
    run() {
        checkWidth.run();
        for (const button of document.querySelectorAll(
            ".o_my_day .btn, .o_my_day_dialog .modal-body .btn"
        )) {
            const {height} = button.getBoundingClientRect();
            if (height && height < 44) {
                throw new Error(`${button.className} is ${height} px high`);
            }
        }
    },
};

const checkDialog = {...checkScreen, trigger: ".o_my_day_dialog"};

/** As the camera does: a big picture in the input. */
const takePhoto = {
    content: "Take a photo",
    trigger: ".o_my_day_photo",
    async run() {
        const input = this.anchor.querySelector("input[capture]");
        const canvas = document.createElement("canvas");
        Object.assign(canvas, {width: 3000, height: 2000});
        const blob = await new Promise((resolve) => canvas.toBlob(resolve));
        const files = new DataTransfer();
        files.items.add(new File([blob], "plate.png", {type: "image/png"}));
        input.files = files.files;
        input.dispatchEvent(new Event("change", {bubbles: true}));
    },
};

const checkPhoto = {
    content: "It was made smaller",
    trigger: ".o_my_day_photos img",
    async run() {
        await this.anchor.decode();
        const {naturalWidth, naturalHeight} = this.anchor;
        if (naturalWidth !== 1600 || naturalHeight !== 1067) {
            throw new Error(`The photo has ${naturalWidth} × ${naturalHeight} pixels`);
        }
    },
};

const everythingSaved = {
    content: "Nothing waits",
    trigger: ".o_my_day:not(:has(.o_my_day_waiting)):not(:has(.o_my_day_refused))",
};

const addPart = [
    {trigger: ".o_my_day_add_part", run: "click"},
    {trigger: ".o_my_day_search", run: "edit Tour Filter"},
    {trigger: ".o_my_day_part:contains('Tour Filter')", run: "click"},
    {trigger: ".o_my_day_more", run: "click"},
    checkDialog,
    {trigger: "#o_my_day_condition", run: "selectByLabel Billed to the Customer"},
    {trigger: ".o_my_day_save_part", run: "click"},
    {trigger: "body:not(:has(.modal)) .o_my_day_parts li:contains('Tour Filter')"},
];

const sign = [
    {trigger: ".o_my_day_sign", run: "click"},
    {trigger: ".o_my_day_accept:disabled"},
    {trigger: "#o_my_day_signer", run: "edit Ann Alma"},
    checkDialog,
    {...drawSignature, trigger: ".o_my_day_pad"},
    {trigger: ".o_my_day_accept:enabled", run: "click"},
    {trigger: ".o_my_day_signed:contains('Ann Alma')"},
];

registry.category("web_tour.tours").add("postsale_my_day", {
    steps: () => [
        {trigger: ".o_my_day_call[href='tel:+34911223344']"},
        {trigger: ".o_my_day_map[href*='Calle%20Mayor']:not([target])"},
        checkScreen,
        {
            trigger: ".o_my_day_job:contains('Boiler Tour') .o_my_day_open",
            run: "click",
        },
        {trigger: ".o_my_day_start", run: "click"},
        {trigger: ".o_my_day_stop"},
        {trigger: ".o_my_day_checklist input", run: "click"},
        ...addPart,
        takePhoto,
        checkPhoto,
        {trigger: "#o_my_day_note", run: "edit Valve replaced"},
        {trigger: ".o_my_day_save_note", run: "click"},
        {trigger: ".o_my_day_save_note:disabled"},
        ...sign,
        checkScreen,
        everythingSaved,
        {trigger: ".o_my_day_finish", run: "click"},
        {trigger: ".o_my_day_jobs:not(:has(.o_my_day_job:contains('Boiler Tour')))"},
        everythingSaved,
    ],
});

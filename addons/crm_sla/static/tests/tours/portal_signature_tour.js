import {drawSignature} from "./quick_quotation_tour";
import {registry} from "@web/core/registry";

/** The customer opens the link, reads which document he signs, draws, and signs. */
registry.category("web_tour.tours").add("crm_sla_portal_signature", {
    steps: () => [
        {trigger: "a[data-bs-target='#modalaccept']:visible", run: "click"},
        {trigger: "#modalaccept .o_signing_document code"},
        {trigger: "#modalaccept .o_web_sign_draw_button", run: "click"},
        {...drawSignature, trigger: "#modalaccept canvas.o_web_sign_signature"},
        {
            trigger: "#modalaccept .o_portal_sign_submit:enabled",
            run: "click",
            expectUnloadPage: true,
        },
        {trigger: ".alert-success:contains('Your order has been confirmed')"},
    ],
});

import {useState} from "@odoo/owl";
import {SignatureForm} from "@portal/signature_form/signature_form";
import {rpc} from "@web/core/network/rpc";
import {patch} from "@web/core/utils/patch";
import {SigningDocument} from "@crm_sla/signature/signing_document";

/**
 * Core's form sends name and signature, and leaves no room for more: what is known
 * besides is added on the way. The form calls before it waits for anything, so nobody
 * else's call can come in between.
 */
function withParams(url, params, run) {
    const undo = patch(rpc, {
        _rpc(calledUrl, calledParams, settings) {
            const all = calledUrl === url ? {...calledParams, ...params} : calledParams;
            return super._rpc(calledUrl, all, settings);
        },
    });
    try {
        return run();
    } finally {
        undo();
    }
}

patch(SignatureForm, {
    components: {...SignatureForm.components, SigningDocument},
});

patch(SignatureForm.prototype, {
    setup() {
        super.setup();
        this.signing = useState({
            isPending: Boolean(this.props.signingUrl),
            document: null,
        });
    },

    onDocumentReady(document) {
        Object.assign(this.signing, {isPending: false, document});
    },

    async onClickSubmit() {
        const {document} = this.signing;
        if (!document) {
            return super.onClickSubmit();
        }
        const params = {
            document: document.sha256,
            strokes: this.signature.getStrokes(document.isPressureKept),
        };
        return withParams(this.props.callUrl, params, () => super.onClickSubmit());
    },
});

import {Component, onMounted, onWillUnmount, useRef, useState} from "@odoo/owl";
import {rpc} from "@web/core/network/rpc";

/**
 * Names the document that is about to be signed and offers it for reading.
 *
 * It is made when somebody is about to sign: inside a closed dialog, not before that
 * opens. ``onReady`` gets {sha256, isPressureKept}, or nothing if it cannot be made.
 */
export class SigningDocument extends Component {
    static template = "crm_sla.SigningDocument";
    static props = {url: String, onReady: Function};

    setup() {
        this.root = useRef("root");
        this.state = useState({document: null, error: ""});
        this.load = this.load.bind(this);
        onMounted(() => {
            this.dialog = this.root.el.closest(".modal:not(.show)");
            if (this.dialog) {
                this.dialog.addEventListener("shown.bs.modal", this.load);
            } else {
                this.load();
            }
        });
        onWillUnmount(() =>
            this.dialog?.removeEventListener("shown.bs.modal", this.load)
        );
    }

    async load() {
        const answer = await rpc(this.props.url);
        this.state.error = answer.error || "";
        this.state.document = answer.error ? null : answer;
        this.props.onReady(this.state.document);
    }
}

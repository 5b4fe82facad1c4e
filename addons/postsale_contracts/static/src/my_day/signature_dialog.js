/* global SignaturePad */

import {Component, onMounted, useExternalListener, useRef, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {loadJS} from "@web/core/assets";

/** Core's pad; asked for early, so that it is there without a connection. */
export const loadSignaturePad = () =>
    loadJS("/web/static/lib/signature_pad/signature_pad.umd.js");

/**
 * The customer writes his name and signs.
 *
 * Core's own component asks the server for handwriting fonts whenever it is shown, which
 * fails where this one is needed most: in a cellar without a connection.
 */
export class SignatureDialog extends Component {
    static template = "postsale_contracts.SignatureDialog";
    static components = {Dialog};
    static props = {jobName: String, onSigned: Function, close: Function};

    setup() {
        this.canvas = useRef("canvas");
        this.state = useState({name: "", isEmpty: true});
        onMounted(() => {
            this.pad = new SignaturePad(this.canvas.el, {
                penColor: "black",
                minWidth: 1.5,
                maxWidth: 2.5,
            });
            this.pad.addEventListener("endStroke", () => {
                this.state.isEmpty = this.pad.isEmpty();
            });
            this.fit();
        });
        useExternalListener(window, "resize", () => this.fit());
    }

    /** The phone was turned: what is drawn stays. */
    fit() {
        const strokes = this.pad.toData();
        const {clientWidth, clientHeight} = this.canvas.el;
        Object.assign(this.canvas.el, {width: clientWidth, height: clientHeight});
        this.pad.clear();
        this.pad.fromData(strokes);
    }

    clear() {
        this.pad.clear();
        this.state.isEmpty = true;
    }

    get maySign() {
        return !this.state.isEmpty && this.state.name.trim();
    }

    async sign() {
        const image = this.pad.toDataURL("image/png").split(",")[1];
        await this.props.onSigned(this.state.name.trim(), image);
        this.props.close();
    }
}

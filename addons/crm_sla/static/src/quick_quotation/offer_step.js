import {Component, onWillStart, useState} from "@odoo/owl";
import {NameAndSignature} from "@web/core/signature/name_and_signature";
import {_t} from "@web/core/l10n/translation";
import {formatCurrency} from "@web/core/currency";
import {rpc} from "@web/core/network/rpc";
import {useService} from "@web/core/utils/hooks";
import {SigningDocument} from "@crm_sla/signature/signing_document";
import {MODEL} from "./quick_service";

/** Step 3: what he gets for how much; sign here, send the link, or pay. */
export class OfferStep extends Component {
    static template = "crm_sla.OfferStep";
    static components = {NameAndSignature, SigningDocument};
    static props = {
        quotation: Object,
        isHandedOver: Boolean,
        onQuotation: Function,
        onNew: Function,
        onOpen: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({
            offer: null,
            isSigning: false,
            isBusy: false,
            document: null,
            message: "",
            error: "",
        });
        const {name, isCompany} = this.props.quotation.partner;
        this.signature = useState({
            name: isCompany ? "" : name, // Companies do not sign, people do
            isSignatureEmpty: true,
            getSignatureImage: () => "",
            resetSignature: () => {},
        });
        // The parent knows already: telling it now would start this step anew.
        onWillStart(async () => {
            this.state.offer = await this.call("get_offer");
        });
    }

    async load() {
        this.setOffer(await this.call("get_offer"));
    }

    call(method) {
        return this.orm.call(MODEL, method, [this.props.quotation.id]);
    }

    setOffer(offer) {
        this.state.offer = offer;
        this.props.onQuotation(offer);
    }

    format(amount) {
        return formatCurrency(amount, this.props.quotation.currencyId);
    }

    get hasActions() {
        const {isConfirmed, isExpired} = this.state.offer;
        return (
            this.state.isSigning ||
            (isConfirmed ? !this.props.isHandedOver : !isExpired)
        );
    }

    get qrCodeUrl() {
        const value = encodeURIComponent(this.state.offer.customerLink);
        return `/report/barcode/?barcode_type=QR&width=240&height=240&value=${value}`;
    }

    // === SIGN HERE === //

    startSigning() {
        Object.assign(this.state, {isSigning: true, document: null, error: ""});
    }

    stopSigning() {
        this.state.isSigning = false;
    }

    onDocumentReady(document) {
        this.state.document = document;
    }

    get mayAccept() {
        const {document, isBusy} = this.state;
        return document && !isBusy && !this.signature.isSignatureEmpty;
    }

    /** Through the very door of the portal: it signs, confirms and sends. */
    async accept() {
        const {offer, document} = this.state;
        this.state.isBusy = true;
        try {
            const answer = await rpc(offer.acceptUrl, {
                name: this.signature.name,
                signature: this.signature.getSignatureImage().split(",")[1],
                document: document.sha256,
                strokes: this.signature.getStrokes(document.isPressureKept),
                is_device: true,
            });
            await this.afterAccept(answer);
        } finally {
            this.state.isBusy = false;
        }
    }

    async afterAccept(answer) {
        if (answer.error) {
            this.state.error = answer.error;
            return;
        }
        this.stopSigning();
        await this.load();
        if (answer.is_changed) {
            this.state.error = _t(
                "This quotation has changed. Nothing was signed. Please read it again, then sign."
            );
        }
    }

    // === BY LINK === //

    async sendLink() {
        this.state.isBusy = true;
        try {
            this.setOffer(await this.call("send_link"));
            this.state.message = _t(
                "On its way to %s: the link to read, sign and pay.",
                this.state.offer.partner.email
            );
        } finally {
            this.state.isBusy = false;
        }
    }
}

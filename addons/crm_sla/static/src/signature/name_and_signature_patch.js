import {NameAndSignature} from "@web/core/signature/name_and_signature";
import {patch} from "@web/core/utils/patch";
import {readStrokes} from "./strokes";

/**
 * Whoever shows core's signature can ask how it was drawn. A name that was typed or a
 * picture that was loaded has no strokes: the pad has noted nothing.
 */
patch(NameAndSignature.prototype, {
    setup() {
        super.setup();
        this.props.signature.getStrokes = (isPressureKept) =>
            readStrokes(this.signaturePad?.toData() ?? [], isPressureKept);
    },
});

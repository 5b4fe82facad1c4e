from odoo import api, fields, models
from odoo.exceptions import UserError

from ..signing_facts import SigningFacts


class SaleOrderSignatureMixin(models.AbstractModel):
    """A signature that comes through core's door gets its evidence at once."""

    _name = "sale.order.signature.mixin"
    _description = "Order Signed with Evidence"

    signature_evidence_ids = fields.One2many(
        "sale.signature.evidence",
        "order_id",
        copy=False,
        groups="sales_team.group_sale_salesman",
    )

    def write(self, vals):
        result = super().write(vals)
        signing = self.env.context.get("signing")
        if vals.get("signature") and isinstance(signing, SigningFacts):
            for order in self:
                self.env["sale.signature.evidence"].sudo()._record(order, signing)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_evidence(self):
        signed = self.sudo().filtered("signature_evidence_ids")[:1]
        if signed:
            raise UserError(
                self.env._(
                    "%s was signed. Cancel it instead of deleting it: the evidence of "
                    "the signature stays.",
                    signed.name,
                )
            )

    def action_open_signature_evidence(self):
        self.ensure_one()
        self.env["sale.signature.evidence"].check_access("read")
        return self.signature_evidence_ids._get_records_action(
            name=self.env._("Signature Evidence")
        )

    # === BEFORE SIGNING === #

    def _get_signing_document(self, sha256=None):
        """The document to sign (``sale.signature.document``, as superuser).

        The quotation and its lines are locked first: what was compared is what is
        signed.

        :param sha256: hash of the document that was shown; if the quotation says
            something else by now, an empty record is returned
        :raises LockError: when somebody is changing the quotation right now
        """
        self.ensure_one()
        self.lock_for_update(allow_referencing=True)
        self.order_line.lock_for_update(allow_referencing=True)
        return self.env["sale.signature.document"]._get_for(self, sha256)

    # === ON THE SIGNED PDF === #

    def _get_signature_evidence(self):
        """Evidence of the present signature, for the last page of the document.

        Read as superuser: whoever may print the order prints it, customers, too.
        """
        self.ensure_one()
        order = self.sudo()
        if not order.signature:
            return order.signature_evidence_ids.browse()
        evidence = order.signature_evidence_ids.filtered(
            lambda evidence: evidence.date == order.signed_on
        )
        return evidence.sorted("id")[-1:]

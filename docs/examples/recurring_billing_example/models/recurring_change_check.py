from odoo import api, models


class RecurringChangeCheck(models.AbstractModel):
    """Another reference than last time is told."""

    _inherit = "recurring.change.check"

    @api.model
    def _get_facts(self, slot):
        reference = slot.recipient.partner_id.ref or ""
        return {**super()._get_facts(slot), "reference": reference}

    @api.model
    def _get_words(self, kind, label):
        if kind == "reference":
            return self.env._("Reference of the customer")
        return super()._get_words(kind, label)

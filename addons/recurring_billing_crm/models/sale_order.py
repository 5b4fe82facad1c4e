from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _get_enrolled_lead(self):
        """The card whose enrolment this order is, in sudo; may be empty."""
        self.ensure_one()
        lead = self.sudo().opportunity_id
        return lead if lead.enrolment_order_id.id == self.id else lead.browse()

    def _after_payment_confirmed(self, confirmation):
        """The card moves to the stage of those who have paid."""
        result = super()._after_payment_confirmed(confirmation)
        lead = self._get_enrolled_lead()
        stage = self._get_payment_automation().stage_paid_id
        if lead and stage and lead.stage_id != stage:
            lead.with_context(payment_confirmed=True).stage_id = stage
        return result

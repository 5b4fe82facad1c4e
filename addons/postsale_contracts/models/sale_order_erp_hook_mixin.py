from odoo import models


class SaleOrderErpHookMixin(models.AbstractModel):
    """What others ask of, or do after, a hand-over. The last of the mixins of an order:
    whoever has something to say overrides it."""

    _name = "sale.order.erp.hook.mixin"
    _description = "Hooks around the hand-over to an ERP"

    def _is_cancellation_accepted(self):
        """HOOK: whether a cancelled order is cancelled everywhere."""
        return True

    def _free_activities(self):
        """HOOK: a cancellation was accepted elsewhere; let the activities go."""

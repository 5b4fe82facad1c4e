from odoo import api, fields, models
from odoo.exceptions import ValidationError


class RecurringChangeCompanyMixin(models.AbstractModel):
    """What a company wants to look at before it goes out; all off while it is empty."""

    _name = "recurring.change.company.mixin"
    _description = "Settings for documents that changed since last time"

    recurring_change_growth = fields.Integer(
        string="Higher by More Than (%)",
        help="A document that comes to more than this above the last one of the same "
        "customer waits for somebody's release. 0: none waits for it.",
    )
    recurring_change_fall = fields.Integer(
        string="Lower by More Than (%)",
        help="A document that comes to more than this below the last one of the same "
        "customer waits for somebody's release. 0: none waits for it.",
    )
    recurring_change_tax = fields.Boolean(string="Taxes Changed")
    recurring_change_position = fields.Boolean(string="Fiscal Position Changed")
    recurring_change_account = fields.Boolean(string="Income Account Changed")
    recurring_change_currency = fields.Boolean(string="Currency Changed")
    recurring_change_address = fields.Boolean(string="Invoice Address Changed")
    recurring_change_vat = fields.Boolean(string="VAT Number Changed")
    recurring_change_archived = fields.Boolean(string="Something Was Archived")

    @api.constrains("recurring_change_growth", "recurring_change_fall")
    def _check_recurring_change_limits(self):
        for company in self:
            limits = (company.recurring_change_growth, company.recurring_change_fall)
            if min(limits) < 0 or company.recurring_change_fall > 100:
                raise ValidationError(
                    self.env._(
                        "A document cannot fall by more than 100 %, and neither limit "
                        "is below 0."
                    )
                )

    def _get_change_limits(self):
        """Growth and fall of a document in percent; 0: any.

        :rtype: tuple[int, int]
        """
        self.ensure_one()
        return self.recurring_change_growth, self.recurring_change_fall

    def _get_held_changes(self):
        """Kinds of change for which a document waits, see ``document_changes``."""
        self.ensure_one()
        kinds = (
            "tax",
            "position",
            "account",
            "currency",
            "address",
            "vat",
            "archived",
        )
        return {kind for kind in kinds if self[f"recurring_change_{kind}"]}

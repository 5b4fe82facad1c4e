from odoo import fields, models


class ExampleLetter(models.Model):
    """A plain text for one customer: the document of the example."""

    _name = "example.letter"
    _inherit = ["mail.thread", "recurring.issued.mixin"]
    _description = "Letter"
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True)
    partner_id = fields.Many2one("res.partner", string="Customer", required=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    text = fields.Text()
    state = fields.Selection(
        selection=[("draft", "Draft"), ("ready", "Ready"), ("cancel", "Cancelled")],
        default="draft",
        required=True,
    )

    def action_cancel(self):
        """A cancelled letter frees its period in the ledger."""
        self.write({"state": "cancel"})
        self._void_occurrences(self.env._("The letter was cancelled."))

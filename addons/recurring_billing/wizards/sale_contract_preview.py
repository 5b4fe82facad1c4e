from odoo import api, fields, models


class SaleContractPreview(models.TransientModel):
    """Shows the text of a contract filled in with an order; nothing is kept."""

    _name = "sale.contract.preview"
    _description = "Preview of a Contract"

    template_id = fields.Many2one("sale.contract.template", required=True)
    order_id = fields.Many2one(
        "sale.order", default=lambda self: self._default_order_id()
    )
    body = fields.Html(compute="_compute_body", sanitize="email_outgoing")

    @api.model
    def _default_order_id(self):
        domain = [("company_id", "=", self.env.company.id), ("order_line", "!=", False)]
        return self.env["sale.order"].search(domain, order="id desc", limit=1)

    @api.depends("template_id", "order_id")
    @api.depends_context("lang")
    def _compute_body(self):
        Contract = self.env["sale.contract.document"]
        for wizard in self:
            template, order = wizard.template_id._origin, wizard.order_id._origin
            if not template or not order:
                wizard.body = False
                continue
            today = fields.Date.context_today(wizard)
            values = Contract._prepare_contract(order, template, today)
            contract = Contract.new({**values, "name": self.env._("Preview")})
            contract._render()
            wizard.body = contract.body

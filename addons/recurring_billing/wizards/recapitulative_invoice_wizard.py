from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..calendar_month import first_of_month, previous_month


class RecapitulativeInvoiceWizard(models.TransientModel):
    """Dialogue: orders of one customer and one calendar month on one invoice.

    Opened for a customer it proposes what is open of the month before; opened for
    orders it takes these.
    """

    _name = "recapitulative.invoice.wizard"
    _description = "Create a Recapitulative Invoice"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", readonly=True
    )
    day = fields.Date(
        string="Month",
        default=lambda self: previous_month(fields.Date.context_today(self)),
        help="Any day of the month to invoice.",
    )
    order_ids = fields.Many2many(
        comodel_name="sale.order",
        string="Orders",
        compute="_compute_order_ids",
        store=True,
        readonly=False,
    )
    source_text = fields.Text(string="Blocks", compute="_compute_source_text")
    problem = fields.Text(compute="_compute_source_text")

    @api.model
    def _open(self, context):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Recapitulative Invoice"),
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": context,
        }

    # === COMPUTE METHODS === #

    @api.depends("partner_id", "day")
    def _compute_order_ids(self):
        """What is open of a customer's month; chosen orders stay."""
        recapitulative = self.env["recapitulative.invoice"]
        for wizard in self:
            if not wizard.partner_id:
                wizard.order_ids = wizard.order_ids
                continue
            orders = recapitulative._get_open_orders(wizard._get_order_domain())
            sources = wizard._keep_month(recapitulative._get_sources(orders))
            wizard.order_ids = recapitulative._get_orders(sources)

    @api.depends("order_ids", "day")
    @api.depends_context("lang")
    def _compute_source_text(self):
        recapitulative = self.env["recapitulative.invoice"]
        for wizard in self:
            sources = wizard._get_sources()
            wizard.source_text = "\n".join(
                recapitulative._get_source_title(source, day)
                for source, day in sorted(sources.items(), key=lambda item: item[1])
            )
            wizard.problem = "\n".join(
                recapitulative._get_problems(sources) + wizard._get_empty_texts(sources)
            )

    def _get_order_domain(self):
        self.ensure_one()
        return Domain("company_id", "=", self.company_id.id) & Domain(
            "partner_invoice_id.commercial_partner_id", "=", self.partner_id.id
        )

    def _keep_month(self, sources):
        """Of a customer's sources those of the month; of chosen ones all."""
        self.ensure_one()
        if not self.partner_id or not self.day:
            return sources
        month = first_of_month(self.day)
        return {s: day for s, day in sources.items() if first_of_month(day) == month}

    def _get_sources(self):
        """What comes on the invoice, with its days."""
        self.ensure_one()
        orders = self.order_ids._origin
        return self._keep_month(self.env["recapitulative.invoice"]._get_sources(orders))

    def _get_empty_texts(self, sources):
        """Chosen orders of which nothing is left would be missing silently."""
        found = self.env["recapitulative.invoice"]._get_orders(sources)
        return [
            self.env._("Nothing is left to invoice of %s.", order.name)
            for order in self.order_ids._origin - found
            if sources
        ]

    # === ACTIONS === #

    def action_create(self):
        """Create the draft and open it.

        :raises UserError: when the sources do not fit on one invoice
        """
        self.check_access("write")
        self.ensure_one()
        sources = self._get_sources()
        if texts := self._get_empty_texts(sources):
            raise UserError("\n".join(texts))
        move = self.env["recapitulative.invoice"]._create_one(sources)
        return move.sudo(False)._get_records_action(
            name=self.env._("Recapitulative Invoice")
        )

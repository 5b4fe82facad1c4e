from odoo import api, fields, models

#: Operations on the customer's page; the whole history is one click away.
NEWEST = 100


class SaleHistoryMixin(models.AbstractModel):
    """What a customer's page shows of his sales: always of the whole commercial entity,
    in the companies that the user works in."""

    _name = "sale.history.mixin"
    _description = "Sales on the page of a customer"

    sale_history_ids = fields.One2many(
        comodel_name="sale.history",
        string="Sales History",
        compute="_compute_sale_history_ids",
        groups="recurring_billing.group_user",
        help="The newest operations, one line for an order with all that followed "
        "from it, or for an invoice without order.",
    )
    sale_invoice_ids = fields.One2many(
        comodel_name="account.move",
        string="Customer Invoices",
        compute="_compute_sale_moves",
        groups="recurring_billing.group_user",
    )
    sale_credit_note_ids = fields.One2many(
        comodel_name="account.move",
        string="Customer Credit Notes",
        compute="_compute_sale_moves",
        groups="recurring_billing.group_user",
    )
    sale_history_counts = fields.Char(
        string="Shown",
        compute="_compute_sale_history_counts",
        groups="recurring_billing.group_user",
    )
    sale_history_balance = fields.Char(
        string="Due of the Operations Shown",
        compute="_compute_sale_history_counts",
        groups="recurring_billing.group_user",
    )
    outstanding_balance = fields.Char(
        compute="_compute_outstanding_balance",
        groups="recurring_billing.group_user",
        help="All that this customer owes, his contacts and addresses included, less "
        "the credit he has. Each currency by itself.",
    )

    # === COMPUTE METHODS === #

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_sale_history_ids(self):
        """A form shows one customer: one search each, flat in his documents."""
        for partner in self:
            partner.sale_history_ids = self.env["sale.history"].search_fetch(
                partner._get_sale_history_domain(),
                partner._get_sale_history_fields(),
                limit=NEWEST,
            )

    def _get_sale_history_domain(self):
        customer = self.commercial_partner_id
        return [("partner_id", "=", customer._origin.id)]

    @api.model
    def _get_sale_history_fields(self):
        """All columns of the query: reading them again by id would be dear."""
        names = self.env["sale.history"]._fields
        return [name for name, field in names.items() if field.store and name != "id"]

    @api.depends("sale_history_ids")
    def _compute_sale_moves(self):
        """The documents of the operations shown, so that all sections agree."""
        for partner in self:
            rows = partner.sale_history_ids
            partner.sale_invoice_ids = rows.invoice_ids._sort_newest_first()
            partner.sale_credit_note_ids = rows.credit_note_ids._sort_newest_first()

    @api.depends("sale_history_ids")
    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_sale_history_counts(self):
        for partner in self:
            rows = partner.sale_history_ids
            counters = rows._get_counters().values()
            partner.sale_history_counts = " · ".join(
                f"{label}: {number}" for label, number in counters
            )
            residuals = rows._get_residuals(rows.invoice_ids | rows.credit_note_ids)
            partner.sale_history_balance = partner._format_balances(residuals)

    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_outstanding_balance(self):
        balances = self._get_outstanding_balances()
        for partner in self:
            own = balances.get(partner.commercial_partner_id._origin, {})
            partner.outstanding_balance = partner._format_balances(own)

    # === BUTTONS === #

    def action_view_sale_history(self):
        """The whole history, to search, filter and group."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "recurring_billing.sale_history_action"
        )
        action["domain"] = self._get_sale_history_domain()
        return action

    def _get_sale_history_selection(self):
        self.ensure_one()
        return self.env["sale.history.selection"].create(
            {"domain": self._get_sale_history_domain(), "limit": NEWEST}
        )

    def action_print_sale_history(self):
        return self._get_sale_history_selection().action_print()

    def action_export_sale_history(self):
        return self._get_sale_history_selection().action_export()

    def action_download_sale_documents(self):
        return self._get_sale_history_selection().action_download_all()

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

#: Rows that one print, sheet or archive takes; more would outlast a web request.
MOST = 1000


class SaleHistorySelection(models.TransientModel):
    """The sale operations that somebody saw when he pressed Print, Excel or Download.

    Keeps the filter, not the rows: what comes out is read with his rights.
    """

    _name = "sale.history.selection"
    _description = "Selection of Sale Operations"

    domain = fields.Json(required=True)
    limit = fields.Integer(default=MOST, required=True)

    @api.model_create_multi
    def create(self, vals_list):
        for values in vals_list:
            values["domain"] = list(Domain(values["domain"]))
        return super().create(vals_list)

    def _get_rows(self):
        """The operations, newest first, all columns read in one statement."""
        self.ensure_one()
        names = self.env["res.partner"]._get_sale_history_fields()
        limit = min(self.limit, MOST)
        domain = Domain(self.domain)
        return self.env["sale.history"].search_fetch(domain, names, limit=limit)

    def _get_left_out(self, rows):
        """How many operations of the filter are older than those in the selection."""
        if len(rows) < min(self.limit, MOST):
            return 0
        found = self.env["sale.history"].search_count(Domain(self.domain))
        return found - len(rows)

    def _get_customers(self):
        """What is printed for each customer, as a list of dicts."""
        rows = self._get_rows()
        customers = []
        balances = rows.partner_id._get_outstanding_balances()
        for partner, own in rows.grouped("partner_id").items():
            residuals = own._get_residuals(own.invoice_ids | own.credit_note_ids)
            customers.append(
                {
                    "partner": partner,
                    "rows": own,
                    "invoices": own.invoice_ids._sort_newest_first(),
                    "credit_notes": own.credit_note_ids._sort_newest_first(),
                    "counters": list(own._get_counters().values()),
                    "due": partner._format_balances(residuals),
                    "outstanding": partner._format_balances(balances.get(partner, {})),
                }
            )
        return customers

    # === BUTTONS === #

    def action_print(self):
        self._check_not_empty()
        report = self.env.ref("recurring_billing.action_report_sale_history")
        return report.report_action(self, config=False)

    def action_export(self):
        self._check_not_empty()
        return self._get_download_action("xlsx")

    def action_download_all(self):
        if not self._get_moves():
            raise UserError(self.env._("There is no invoice here yet."))
        return self._get_download_action("zip")

    def _check_not_empty(self):
        if not self._get_rows():
            raise UserError(self.env._("There is nothing here to print yet."))

    def _get_moves(self):
        rows = self._get_rows()
        moves = rows.invoice_ids | rows.credit_note_ids
        return moves._sort_newest_first()

    def _get_download_action(self, kind):
        url = f"/recurring_billing/sale_history/{self.id}/{kind}"
        return self.env["file.archive"]._get_download_action(url)

import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class PaymentProposal(models.Model):
    """Lines of bank statements that seem to pay a pro-forma; a query, not a table.

    A line is proposed when its text holds the number of the pro-forma or of the
    order, or when its customer owes exactly this amount on a pro-forma.
    """

    _name = "payment.proposal"
    _description = "Proposed Payment"
    _auto = False
    _order = "date desc, id desc"

    statement_line_id = fields.Many2one(
        "account.bank.statement.line", string="Bank Transaction", readonly=True
    )
    order_id = fields.Many2one("sale.order", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    journal_id = fields.Many2one("account.journal", string="Bank", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    date = fields.Date(readonly=True)
    payment_ref = fields.Char(string="Text", readonly=True)
    amount = fields.Monetary(string="Received", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    proforma_number = fields.Char(string="Pro-Forma", readonly=True)
    missing_amount = fields.Monetary(
        string="Still Missing", related="order_id.proforma_missing_amount"
    )
    reason = fields.Selection(
        selection=[
            ("proforma", "The text names the pro-forma"),
            ("order", "The text names the order"),
            ("amount", "Same customer, same amount"),
        ],
        string="Why",
        readonly=True,
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT line.id::bigint * 100000000 + so.id AS id,
                   line.id AS statement_line_id,
                   so.id AS order_id,
                   line.company_id,
                   line.journal_id,
                   so.partner_id,
                   move.date,
                   line.payment_ref,
                   line.amount,
                   line.currency_id,
                   so.proforma_number,
                   CASE WHEN %(names_proforma)s THEN 'proforma'
                        WHEN %(names_order)s THEN 'order'
                        ELSE 'amount' END AS reason
              FROM account_bank_statement_line line
              JOIN account_move move ON move.id = line.move_id
              JOIN sale_order so
                ON so.company_id = line.company_id
               AND so.proforma_number IS NOT NULL
               AND so.state != 'cancel'
         LEFT JOIN sale_payment_confirmation done ON done.order_id = so.id
         LEFT JOIN res_partner debtor ON debtor.id = so.partner_invoice_id
         LEFT JOIN res_partner payer ON payer.id = line.partner_id
             WHERE line.is_reconciled IS NOT TRUE
               AND line.proforma_order_id IS NULL
               AND line.amount > 0
               AND done.id IS NULL
               AND (%(names_proforma)s OR %(names_order)s OR (
                    payer.commercial_partner_id = debtor.commercial_partner_id
                    AND line.amount = so.amount_total
                    AND line.currency_id = so.currency_id))
            """,
            names_proforma=self._names(SQL("so.proforma_number")),
            names_order=self._names(SQL("so.name")),
        )

    @api.model
    def _names(self, number):
        """Whether the line's text holds this number, as a word of its own: the text
        of S00012 does not name S0001."""
        return SQL(
            """(' ' || regexp_replace(upper(COALESCE(line.payment_ref, '')),
                '[^A-Z0-9/.-]+', ' ', 'g') || ' ')
               LIKE '%% ' || upper(%s) || ' %%'""",
            number,
        )

    @api.model
    def _find_order(self, text, company):
        """The order whose pro-forma or own number stands in a text, if it is one.

        :return: an order that waits for its payment; empty if none or several do
        """
        words = set(re.sub(r"[^A-Z0-9/.-]+", " ", text.upper()).split())
        Order = self.env["sale.order"].sudo()
        found = Order.search(
            [
                ("company_id", "=", company.id),
                ("proforma_number", "!=", False),
                ("state", "!=", "cancel"),
                ("payment_confirmation_ids", "=", False),
                "|",
                ("proforma_number", "in", list(words)),
                ("name", "in", list(words)),
            ],
            limit=2,
        )
        return found if len(found) == 1 else Order

    def action_confirm(self):
        """Take the lines for what they seem to be.

        :raises UserError: for two lines that would pay the same pro-forma, or one
            line that would pay two
        """
        self.env["sale.order"]._check_payment_rights()
        lines = self.statement_line_id
        if len(lines) != len(self):
            raise UserError(
                self.env._(
                    "One bank transaction pays one pro-forma. Choose one of them."
                )
            )
        for proposal in self:
            proposal.statement_line_id._pay_proforma(proposal.order_id)
        return self.order_id._notify_payment()

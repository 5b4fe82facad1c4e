from odoo import fields, models
from odoo.tools import SQL

from ..quotation_facts import get_facts, get_state
from .sale_order_tracking_mixin import TRACKING_STATES

STAGES = [
    ("made", "Made"),
    ("sent", "Sent"),
    ("opened", "Opened"),
    ("signed", "Signed"),
    ("confirmed", "Confirmed"),
    ("paid", "Paid"),
    ("lost", "Lost"),
]

#: An order is paid when money came online, or when all of it is invoiced and every
#: invoice is settled.
IS_PAID = SQL(
    """(f.is_paid OR (s.invoice_status = 'invoiced' AND NOT EXISTS (
        SELECT 1 FROM sale_order_line l
        JOIN sale_order_line_invoice_rel r ON r.order_line_id = l.id
        JOIN account_move_line i ON i.id = r.invoice_line_id
        JOIN account_move m ON m.id = i.move_id
        WHERE l.order_id = s.id AND m.move_type = 'out_invoice' AND m.state <> 'cancel'
            AND m.payment_state NOT IN ('paid', 'in_payment', 'reversed')
    )))"""
)
IS_SENT = SQL("(f.sent_count > 0 OR s.state = 'sent')")
IS_OPENED = SQL("f.last_opened_date IS NOT NULL")
#: Untaxed, in the currency of the user's company.
AMOUNT = SQL(
    "s.amount_untaxed / COALESCE(NULLIF(s.currency_rate, 0), 1)"
    " * COALESCE(NULLIF(account_currency_table.rate, 0), 1)"
)


class SaleQuotationReport(models.Model):
    """How far each quotation came, and what share of them: one row per quotation.

    Amounts are untaxed, in the currency of the user's company: the order's own rate, as
    in core's sales analysis.
    """

    _name = "sale.quotation.report"
    _description = "Quotation Conversion"
    _auto = False
    _rec_name = "order_id"
    _order = "date desc, id desc"
    _depends = {
        "sale.order": ["state", "signed_on", "amount_untaxed", "invoice_status"],
        "sale.quotation.event": ["order_id", "kind", "date", "date_last"],
        "mail.notification": ["notification_status", "failure_type"],
        "account.move": ["payment_state", "state"],
        "sale.order.line": ["invoice_lines"],
    }

    order_id = fields.Many2one("sale.order", string="Quotation", readonly=True)
    date = fields.Datetime(string="Made On", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    template_id = fields.Many2one(
        "sale.order.template", string="Quotation Template", readonly=True
    )
    stage = fields.Selection(STAGES, string="How Far It Came", readonly=True)
    tracking_state = fields.Selection(
        TRACKING_STATES, string="With the Customer", readonly=True
    )
    made = fields.Integer(readonly=True)
    sent = fields.Integer(readonly=True)
    opened = fields.Integer(readonly=True)
    signed = fields.Integer(readonly=True)
    confirmed = fields.Integer(readonly=True)
    paid = fields.Integer(
        readonly=True, help="Online, or all is invoiced and every invoice is settled."
    )
    opened_share = fields.Float(
        string="Opened (%)",
        aggregator="avg",
        readonly=True,
        help="Of the quotations that were sent.",
    )
    confirmed_share = fields.Float(
        string="Confirmed (%)",
        aggregator="avg",
        readonly=True,
        help="Of all quotations that were made.",
    )
    amount = fields.Monetary(string="Untaxed Total", readonly=True)
    confirmed_amount = fields.Monetary(string="Untaxed Total Confirmed", readonly=True)

    @property
    def _table_query(self):
        return SQL("SELECT %s FROM %s", self._get_columns(), self._get_tables())

    def _get_columns(self):
        return SQL(
            """s.id, s.id AS order_id, s.create_date AS date, s.company_id,
            %(currency)s AS currency_id, s.partner_id, s.user_id, s.team_id,
            s.sale_order_template_id AS template_id,
            CASE
                WHEN s.state = 'cancel' THEN 'lost'
                WHEN %(is_paid)s THEN 'paid'
                WHEN s.state = 'sale' THEN 'confirmed'
                WHEN s.signed_on IS NOT NULL THEN 'signed'
                WHEN %(is_opened)s THEN 'opened'
                WHEN %(is_sent)s THEN 'sent'
                ELSE 'made'
            END AS stage,
            %(tracking)s AS tracking_state,
            1 AS made,
            %(is_sent)s::int AS sent,
            (%(is_opened)s)::int AS opened,
            (s.signed_on IS NOT NULL)::int AS signed,
            (s.state = 'sale')::int AS confirmed,
            %(is_paid)s::int AS paid,
            CASE WHEN %(is_sent)s THEN 100.0 * (%(is_opened)s)::int END AS opened_share,
            100.0 * (s.state = 'sale')::int AS confirmed_share,
            %(amount)s AS amount,
            CASE WHEN s.state = 'sale' THEN %(amount)s ELSE 0 END
                AS confirmed_amount""",
            currency=self.env.company.currency_id.id,
            is_paid=IS_PAID,
            is_sent=IS_SENT,
            is_opened=IS_OPENED,
            tracking=get_state(SQL("f"), SQL("s.state"), SQL("s.signed_on")),
            amount=AMOUNT,
        )

    def _get_tables(self):
        currencies = self.env["res.currency"]._get_simple_currency_table(
            self.env.companies
        )
        return SQL(
            """sale_order s
            JOIN %s ON account_currency_table.company_id = s.company_id
            CROSS JOIN LATERAL %s f""",
            currencies,
            get_facts(SQL("s.id")),
        )

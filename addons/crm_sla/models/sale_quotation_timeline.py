from odoo import fields, models
from odoo.tools import SQL

from ..quotation_facts import CONTACT_KIND, DELIVERY, RECIPIENT_NAMES
from .sale_quotation_event import DELIVERY_STATES, KINDS, ORIGINS


class SaleQuotationTimeline(models.Model):
    """All that happened to a quotation in one list: its events, calls and meetings.

    A query: calls and meetings are core's activities once they are done, known by the
    message that core then writes. Ids are even for events and odd for messages.
    """

    _name = "sale.quotation.timeline"
    _description = "History of a Quotation"
    _auto = False
    _order = "date desc, id desc"
    _depends = {
        "sale.quotation.event": ["order_id", "kind", "date", "date_last", "times"],
        "sale.order": ["company_id", "user_id"],
        "mail.message": ["model", "res_id", "date", "mail_activity_type_id"],
        "mail.notification": ["notification_status", "failure_type"],
    }

    order_id = fields.Many2one("sale.order", string="Quotation", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    salesperson_id = fields.Many2one("res.users", readonly=True)
    kind = fields.Selection(
        [*KINDS, ("call", "Call"), ("meeting", "Meeting")], string="What", readonly=True
    )
    date = fields.Datetime(string="When", readonly=True)
    date_last = fields.Datetime(string="Last Time", readonly=True)
    times = fields.Integer(readonly=True)
    who = fields.Char(
        string="Customer",
        readonly=True,
        help="To whom it was sent, or whose link was opened: a forwarded link counts "
        "as his.",
    )
    user_id = fields.Many2one("res.users", string="By", readonly=True)
    origin = fields.Selection(ORIGINS, string="How", readonly=True)
    delivery_state = fields.Selection(
        DELIVERY_STATES,
        readonly=True,
        help="Accepted: the mail server took it.",
    )

    @property
    def _table_query(self):
        branches = [self._get_event_query(), self._get_contact_query()]
        return SQL(" UNION ALL ").join(branches)

    def _get_event_query(self):
        return SQL(
            """SELECT e.id * 2 AS id, e.order_id, s.company_id,
                s.user_id AS salesperson_id, e.kind, e.date, e.date_last, e.times,
                COALESCE(e.who, p.name, %s) AS who,
                e.user_id, e.origin, %s AS delivery_state
            FROM sale_quotation_event e
            JOIN sale_order s ON s.id = e.order_id
            LEFT JOIN res_partner p ON p.id = e.partner_id""",
            RECIPIENT_NAMES,
            DELIVERY,
        )

    def _get_contact_query(self):
        return SQL(
            """SELECT m.id * 2 + 1, s.id, s.company_id, s.user_id, %(kind)s,
                m.date, NULL::timestamp, 1, NULL, u.id, NULL, NULL
            FROM sale_order s
            JOIN mail_message m ON m.model = 'sale.order' AND m.res_id = s.id
            JOIN mail_activity_type t ON t.id = m.mail_activity_type_id
            LEFT JOIN LATERAL (
                SELECT id FROM res_users WHERE partner_id = m.author_id
                ORDER BY active DESC, id LIMIT 1
            ) u ON TRUE
            WHERE %(kind)s IS NOT NULL""",
            kind=CONTACT_KIND,
        )

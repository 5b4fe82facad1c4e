from odoo import fields, models
from odoo.tools import SQL

from ..quotation_facts import CONTACT_KIND

KINDS = [
    ("quotation", "Quotations Made"),
    ("sent", "Quotations Sent"),
    ("email", "E-Mails"),
    ("call", "Calls"),
    ("meeting", "Meetings"),
]


class SaleActivityReport(models.Model):
    """What each salesperson did in each week: one row for each thing done.

    A quotation counts for its salesperson; a sending for whoever pressed the button;
    e-mails, calls and meetings on quotations and orders for whoever wrote the e-mail or
    marked the activity as done. Weeks are those of ISO 8601 (they begin on Monday) in
    the time zone of the user.
    """

    _name = "sale.activity.report"
    _description = "Sales Activity"
    _auto = False
    _rec_name = "order_id"
    _order = "date desc, id desc"
    _depends = {
        "sale.order": ["company_id", "user_id", "team_id", "partner_id"],
        "sale.quotation.event": ["order_id", "kind", "date", "user_id"],
        "mail.message": ["model", "res_id", "date", "author_id", "message_type"],
        "mail.notification": ["notification_type", "res_partner_id"],
    }

    date = fields.Datetime(string="When", readonly=True)
    week = fields.Char(readonly=True, help="Week of the year, for example 2027-W11.")
    kind = fields.Selection(KINDS, string="What", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    order_id = fields.Many2one("sale.order", string="Quotation", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """SELECT d.id, d.date, d.kind, d.user_id, s.team_id, s.company_id,
                s.partner_id, s.id AS order_id,
                to_char(d.date AT TIME ZONE 'UTC' AT TIME ZONE %s, 'IYYY-"W"IW') AS week
            FROM (%s) d JOIN sale_order s ON s.id = d.order_id""",
            self.env.context.get("tz") or self.env.user.tz or "UTC",
            SQL(" UNION ALL ").join(
                [
                    self._get_quotation_query(),
                    self._get_sending_query(),
                    self._get_message_query(),
                ]
            ),
        )

    def _get_quotation_query(self):
        return SQL(
            "SELECT id * 3 AS id, create_date AS date, 'quotation' AS kind, user_id,"
            " id AS order_id FROM sale_order"
        )

    def _get_sending_query(self):
        return SQL(
            "SELECT id * 3 + 1, date, 'sent', user_id, order_id"
            " FROM sale_quotation_event WHERE kind = 'sent'"
        )

    def _get_message_query(self):
        """What our own people did: activities that were done, e-mails to others."""
        kind = SQL(
            """CASE
                WHEN t.id IS NOT NULL THEN %s
                WHEN (e.id IS NOT NULL
                    OR m.message_type IN ('comment', 'email_outgoing')) AND EXISTS (
                    SELECT 1 FROM mail_notification n
                    LEFT JOIN res_partner r ON r.id = n.res_partner_id
                    WHERE n.mail_message_id = m.id AND n.notification_type = 'email'
                        AND (r.id IS NULL OR r.partner_share)
                ) THEN 'email'
            END""",
            CONTACT_KIND,
        )
        return SQL(
            """SELECT x.id * 3 + 2, x.date, x.kind, x.user_id, x.res_id FROM (
                SELECT m.id, m.date, m.res_id, %s AS kind,
                    COALESCE(e.user_id, u.id) AS user_id
                FROM mail_message m
                LEFT JOIN sale_quotation_event e ON e.message_id = m.id
                JOIN LATERAL (
                    SELECT id FROM res_users
                    WHERE partner_id = m.author_id AND NOT share
                    ORDER BY active DESC, id LIMIT 1
                ) u ON TRUE
                LEFT JOIN mail_activity_type t ON t.id = m.mail_activity_type_id
                WHERE m.model = 'sale.order'
            ) x WHERE x.kind IS NOT NULL""",
            kind,
        )

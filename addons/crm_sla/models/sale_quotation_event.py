from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..quotation_facts import DELIVERY

#: What the same visitor opens again within this time is the same opening.
SAME_OPENING = timedelta(minutes=30)

KINDS = [
    ("sent", "Sent"),
    ("opened", "Opened"),
    ("document", "PDF Opened"),
    ("signed", "Signed"),
    ("declined", "Declined"),
    ("paid", "Paid Online"),
]
DELIVERY_STATES = [
    ("waiting", "Waiting"),
    ("accepted", "Accepted"),
    ("refused", "Refused"),
    ("no_address", "No Address"),
]
ORIGINS = [
    ("email", "E-Mail"),
    ("hand", "By Hand"),
    ("link", "Link"),
    ("portal", "Customer Portal"),
]


class SaleQuotationEvent(models.Model):
    """Something that happened to a quotation between us and its customer.

    A journal: the server writes it, nobody changes it. It keeps no address of a
    computer; a visitor is known only by a key that cannot be traced back.
    """

    _name = "sale.quotation.event"
    _description = "Event of a Quotation"
    _order = "date desc, id desc"
    _log_access = False  # the event's own moment says it

    order_id = fields.Many2one("sale.order", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    kind = fields.Selection(KINDS, string="What", required=True)
    date = fields.Datetime(string="When", required=True)
    date_last = fields.Datetime(
        string="Last Time", help="When the same visitor last looked at it again."
    )
    times = fields.Integer(
        default=1,
        help="How often the same visitor looked, with less than half an hour between.",
    )
    partner_id = fields.Many2one("res.partner", string="Contact", ondelete="set null")
    who = fields.Char(help="The name as it was signed.")
    user_id = fields.Many2one("res.users", string="By", ondelete="set null")
    origin = fields.Selection(ORIGINS, string="How")
    message_id = fields.Many2one(
        "mail.message", string="E-Mail", index="btree_not_null", ondelete="set null"
    )
    delivery_state = fields.Selection(
        DELIVERY_STATES,
        compute="_compute_delivery_state",
        help="Accepted: the mail server took it. Whether it was read nobody knows "
        "until the customer opens the quotation.",
    )
    reminded_date = fields.Datetime(
        string="Reminded On", help="When the salesperson was told that nobody opened."
    )
    occasion = fields.Char(
        required=True, help="What makes it one event: a visitor, an e-mail, a payment."
    )
    visit = fields.Integer(default=1, help="Counts the openings of one visitor.")

    _once = models.UniqueIndex("(order_id, kind, occasion, visit)")

    @api.depends("message_id")
    def _compute_delivery_state(self):
        self.env["mail.notification"].flush_model()
        self.flush_model(["message_id"])
        found = {}
        if self.ids:
            query = SQL(
                "SELECT e.id, %s FROM sale_quotation_event e WHERE e.id IN %s",
                DELIVERY,
                tuple(self.ids),
            )
            found = dict(self.env.execute_query(query))
        for event in self:
            event.delivery_state = found.get(event.id)

    @api.model
    def _note_opening(self, order, kind, occasion, **values):
        """Somebody opens a quotation: a new event, or once more the same opening.

        Two requests of the same visitor at the same moment find the same number of his
        visit, so that the index lets only one of them through; the other one is
        repeated by the server and counts as looking again.

        :param order: one ``sale.order``
        :param str kind: ``opened`` or ``document``
        :param str occasion: key of the visitor
        :param values: further columns (``partner_id``, ``origin``)
        """
        self.flush_model()
        now = fields.Datetime.now()
        same = SQL(
            "order_id = %s AND kind = %s AND occasion = %s", order.id, kind, occasion
        )
        again = self.env.execute_query(
            SQL(
                "UPDATE sale_quotation_event SET times = times + 1, date_last = %s"
                " WHERE %s AND date_last > %s RETURNING id",
                now,
                same,
                now - SAME_OPENING,
            )
        )
        if not again:
            columns = {
                **values,
                "order_id": order.id,
                "company_id": order.company_id.id,
                "kind": kind,
                "occasion": occasion,
                "date": now,
                "date_last": now,
                "times": 1,
            }
            self._insert_opening(columns, same)
        self.invalidate_model()
        order._invalidate_tracking()

    @api.model
    def _insert_opening(self, columns, same):
        """:param SQL same: condition for the openings of the same visitor"""
        self.env.cr.execute(
            SQL(
                "INSERT INTO sale_quotation_event (%s, visit)"
                " SELECT %s, COALESCE(max(visit), 0) + 1"
                " FROM sale_quotation_event WHERE %s"
                " ON CONFLICT (order_id, kind, occasion, visit) DO NOTHING",
                SQL(", ").join(map(SQL.identifier, columns)),
                SQL(", ").join(SQL("%s", value or None) for value in columns.values()),
                same,
            )
        )

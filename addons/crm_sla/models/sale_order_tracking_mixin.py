import uuid
from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..quotation_facts import CONTACT_KIND, QUOTATION_STATES, get_facts, get_state

SALES = "sales_team.group_sale_salesman"

#: What is marked as sent and mailed within this time went out once, by e-mail.
ONE_GO = timedelta(minutes=1)

TRACKING_STATES = [
    ("not_sent", "Not Sent"),
    ("sent", "Not Opened"),
    ("refused", "Not Delivered"),
    ("opened", "Opened"),
    ("signed", "Signed"),
    ("declined", "Declined"),
]
#: Fields that are worked out from the events of an order by whoever asks.
FACTS = (
    "sent_count",
    "last_sent_date",
    "opened_count",
    "document_count",
    "last_opened_date",
)
COMPARISONS = {"<": SQL("<"), "<=": SQL("<="), ">": SQL(">"), ">=": SQL(">=")}


class SaleOrderTrackingMixin(models.AbstractModel):
    """A quotation on its way to the customer: sent, delivered, opened, answered.

    Nothing is stored on the order. Its events are (``sale.quotation.event``), and all
    fields here follow from them in one SQL expression each, for reading, searching,
    sorting and grouping.
    """

    _name = "sale.order.tracking.mixin"
    _description = "Quotation Followed to Its Customer"

    quotation_event_ids = fields.One2many(
        "sale.quotation.event", "order_id", string="Tracking", groups=SALES
    )
    tracking_state = fields.Selection(
        TRACKING_STATES,
        string="With the Customer",
        compute="_compute_tracking",
        search=lambda self, *terms: self._search_fact("tracking_state", *terms),
        groups=SALES,
        help="Opened: since it was last sent. Not delivered: the mail server refused "
        "it, or there was no address.",
    )
    sent_count = fields.Integer(
        string="Times Sent",
        compute="_compute_tracking",
        search=lambda self, *terms: self._search_fact("sent_count", *terms),
        groups=SALES,
    )
    last_sent_date = fields.Datetime(
        string="Last Sent",
        compute="_compute_tracking",
        search=lambda self, *terms: self._search_fact("last_sent_date", *terms),
        groups=SALES,
    )
    opened_count = fields.Integer(
        string="Times Opened",
        compute="_compute_tracking",
        search=lambda self, *terms: self._search_fact("opened_count", *terms),
        groups=SALES,
        help="The customer's page. Looking again within half an hour counts once; our "
        "own people and known mail scanners do not count.",
    )
    document_count = fields.Integer(
        string="PDF Opened",
        compute="_compute_tracking",
        search=lambda self, *terms: self._search_fact("document_count", *terms),
        groups=SALES,
        help="From the customer's page. A PDF in an e-mail can be read unseen.",
    )
    last_opened_date = fields.Datetime(
        string="Last Opened",
        compute="_compute_tracking",
        search=lambda self, *terms: self._search_fact("last_opened_date", *terms),
        groups=SALES,
    )
    call_count = fields.Integer(
        string="Calls", compute="_compute_contact_counts", groups=SALES
    )
    meeting_count = fields.Integer(
        string="Meetings", compute="_compute_contact_counts", groups=SALES
    )

    # === READING === #

    @api.depends(
        "state",
        "signed_on",
        "quotation_event_ids.kind",
        "quotation_event_ids.date",
        "quotation_event_ids.date_last",
        "quotation_event_ids.message_id",
    )
    def _compute_tracking(self):
        names = ("tracking_state", *FACTS)
        found = {}
        if self._origin:
            orders = self._origin.sudo()
            query = orders._as_query(ordered=False)
            columns = [
                orders._field_to_sql(query.table, name, query)
                for name in ("id", *names)
            ]
            rows = self.env.execute_query(query.select(*columns))
            found = {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows}
        nothing = dict.fromkeys(names, False)
        for order in self:
            order.update(found.get(order._origin.id, nothing))

    def _compute_contact_counts(self):
        counts = {}
        if self._origin:
            self.env["mail.message"].flush_model(["mail_activity_type_id"])
            rows = self.env.execute_query(
                SQL(
                    """SELECT m.res_id, %s AS kind, count(*) FROM mail_message m
                    JOIN mail_activity_type t ON t.id = m.mail_activity_type_id
                    WHERE m.model = 'sale.order' AND m.res_id IN %s
                    GROUP BY m.res_id, kind""",
                    CONTACT_KIND,
                    tuple(self._origin.ids),
                )
            )
            counts = {(order, kind): count for order, kind, count in rows}
        for order in self:
            order.call_count = counts.get((order._origin.id, "call"), 0)
            order.meeting_count = counts.get((order._origin.id, "meeting"), 0)

    def _invalidate_tracking(self):
        names = ["quotation_event_ids", "tracking_state", *FACTS]
        self.invalidate_recordset(names, flush=False)

    # === SEARCHING AND GROUPING === #

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr != "tracking_state" and field_expr not in FACTS:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        facts = self._join_facts(alias, query)
        if field_expr in FACTS:
            return SQL("%s.%s", facts, SQL.identifier(field_expr))
        state, signed_on = (
            self._field_to_sql(alias, name, query) for name in ("state", "signed_on")
        )
        return get_state(facts, state, signed_on)

    @api.model
    def _join_facts(self, alias, query):
        """Join the facts of each order, always one row: no order is lost or doubled."""
        name = query.make_alias(alias, "tracking")
        events = self.env["sale.quotation.event"]._fields
        notifications = self.env["mail.notification"]._fields
        used = [events[name] for name in ("order_id", "kind", "date", "date_last")]
        used += [events["message_id"], notifications["notification_status"]]
        facts = get_facts(SQL.identifier(alias, "id"))
        lateral = SQL("LATERAL %s", facts, to_flush=used)
        query.add_join("LEFT JOIN", name, lateral, SQL("TRUE"))
        return SQL.identifier(name)

    @api.model
    def _search_fact(self, name, operator, value):
        """Domain over one of the facts; an unknown value finds nothing."""
        field = self._fields[name]
        if operator == "in":
            values = tuple(v for v in value if self._is_value_of(field, v))
            empty = any(v is False or v is None for v in value)
            if empty and field.type == "integer":
                values += (0,)  # a count is never unknown
        elif operator not in COMPARISONS or field.type == "selection":
            return NotImplemented

        def to_sql(model, alias, query):
            fact = model._field_to_sql(alias, name, query)
            if operator in COMPARISONS:
                return SQL("%s %s %s", fact, COMPARISONS[operator], value)
            found = SQL("%s IN %s", fact, values) if values else SQL("FALSE")
            return SQL("(%s OR %s IS NULL)", found, fact) if empty else found

        return Domain.custom(to_sql=to_sql)

    @api.model
    def _is_value_of(self, field, value):
        if field.type == "selection":
            return value in dict(TRACKING_STATES)
        if field.type == "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        return isinstance(value, datetime)

    # === WRITING DOWN WHAT HAPPENS === #

    def _track(self, kind, occasion=None, **values):
        """Write down an event of these quotations, now.

        :param str kind: see ``sale.quotation.event``
        :param str occasion: what makes it one event; without, each call is another
        :return: the events (as superuser)
        """
        now = fields.Datetime.now()
        values = {
            "kind": kind,
            "date": now,
            "date_last": now,
            "occasion": occasion or uuid.uuid4().hex,
            **values,
        }
        Event = self.env["sale.quotation.event"].sudo()
        return Event.create([{**values, "order_id": order.id} for order in self])

    def _track_sent(self, messages=None):
        """Write down that these quotations went out to their customers now.

        Hook for whoever sends quotations another way.

        :param dict messages: order id to the id of its ``mail.message``; an order that
            is not named went out by hand
        """
        messages = messages or {}
        Event = self.env["sale.quotation.event"].sudo()
        recent = Event.search(
            Domain("order_id", "in", self.ids)
            & Domain("kind", "=", "sent")
            & Domain("date", ">", fields.Datetime.now() - ONE_GO)
        )
        by_hand = recent.filtered(lambda e: e.origin == "hand").grouped("order_id")
        for order in self:
            message_id = messages.get(order.id)
            if message_id and order in by_hand:
                by_hand[order][:1].write({"message_id": message_id, "origin": "email"})
                continue
            if not message_id and order in recent.order_id:
                continue
            order._track(
                "sent",
                message_id and f"message,{message_id}",
                message_id=message_id,
                origin="email" if message_id else "hand",
                user_id=order._get_tracking_user().id,
            )

    def _get_tracking_user(self):
        """Who acts: whoever is logged in, or the salesperson if the server does."""
        user = self.env.user
        is_person = user._is_internal() and not user._is_superuser()
        return user if is_person else self.user_id

    def _is_sending_quotation(self):
        """Whether a message that is posted now carries this quotation."""
        context = self.env.context
        is_sending = context.get("mark_so_as_sent") or context.get("track_quotation")
        return bool(is_sending) and self.state in QUOTATION_STATES

    # === WHERE CORE SENDS === #

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        if len(self) == 1 and self._is_sending_quotation():
            self._track_sent({self.id: message.id})
        return result

    def _message_mail_after_hook(self, mails):
        """Many quotations mailed in one go."""
        result = super()._message_mail_after_hook(mails)
        messages = {mail.res_id: mail.mail_message_id.id for mail in mails}
        quotations = self.filtered(
            lambda o: o.id in messages and o._is_sending_quotation()
        )
        quotations._track_sent(messages)
        return result

    def _send_order_notification_mail(self, mail_template, allow_deferred_sending=True):
        is_quotation = (
            mail_template
            and self.state in QUOTATION_STATES
            and mail_template == self._find_mail_template()
        )
        orders = self.with_context(track_quotation=True) if is_quotation else self
        return super(SaleOrderTrackingMixin, orders)._send_order_notification_mail(
            mail_template, allow_deferred_sending
        )

    def action_quotation_send(self):
        """Core's dialogue; also many in one go, or without template, are noted."""
        action = super().action_quotation_send()
        if action.get("res_model") == "mail.compose.message":
            action["context"] = {**action["context"], "track_quotation": True}
        return action

    def action_quotation_sent(self):
        result = super().action_quotation_sent()
        if not self.env.su:  # core itself marks what the customer is just paying
            self._track_sent()
        return result

    # === WHERE THE CUSTOMER ANSWERS === #

    def write(self, vals):
        result = super().write(vals)
        if vals.get("signature"):
            self._track("signed", who=vals.get("signed_by"))
        return result

    # === SCREENS === #

    def action_open_tracking(self):
        """The history of this quotation in one list."""
        self.ensure_one()
        self.env["sale.quotation.timeline"].check_access("read")
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_sla.sale_quotation_timeline_action"
        )
        name = self.env._("Tracking of %s", self.display_name)
        return {**action, "domain": [("order_id", "=", self.id)], "display_name": name}

    def action_log_call(self):
        """Core's dialogue for an activity, with a call chosen."""
        self.env["sale.quotation.timeline"].check_access("read")
        self.check_access("write")
        call = self.env.ref("mail.mail_activity_data_call", raise_if_not_found=False)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Log a Call"),
            "res_model": "mail.activity.schedule",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "active_model": "sale.order",
                "active_ids": self.ids,
                "active_id": self[:1].id,
                "default_activity_type_id": call.id if call else False,
            },
        }

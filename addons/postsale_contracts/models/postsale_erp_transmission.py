import hashlib
import logging
import uuid

from odoo import api, fields, models

_logger = logging.getLogger(__name__)

#: What an order says, by kind and state of its last transmission.
ORDER_STATES = {
    "queued": "queued",
    "sending": "queued",
    "failed": "failed",
    "void": "none",
}
#: Their order is with the ERP, or on its way there.
UNDER_WAY = ("queued", "sending", "sent")


class PostsaleErpTransmission(models.Model):
    """The ledger of the hand-over: one row for each version of an order.

    A row holds the bytes that are sent and the key under which the receiver knows them;
    every attempt sends the same. ``sent`` is written only when the receiver, or the
    mail server, has said that it took them. Rows are written by the engine; the state
    has one door.
    """

    _name = "postsale.erp.transmission"
    _inherit = [
        "engine.rows.mixin",
        "postsale.erp.transmission.action",
        "mail.thread",
        "ledger.guard.mixin",
    ]
    _description = "Transmission to the ERP"
    _order = "id desc"
    _mail_post_access = "read"

    _guards = (
        "postsale_erp_transmission_once",
        "postsale_erp_transmission_one_current",
        "postsale_erp_transmission_one_key",
    )

    order_id = fields.Many2one(
        "sale.order", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    partner_id = fields.Many2one(related="order_id.partner_id", string="Customer")
    channel_id = fields.Many2one(
        "postsale.erp.channel", required=True, readonly=True, ondelete="restrict"
    )
    channel_kind = fields.Selection(
        selection=[
            ("https", "Over HTTPS"),
            ("email", "By e-mail"),
            ("odoo", "This Odoo"),
        ],
        string="Way",
        required=True,
        readonly=True,
    )
    version = fields.Integer(required=True, readonly=True)
    kind = fields.Selection(
        selection=[("order", "Order"), ("cancellation", "Cancellation")],
        string="Message",
        required=True,
        readonly=True,
    )
    is_quotation = fields.Boolean(
        readonly=True, help="The order was not confirmed yet when it was handed over."
    )
    is_current = fields.Boolean(
        string="Latest", readonly=True, help="The last one of its order."
    )
    idempotency_key = fields.Char(
        string="Key of the Message",
        required=True,
        readonly=True,
        help="The same in every attempt: under it the receiver takes a message once.",
    )
    attachment_id = fields.Many2one(
        "ir.attachment", string="File", readonly=True, ondelete="restrict"
    )
    sha256 = fields.Char(string="SHA-256", readonly=True)

    state = fields.Selection(
        selection=[
            ("queued", "Waiting"),
            ("sending", "Being sent"),
            ("sent", "Sent"),
            ("failed", "Failed"),
            ("void", "Taken back"),
        ],
        required=True,
        readonly=True,
        index=True,
    )
    state_date = fields.Datetime(string="Since", readonly=True)
    order_state = fields.Selection(
        selection=[
            ("none", "Not handed over"),
            ("queued", "Waiting"),
            ("sent", "Sent"),
            ("failed", "Failed"),
        ],
        string="State of the Order",
        compute="_compute_order_state",
        store=True,
        index=True,
    )
    attempts = fields.Integer(readonly=True)
    next_attempt = fields.Datetime(readonly=True)
    sent_date = fields.Datetime(string="Sent On", readonly=True)
    error = fields.Text(readonly=True)
    may_have_arrived = fields.Boolean(
        readonly=True,
        help="The line broke, or the ERP failed, after it had got the message.",
    )
    erp_number = fields.Char(string="Number in the ERP", readonly=True)
    author_id = fields.Many2one("res.users", string="Caused By", readonly=True)
    delivery_id = fields.Many2one(
        "document.delivery", string="E-Mail", readonly=True, index="btree_not_null"
    )

    _once = models.Constraint(
        "UNIQUE (order_id, version)", "This version was handed over already."
    )
    _one_current = models.UniqueIndex(
        "(order_id) WHERE is_current", "An order has one latest transmission."
    )
    _one_key = models.Constraint(
        "UNIQUE (idempotency_key)", "A key belongs to one message."
    )
    _due_idx = models.Index("(next_attempt) WHERE state = 'queued'")

    # === COMPUTE METHODS === #

    @api.depends("state", "kind")
    def _compute_order_state(self):
        for row in self:
            accepted = "sent" if row.kind == "order" else "none"
            row.order_state = ORDER_STATES.get(row.state, accepted)

    @api.depends("order_id", "version")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for row in self:
            row.display_name = self.env._(
                "%(order)s, version %(version)s",
                order=row.order_id.name,
                version=row.version,
            )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        now = fields.Datetime.now()
        for vals in vals_list:
            vals.setdefault("idempotency_key", str(uuid.uuid4()))
            vals.setdefault("state_date", now)
        return super().create(vals_list)

    @api.model
    def _get_engine_message(self):
        return self.env._("Transmissions are written by the hand-over itself.")

    @api.model
    def _get_missing_guards_message(self, names):
        return self.env._(
            "The hand-over is stopped: the database lacks %s, which keeps orders from "
            "being sent twice. Update the app; if that does not help, ask your "
            "administrator to read the server's log.",
            names,
        )

    # === THE DOOR === #

    def _update_state(self, allowed, target, **values):
        """The one door of the state.

        :return: the rows that changed; others are left as they are and logged
        """
        changed = self.filtered(lambda row: row.state in allowed)
        if len(changed) < len(self):
            _logger.info("%s may not become %s, left alone", self - changed, target)
        if changed:
            held = changed.order_id.filtered("is_handed_over")
            changed.write(
                {"state": target, "state_date": fields.Datetime.now(), **values}
            )
            held.filtered(lambda o: not o.is_handed_over)._after_erp_release()
        return changed

    def _set_sent(self, number=""):
        """The receiver took it: what it has not got yet of older versions is void."""
        rows = self._update_state(
            ("queued", "sending", "failed"),
            "sent",
            sent_date=fields.Datetime.now(),
            error=False,
            next_attempt=False,
            **({"erp_number": number} if number else {}),
        )
        for row in rows:
            (row._get_siblings() - row._get_newer())._take_back()

    def _set_failed(self, error):
        """Nobody tries again by itself: a person is told."""
        rows = self._update_state(
            ("queued", "sending"), "failed", error=error, next_attempt=False
        )
        for row in rows.filtered("is_current"):
            row._tell_responsible()

    def _take_back(self):
        """What nobody has got yet is not sent any more.

        :return: the rows that were taken back
        """
        waiting = self.filtered(lambda row: row.state == "queued")
        mailed = self.filtered(lambda row: row.state == "sending" and row.delivery_id)
        rows = waiting | mailed.filtered(lambda row: row._is_mail_waiting())
        rows._update_state(("queued", "sending"), "void", next_attempt=False)
        rows.delivery_id._cancel_waiting(self.env._("It was taken back."))
        rows.filtered("is_current")._pass_on_current()
        return rows

    def _pass_on_current(self):
        """The version before the one that was taken back speaks for the order again."""
        for row in self:
            older = row._get_siblings().filtered(lambda r: r.state != "void")
            if older:
                row.is_current = False
                row.flush_recordset(["is_current"])
                older.sorted("version")[-1].is_current = True

    def _is_mail_waiting(self):
        return self.delivery_id.state in ("held", "queued", "deferred")

    def _get_siblings(self):
        """The other transmissions of the same orders."""
        return self.order_id.sudo().erp_transmission_ids - self

    def _get_newer(self):
        self.ensure_one()
        return self._get_siblings().filtered(lambda row: row.version > self.version)

    # === CREATION === #

    @api.model
    def _create_messages(self, messages):
        """The next version of some orders, queued.

        :param messages: (order, channel, dict of further values, bytes) of each; orders
            are locked by the caller
        """
        orders = self.env["sale.order"].union(*(order for order, *_rest in messages))
        old = orders.erp_transmission_ids
        old.filtered("is_current").write({"is_current": False})
        old.flush_recordset(["is_current"])
        rows = self.with_context(
            mail_create_nolog=True, mail_create_nosubscribe=True
        ).create(
            [
                self._prepare_message(order, channel, values)
                for order, channel, values, _body in messages
            ]
        )
        rows._freeze([body for *_message, body in messages])
        old._take_back()
        if "queued" in rows.mapped("state"):
            rows._wake_engine()
        return rows

    def _freeze(self, bodies):
        """Keep the bytes of each message; one for this Odoo has none."""
        filled = [(row, body) for row, body in zip(self, bodies, strict=True) if body]
        files = self.env["ir.attachment"].create(
            [row._prepare_file(body) for row, body in filled]
        )
        for (row, body), file in zip(filled, files, strict=True):
            row.write(
                {
                    "attachment_id": file.id,
                    "sha256": hashlib.sha256(body).hexdigest(),
                }
            )

    @api.model
    def _prepare_message(self, order, channel, values):
        return {
            "order_id": order.id,
            "company_id": order.company_id.id,
            "channel_id": channel.id,
            "channel_kind": channel.kind,
            "version": max(order.erp_transmission_ids.mapped("version"), default=0) + 1,
            "kind": "order",
            "is_quotation": order.state in ("draft", "sent"),
            "is_current": True,
            "state": "queued",
            "author_id": self.env.uid,
            **values,
        }

    def _prepare_file(self, body):
        return {
            "name": f"{self.order_id.name.replace('/', '-')}-v{self.version}.xml",
            "raw": body,
            "mimetype": "application/xml",
            "res_model": self._name,
            "res_id": self.id,
        }

    @api.model
    def _wake_engine(self, at=None):
        self.env.ref("postsale_contracts.ir_cron_erp").sudo()._trigger(at)

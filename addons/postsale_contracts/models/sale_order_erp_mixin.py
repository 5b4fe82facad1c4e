from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.recurring_billing.row_lock import wait_for_others

from .postsale_erp_transmission import UNDER_WAY
from .postsale_order_maker import ORDER_GROUP

CLERK_GROUP = "postsale_contracts.group_postsale_user"
WHO_SEES = f"{ORDER_GROUP},{CLERK_GROUP}"


class SaleOrderErpMixin(models.AbstractModel):
    """An order that is handed over to the company's ERP.

    Nothing is stored on the order: all of it is read from the ledger of transmissions.
    """

    _name = "sale.order.erp.mixin"
    _description = "Order that is handed over to an ERP"

    erp_transmission_ids = fields.One2many(
        "postsale.erp.transmission",
        "order_id",
        string="Transmissions to the ERP",
        readonly=True,
        copy=False,
        groups=WHO_SEES,
    )
    erp_state = fields.Selection(
        selection=[
            ("none", "Not handed over"),
            ("queued", "Waiting"),
            ("sent", "Sent"),
            ("failed", "Failed"),
        ],
        string="ERP",
        compute="_compute_erp_state",
        search="_search_erp_state",
        compute_sudo=True,
        help="What became of the last version that was handed over to the ERP.",
    )
    erp_sent_date = fields.Datetime(
        string="Handed Over On", compute="_compute_erp_state", compute_sudo=True
    )
    erp_error = fields.Text(
        string="Answer of the ERP", compute="_compute_erp_state", compute_sudo=True
    )
    erp_number = fields.Char(
        string="Number in the ERP",
        compute="_compute_erp_state",
        search="_search_erp_number",
        compute_sudo=True,
    )
    erp_version = fields.Integer(
        string="Version in the ERP", compute="_compute_erp_state", compute_sudo=True
    )
    erp_text = fields.Char(
        string="Hand-over", compute="_compute_erp_text", compute_sudo=True
    )
    is_handed_over = fields.Boolean(
        string="With the ERP",
        compute="_compute_is_handed_over",
        search="_search_is_handed_over",
        compute_sudo=True,
        help="The ERP has the order, or it is on its way there: it is invoiced there.",
    )
    is_erp_changed = fields.Boolean(
        string="Changed Since the Hand-over",
        compute="_compute_is_erp_changed",
        compute_sudo=True,
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "erp_transmission_ids.is_current",
        "erp_transmission_ids.order_state",
        "erp_transmission_ids.error",
        "erp_transmission_ids.erp_number",
    )
    def _compute_erp_state(self):
        for order in self:
            rows = order.erp_transmission_ids.sorted("version")
            current = rows.filtered("is_current")
            numbers = [row.erp_number for row in rows if row.erp_number]
            order.erp_state = current.order_state or "none"
            order.erp_sent_date = current.sent_date
            order.erp_error = current.error
            order.erp_number = numbers[-1] if numbers else False
            order.erp_version = current.version

    def _search_erp_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        Domain = fields.Domain
        current = Domain("is_current", "=", True)
        named = Domain("order_state", "in", [*set(value) - {"none", False}])
        found = Domain("id", "in", self._find_erp_orders(current & named))
        if "none" in value:
            known = current & Domain("order_state", "!=", "none")
            found |= Domain("id", "not in", self._find_erp_orders(known))
        return found

    def _search_erp_number(self, operator, value):
        if operator in fields.Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        rows = self._find_erp_orders(fields.Domain("erp_number", operator, value))
        return fields.Domain("id", "in", rows)

    @api.model
    def _find_erp_orders(self, domain):
        """Subquery: orders with a transmission like that."""
        rows = self.env["postsale.erp.transmission"].sudo()._search(domain)
        return rows.subselect(SQL.identifier(rows.table, "order_id"))

    def _field_to_sql(self, alias, field_expr, query=None):
        """Orders can be grouped by their state, too."""
        if field_expr != "erp_state":
            return super()._field_to_sql(alias, field_expr, query)
        self.env["postsale.erp.transmission"].flush_model(["is_current", "order_state"])
        return SQL(
            "COALESCE((SELECT t.order_state FROM postsale_erp_transmission t"
            " WHERE t.order_id = %s AND t.is_current), 'none')",
            SQL.identifier(alias, "id"),
        )

    @api.depends(
        "erp_transmission_ids.state",
        "erp_transmission_ids.may_have_arrived",
    )
    def _compute_is_handed_over(self):
        """From the first version that is on its way until a cancellation is accepted.

        One statement for all of them: every invoice asks.
        """
        ids = tuple(self._origin.ids)
        held = SQL("%s AND t.order_id IN %s", self._get_held_orders(), ids)
        found = {order for (order,) in self.env.execute_query(held)} if ids else ()
        for order in self:
            order.is_handed_over = order._origin.id in found

    def _search_is_handed_over(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = fields.Domain("id", "in", SQL("(%s)", self._get_held_orders()))
        return domain if True in value else ~domain

    @api.model
    def _get_held_orders(self):
        """Query for the orders that the ERP has, or will have.

        What failed for good counts only if it may have arrived all the same.
        """
        self.env["postsale.erp.transmission"].flush_model(
            ["order_id", "kind", "channel_kind", "state", "version", "may_have_arrived"]
        )
        return SQL(
            "SELECT t.order_id FROM postsale_erp_transmission t"
            " WHERE t.kind = 'order' AND t.channel_kind != 'odoo'"
            " AND (t.state = ANY(%s) OR t.may_have_arrived) AND NOT EXISTS ("
            "SELECT 1 FROM postsale_erp_transmission c WHERE c.order_id = t.order_id"
            " AND c.kind = 'cancellation' AND c.state = 'sent'"
            " AND c.version > t.version)",
            list(UNDER_WAY),
        )

    @api.depends("erp_transmission_ids.state", "order_line", "state", "amount_total")
    def _compute_is_erp_changed(self):
        """The order of now against the bytes that were sent. For a form: one export."""
        for order in self:
            last = order._get_last_version()
            order.is_erp_changed = bool(
                last and order.is_handed_over and order._origin._is_changed_since(last)
            )

    @api.depends_context("lang")
    @api.depends("erp_state", "is_erp_changed", "erp_version")
    def _compute_erp_text(self):
        """One sentence for the top of the form."""
        for order in self:
            order.erp_text = order._describe_erp()

    def _describe_erp(self):
        current = self.erp_transmission_ids.filtered("is_current")
        texts = {
            ("odoo", "sent"): self.env._(
                "This Odoo is the ERP: the order is confirmed and invoiced here."
            ),
            ("order", "queued"): self.env._("It is being handed over to the ERP."),
            ("order", "sent"): self.env._(
                "The ERP has this order. It is invoiced there, not here."
            ),
            ("order", "failed"): self.env._("The hand-over to the ERP failed."),
            ("cancellation", "queued"): self.env._(
                "Its cancellation is being handed over to the ERP."
            ),
            ("cancellation", "none"): self.env._("The ERP accepted the cancellation."),
            ("cancellation", "failed"): self.env._(
                "The cancellation did not reach the ERP: the order may still be "
                "invoiced there."
            ),
        }
        key = "odoo" if current.channel_kind == "odoo" else current.kind
        text = texts.get((key, current.order_state), "")
        if current.state == "failed" and current.may_have_arrived:
            doubt = self.env._(
                "It may have arrived all the same, so it is not invoiced here: ask "
                "there, then open “ERP”."
            )
            text = f"{text} {doubt}"
        if self.is_erp_changed:
            changed = self.env._(
                "It was changed since version %s: press “Send to ERP” to send the new "
                "one.",
                self._get_last_version().version,
            )
            text = f"{text} {changed}"
        return text

    def _get_last_version(self):
        """The last transmission of the order itself that was not taken back."""
        rows = self.sudo().erp_transmission_ids.sorted("version")
        return rows.filtered(lambda r: r.kind == "order" and r.state != "void")[-1:]

    def _is_changed_since(self, row, body=None):
        if row.channel_kind == "odoo":
            return False
        document = self.env["postsale.erp.document"]
        body = body or document._export_orders(self)[self]
        return (
            document._get_digest(body) != row.sha256
            or (self.state in ("draft", "sent")) != row.is_quotation
        )

    # === RIGHTS === #

    def _check_may_send_to_erp(self):
        """:raises AccessError: whoever neither sells nor caused the order"""
        user = self.env.user
        if self.env.su:
            return
        is_seller, is_clerk = user.has_group(ORDER_GROUP), user.has_group(CLERK_GROUP)
        writable = self._filtered_access("write") if is_seller else self.browse()
        for order in self - writable:
            made = order.sudo()
            is_own = made.create_uid == user and made.company_id in self.env.companies
            if not (is_clerk and is_own):
                order.check_access("write")  # core's own words where they fit
                raise AccessError(
                    self.env._(
                        "Only sales, or whoever made an order as a post-sale user, can "
                        "hand it over to the ERP."
                    )
                )

    # === BUTTONS === #

    def action_send_to_erp(self):
        """Hand these quotations or orders over to the ERP of their company.

        :return: a notification with what was queued and what was left out, and why
        :raises UserError: when nothing can be handed over
        """
        self._check_may_send_to_erp()
        self.env["postsale.erp.transmission"]._check_guards()
        orders = self.sudo()
        wait_for_others(orders)
        objections = {}
        rows = orders._hand_over(objections)
        if not rows:
            raise UserError("\n".join(objections.values()))
        done = rows.filtered(lambda row: row.state == "sent")
        parts = []
        if done:
            parts.append(
                self.env._(
                    "This Odoo is the ERP: confirmed here: %s.",
                    ", ".join(done.order_id.mapped("name")),
                )
            )
        if waiting := rows - done:
            parts.append(
                self.env._(
                    "On the way to the ERP: %s.",
                    ", ".join(waiting.order_id.mapped("name")),
                )
            )
        return self._tell_handed_over([*parts, *objections.values()], bool(objections))

    @api.model
    def _tell_handed_over(self, lines, is_partial):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if is_partial else "success",
                "sticky": is_partial,
                "message": "\n".join(lines),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_view_erp(self):
        """The versions of this order."""
        self.env["postsale.erp.transmission"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "postsale_contracts.postsale_erp_transmission_action"
        )
        action["domain"] = [("order_id", "in", self.ids)]
        action["context"] = {}
        return action

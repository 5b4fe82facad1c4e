from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.crm_sla.halving import work_or_halve


class SaleOrderErpSendingMixin(models.AbstractModel):
    """What is handed over, what speaks against it, and what cancelling does."""

    _name = "sale.order.erp.sending.mixin"
    _inherit = "sale.order.erp.mixin"
    _description = "Hand-over of an order to an ERP"

    def _hand_over(self, objections):
        """Queue the next version of each order; with *This Odoo*, confirm it.

        Orders are locked, rights are checked.

        :param dict objections: gets the reason of each order that is left out
        :return: the transmissions
        """
        Transmission = self.env["postsale.erp.transmission"]
        channels = self.env["postsale.erp.channel"]._get_active(self.company_id)
        billing = self._get_billing_tasks().filtered(lambda task: task.state != "done")
        tasks = billing.grouped("sale_order_id")
        for order in self:
            channel = channels.get(order.company_id)
            if text := order._get_erp_objection(channel, tasks.get(order)):
                objections[order] = text
        fit = self.filtered(lambda order: order not in objections)
        here = fit.filtered(lambda o: channels[o.company_id].kind == "odoo")
        rows = here._confirm_as_erp(channels, objections)
        messages = []
        for order, body in self._export_for_erp(fit - here, objections).items():
            last = order._get_last_version()
            if text := order._get_same_version_text(last, body):
                objections[order] = text
            else:
                messages.append((order, channels[order.company_id], {}, body))
        return rows | Transmission._create_messages(messages) if messages else rows

    @api.model
    def _export_for_erp(self, orders, objections):
        bodies = {}

        def set_aside(order, error):
            objections[order] = self.env._(
                "%(order)s: %(reason)s", order=order.name, reason=error
            )

        document = self.env["postsale.erp.document"]
        work_or_halve(
            lambda some: bodies.update(document._export_orders(some)), orders, set_aside
        )
        return bodies

    def _get_erp_objection(self, channel, tasks=None):
        """Why this order cannot be handed over; empty when it can.

        :param channel: the active one of the company
        :param tasks: recurring tasks that bill the order
        """
        self.ensure_one()
        if not channel:
            return self.env._(
                "%(company)s has no ERP channel. A post-sale manager sets it up under "
                "Post-Sale → Configuration → ERP Channels.",
                company=self.company_id.name,
            )
        if self.state == "cancel":
            return self.env._("%s is cancelled.", self.name)
        if not self.order_line.filtered(lambda line: not line.display_type):
            return self.env._("%s has no lines.", self.name)
        if channel.kind == "odoo":
            return self._get_confirmed_text()
        if tasks:
            return self.env._(
                "%(order)s is billed over time here, by “%(task)s”. Press “Stop "
                "Billing” first.",
                order=self.name,
                task=tasks[0].name,
            )
        invoices = self.invoice_ids.filtered(lambda move: move.state != "cancel")
        if invoices and not self.is_handed_over:
            return self.env._(
                "%(order)s is invoiced here already: %(invoice)s.",
                order=self.name,
                invoice=invoices[0].display_name,
            )
        return ""

    def _get_confirmed_text(self):
        """With *This Odoo* there is one version."""
        last = self._get_last_version()
        if (
            last.channel_kind == "odoo"
            and last.state == "sent"
            and self.state == "sale"
        ):
            return self.env._(
                "%s is confirmed here already: this Odoo is the ERP.", self.name
            )
        return ""

    def _get_same_version_text(self, last, body):
        """What speaks against sending the same again."""
        if not last or self._is_changed_since(last, body):
            return ""
        if not self.is_handed_over:  # failed for good, or cancelled and taken up again
            return ""
        if last.state in ("queued", "sending"):
            return self.env._("%s is on its way to the ERP already.", self.name)
        if last.state == "failed":
            return self.env._(
                "%s may have arrived at the ERP. Open “ERP”, then press “Try Again”.",
                self.name,
            )
        return self.env._(
            "%(order)s: the ERP has it, nothing was changed since version %(version)s.",
            order=self.name,
            version=last.version,
        )

    def _confirm_as_erp(self, channels, objections):
        """Confirm the quotations among these orders, and write it down."""
        if not self:
            return self.env["postsale.erp.transmission"]

        def confirm(orders):
            orders.filtered(lambda o: o.state in ("draft", "sent")).action_confirm()

        def set_aside(order, error):
            objections[order] = str(error)

        work_or_halve(confirm, self, set_aside)
        rows = self.env["postsale.erp.transmission"]._create_messages(
            [
                (order, channels[order.company_id], order._prepare_confirmed(), None)
                for order in self
                if order not in objections
            ]
        )
        return rows

    def _prepare_confirmed(self):
        return {
            "state": "sent",
            "sent_date": fields.Datetime.now(),
            "erp_number": self.name,
        }

    # === CANCELLATION === #

    def _action_cancel(self):
        result = super()._action_cancel()
        self.sudo()._cancel_at_erp()
        return result

    def _cancel_at_erp(self):
        """Call back what nobody has got; for the others a cancellation is sent."""
        messages = []
        document = self.env["postsale.erp.document"]
        for order in self.filtered("is_handed_over"):
            rows = order.erp_transmission_ids
            rows.filtered(lambda r: not r.may_have_arrived)._take_back()
            if not order.is_handed_over:
                continue
            last = order._get_last_version()
            version = max(rows.mapped("version")) + 1
            body = document._make_cancellation(last, version)
            values = {"kind": "cancellation"}
            messages.append((order, last.channel_id, values, body))
        if messages:
            self.env["postsale.erp.transmission"]._create_messages(messages)

    def _is_cancellation_accepted(self):
        """Whether nobody invoices the order any more: not here, not in the ERP."""
        return super()._is_cancellation_accepted() and not self.is_handed_over

    def _after_erp_release(self):
        """The ERP does not have these orders any more: they are dealt with here.

        What goes wrong with it is told, and does not undo what the ERP has answered.
        """

        def release(orders):
            for order in orders:
                if order.state == "cancel":
                    order._free_activities()
                elif order.state == "sale" and order.is_billed_periodically:
                    order._start_billing()

        work_or_halve(release, self, self._tell_not_released)

    @api.model
    def _tell_not_released(self, order, error):
        order.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=(order.user_id or self.env.ref("base.user_admin")).id,
            summary=self.env._("The ERP does not have this order any more"),
            note=self.env._("It has to be dealt with here: %s", error),
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_handed_over(self):
        for order in self.sudo():
            if order.erp_transmission_ids:
                raise UserError(
                    self.env._(
                        "%s was handed over to the ERP: it can be cancelled, but not "
                        "deleted.",
                        order.name,
                    )
                )

from odoo import api, fields, models

from odoo.addons.recurring_billing.envelope import ENVELOPE


class SaleOrder(models.Model):
    _inherit = "sale.order"

    delivery_note_ids = fields.Many2many(
        comodel_name="stock.picking",
        string="Delivery Notes",
        compute="_compute_delivery_note_ids",
        help="Transfers of this order that bring goods to the customer.",
    )

    @api.depends("picking_ids.state", "picking_ids.location_dest_id")
    def _compute_delivery_note_ids(self):
        for order in self:
            order.delivery_note_ids = order.picking_ids.filtered(
                lambda transfer: (
                    transfer.state != "cancel"
                    and transfer.location_dest_id._is_outgoing()
                )
            ).sorted("id")

    def _is_delivery_note(self):
        """Issued by a recurring task as a delivery note."""
        self.ensure_one()
        return self.sudo().recurring_occurrence_id.document_type == "delivery"

    def _get_document_kind(self):
        kind = super()._get_document_kind()
        if kind.code == "order" and self._is_delivery_note():
            return self.env["recurring.document.kind"]._get_by_code("delivery")
        return kind

    def _has_valued_delivery_note(self):
        """Without goods always; else as the task says."""
        self.ensure_one()
        has_goods = "consu" in self.order_line.product_id.mapped("type")
        return not has_goods or self.sudo().recurring_task_id.delivery_slip_valued

    # === LEDGER === #

    def _action_cancel(self):
        # first: core cancels the transfers, which would give another reason
        self._void_occurrences(self.env._("The order was cancelled."))
        return super()._action_cancel()

    def _void_undelivered(self):
        """Where nothing was delivered or will be, the period is free again.

        A delivery that was returned took place.
        """
        for order in self.filtered(lambda order: order._is_delivery_note()):
            if order.state == "sale" and not (
                order._get_open_transfers() or order.delivery_note_ids
            ):
                order._void_occurrences(self.env._("Its transfers were cancelled."))

    def _revive_delivered(self):
        """There are transfers again, e.g. since the quantity was raised."""
        for order in self.filtered(lambda order: order._is_delivery_note()):
            if order.state == "sale" and order._get_open_transfers():
                order._revive_occurrences()

    def _get_open_transfers(self):
        return self.picking_ids.filtered(
            lambda transfer: transfer.state not in ("done", "cancel")
        )

    # === MAIL === #

    def _is_mailed_without_prices(self):
        """People in copy, the customer's warehouse say, do not see prices either."""
        self.ensure_one()
        return (
            ENVELOPE in self.env.context
            and self._is_delivery_note()
            and not self.sudo().recurring_task_id.report_id
            and not self._has_valued_delivery_note()
        )

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        """The button leads to the order with its prices."""
        groups = super()._notify_get_recipients_groups(
            message, model_description, msg_vals=msg_vals
        )
        if self and self._is_mailed_without_prices():
            for _name, _check, options in groups:
                options["has_button_access"] = False
        return groups

    def _notify_by_email_prepare_rendering_context(self, message, *args, **kwargs):
        """The head of the mail names the delivery note, and the amount by choice."""
        result = super()._notify_by_email_prepare_rendering_context(
            message, *args, **kwargs
        )
        if ENVELOPE in self.env.context and self._is_delivery_note():
            numbers = ", ".join(self.delivery_note_ids.mapped("name")) or self.name
            amounts = (
                [] if self._is_mailed_without_prices() else result["subtitles"][1:]
            )
            title = " - ".join(filter(None, (numbers, self.partner_id.name)))
            result["subtitles"] = [title, *amounts]
        return result

    # === PRINTING === #

    def _get_friendly_figures(self):
        """No amounts where the delivery note has none."""
        if self._get_document_kind().code == "delivery" and not (
            self._has_valued_delivery_note()
        ):
            return []
        return super()._get_friendly_figures()

    def _get_delivery_note_prints(self):
        """What the customer gets: pairs of format and record.

        An order without goods, or whose outgoing transfer comes later, is printed
        itself.
        """
        self.ensure_one()
        is_valued = self.sudo().recurring_task_id.delivery_slip_valued
        slip = self.env.ref(
            "recurring_billing_stock.action_report_valued_slip"
            if is_valued
            else "stock.action_report_delivery"
        )
        own = self.env.ref("recurring_billing_stock.action_report_delivery_note")
        prints = [(slip, transfer) for transfer in self.delivery_note_ids]
        return prints or [(own, self)]

    def _get_delivery_note_content(self):
        self.ensure_one()
        return self.env["delivery.note.content"]._get_content(self)

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

#: Links that only the buttons on invoices and orders write.
PROTECTED = ("origin_move_id", "sale_order_id")
#: What an order says about its invoices and the task says itself.
NOT_OF_THE_ORDER = {"invoice_line_ids", "invoice_origin", "user_id"}


class RecurringTaskOriginMixin(models.AbstractModel):
    """The document from which a task grew: an invoice it repeats, an order it bills.

    The database itself allows one task for an order, and one for an invoice.
    """

    _name = "recurring.task.origin.mixin"
    _description = "Origin of a recurring task"

    origin_move_id = fields.Many2one(
        comodel_name="account.move",
        string="Repeats the Invoice",
        readonly=True,
        copy=False,
        check_company=True,
        ondelete="set null",
        help="Its first document: the task issues the same again.",
    )
    sale_order_id = fields.Many2one(
        comodel_name="sale.order",
        string="Bills the Order",
        readonly=True,
        copy=False,
        check_company=True,
        ondelete="set null",
        help="What the task issues counts as invoiced on this order. Its lines follow "
        "the lines of the order.",
    )
    fiscal_position_id = fields.Many2one(
        comodel_name="account.fiscal.position",
        check_company=True,
        help="Empty: as on the customer's record.",
    )

    _origin_move_uniq = models.UniqueIndex(
        "(origin_move_id) WHERE origin_move_id IS NOT NULL",
        "This invoice is repeated already.",
    )
    _sale_order_uniq = models.UniqueIndex(
        "(sale_order_id) WHERE sale_order_id IS NOT NULL",
        "This order has a task that bills it already.",
    )

    # === CONSTRAINTS AND CRUD === #

    @api.constrains("document_type", "currency_id", "sale_order_id")
    def _check_order(self):
        for task in self:
            order = task.sudo().sale_order_id
            if order and (
                task.document_type != "invoice" or task.currency_id != order.currency_id
            ):
                raise ValidationError(
                    self.env._(
                        "%(task)s bills order %(order)s: it issues invoices, in the "
                        "currency of the order.",
                        task=task.display_name,
                        order=order.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        tasks = super().create(vals_list)
        # afterwards: a link may also come from a default in the context
        if not self.env.su and any(tasks[name] for name in PROTECTED):
            raise AccessError(self._get_origin_message())
        return tasks

    def write(self, vals):
        if not self.env.su and any(name in vals for name in PROTECTED):
            raise AccessError(self._get_origin_message())
        return super().write(vals)

    @api.model
    def _get_origin_message(self):
        return self.env._(
            "Only “Repeat Monthly” on an invoice and the confirmation of an order link "
            "a task to its document."
        )

    # === START AND STOP === #

    def _start_from_document(self):
        """Start tasks that a document asked for.

        Unlike people's own schedules, the first period may begin today or have begun:
        what is due is issued within minutes. Dates that passed while a stopped task
        stood still are skipped. A task whose only document exists already is over.

        :raises UserError: nothing to issue, or nobody to issue it to
        """
        over = self.filtered(
            lambda task: (
                task.sudo().occurrence_ids
                and not any(task.recipient_ids.mapped("date_next"))
            )
        )
        over._update_state(
            ("draft", "running"), "done", self.env._("No customer has a date left.")
        )
        for task in self - over:
            task._check_complete()
        stopped = self.filtered(lambda task: task.state == "done") - over
        stopped.recipient_ids.sudo()._skip_passed(
            self.env._("The task was stopped on this date.")
        )
        (self - over)._update_state(("draft", "done"), "running")
        self.env.ref("recurring_billing.ir_cron_generate").sudo()._trigger()

    def _stop_for_order(self, reason):
        """End the tasks of orders that are cancelled or hold nothing to bill."""
        self.filtered(lambda task: task.state != "done")._update_state(
            ("draft", "running", "paused"), "done", reason
        )

    def _update_state(self, allowed, target, reason=False):
        """The order tells what is still to be invoiced: ask it again."""
        changed = super()._update_state(allowed, target, reason)
        changed.sudo().sale_order_id._refresh_billing_status()
        return changed

    def _hold_missed(self, reason):
        """Write dates up to today into the ledger, to be released or skipped one by
        one."""
        recipients = self.sudo().recipient_ids
        slots = self.env["recurring.planner"].sudo()._get_due_slots(recipients)
        self.env["recurring.occurrence"].sudo().create(
            [slot._prepare_row("held", error=reason) for slot in slots]
        )
        recipients._refresh_next_date()

    # === DOCUMENTS === #

    def _prepare_origin_header(self):
        """Values of an invoice that come from the order or the repeated invoice."""
        self.ensure_one()
        if self.sale_order_id:
            header = self.sale_order_id._prepare_invoice()
            return {
                name: value
                for name, value in header.items()
                if name not in NOT_OF_THE_ORDER
            }
        return self.origin_move_id._prepare_repeated_header()

    def _get_invoice_origin(self):
        """Source document as printed on the invoice."""
        self.ensure_one()
        return self.sale_order_id.name or self.name

    def action_view_origin(self):
        """Open the order or the invoice from which the task grew."""
        self.ensure_one()
        return (self.sale_order_id or self.origin_move_id)._get_records_action()

from odoo import Command, models
from odoo.tools import clean_context

from .recurring_schedule_mixin import CYCLES


class SaleOrderBillingTaskMixin(models.AbstractModel):
    """The recurring task that bills an order: made once, and it follows the order."""

    _name = "sale.order.billing.task.mixin"
    _inherit = "sale.order.billing.mixin"
    _description = "Task that bills an order"

    # === CONFIRMATION AND CANCELLATION === #

    def _action_confirm(self):
        result = super()._action_confirm()
        for order in self:
            if order.is_billed_periodically or order.billing_task_id:
                order._start_billing()
        return result

    def _action_cancel(self):
        result = super()._action_cancel()
        for order in self:
            order._get_billing_tasks()._stop_for_order(
                self.env._("Order %s was cancelled.", order.name)
            )
        return result

    # === THE TASK === #

    def _get_billing_tasks(self):
        """The tasks that bill these orders, stopped and archived ones included."""
        return (
            self.env["recurring.task"]
            .sudo()
            .with_context(active_test=False)
            .search([("sale_order_id", "in", self._origin.ids)])
        )

    def _start_billing(self, first_invoice=None):
        """Make and start the task that bills the order, once, however often asked.

        Whoever confirms need have no rights on billing: the task is made for this order
        alone.

        :param account.move first_invoice: a posted invoice that stands for the first
            period or instalment, e.g. from :meth:`_create_first_invoice`
        :return: the task; none for an order that is not billed over time
        """
        self.ensure_one()
        order = self.sudo().with_company(self.company_id)
        task = order._get_billing_tasks()
        if not task and not order._is_billed_over_time():
            return task
        date = first_invoice and first_invoice.invoice_date
        if not task:
            task = order._create_billing_task(date)
        elif task.occurrence_ids:
            order._update_billing_lines()
        else:  # it was cancelled, and confirmed anew before anything was issued
            task.write(order._prepare_billing_schedule(date))
            order._update_billing_lines()
        if first_invoice:
            order._adopt_first_invoice(task, first_invoice.sudo())
        if task.state != "paused":
            task.action_unarchive()
            task._start_from_document()
        self.invalidate_recordset(["billing_task_id", "billing_state"])
        return task

    def _create_billing_task(self, date=None):
        """The task of an order, not started.

        :param date date: of the first instalment; periods begin with the service
        """
        self.ensure_one()
        if self.is_billed_periodically:  # what was left empty is agreed now
            self.write(
                {
                    "billing_cycle": self._get_billing_cycle(),
                    "billing_start_date": self.billing_start_date
                    or self._get_billing_today(),
                }
            )
        task = (
            self.env["recurring.task"]
            .with_context(
                clean_context(self.env.context),
                lang=self.user_id.lang or self.env.lang,
                mail_create_nosubscribe=True,
                mail_notrack=True,
                # "You have been assigned", from a customer who may have no address
                mail_auto_subscribe_no_notify=True,
            )
            .create(self._prepare_billing_task(date))
        )
        self.invalidate_recordset(["billing_task_id", "billing_state"])
        self._refresh_billing_status()
        return task

    def _prepare_billing_task(self, date=None):
        """Values of the task that bills the order."""
        return {
            **self._prepare_billing_schedule(date),
            "name": self.env._(
                "%(order)s for %(customer)s",
                order=self.name,
                customer=self.partner_id.display_name,
            ),
            "company_id": self.company_id.id,
            "user_id": self.user_id.id,
            "sale_order_id": self.id,
            "document_type": "invoice",
            "price_mode": "keep",
            "currency_id": self.currency_id.id,
            "payment_term_id": self.payment_term_id.id,
            "payment_method_line_id": self.preferred_payment_method_line_id.id,
            "fiscal_position_id": self.fiscal_position_id.id,
            "journal_id": self.journal_id.id,
            "salesperson_id": self.user_id.id,
            "catch_up": "all",
            "completion": "send",
            "line_ids": [
                Command.create(line._prepare_billing_line())
                for line in self._get_billing_lines()
            ],
            "recipient_ids": [
                Command.create(
                    {
                        "partner_id": self.partner_id.id,
                        "partner_invoice_id": self.partner_invoice_id.id,
                        "partner_shipping_id": self.partner_shipping_id.id,
                    }
                )
            ],
        }

    def _prepare_billing_schedule(self, date=None):
        """When the order is billed: instalments monthly from the first invoice on, the
        service from its first day, not a day more nor less."""
        interval, unit = CYCLES[self._get_billing_cycle()]
        start = self.billing_start_date or self._get_billing_today()
        schedule = {"date_start": start, "day_rule": "start"}
        if self._is_paid_by_instalments():
            return schedule | {
                "date_start": date or start,
                "date_end": False,
                "max_documents": self.instalment_count,
                "interval": 1,
                "interval_unit": "month",
            }
        return schedule | {
            "date_end": self.billing_end_date,
            "max_documents": 0,
            "interval": interval,
            "interval_unit": unit,
        }

    def _get_billing_today(self):
        """Today where the company is."""
        Task = self.env["recurring.task"].with_company(self.company_id)
        return Task.new({"tz": Task._default_tz()})._get_today()

    def _get_billing_lines(self):
        """Lines that are billed over time, with their headings and the notes below."""
        lines = headings = self.env["sale.order.line"]
        follows = False
        for line in self.order_line:
            if line.display_type == "line_note":
                lines |= line if follows else lines.browse()
                continue
            follows = bool(line.product_uom_qty and line._is_billed_over_time())
            if line.display_type == "line_section":
                headings = line
            elif line.display_type == "line_subsection":
                main = headings.filtered(lambda h: h.display_type == "line_section")
                headings = main | line
            elif follows:
                lines |= headings | line
                headings = headings.browse()
        return lines

    def _update_billing_lines(self):
        """Let the tasks follow their orders, from the next document on."""
        for task in self._get_billing_tasks().filtered(lambda t: t.state != "done"):
            known = {line.sale_line_id: line for line in task.line_ids}
            own = known.pop(self.env["sale.order.line"], None)
            commands = []
            for line in task.sale_order_id._get_billing_lines():
                values = line._prepare_billing_line()
                old = known.pop(line, None)
                commands.append(
                    Command.update(old.id, values) if old else Command.create(values)
                )
            if not commands and not own:
                task._stop_for_order(self.env._("The order has nothing left to bill."))
                continue
            commands += [Command.delete(line.id) for line in known.values()]
            task.line_ids = commands

    def _refresh_billing_status(self):
        """What is still to be invoiced depends on the task."""
        lines = self.order_line
        for name in ("invoice_status", "untaxed_amount_to_invoice"):
            self.env.add_to_compute(lines._fields[name], lines)

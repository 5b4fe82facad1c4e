from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import clean_context, format_date

#: Of the repeated invoice, besides what the task itself holds.
REPEATED = (
    "ref",
    "narration",
    "partner_bank_id",
    "invoice_incoterm_id",
    "incoterm_location",
    "invoice_cash_rounding_id",
    "qr_code_method",
)
LINE_TYPES = ("product", "line_section", "line_subsection", "line_note")


class InvoiceRepeatMixin(models.AbstractModel):
    """ "Repeat Monthly" on a customer invoice: one click makes a running task.

    The invoice is the first document of the task, so the dates count from its own:
    31 January, 28 February, 31 March.
    """

    _name = "invoice.repeat.mixin"
    _description = "Invoice that can be repeated"

    repeat_task_id = fields.Many2one(
        comodel_name="recurring.task",
        string="Repeated By",
        compute="_compute_repeat_task",
        compute_sudo=True,  # clerks of accounting may lack rights on tasks
        help="The task that issues this invoice again, if it is not stopped.",
    )
    repeat_text = fields.Char(compute="_compute_repeat_task", compute_sudo=True)
    repeat_was_stopped = fields.Boolean(
        compute="_compute_repeat_task", compute_sudo=True
    )
    repeat_waiting_count = fields.Integer(
        compute="_compute_repeat_task", compute_sudo=True
    )

    # === COMPUTE METHODS === #

    @api.depends_context("lang")
    def _compute_repeat_task(self):
        tasks = self._get_repeating_tasks()
        by_move = {task.origin_move_id: task for task in tasks}
        for move in self:
            task = by_move.get(move._origin, tasks.browse())
            move.repeat_was_stopped = task.state == "done"
            task = task.filtered(lambda t: t.state != "done")
            move.repeat_task_id = task
            move.repeat_waiting_count = task.waiting_count
            move.repeat_text = task and move._describe_repeating(task)

    def _describe_repeating(self, task):
        """One sentence about what will happen, the policy for prices included."""
        words = task._describe_cycle()
        if task.state != "running" or not task.date_next:
            states = dict(task._fields["state"]._description_selection(self.env))
            return self.env._(
                "%(cycle)s, the same invoice again. At the moment: %(state)s.",
                cycle=words,
                state=states[task.state],
            )
        day = format_date(self.env, task.date_next, date_format="d MMMM y")
        if task.price_mode == "keep":
            return self.env._(
                "%(cycle)s, the same invoice again at the same prices: next on "
                "%(date)s.",
                cycle=words,
                date=day,
            )
        return self.env._(
            "%(cycle)s, the same invoice again at the prices of the day: next on "
            "%(date)s.",
            cycle=words,
            date=day,
        )

    def _get_repeating_tasks(self):
        """Tasks that grew from these invoices, stopped and archived ones included."""
        return (
            self.env["recurring.task"]
            .sudo()
            .with_context(active_test=False)
            .search([("origin_move_id", "in", self._origin.ids)])
        )

    # === BUTTONS === #

    def action_repeat_monthly(self):
        """Issue the same invoices again every month, from a month after their dates.

        Each gets a running task of its own, which e-mails what it issues. Dates that
        have passed already wait in its list of documents, to be released or skipped one
        by one: the click itself issues nothing. An invoice whose task was stopped goes
        on with that task.

        :return: a notification; of many invoices, those that cannot be repeated are
            named in it
        :raises UserError: when none of them can be repeated, with all reasons
        """
        self.env["recurring.task"]._check_billing_rights()
        self.check_access("read")
        tasks = self._get_repeating_tasks()
        problems = self._get_repeat_problems(tasks)
        good = self.filtered(lambda move: move not in problems)
        if not good:
            raise UserError("\n".join(problems.values()))
        stopped = tasks.filtered(lambda task: task.origin_move_id in good)
        (good - stopped.origin_move_id)._repeat_monthly()
        stopped.action_unarchive()
        stopped._start_from_document()
        good._forget_repeating()
        return good._notify_repeating(problems)

    def action_stop_repeating(self):
        """End the repetition; what was issued stays."""
        self.env["recurring.task"]._check_billing_rights()
        self.check_access("read")
        tasks = self._get_repeating_tasks().filtered(lambda t: t.state != "done")
        if not tasks:
            raise UserError(self.env._("These invoices are not being repeated."))
        tasks.with_env(self.env).action_stop()
        self._forget_repeating()
        return True

    def _forget_repeating(self):
        self.invalidate_recordset(
            [
                "repeat_task_id",
                "repeat_text",
                "repeat_was_stopped",
                "repeat_waiting_count",
            ]
        )

    def action_view_repeat_task(self):
        """Open the task that repeats this invoice, e.g. to change its cycle."""
        self.ensure_one()
        self.env["recurring.task"].check_access("read")
        return self.repeat_task_id._get_records_action()

    def _notify_repeating(self, problems):
        parts = [self.env._("%s repeats every month from now on.", self[:1].name)]
        if len(self) > 1:
            parts = [
                self.env._("%s invoices repeat every month from now on.", len(self))
            ]
        parts.append(
            self.env._("The same lines at the same prices; each invoice is e-mailed.")
        )
        if waiting := sum(self.mapped("repeat_waiting_count")):
            parts.append(
                self.env._(
                    "Dates that have passed already and wait for your decision: %s.",
                    waiting,
                )
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if problems else "success",
                "sticky": bool(problems),
                "message": "\n".join([" ".join(parts), *problems.values()]),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    # === WHAT CANNOT BE REPEATED === #

    def _get_repeat_problems(self, tasks):
        """Why invoices cannot be repeated, and the way out: ``{move: text}``.

        :param tasks: the tasks that grew from these invoices
        """
        running = tasks.filtered(lambda task: task.state != "done")
        by_move = {task.origin_move_id: task for task in running}
        problems = {}
        for move in self:
            reason = (
                move._get_repeat_kind_problem()
                or move._get_repeat_task_problem(by_move.get(move), tasks)
                or move._get_repeat_content_problem()
            )
            if reason:
                problems[move] = f"{move.display_name}: {reason}"
        return problems

    def _get_repeat_kind_problem(self):
        if self.move_type != "out_invoice":
            return self.env._("only customer invoices are repeated.")
        if self.state != "posted":
            return self.env._("it is a draft or cancelled. Confirm it first.")
        if self.payment_state == "reversed":
            return self.env._("it was credited. Repeat the invoice that replaced it.")
        return ""

    def _get_repeat_task_problem(self, running, tasks):
        """
        :param running: the task that repeats this invoice already, if any
        :param tasks: all tasks that grew from the chosen invoices
        """
        if running:
            return self.env._("it is repeated already, by “%s”.", running.display_name)
        issuer = self.sudo().recurring_task_id
        if issuer and issuer not in tasks:
            return self.env._(
                "it was issued by “%s”. Start or change that task instead.",
                issuer.display_name,
            )
        return ""

    def _get_repeat_content_problem(self):
        lines = self.invoice_line_ids.filtered(lambda x: x.display_type == "product")
        if lines.filtered("is_downpayment"):
            return self.env._(
                "a down payment belongs to its order and is asked for once."
            )
        if self.currency_id.is_zero(self.amount_total):
            return self.env._("its total is zero: nothing would be billed.")
        archived = [
            record.display_name
            for records in (self.partner_id, lines.product_id, lines.tax_ids)
            for record in records
            if not record.active
        ]
        if archived:
            return self.env._(
                "archived: %s. Bring it back first, or make a task by hand.",
                ", ".join(archived),
            )
        return ""

    # === THE TASK === #

    def _repeat_monthly(self):
        """Running tasks for invoices that have none, in a few statements."""
        for company, moves in self.grouped("company_id").items():
            tasks = (
                self.env["recurring.task"]
                .sudo()
                .with_company(company)
                .with_context(clean_context(self.env.context), mail_notrack=True)
                .create([move._prepare_repeating_task() for move in moves])
            )
            recipients = tasks.recipient_ids.browse(
                [task.recipient_ids.id for task in tasks]
            )
            self.env["recurring.occurrence"]._adopt(recipients, moves)
            tasks._hold_missed(
                self.env._(
                    "This date had passed when the repetition began. Release it to "
                    "issue it after all, or skip it."
                )
            )
            tasks._start_from_document()

    def _prepare_repeating_task(self):
        """Values of the task that issues this invoice again, first date included."""
        self.ensure_one()
        position = self._get_repeated_position()
        lines = self.invoice_line_ids.filtered(lambda x: x.display_type in LINE_TYPES)
        return {
            "name": self.env._("Repeats %s", self.name),
            "company_id": self.company_id.id,
            "user_id": self.env.uid,
            "origin_move_id": self.id,
            "document_type": "invoice",
            "price_mode": "keep",
            "currency_id": self.currency_id.id,
            "payment_term_id": self.invoice_payment_term_id.id,
            "payment_method_line_id": self.preferred_payment_method_line_id.id,
            "fiscal_position_id": self.fiscal_position_id.id,
            "journal_id": self.journal_id.id,
            "salesperson_id": self.invoice_user_id.id,
            "date_start": self.invoice_date,
            "interval": 1,
            "interval_unit": "month",
            "day_rule": "start",
            "catch_up": "all",
            "completion": "send",
            "line_ids": [
                Command.create(line._prepare_repeated_line(position)) for line in lines
            ],
            "recipient_ids": [Command.create(self._prepare_repeated_recipient())],
        }

    def _prepare_repeated_recipient(self):
        partner = self.partner_id
        is_address = partner.type == "invoice" and partner.parent_id
        customer = partner.commercial_partner_id if is_address else partner
        return {
            "partner_id": customer.id,
            "partner_invoice_id": partner.id,
            "partner_shipping_id": self.partner_shipping_id.id,
        }

    def _get_repeated_position(self):
        """The fiscal position that the next invoice will have."""
        return self.fiscal_position_id or (
            self.env["account.fiscal.position"]
            .with_company(self.company_id)
            ._get_fiscal_position(self.partner_id, delivery=self.partner_shipping_id)
        )

    def _prepare_repeated_header(self):
        """Values of the next invoice that no field of the task holds."""
        return {
            name: self._fields[name].convert_to_write(self[name], self)
            for name in REPEATED
            if self and self[name]
        }

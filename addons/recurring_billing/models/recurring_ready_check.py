from odoo import api, models
from odoo.tools import email_normalize


class RecurringReadyCheck(models.AbstractModel):
    """What would fail, loudly or, worse, silently: told before and after a run.

    The form shows it on each customer's line, the engine asks before it issues.
    """

    _name = "recurring.ready.check"
    _description = "Recurring ready check"

    @api.model
    def _get_problems(self, recipients):
        """Everything that is missing, by recipient.

        :rtype: dict[recurring.task.recipient, list[str]]
        """
        blocking = self._get_blocking_problems(recipients)
        return {
            recipient: blocking[recipient]
            + self._get_date_problems(recipient)
            + self._get_sending_problems(recipient)
            for recipient in recipients
        }

    @api.model
    def _get_date_problems(self, recipient):
        """What is wrong with the date of the next document, as far as it is known."""
        task = recipient.task_id
        today = task._get_today()
        day = min(recipient.date_next or today, today)
        return task._get_handler()._get_date_problems(task, day)

    @api.model
    def _get_blocking_problems(self, recipients):
        """Reasons for which nothing may be issued, by recipient."""
        problems = {}
        for task, members in recipients.grouped("task_id").items():
            common = self._get_task_problems(task)
            for recipient in members:
                problems[recipient] = common + self._get_recipient_problems(recipient)
        return problems

    # === TASK === #

    @api.model
    def _get_task_problems(self, task):
        """Reasons that hold for all customers of the task."""
        lines = task.line_ids.filtered(lambda line: not line.display_type)
        texts = []
        if not lines:
            texts.append(self.env._("The task has no lines."))
        elif task.price_mode == "keep" and task.currency_id.is_zero(
            task.amount_untaxed
        ):
            texts.append(self.env._("The total is zero: nothing would be billed."))
        archived = [
            (self.env._("The product “%s” is archived."), lines.product_id),
            (self.env._("The tax “%s” is archived."), lines.tax_ids),
            (self.env._("The payment terms “%s” are archived."), task.payment_term_id),
            (self.env._("The journal “%s” is archived."), task.journal_id),
            (self.env._("The pricelist “%s” is archived."), task.pricelist_id),
        ]
        for text, records in archived:
            texts += [
                text % record.display_name for record in records if not record.active
            ]
        if problem := task._get_currency_problem():
            texts.append(problem)
        texts += task._get_handler()._get_task_problems(task)
        return texts

    # === RECIPIENT === #

    @api.model
    def _get_recipient_problems(self, recipient):
        """Reasons that hold for this customer alone."""
        texts = []
        if not recipient.partner_id.active:
            texts.append(self.env._("The customer is archived."))
        if not recipient.partner_invoice_id.active and recipient.partner_id.active:
            texts.append(self.env._("The invoice address is archived. Choose another."))
        company = recipient.partner_id.company_id
        if company and company != recipient.company_id:
            texts.append(self.env._("The customer belongs to another company."))
        term = recipient.payment_term_used_id
        if term and not term.active and not recipient.task_id.payment_term_id:
            texts.append(
                self.env._("The payment terms “%s” are archived.", term.display_name)
            )
        texts += self._get_pricelist_problems(recipient)
        if recipient.company_id.recurring_hold_without_address:
            texts += self._get_address_problems(recipient)
        texts += recipient.task_id._get_handler()._get_recipient_problems(recipient)
        return texts

    @api.model
    def _get_pricelist_problems(self, recipient):
        task, pricelist = recipient.task_id, recipient.pricelist_used_id
        if task.price_mode != "pricelist" or not pricelist:
            return []
        problem = task._get_currency_problem(pricelist.currency_id)
        return [problem] if problem else []

    @api.model
    def _get_address_problems(self, recipient):
        """No address to send to, if the task sends."""
        if recipient.task_id.completion != "send" or email_normalize(
            recipient.email or ""
        ):
            return []
        return [
            self.env._(
                "No valid e-mail address for %s: the document cannot be sent.",
                recipient.partner_invoice_id.display_name,
            )
        ]

    @api.model
    def _get_sending_problems(self, recipient):
        """What hinders the sending; the document itself can be issued."""
        if recipient.task_id.completion != "send":
            return []
        texts = []
        if not recipient.company_id.recurring_hold_without_address:
            texts += self._get_address_problems(recipient)
        for user in recipient._get_copy_users():
            if not user.active:
                texts.append(self.env._("%s in copy is archived.", user.name))
        for person in recipient._get_copy_partners() | recipient._get_ack_partners():
            if not person.active:
                texts.append(self.env._("%s in copy is archived.", person.display_name))
            elif not email_normalize(person.email or ""):
                texts.append(
                    self.env._(
                        "%s in copy has no valid e-mail address.", person.display_name
                    )
                )
        return texts

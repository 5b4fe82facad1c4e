from odoo import api, models
from odoo.tools import email_normalize

from .recurring_planner import Slot


class RecurringReadyCheck(models.AbstractModel):
    """What would fail, loudly or, worse, silently: told before and after a run.

    The form shows it on each customer's line, the engine asks before it issues.
    """

    _name = "recurring.ready.check"
    _description = "Recurring ready check"

    @api.model
    def _get_problems(self, recipients):
        """Everything that is missing, by recipient, in the words of a run.

        :rtype: dict[recurring.task.recipient, list[str]]
        """
        blocking = self._get_blocking_problems(recipients)
        free = recipients.filtered(lambda recipient: not blocking[recipient])
        worthless = self._get_worthless(free)
        return {
            recipient: blocking[recipient]
            + worthless.get(recipient, [])
            + self._get_date_problems(recipient)
            + self._get_sending_problems(recipient)
            for recipient in recipients
        }

    @api.model
    def _get_next_day(self, recipient):
        """Date of the next document, as far as it is known."""
        return recipient.date_next or recipient.task_id._get_today()

    @api.model
    def _get_date_problems(self, recipient):
        """What is wrong with the date of the next document."""
        task, day = recipient.task_id, self._get_next_day(recipient)
        return task._get_handler()._get_date_problems(task, day)

    @api.model
    def _get_worthless(self, recipients):
        """Customers whose prices of that day come to nothing, and what to tell.

        The engine sees it when it has made the document: only the mark asks ahead.

        :rtype: dict[recurring.task.recipient, list[str]]
        """
        members = recipients.filtered(
            lambda r: (
                r.task_id.price_mode == "pricelist"
                and r.task_id._get_handler()._has_amount()
            )
        )
        days = {recipient: self._get_next_day(recipient) for recipient in members}
        slots = [Slot(member, None, day, day) for member, day in days.items()]
        amounts = self.env["recurring.runaway"]._get_amounts(slots)
        return {
            recipient: [self._get_zero_message(recipient)]
            for recipient, amount in zip(members, amounts, strict=True)
            if recipient.company_id.currency_id.is_zero(amount)
        }

    @api.model
    def _get_zero_message(self, recipient):
        return self.env._(
            "The total for %s is zero: nothing would be billed. Check the prices.",
            recipient.partner_id.display_name,
        )

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
        texts = self._get_amount_problems(task, lines)
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
        if not task._get_zone():
            texts.append(
                self.env._("The time zone “%s” is unknown. Choose another.", task.tz)
            )
        texts += task._get_handler()._get_task_problems(task)
        return texts

    @api.model
    def _get_amount_problems(self, task, lines):
        """Nothing to bill; of no interest where the documents have no amount."""
        if not task._get_handler()._has_amount():
            return []
        if not lines:
            return [self.env._("The task has no lines.")]
        if task.price_mode == "keep" and task.currency_id.is_zero(task.amount_untaxed):
            return [self.env._("The total is zero: nothing would be billed.")]
        return []

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
        texts += self._get_fiscal_position_problems(recipient)
        if recipient.company_id.recurring_hold_without_address:
            texts += self._get_address_problems(recipient)
        texts += recipient.task_id._get_handler()._get_recipient_problems(recipient)
        return texts

    @api.model
    def _get_pricelist_problems(self, recipient):
        """Core would quietly take another pricelist instead of an archived one."""
        task, pricelist = recipient.task_id, recipient.pricelist_used_id
        if task.price_mode != "pricelist" or not pricelist:
            return []
        partner = recipient.partner_id.with_company(task.company_id)
        own = partner.specific_property_product_pricelist
        if own and not own.active and not task.pricelist_id:
            return [self.env._("The pricelist “%s” is archived.", own.display_name)]
        problem = task._get_currency_problem(pricelist.currency_id)
        return [problem] if problem else []

    @api.model
    def _get_fiscal_position_problems(self, recipient):
        """Core would quietly use an archived position, or leave a tax as it is whose
        replacement is archived."""
        position = recipient.fiscal_position_used_id
        if not position:
            return []
        texts = []
        if not position.active:
            texts.append(
                self.env._("The fiscal position “%s” is archived.", position.name)
            )
        replaced = position.tax_map or {}
        lines = recipient.task_id.line_ids.filtered(lambda x: not x.tax_is_final)
        for tax in self._get_archived_taxes(position):
            for source in tax.original_tax_ids & lines.tax_ids:
                if source.id not in replaced:
                    texts.append(
                        self.env._(
                            "The fiscal position “%(position)s” replaces the tax "
                            "“%(tax)s” by “%(new)s”, which is archived. Activate it "
                            "or take it out of the fiscal position.",
                            position=position.name,
                            tax=source.name,
                            new=tax.name,
                        )
                    )
        return texts

    @api.model
    def _get_archived_taxes(self, position):
        """Of a foreign position: the taxes of the country itself replace nothing."""
        if position.is_domestic:
            return self.env["account.tax"]
        taxes = position.with_context(active_test=False).tax_ids
        return taxes.filtered(lambda tax: not tax.active)

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

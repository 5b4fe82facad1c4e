from odoo import api, fields, models

from ..reminder_rules import Step

#: Days after the due date: two reminders, then the user is told ten days later.
STANDARD_LADDER = (3, 15, 25)


class PaymentReminderLevel(models.Model):
    """What happens when an invoice is so many days overdue."""

    _name = "payment.reminder.level"
    _description = "Reminder Level"
    _order = "ladder_id, days_overdue, sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    ladder_id = fields.Many2one(
        "payment.reminder.ladder",
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        help="Empty: for all customers without a ladder of their own.",
    )
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        index=True,
    )
    days_overdue = fields.Integer(
        required=True,
        help="Days after the due date. A level also keeps the distance of the ladder "
        "from the level before.",
    )
    mail_template_id = fields.Many2one(
        "mail.template",
        string="E-Mail",
        domain="[('model', '=', 'payment.reminder.letter')]",
        ondelete="restrict",
        help="Empty: the customer gets no e-mail at this level.",
    )
    attach_invoices = fields.Boolean(
        string="Attach the Invoices", help="The PDF of each invoice in the table."
    )
    notify_user = fields.Boolean(
        string="Notify the User",
        help="The responsible gets an activity with the customer's phone number and "
        "the reminders so far.",
    )

    _days_after_due = models.Constraint(
        "CHECK(days_overdue > 0)",
        "A reminder comes at least one day after the due date.",
    )
    _does_something = models.Constraint(
        "CHECK(mail_template_id IS NOT NULL OR notify_user)",
        "A level sends an e-mail, notifies the user, or both.",
    )
    _one_a_day = models.UniqueIndex(
        "(company_id, COALESCE(ladder_id, 0), days_overdue) WHERE active IS TRUE",
        "There is already a level for this number of days.",
    )

    @api.depends("ladder_id")
    def _compute_company_id(self):
        for level in self:
            level.company_id = (
                level.ladder_id.company_id or level.company_id or self.env.company
            )

    @api.model
    def _create_standard(self, companies):
        """The standard ladder for companies that have none."""
        ref = self.env.ref
        templates = [
            ref("recurring_billing.mail_template_reminder_friendly"),
            ref("recurring_billing.mail_template_reminder_firm"),
        ]
        first, second, last = STANDARD_LADDER
        for company in companies:
            lang = company.partner_id.lang
            env = self.with_context(lang=lang).env
            common = {"company_id": company.id}
            self.sudo().with_context(lang=lang).create(
                [
                    {
                        **common,
                        "name": env._("First reminder"),
                        "days_overdue": first,
                        "mail_template_id": templates[0].id,
                    },
                    {
                        **common,
                        "name": env._("Second reminder"),
                        "days_overdue": second,
                        "mail_template_id": templates[1].id,
                        "attach_invoices": True,
                    },
                    {
                        **common,
                        "name": env._("Call the customer"),
                        "days_overdue": last,
                        "notify_user": True,
                    },
                ]
            )

    @api.model
    def _get_standard(self, company):
        """The company's levels for customers without a ladder of their own."""
        return self.search([("company_id", "=", company.id), ("ladder_id", "=", False)])

    def _get_steps(self):
        return [Step(level, level.days_overdue) for level in self]

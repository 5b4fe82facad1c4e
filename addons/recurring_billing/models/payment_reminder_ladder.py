from odoo import fields, models


class PaymentReminderLadder(models.Model):
    """Levels of reminders for customers who are not treated as all others are.

    The company's own levels, without a ladder, hold for everybody else.
    """

    _name = "payment.reminder.ladder"
    _description = "Reminder Ladder"
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    level_ids = fields.One2many(
        "payment.reminder.level", "ladder_id", string="Levels", copy=True
    )

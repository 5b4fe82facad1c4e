from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    task_project_id = fields.Many2one(
        "project.project",
        string="Project of New Tasks",
        help="Receives tasks made from quotations and orders whose reason names none.",
    )
    propose_task_manager = fields.Boolean(
        string="Propose Who Manages a Task",
        help="Where no rule decides and nobody was entered: the available member of "
        "the team with the least open tasks.",
    )
    is_signature_pressure_kept = fields.Boolean(
        string="Keep the Pressure of Signatures",
        help="How hard the pen was pressed is recorded with the signature, where the "
        "screen can tell. This is personal data: tell your customers.",
    )
    quotation_reminder_days = fields.Integer(
        string="Days until a Quotation Counts as Unopened",
        help="The salesperson gets an activity when nobody opened a quotation for so "
        "many days after it was sent. 0: never.",
    )

    _quotation_reminder_days_not_negative = models.Constraint(
        "CHECK (quotation_reminder_days >= 0)",
        "Quotations nobody opens: give a number of days, or 0 for never.",
    )

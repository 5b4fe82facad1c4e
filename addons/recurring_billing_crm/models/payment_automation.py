from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PaymentAutomation(models.Model):
    _inherit = "payment.automation"

    trigger = fields.Selection(
        selection_add=[("stage", "as soon as its card reaches the stage")],
        ondelete={"stage": "set default"},
    )
    stage_enrolled_id = fields.Many2one(
        comodel_name="crm.stage",
        string="Stage of Enrolment",
        ondelete="restrict",
        help="A card that is moved here gets its quotation and its pro-forma.",
    )
    stage_paid_id = fields.Many2one(
        comodel_name="crm.stage",
        string="Stage When Paid",
        ondelete="restrict",
        help="The card moves here when the payment is confirmed; moving it here by "
        "hand confirms the payment.",
    )
    crm_team_id = fields.Many2one(
        comodel_name="crm.team",
        string="Cards Of",
        ondelete="restrict",
        check_company=True,
        help="Empty: cards of all sales teams.",
    )

    @api.constrains("trigger", "stage_enrolled_id", "stage_paid_id")
    def _check_stages(self):
        for rule in self:
            if rule.trigger == "stage" and not rule.stage_enrolled_id:
                raise ValidationError(
                    self.env._(
                        "%s: choose the stage at which the pro-forma is issued.",
                        rule.name,
                    )
                )
            if rule.stage_paid_id and rule.stage_paid_id == rule.stage_enrolled_id:
                raise ValidationError(
                    self.env._("%s: enrolment and payment need two stages.", rule.name)
                )

    @api.model
    def _get_for_stage(self, field_name, stage, lead):
        """The rule that waits for this card at this stage, or an empty one.

        :param str field_name: ``stage_enrolled_id`` or ``stage_paid_id``
        """
        company = lead.company_id or lead.env.company
        rules = self.sudo().search(
            [
                (field_name, "=", stage.id),
                ("company_id", "=", company.id),
                ("crm_team_id", "in", [False, *lead.team_id.ids]),
            ]
        )
        template = lead.enrolment_template_id
        fitting = rules.filtered(lambda rule: template in rule.template_ids)
        return (fitting or rules.filtered(lambda rule: not rule.template_ids))[:1] or (
            rules[:1] if not template else rules[:0]
        )

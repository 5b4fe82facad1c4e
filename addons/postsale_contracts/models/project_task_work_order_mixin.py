from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.crm_sla.context_defaults import without_defaults
from odoo.addons.recurring_billing.models.recurring_issued_mixin import PROTECTED

#: The state of core that means that a task is called off.
CANCELLED = "1_canceled"


class ProjectTaskWorkOrderMixin(models.AbstractModel):
    """A task that is a planned visit at a customer's: a work order.

    A recurring task makes it, or a person. Moving ``visit_date`` moves this visit
    alone: the dates of the recurring task and its ledger stay as they are.
    """

    _name = "project.task.work.order.mixin"
    _inherit = [
        "recurring.issued.mixin",
        "document.delivery.mixin",
        "friendly.document.mixin",
    ]
    _description = "Work Order"

    is_work_order = fields.Boolean(string="Work Order", index="btree_not_null")
    visit_date = fields.Date(
        string="Day of the Visit",
        index="btree_not_null",
        tracking=True,
        help="Move it as you like: the dates of the recurring task stay.",
    )
    visit_partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Visit Address",
        ondelete="restrict",
        index="btree_not_null",
    )
    visit_hours = fields.Char(string="Hours That Suit")
    visit_access_notes = fields.Text(
        string="How to Get In", help="Keys, gate codes, whom to ask for …"
    )
    work_role_id = fields.Many2one(
        comodel_name="project.role",
        string="Role for the Visit",
        ondelete="restrict",
        index="btree_not_null",
        help="Whoever has this role can take the visit.",
    )
    checklist_ids = fields.One2many(
        comodel_name="postsale.checklist.line",
        inverse_name="task_id",
        string="Checklist",
        copy=True,
    )

    # Given by the customer when the work is done
    work_signature = fields.Image(
        string="Signature", copy=False, attachment=True, max_width=1024, max_height=1024
    )
    work_signed_by = fields.Char(string="Signed By", copy=False)
    work_signed_on = fields.Datetime(string="Signed On", copy=False)

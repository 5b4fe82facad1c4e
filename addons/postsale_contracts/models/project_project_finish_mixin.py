from odoo import fields, models


class ProjectProjectFinishMixin(models.AbstractModel):
    """Where the phone view moves a job that a technician has finished."""

    _name = "project.project.finish.mixin"
    _description = "Project whose jobs are finished on the phone"

    finished_stage_id = fields.Many2one(
        comodel_name="project.task.type",
        string="Stage of Finished Jobs",
        ondelete="set null",
        domain="[('project_ids', 'in', id)]",
        help="A job that is finished in “My Day” moves here. Empty: it is marked as "
        "done and stays at its stage.",
    )

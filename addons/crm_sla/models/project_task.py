from odoo import models


class ProjectTask(models.Model):
    """One mixin for each question: does it meet the SLA, who manages it, whence it
    came. They stand before the core's model: they override its methods.
    """

    _name = "project.task"
    _inherit = [
        "project.task.sla.warning.mixin",  # after clock and managers have had their say
        "project.task.sla.mixin",
        "project.task.sla.explanation.mixin",
        "project.task.sla.clock.mixin",
        "project.task.origin.mixin",
        "project.task.manager.mixin",
        "project.task.elapsed.mixin",
        "project.task",
    ]

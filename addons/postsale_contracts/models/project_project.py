from odoo import api, fields, models


class ProjectProject(models.Model):
    _name = "project.project"
    _inherit = ["project.project.finish.mixin", "project.project"]

    is_postsale = fields.Boolean(
        string="Post-Sale",
        help="Tasks of this project are tickets: with a contract, assets and service "
        "activities.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        projects = super().create(vals_list)
        projects.filtered("is_postsale")._start_postsale()
        return projects

    def write(self, vals):
        result = super().write(vals)
        if vals.get("is_postsale"):
            self._start_postsale()
        return result

    def _start_postsale(self):
        """Tickets have customers, which core gives to tasks of billable projects only;
        tasks that are there already become tickets."""
        self.filtered(lambda project: not project.allow_billable).allow_billable = True
        tasks = (
            self.env["project.task"]
            .sudo()
            .with_context(active_test=False)
            .search([("project_id", "in", self.ids)])
        )
        tasks._become_tickets(tasks)

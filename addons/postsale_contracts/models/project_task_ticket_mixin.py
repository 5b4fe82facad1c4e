from odoo import api, fields, models


class ProjectTaskTicketMixin(models.AbstractModel):
    """A task of a post-sale project is a ticket: contract, assets, interventions."""

    _name = "project.task.ticket.mixin"
    _description = "Ticket"

    is_ticket = fields.Boolean(string="Ticket", index="btree_not_null", copy=True)
    ticket_contract_id = fields.Many2one(
        comodel_name="postsale.contract",
        string="Contract",
        ondelete="restrict",
        index="btree_not_null",
        tracking=True,
    )
    asset_ids = fields.Many2many(
        comodel_name="maintenance.equipment",
        relation="project_task_asset_rel",
        column1="task_id",
        column2="asset_id",
        string="Assets",
    )
    intervention_ids = fields.One2many(
        comodel_name="postsale.intervention",
        inverse_name="task_id",
        string="Service Activities",
    )

    @api.model_create_multi
    def create(self, vals_list):
        tasks = super().create(vals_list)
        tasks._become_tickets()
        return tasks

    def write(self, vals):
        result = super().write(vals)
        if "project_id" in vals:
            self._become_tickets()
        return result

    def _become_tickets(self):
        """Tasks of a post-sale project are tickets; one that leaves it stays what it
        is, with its activities."""
        new = self.sudo().filtered(
            lambda task: task.project_id.is_postsale and not task.is_ticket
        )
        if new:
            new.is_ticket = True

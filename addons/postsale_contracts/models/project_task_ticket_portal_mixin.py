from odoo import models


class ProjectTaskTicketPortalMixin(models.AbstractModel):
    """What a customer sees of his tickets."""

    _name = "project.task.ticket.portal.mixin"
    _description = "Ticket on the customer's page"

    def _get_portal_activities(self):
        """What was done or is planned, oldest first, without what was dropped."""
        self.ensure_one()
        return self.intervention_ids.filtered(
            lambda activity: activity.state != "cancelled"
        ).sorted(lambda activity: (activity.date, activity.id))

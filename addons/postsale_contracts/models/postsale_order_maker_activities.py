from odoo import api, models


class PostsaleOrderMaker(models.AbstractModel):
    """A line knows the service activity that it bills."""

    _inherit = "postsale.order.maker"

    @api.model
    def _prepare_line(self, request, order, line):
        values = super()._prepare_line(request, order, line)
        source = line.source
        if source is not None and source._name == "postsale.intervention":
            values["intervention_id"] = source.id
        return values

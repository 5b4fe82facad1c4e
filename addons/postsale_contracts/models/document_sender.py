from odoo import api, models


class DocumentSender(models.AbstractModel):
    _inherit = "document.sender"

    @api.model
    def _get_sender_names(self):
        names = super()._get_sender_names()
        return {**names, "project.task": "document.sender.work.order"}

from odoo import api, models


class DocumentSender(models.AbstractModel):
    _inherit = "document.sender"

    @api.model
    def _get_sender_names(self):
        return {
            **super()._get_sender_names(),
            "postsale.erp.transmission": "document.sender.erp",
            "postsale.renewal.notice": "document.sender.renewal",
            "project.task": "document.sender.work.order",
        }

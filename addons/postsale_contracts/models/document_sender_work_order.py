from odoo import api, models

from .project_task_work_order_mixin import CANCELLED


class DocumentSenderWorkOrder(models.AbstractModel):
    """Work orders, printed as the customer likes them."""

    _name = "document.sender.work.order"
    _inherit = "document.sender"
    _description = "Way of sending a work order"

    @api.model
    def _is_alive(self, document):
        return document.active and document.state != CANCELLED

    @api.model
    def _get_default_template(self, document):
        return self.env.ref("postsale_contracts.mail_template_work_order")

    @api.model
    def _get_default_report(self, envelope):
        recipient = envelope.delivery.occurrence_id.sudo().recipient_id
        return recipient.report_used_id or super()._get_default_report(envelope)

from odoo import api, models

from odoo.addons.base.models.ir_mail_server import MailDeliveryException


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    @api.model
    def send_email(self, message, *args, **kwargs):
        """Keep the mail server's own words: Odoo turns them into a text."""
        attempt = self.env.context.get("delivery_attempt")
        if attempt is None:
            return super().send_email(message, *args, **kwargs)
        try:
            return super().send_email(message, *args, **kwargs)
        except Exception as error:
            is_wrapped = isinstance(error, MailDeliveryException) and error.__context__
            attempt.error = error.__context__ if is_wrapped else error
            raise

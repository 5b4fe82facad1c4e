from odoo import api, models

from odoo.addons.base.models.ir_mail_server import MailDeliveryException

from ..smtp_outcome import is_time_out


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    @api.model
    def _connect__(self, *args, mail_server_id=None, **kwargs):
        """In one round of sending, a server that hung is not waited for again.

        Odoo connects once for each sender's address, and a hang takes a minute.
        """
        hung = self.env.context.get("delivery_hung_servers", {})
        if error := hung.get(mail_server_id or False):
            raise error
        try:
            return super()._connect__(*args, mail_server_id=mail_server_id, **kwargs)
        except OSError as error:
            if is_time_out(error):
                hung[mail_server_id or False] = error
            raise

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

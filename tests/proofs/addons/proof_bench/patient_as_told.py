"""A mail server is waited for as long as the system parameter ``proof.patience`` says,
in seconds, instead of Odoo's minute. No protection is taken away.
"""

from odoo.addons.base.models import ir_mail_server
from odoo.addons.recurring_billing.models.ir_mail_server import IrMailServer

_connect = IrMailServer._connect__


def _connect_as_told(self, *args, **kwargs):
    self.env.cr.execute(
        "SELECT value FROM ir_config_parameter WHERE key = 'proof.patience'"
    )
    if row := self.env.cr.fetchone():
        ir_mail_server.SMTP_TIMEOUT = float(row[0])
    return _connect(self, *args, **kwargs)


IrMailServer._connect__ = _connect_as_told

"""Black-box tests: a real Odoo server, a real mail server, a throw-away database.

def test_something(db, smtp):
    with odoo_server(db, smtp=smtp) as server:
        ids = server.call("res.partner", "search", [["email", "!=", False]])
        server.run_cron("mail.ir_cron_mail_scheduler_action")
    assert smtp.messages[0].to == ["anna@example.com"]
"""

from suite.rpc import Client, RpcError

from . import forked
from .browser import Browser
from .database import Database
from .line import Line
from .phone import Phone
from .server import OdooServer, odoo_server
from .smtp import Fault, SmtpSink
from .waiting import wait_until

__all__ = [
    "Browser",
    "Client",
    "Database",
    "Fault",
    "Line",
    "OdooServer",
    "Phone",
    "RpcError",
    "SmtpSink",
    "forked",
    "odoo_server",
    "wait_until",
]

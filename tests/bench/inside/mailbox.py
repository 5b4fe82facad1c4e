"""No mail leaves a benchmark."""

from contextlib import contextmanager
from unittest.mock import patch

from odoo.addons.base.models.ir_mail_server import IrMail_Server


@contextmanager
def caught_mail():
    """Collects the messages that would have been handed to a mail server."""
    caught = []

    def send_email(_server, message, *_args, **_kwargs):
        caught.append(message)
        return message["Message-Id"]

    with (
        patch.object(IrMail_Server, "_connect__", lambda *_args, **_kwargs: None),
        patch.object(IrMail_Server, "send_email", send_email),
    ):
        yield caught

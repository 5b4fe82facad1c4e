"""Fixtures for the tests of sending; holds no tests."""

import smtplib
from contextlib import contextmanager
from datetime import date
from unittest.mock import patch

from odoo import Command
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.base.models.ir_mail_server import IrMail_Server

from .statement_count import StatementCount

HUNG_UP = "hung up"
HANGS = "hangs"


class FakeServer:
    """A mail server that answers as it is told.

    ``answers`` maps a stage (``mail``, ``rcpt``, ``rcpt:<address>``, ``data``,
    ``body``) to a reply ``(code, text)``, :data:`HUNG_UP` or :data:`HANGS`; all else
    is accepted.
    """

    def __init__(self, **answers):
        self.answers = answers
        self.connections = 0
        self.received = []  # (addresses, text)

    def connect(self, *args, **kwargs):
        self.connections += 1
        answer = self.answers.get("connect")
        if answer == HANGS:
            raise TimeoutError("timed out")
        if answer:
            raise smtplib.SMTPConnectError(*answer)
        return FakeSession(self)

    def answer(self, *stages):
        for stage in stages:
            if stage in self.answers:
                return self.answers[stage]
        return (354, b"go on") if stages[0] == "data" else (250, b"ok")


class FakeSession(smtplib.SMTP):
    """The real client with a wire that ends in this process."""

    def __init__(self, server):
        super().__init__()
        self.server = server
        self.sock = object()
        self.smtp_from = self.from_filter = False
        self._reset()

    def _reset(self):
        self.stages, self.addresses, self.text = ("ehlo",), [], b""

    def ehlo_or_helo_if_needed(self):
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("please run connect() first")

    def putcmd(self, cmd, args=""):
        address = args.partition("<")[2].partition(">")[0]
        if cmd.lower() == "mail":
            self._reset()
        self.stages = (f"{cmd}:{address}".lower(), cmd.lower())
        if cmd.lower() in ("data", "quit", "rset"):
            self.stages = (cmd.lower(),)
        self.address = address

    def send(self, text):
        self.stages, self.text = ("body",), text

    def getreply(self):
        reply = self.server.answer(*self.stages)
        if reply in (HUNG_UP, HANGS):
            if self.stages == ("body",):
                self.server.received.append((self.addresses, self.text))
            self.close()
            lost = smtplib.SMTPServerDisconnected("Connection unexpectedly closed")
            if reply == HANGS:
                lost.__context__ = TimeoutError("timed out")  # as smtplib does
            raise lost
        if self.stages[-1] == "rcpt" and reply[0] == 250:
            self.addresses = [*self.addresses, self.address]
        if self.stages == ("body",) and reply[0] == 250:
            self.server.received.append((self.addresses, self.text))
        return reply

    def quit(self):
        self.close()
        return (221, b"bye")

    def close(self):
        self.sock = None


class DeliveryCommon(StatementCount, AccountTestInvoicingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.company_data["company"]
        cls.company.email = "books@supplier.example"
        cls.biller = new_test_user(
            cls.env,
            "biller",
            groups="recurring_billing.group_billing",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
            email="biller@supplier.example",
        )
        cls.customer = cls.env["res.partner"].create(
            {"name": "Azure Interior", "email": "office@azure.example"}
        )
        cls.contact = cls.env["res.partner"].create(
            {
                "name": "Brandon Freeman",
                "email": "brandon@azure.example",
                "parent_id": cls.customer.id,
            }
        )
        cls.Delivery = cls.env["document.delivery"].sudo()

    # === FIXTURES === #

    @classmethod
    def _create_task(cls, **values):
        return (
            cls.env["recurring.task"]
            .sudo()
            .create(
                {
                    "name": "Monthly service",
                    "company_id": cls.company.id,
                    "user_id": cls.biller.id,
                    "document_type": "invoice",
                    "completion": "send",
                    "tz": "Europe/Berlin",
                    "date_start": date(2027, 1, 1),
                    **values,
                }
            )
        )

    @classmethod
    def _create_recipient(cls, task, partner=None, **values):
        return (
            cls.env["recurring.task.recipient"]
            .sudo()
            .create(
                {
                    "task_id": task.id,
                    "partner_id": (partner or cls.customer).id,
                    **values,
                }
            )
        )

    @classmethod
    def _create_occurrence(cls, recipient, document, number=1):
        return (
            cls.env["recurring.occurrence"]
            .sudo()
            .create(
                {
                    "recipient_id": recipient.id,
                    "scheduled_date": date(2027, number, 1),
                    "issue_date": date(2027, number, 1),
                    "period_start": date(2027, number, 1),
                    "period_end": date(2027, number, 28),
                    "state": "generated",
                    "res_model": document._name,
                    "res_id": document.id,
                }
            )
        )

    @classmethod
    def _make_invoice(cls, partner=None):
        return cls._create_invoice_one_line(
            partner_id=partner or cls.customer,
            price_unit=100.0,
            invoice_date="2027-01-01",
            post=True,
        )

    @classmethod
    def _make_order(cls, partner=None):
        return (
            cls.env["sale.order"]
            .sudo()
            .create(
                {
                    "partner_id": (partner or cls.customer).id,
                    "company_id": cls.company.id,
                    "order_line": [
                        Command.create(
                            {"product_id": cls.product_a.id, "price_unit": 100}
                        )
                    ],
                }
            )
        )

    @classmethod
    def _issue(cls, task=None, partner=None, document=None, recipient=None, **values):
        """A document of a task with its deliveries, as the engine makes them."""
        task = task or cls._create_task()
        recipient = recipient or cls._create_recipient(task, partner, **values)
        document = document or cls._make_invoice(partner)
        occurrence = cls._create_occurrence(recipient, document)
        return cls.Delivery._create_for_occurrences(occurrence)

    # === SENDING === #

    @contextmanager
    def _mail_server(self, **answers):
        server = FakeServer(**answers)
        with (
            patch.object(IrMail_Server, "_disable_send", lambda *args: False),
            patch.object(IrMail_Server, "_connect__", server.connect),
        ):
            yield server

    def _queue(self, rows):
        """What the scheduled action does with a batch."""
        rows._run_batch()
        return rows.mail_mail_id

    def _send(self, rows, **answers):
        """Queue and hand over; the server answers as told."""
        self._queue(rows.filtered(lambda row: not row.mail_mail_id))
        with self._mail_server(**answers) as server:
            mails = rows.mail_mail_id.filtered(lambda mail: mail.state == "outgoing")
            mails.scheduled_date = False
            self.env["mail.mail"].process_email_queue(email_ids=mails.ids)
        return server


class SmtpCase(DeliveryCommon):
    """Real mails to a fake mail server, without the cost of rendering documents."""

    #: Odoo complains there about what the tests provoke.
    LOGGERS = (
        "odoo.addons.mail.models.mail_mail",
        "odoo.addons.base.models.ir_mail_server",
    )

    def _queue(self, rows):
        for row in rows:
            mail = self.env["mail.mail"].create(
                {
                    "subject": row.document_name,
                    "body_html": "<p>Your invoice</p>",
                    "email_from": "books@supplier.example",
                    "email_to": row.email_to,
                    "email_cc": row.email_cc,
                    "auto_delete": False,
                    "is_notification": True,
                }
            )
            row.write(
                {"mail_mail_id": mail.id, "mail_message_id": mail.mail_message_id.id}
            )
            self.env["mail.notification"].create(
                [
                    {
                        "mail_mail_id": mail.id,
                        "mail_message_id": mail.mail_message_id.id,
                        "notification_type": "email",
                        "notification_status": "ready",
                        "res_partner_id": partner.id,
                    }
                    for partner in row.partner_ids
                ]
            )
        return rows.mail_mail_id

    def _send(self, rows, **answers):
        with mute_logger(*self.LOGGERS):
            return super()._send(rows, **answers)

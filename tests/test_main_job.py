"""The main job from outside: the scheduled action issues and mails 30 invoices.

A real server with its scheduler, a real mail server. Nobody presses a button after the
task was started; the test only lets the first date arrive.
"""

import io
import re

import pypdf
import pytest

from harness import Database, SmtpSink, odoo_server, wait_until

CUSTOMERS = 30
#: One customer reads Spanish, one has a contact and a colleague in copy.
SPANISH = "customer01@example.com"
WITH_COPY = "customer02@example.com"
GREETING = "Thank you for hosting with us."

SET_UP = f"""
from datetime import timedelta
from odoo import Command, fields

env["res.lang"]._activate_lang("es_ES")
modules = env["ir.module.module"].search([("name", "in", ["account", "base"])])
modules._update_translations(["es_ES"])
company = env.company
company.write({{"name": "Cloud House", "email": "billing@cloudhouse.example"}})
biller = env["res.users"].create({{
    "name": "Bea Biller",
    "login": "bea",
    "email": "bea@cloudhouse.example",
    "group_ids": [Command.link(env.ref("recurring_billing.group_billing").id)],
}})
product = env["product.product"].create(
    {{"name": "Hosting", "type": "service", "list_price": 100.0}}
)
customers = env["res.partner"].create([
    {{"name": f"Customer {{i:02d}}", "email": f"customer{{i:02d}}@example.com"}}
    for i in range({CUSTOMERS})
])
customers[1].lang = "es_ES"
contact = env["res.partner"].create(
    {{"name": "Ada", "email": "ada@example.com", "parent_id": customers[2].id}}
)
task = env["recurring.task"].with_user(biller).create({{
    "name": "Hosting",
    "date_start": fields.Date.today() + timedelta(days=2),
    "mail_greeting": "{GREETING}",
    "line_ids": [Command.create({{
        "product_id": product.id,
        "quantity": 2,
        "name": "Hosting {{{{month}}}} {{{{year}}}}",
    }})],
    "recipient_ids": [Command.create({{
        "partner_id": customer.id,
        "contact_ids": [Command.set(contact.ids if customer == customers[2] else [])],
        "copy_user_ids": [Command.set(biller.ids if customer == customers[2] else [])],
    }}) for customer in customers],
}})
task.action_start()
env.cr.commit()
"""


def _let_the_first_date_arrive(db):
    """What two days of waiting would do, and the scheduler's next look at once."""
    db.sql("UPDATE recurring_task SET date_start = date_start - 2")
    db.sql("UPDATE recurring_task_recipient SET date_next = date_next - 2")
    db.sql(
        "UPDATE ir_cron SET nextcall = now() at time zone 'UTC' - interval '1 minute'"
        " WHERE id = %s",
        db.ref("recurring_billing.ir_cron_generate"),
    )


def _wait_for_the_report(smtp):
    """It leaves when all deliveries are final."""
    wait_until(lambda: any(map(_is_report, smtp.messages)), "the report", 150)


def _is_report(message):
    return message.to == ["bea@cloudhouse.example"]


@pytest.fixture(scope="module")
def received(settings, template):
    """Everything the mail server got, and the database afterwards."""
    db = Database.fresh(settings, template, "mainjob")
    db.shell(SET_UP)
    _let_the_first_date_arrive(db)
    with SmtpSink() as smtp:
        with odoo_server(db, smtp=smtp, crons=1):
            db.wake_scheduler()
            smtp.wait_for(CUSTOMERS, timeout=120)
            _wait_for_the_report(smtp)
        messages = list(smtp.messages)
    yield db, messages
    db.drop()


@pytest.fixture
def invoices(received):
    """{address of the customer: message}, the report left out."""
    _db, messages = received
    return {message.to[0]: message for message in messages if not _is_report(message)}


def test_every_customer_gets_one_invoice(received, invoices):
    db, messages = received
    assert len(messages) == CUSTOMERS + 1
    assert len(invoices) == CUSTOMERS
    assert db.scalar("SELECT count(*) FROM account_move WHERE state = 'posted'") == (
        CUSTOMERS
    )
    assert db.sql("SELECT DISTINCT state FROM recurring_occurrence") == [("sent",)]


def test_the_ledger_says_that_the_mail_server_accepted_them(received):
    db, _messages = received
    states = "SELECT state, count(*) FROM document_delivery GROUP BY state"
    assert db.sql(states) == [("sent", CUSTOMERS)]


def test_copies_stand_in_cc_of_the_one_mail(invoices):
    message = invoices[WITH_COPY]
    assert message.to == [WITH_COPY]
    assert sorted(message.cc) == ["ada@example.com", "bea@cloudhouse.example"]
    assert sorted(message.rcpt_tos) == sorted([*message.to, *message.cc])


def test_nobody_else_is_in_copy(invoices):
    others = [mail for address, mail in invoices.items() if address != WITH_COPY]
    assert all(mail.cc == [] for mail in others)


def test_the_personal_text_follows_the_addressee(invoices):
    text = " ".join(invoices["customer03@example.com"].text.split())
    assert re.search(r"Customer 03.{0,20}" + re.escape(GREETING), text), text[:500]


def test_the_mail_speaks_the_customers_language(invoices):
    assert "Factura" in invoices[SPANISH].subject
    assert "Invoice" in invoices["customer03@example.com"].subject


def test_the_pdf_opens_and_holds_its_number(received, invoices):
    db, _messages = received
    numbers = dict(
        db.sql(
            "SELECT p.email, m.name FROM account_move m"
            " JOIN res_partner p ON p.id = m.partner_id"
        )
    )
    for address, message in invoices.items():
        (content,) = [
            data for name, data in message.attachments.items() if name.endswith(".pdf")
        ]
        pages = pypdf.PdfReader(io.BytesIO(content)).pages
        text = "".join(page.extract_text() for page in pages)
        assert numbers[address] in text
        assert "Cloud House" in text


def test_the_pdf_speaks_the_customers_language(invoices):
    (content,) = invoices[SPANISH].attachments.values()
    text = pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text()
    assert "Factura" in text


def test_the_report_tells_the_truth(received):
    db, messages = received
    (report,) = [message for message in messages if _is_report(message)]
    total = db.scalar("SELECT sum(amount_total) FROM account_move")
    assert str(CUSTOMERS) in report.subject
    assert f"{total:,.2f}" in report.text
    assert "Customer Invoice" in report.text


def test_every_customer_waits_for_the_next_month(received):
    db, _messages = received
    (row,) = db.sql(
        "SELECT DISTINCT r.date_next - t.date_start FROM recurring_task_recipient r"
        " JOIN recurring_task t ON t.id = r.task_id"
    )
    assert 28 <= row[0] <= 31

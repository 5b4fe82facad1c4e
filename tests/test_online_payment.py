"""From the link in the e-mail to the settled invoice and the contract in the mailbox.

A real server with its scheduler, a real mail server, a real browser in which nobody is
logged in, and Odoo's own demo payment provider. Three customers pay: Anna her
pro-forma, Ben the first of three instalments, Cora an invoice that a task issued.
"""

import io
import json
from types import SimpleNamespace

import pypdf
import pytest

from harness import Browser, Database, SmtpSink, odoo_server
from harness.customer import pay

ANNA, BEN, CORA = "anna@example.com", "ben@example.com", "cora@example.com"

INSTALL = """
module = env["ir.module.module"].search([("name", "=", "payment_demo")])
module.button_immediate_install()
"""

SET_UP = f"""
from datetime import timedelta
from odoo import Command, fields

env.company.write({{"name": "First Aid School", "email": "school@example.com"}})
bank = env["account.journal"].search([("type", "=", "bank")], limit=1)
env.ref("payment.payment_provider_demo").write(
    {{"state": "test", "is_published": True, "journal_id": bank.id}}
)
product = env["product.product"].create(
    {{"name": "Course", "type": "service", "list_price": 300.0}}
)
template = env["sale.contract.template"].create({{
    "name": "Contract",
    "body": '<p>Contract with <t t-out="object.customer_name"/></p>',
}})
rule = env["payment.automation"].create({{
    "name": "Courses", "trigger": "manual", "contract_template_id": template.id,
}})
anna, ben, cora = env["res.partner"].create([
    {{"name": address.split("@")[0].title(), "email": address}}
    for address in {[ANNA, BEN, CORA]!r}
])
env["sale.order"].create([{{
    "partner_id": partner.id,
    "payment_automation_id": rule.id,
    "instalment_count": instalments,
    # the strictest: a quotation that counts only when it is signed and paid in full
    "require_signature": True,
    "require_payment": True,
    "prepayment_percent": 1.0,
    "order_line": [Command.create({{"product_id": product.id}})],
}} for partner, instalments in [(anna, 0), (ben, 3)]])
task = env["recurring.task"].create({{
    "name": "Hosting",
    "date_start": fields.Date.today() + timedelta(days=2),
    "line_ids": [Command.create({{"product_id": product.id}})],
    "recipient_ids": [Command.create({{"partner_id": cora.id}})],
}})
task.action_start()
env.cr.commit()
"""


def _let_the_first_date_arrive(db):
    db.sql("UPDATE recurring_task SET date_start = date_start - 2")
    db.sql("UPDATE recurring_task_recipient SET date_next = date_next - 2")


def _pay_proforma(server, smtp, browser, address):
    """Issue the pro-forma, follow the link of its mail and pay."""
    order = server.call(
        "sale.order", "search", [["partner_id.email", "=", address]], limit=1
    )
    server.call("sale.order", "action_issue_proforma", order)
    proforma = smtp.wait_for_mail(address, "pro-forma")
    link = proforma.find_link("Pay Online")
    browser.open(link)
    asked = pay(browser)
    thanks = smtp.wait_for_mail(address, "thank you for your payment")
    browser.open(link)
    return SimpleNamespace(
        order=order[0],
        proforma=proforma,
        asked=asked,
        thanks=thanks,
        asked_again=browser.evaluate(
            "!!document.querySelector('#o_sale_portal_paynow')"
        ),
    )


def _pay_invoice(server, smtp, browser):
    """Follow the button of the invoice's mail, as core makes it, and pay."""
    server.run_cron("recurring_billing.ir_cron_generate")
    invoice = smtp.wait_for_mail(CORA, "Invoice")
    browser.open(invoice.find_link("View Invoice"))
    browser.click("a[data-bs-target='#pay_with']")
    return SimpleNamespace(invoice=invoice, asked=pay(browser))


def _tell_again(server, browser, db):
    """The provider tells once more, somebody presses the button, the action runs."""
    for transaction, reference in db.sql(
        "SELECT id, reference FROM payment_transaction"
    ):
        data = {"reference": reference, "simulated_state": "done"}
        data["payment_details"] = "4242"
        answer = browser.evaluate(
            "fetch('/payment/demo/simulate_payment', {method: 'POST',"
            " headers: {'Content-Type': 'application/json'},"
            f" body: JSON.stringify({{params: {json.dumps(data)}}})}})"
            ".then((response) => response.json())"
        )
        assert "error" not in answer, answer
        server.call("payment.transaction", "action_post_process", [transaction])
    server.run_cron("payment.cron_post_process_payment_tx")


@pytest.fixture(scope="module")
def paid(settings, template):
    """The database after all three have paid, and what they got by e-mail."""
    db = Database.fresh(settings, template, "online")
    db.shell(INSTALL)
    db.shell(SET_UP)
    _let_the_first_date_arrive(db)
    with (
        SmtpSink() as smtp,
        odoo_server(db, smtp=smtp, crons=1) as server,
        Browser(settings.log_dir, db.name) as browser,
    ):
        seen = SimpleNamespace(
            db=db,
            anna=_pay_proforma(server, smtp, browser, ANNA),
            ben=_pay_proforma(server, smtp, browser, BEN),
            cora=_pay_invoice(server, smtp, browser),
        )
        _tell_again(server, browser, db)
        seen.errors = browser.errors
    yield seen
    db.drop()


def _read_pdfs(message):
    """{file name: text of all pages}"""
    return {
        name: "".join(
            page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages
        )
        for name, data in message.attachments.items()
        if name.endswith(".pdf")
    }


def _get_invoices(seen, address):
    return seen.db.sql(
        "SELECT m.state, m.payment_state, m.amount_total FROM account_move m"
        " JOIN res_partner p ON p.id = m.partner_id"
        " WHERE m.move_type = 'out_invoice' AND p.email = %s ORDER BY m.id",
        address,
    )


@pytest.mark.parametrize("name", ["anna", "ben"])
def test_the_proforma_is_attached_to_its_mail(paid, name):
    case = getattr(paid, name)
    number = paid.db.scalar(
        "SELECT proforma_number FROM sale_order WHERE id = %s", case.order
    )
    assert number in case.proforma.subject
    assert any(number in text for text in _read_pdfs(case.proforma).values())


def test_the_page_asks_for_the_whole_amount(paid):
    total = paid.db.scalar(
        "SELECT amount_total FROM sale_order WHERE id = %s", paid.anna.order
    )
    assert paid.anna.asked == float(total)


def test_the_page_asks_for_the_first_instalment_alone(paid):
    total = paid.db.scalar(
        "SELECT amount_total FROM sale_order WHERE id = %s", paid.ben.order
    )
    assert paid.ben.asked == pytest.approx(float(total) / 3, abs=0.01)


@pytest.mark.parametrize("name", ["anna", "ben"])
def test_the_link_does_not_ask_twice(paid, name):
    assert not getattr(paid, name).asked_again


def test_every_transaction_is_done_and_dealt_with(paid):
    rows = paid.db.sql("SELECT state, is_post_processed FROM payment_transaction")
    assert rows == [("done", True)] * 3


@pytest.mark.parametrize("name", ["anna", "ben", "cora"])
def test_one_invoice_posted_and_settled(paid, name):
    (invoice,) = _get_invoices(paid, f"{name}@example.com")
    assert invoice[:2] == ("posted", "paid")
    assert float(invoice[2]) == getattr(paid, name).asked


def test_one_payment_each(paid):
    assert paid.db.sql("SELECT state, count(*) FROM account_payment GROUP BY 1") == [
        ("paid", 3)
    ]


@pytest.mark.parametrize("name", ["anna", "ben"])
def test_one_confirmation_told_online_and_one_contract(paid, name):
    order = getattr(paid, name).order
    query = "SELECT source FROM sale_payment_confirmation WHERE order_id = %s"
    assert paid.db.sql(query, order) == [("online",)]
    query = "SELECT count(*) FROM sale_contract_document WHERE order_id = %s"
    assert paid.db.scalar(query, order) == 1


@pytest.mark.parametrize("name", ["anna", "ben"])
def test_invoice_and_contract_arrive_together(paid, name):
    case = getattr(paid, name)
    texts = _read_pdfs(case.thanks)
    number = paid.db.scalar(
        "SELECT m.name FROM sale_payment_confirmation c"
        " JOIN account_move m ON m.id = c.move_id WHERE c.order_id = %s",
        case.order,
    )
    assert len(texts) == 2
    assert sum(number in text for text in texts.values()) == 1
    assert sum(f"Contract with {name.title()}" in t for t in texts.values()) == 1


def test_the_task_issues_the_other_instalments(paid):
    rows = paid.db.sql(
        "SELECT state, sale_order_id FROM recurring_task"
        " WHERE sale_order_id IS NOT NULL"
    )
    assert rows == [("running", paid.ben.order)]


def test_the_customer_saw_no_error(paid):
    assert paid.errors == []

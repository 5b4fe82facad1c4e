"""The customer's tour: the link in the e-mail on a phone, reading, signing, paying.

A real server, a real mail server and a real browser in which nobody is logged in. The
salesperson sees each step in the history of the quotation.
"""

import urllib.request
from types import SimpleNamespace

import pytest

from harness import Browser, Database, SmtpSink, odoo_server
from harness.customer import pay, sign
from suite import databases, odoo_log

ANNA = "anna@example.com"
DESKTOP = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"
)

INSTALL = """
module = env["ir.module.module"].search([("name", "=", "payment_demo")])
module.button_immediate_install()
"""

SET_UP = f"""
from odoo import Command
from odoo.tests import new_test_user

env.company.write({{"name": "Inspectors", "email": "office@example.com"}})
bank = env["account.journal"].search([("type", "=", "bank")], limit=1)
env.ref("payment.payment_provider_demo").write(
    {{"state": "test", "is_published": True, "journal_id": bank.id}}
)
seller = new_test_user(
    env, "salesperson", groups="sales_team.group_sale_salesman",
    email="seller@example.com",
)
product = env["product.product"].create(
    {{"name": "Inspection", "type": "service", "list_price": 300.0}}
)
env["sale.order"].create({{
    "partner_id": env["res.partner"].create({{"name": "Anna", "email": {ANNA!r}}}).id,
    "user_id": seller.id,
    "require_signature": True,
    "require_payment": True,
    "prepayment_percent": 1.0,
    "order_line": [Command.create({{"product_id": product.id}})],
}})
env.cr.commit()
"""


class Seller:
    """What the salesperson does and sees, with no more rights than his own."""

    def __init__(self, server):
        self.server = server
        self.client = server.login("salesperson")
        (self.order,) = self.call("sale.order", "search", [])

    def call(self, model, method, *args, **kwargs):
        return self.client.call(model, method, *args, **kwargs)

    def send(self):
        """The button Send, and Send in the dialogue that it opens."""
        context = self.call("sale.order", "action_quotation_send", [self.order])
        context = {**context["context"], "active_ids": [self.order]}
        composer = self.call("mail.compose.message", "create", {}, context=context)
        self.call(
            "mail.compose.message", "action_send_mail", [composer], context=context
        )

    def read(self):
        """The order's columns in the list, and its history from first to last."""
        names = ["state", "tracking_state", "sent_count", "opened_count"]
        (order,) = self.call(
            "sale.order", "read", [self.order], [*names, "document_count"]
        )
        history = self.call(
            "sale.quotation.timeline",
            "search_read",
            [["order_id", "=", self.order]],
            ["kind", "times", "who", "delivery_state"],
            order="date, id",
        )
        return SimpleNamespace(order=order, history=history)

    def open_page(self):
        """Look at the customer's page, with his link, while being logged in."""
        page = self.call("sale.order", "get_portal_url", [self.order])
        return self.client.get(page, headers={"User-Agent": DESKTOP}).text


def _scan(link):
    """A mail scanner looks before the customer does."""
    request = urllib.request.Request(link, headers={"User-Agent": "Mimecast/1.0"})
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200


def _download(browser):
    """The button that opens the PDF; its file would leave the browser's page."""
    return browser.evaluate(
        "fetch(document.querySelector('a.o_print_btn').href)"
        ".then((answer) => answer.headers.get('Content-Type'))"
    )


def _read(browser, link):
    """Open the page and stay until all of it is there, its programs too."""
    browser.open(link)
    browser.wait_for(
        "the page's programs", "document.body.getAttribute('is-ready') === 'true'"
    )


@pytest.fixture(scope="module")
def followed(settings):
    """The database after Anna has signed and paid, and what was seen on the way."""
    ignores = odoo_log.load_ignores(settings.root / "tests" / "log_ignore.toml")
    template = databases.ensure_suite_template(settings, ignores, addons=["crm_sla"])
    db = Database.fresh(settings, template, "tracking")
    db.shell(INSTALL)
    db.shell(SET_UP)
    seen = SimpleNamespace(db=db)
    with (
        SmtpSink() as smtp,
        odoo_server(db, smtp=smtp) as server,
        Browser(settings.log_dir, db.name, size=(375, 740)) as browser,
    ):
        seller = Seller(server)
        seller.send()
        seen.mail = smtp.wait_for_mail(ANNA, "Quotation")
        link = seen.mail.find_link("Sign & Pay Quotation")
        _scan(link)
        seen.seller_page = seller.open_page()
        seen.sent = seller.read()
        _read(browser, link)
        seen.width = browser.evaluate("document.documentElement.scrollWidth")
        seen.opened = seller.read()
        _read(browser, link)
        seen.opened_again = seller.read()
        seen.content_type = _download(browser)
        sign(browser)
        seen.signed = seller.read()
        seen.asked = pay(browser)
        seen.paid = seller.read()
        seen.errors = browser.errors
    yield seen
    db.drop()


def _get_kinds(moment):
    return [row["kind"] for row in moment.history]


def test_the_mail_carries_the_quotation(followed):
    assert any(name.endswith(".pdf") for name in followed.mail.attachments)


def test_sent_and_taken_by_the_mail_server(followed):
    assert followed.sent.order["sent_count"] == 1
    (row,) = followed.sent.history
    assert (row["kind"], row["who"], row["delivery_state"]) == (
        "sent",
        "Anna",
        "accepted",
    )


def test_neither_the_scanner_nor_the_salesperson_opened_it(followed):
    assert "Inspection" in followed.seller_page
    assert followed.sent.order["opened_count"] == 0
    assert followed.sent.order["tracking_state"] == "sent"


def test_the_customer_opens_it(followed):
    assert followed.opened.order["tracking_state"] == "opened"
    assert followed.opened.history[-1]["who"] == "Anna"


def test_looking_twice_is_one_opening(followed):
    assert followed.opened_again.order["opened_count"] == 1
    assert followed.opened_again.history[-1]["times"] == 2


def test_the_page_fits_the_phone(followed):
    assert followed.width <= 375


def test_the_pdf_counts_as_document(followed):
    assert followed.content_type == "application/pdf"
    assert followed.signed.order["document_count"] == 1


def test_signed_but_not_paid_is_signed(followed):
    assert followed.signed.order["tracking_state"] == "signed"
    assert followed.signed.order["state"] == "sent"


def test_paid_confirms_the_order(followed):
    assert followed.asked == pytest.approx(
        float(followed.db.scalar("SELECT amount_total FROM sale_order"))
    )
    assert followed.paid.order["state"] == "sale"


def test_the_history_tells_the_whole_way(followed):
    assert _get_kinds(followed.paid) == ["sent", "opened", "document", "signed", "paid"]


def test_the_customer_saw_no_error(followed):
    assert followed.errors == []

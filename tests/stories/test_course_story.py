"""The school of seed 004 and the service of seed 003, as people live them.

Ana enrols and pays three instalments, Ion enrols and leaves; Eva signs a quotation and
is billed from then on. A real browser for the clerk's screens and the customers' pages,
a real mail server, the demo payment provider, and a server that is started again on
later days.

Not part of the whole run, which it would make too long: README.md says how to run it.
"""

import calendar
from datetime import date
from types import SimpleNamespace

import pytest

from harness import Browser, Database, SmtpSink, odoo_server
from harness.customer import pay, sign
from suite import databases, odoo_log

ANA, ION, EVA = "ana@example.com", "ion@example.com", "eva@example.com"

#: Scheduler, clerk and student at the same time: Odoo repeats such requests by itself.
BUSY = ("could not serialize access",)

INSTALL = """
module = env["ir.module.module"].search([("name", "=", "payment_demo")])
module.button_immediate_install()
"""

SET_UP = f"""
from odoo import Command, fields
from odoo.tests import new_test_user

env.company.write({{"name": "School of Cluj", "email": "school@example.com"}})
env["ir.config_parameter"].set_param("mail.default.from", "office@example.com")
bank = env["account.journal"].search([("type", "=", "bank")], limit=1)
env.ref("payment.payment_provider_demo").write(
    {{"state": "test", "is_published": True, "journal_id": bank.id}}
)
new_test_user(
    env, "school_clerk", email="clerk@example.com",
    groups="recurring_billing.group_billing,"
    "sales_team.group_sale_salesman_all_leads",
)
course = env["product.product"].create(
    {{"name": "Welding Course", "type": "service", "list_price": 900.0,
      "taxes_id": [Command.clear()]}}
)
template = env["sale.order.template"].create({{
    "name": "Welding Course",
    "instalment_count": 3,
    "sale_order_template_line_ids": [Command.create({{"product_id": course.id}})],
}})
contract = env["sale.contract.template"].create({{
    "name": "Course Contract",
    "body": '<p>Contract with <t t-out="object.customer_name"/></p>',
}})
team = env["crm.team"].create({{"name": "School"}})
enrolled, paid = env["crm.stage"].create([
    {{"name": "Enrolled", "sequence": 20, "team_ids": [Command.link(team.id)]}},
    {{"name": "Paid", "sequence": 30, "is_won": True,
      "team_ids": [Command.link(team.id)]}},
])
env["payment.automation"].create({{
    "name": "Courses", "trigger": "stage", "crm_team_id": team.id,
    "stage_enrolled_id": enrolled.id, "stage_paid_id": paid.id,
    "template_ids": [Command.link(template.id)],
    "contract_template_id": contract.id,
}})
for address in {[ANA, ION]!r}:
    name = address.split("@")[0].title()
    env["crm.lead"].create({{
        "name": f"Welding: {{name}}", "type": "opportunity", "team_id": team.id,
        "contact_name": name, "email_from": address, "street": "Strada Lunga 1",
        "city": "Cluj", "zip": "400000", "country_id": env.ref("base.ro").id,
        "enrolment_template_id": template.id,
        "user_id": env.ref("base.user_admin").id,
    }})
service = env["product.product"].create(
    {{"name": "Support", "type": "service", "list_price": 50.0,
      "taxes_id": [Command.clear()]}}
)
env["sale.order"].create({{
    "partner_id": env["res.partner"].create({{"name": "Eva", "email": {EVA!r}}}).id,
    "require_signature": True,
    "require_payment": False,
    "billing_cycle": "monthly",
    "order_line": [
        Command.create({{"product_id": service.id, "billed_periodically": True}})
    ],
}})
env.cr.commit()
"""


def add_months(day, months):
    """The same day of a later month, its last day where there is none."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


class Clerk:
    """Who works with the cards, in the web client."""

    def __init__(self, server, browser):
        self.server, self.browser = server, browser
        browser.open(f"{server.url}/web/login")
        browser.type("#login", "school_clerk")
        browser.type("#password", "school_clerk")
        browser.click(".oe_login_form button[type=submit]")
        browser.wait_for("the web client", "document.querySelector('.o_web_client')")

    def open_card(self, address):
        card = self.server.call(
            "crm.lead", "search", [["email_from", "=", address]], limit=1
        )[0]
        self.browser.open(
            f"{self.server.url}/odoo/action-crm.crm_lead_action_pipeline/{card}"
        )
        self.browser.wait_for("the card", "document.querySelector('.o_form_view')")

    def move_card(self, stage):
        found = self.server.call("crm.stage", "search", [["name", "=", stage]])
        selector = f".o_statusbar_status button[data-value='{found[0]}']"
        self.browser.click(selector)
        self.browser.wait_for(
            f"the stage {stage}",
            f"document.querySelector(\"{selector}[aria-checked='true']\")",
        )

    def press(self, name):
        self.browser.click(f".o_statusbar_buttons button[name={name}]")

    def see(self, words):
        self.browser.wait_for(
            f"“{words}” on the screen",
            f"document.body.innerText.includes({words!r})",
        )


def _enrol_and_pay(clerk, student, smtp, address):
    """The clerk moves the card; the student follows the link of the mail and pays."""
    clerk.open_card(address)
    clerk.move_card("Enrolled")
    clerk.see("asks for")
    proforma = smtp.wait_for_mail(address, "pro-forma")
    student.open(proforma.find_link("Pay Online"))
    asked = pay(student)
    thanks = smtp.wait_for_mail(address, "thank you for your payment")
    clerk.open_card(address)
    clerk.see("The payment is confirmed")
    return SimpleNamespace(proforma=proforma, asked=asked, thanks=thanks)


def _sign_service(server, phone, smtp):
    """Eva opens her quotation and signs it."""
    order = server.call("sale.order", "search", [["partner_id.email", "=", EVA]])
    link = server.call("sale.order", "get_portal_url", order)
    phone.open(f"{server.url}{link}")
    sign(phone)
    smtp.wait_for_mail(EVA, "Invoice")  # of the first month


def _live_a_month(db, smtp, days):
    """The school's server on a later day, with what is due on it issued and mailed."""
    environment = {"SUITE_DAYS_LATER": str(days)}
    with odoo_server(db, smtp=smtp, env=environment) as server:
        server.run_cron("recurring_billing.ir_cron_generate")
        server.run_cron("recurring_billing.ir_cron_send")
        server.run_cron("mail.ir_cron_mail_scheduler_action")


def _live(db, smtp, settings):
    seen = SimpleNamespace(db=db, today=date.today())
    with (
        odoo_server(db, smtp=smtp, crons=1, allow_log=BUSY) as server,
        Browser(settings.log_dir, f"{db.name}.clerk") as office,
        Browser(settings.log_dir, f"{db.name}.student", size=(375, 667)) as phone,
    ):
        clerk = Clerk(server, office)
        seen.ana = _enrol_and_pay(clerk, phone, smtp, ANA)
        seen.ion = _enrol_and_pay(clerk, phone, smtp, ION)
        clerk.press("action_leave_course")
        office.click(".modal .modal-footer .btn-primary")
        clerk.see("Nothing more is billed")
        _sign_service(server, phone, smtp)
        seen.errors = office.errors + phone.errors
    for month in (1, 2, 3):
        _live_a_month(db, smtp, (add_months(seen.today, month) - seen.today).days)
    return seen


@pytest.fixture(scope="module")
def lived(settings):
    """The database after three months."""
    ignores = odoo_log.load_ignores(settings.root / "tests" / "log_ignore.toml")
    template = databases.ensure_suite_template(settings, ignores)  # CRM is there
    db = Database.fresh(settings, template, "course")
    db.shell(INSTALL)
    db.shell(SET_UP)
    with SmtpSink() as smtp:
        seen = _live(db, smtp, settings)
        seen.mails = smtp.messages
    yield seen
    db.drop()


def _get_invoices(seen, address):
    return seen.db.sql(
        "SELECT m.name, m.state, m.amount_total, m.invoice_date FROM account_move m"
        " JOIN res_partner p ON p.id = m.partner_id"
        " WHERE m.move_type = 'out_invoice' AND p.email = %s ORDER BY m.id",
        address,
    )


def test_three_instalments_a_month_apart_make_the_price(lived):
    invoices = _get_invoices(lived, ANA)
    assert [float(row[2]) for row in invoices] == [300.0] * 3
    assert {row[1] for row in invoices} == {"posted"}
    assert [row[3] for row in invoices] == [
        add_months(lived.today, month) for month in (0, 1, 2)
    ]
    assert len({row[0] for row in invoices}) == 3


def test_the_proforma_asked_for_the_first_instalment(lived):
    assert lived.ana.asked == 300.0


def test_every_instalment_was_mailed_once(lived):
    subjects = [mail.subject for mail in lived.mails if ANA in mail.rcpt_tos]
    names = [row[0] for row in _get_invoices(lived, ANA)][1:]
    for name in names:
        assert sum(name in subject for subject in subjects) == 1


def test_contract_and_first_invoice_came_with_the_thanks(lived):
    names = " ".join(lived.ana.thanks.attachments)
    assert _get_invoices(lived, ANA)[0][0].replace("/", "_") in names
    assert len(lived.ana.thanks.attachments) == 2


def test_who_leaves_gets_no_further_invoice(lived):
    (invoice,) = _get_invoices(lived, ION)
    assert float(invoice[2]) == 300.0


def test_who_signed_is_billed_each_month(lived):
    invoices = _get_invoices(lived, EVA)
    assert [float(row[2]) for row in invoices] == [50.0] * 4
    assert [row[3] for row in invoices] == [
        add_months(lived.today, month) for month in range(4)
    ]


def test_order_and_invoices_agree(lived):
    rows = lived.db.sql(
        "SELECT p.email, sum(l.qty_invoiced) FROM sale_order_line l"
        " JOIN sale_order o ON o.id = l.order_id"
        " JOIN res_partner p ON p.id = o.partner_id GROUP BY 1"
    )
    quantities = {address: float(quantity) for address, quantity in rows}
    assert quantities == {
        ANA: 1.0,
        ION: pytest.approx(1 / 3, abs=0.01),
        EVA: 4.0,  # each month the whole service
    }


def test_the_pages_programs_had_no_errors(lived):
    assert not lived.errors

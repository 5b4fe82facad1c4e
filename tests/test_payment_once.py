"""A payment that everybody tells at once makes one invoice and one contract.

Real server, real database, four people at the same orders: two press the button, one
registers a payment that names the pro-forma, one takes the line of the bank statement.
Other orders are paid in two halves at the same moment: neither half sees the other one
before it is committed, and still the invoice is made.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest

from harness import Database, RpcError, odoo_server

ORDERS = 6
#: Further orders, each paid by two people, half each.
HALVES = 6
ALL = ORDERS + HALVES
PEOPLE = ("ana", "bea", "cora", "dora")

SET_UP = f"""
from odoo import Command

for login in {PEOPLE!r}:
    env["res.users"].create({{
        "name": login,
        "login": login,
        "password": login,
        "group_ids": [Command.link(env.ref("recurring_billing.group_billing").id)],
    }})
product = env["product.product"].create(
    {{"name": "Course", "type": "service", "list_price": 100.0}}
)
template = env["sale.contract.template"].create(
    {{"name": "Contract", "body": "<p>Contract</p>"}}
)
rule = env["payment.automation"].create({{
    "name": "Courses", "trigger": "manual", "contract_template_id": template.id,
}})
customers = env["res.partner"].create([
    # a customer already: core would count each first payment on his record
    {{"name": f"Customer {{i}}", "email": f"c{{i}}@example.com", "customer_rank": 1}}
    for i in range({ORDERS + HALVES})
])
orders = env["sale.order"].create([{{
    "partner_id": customer.id,
    "payment_automation_id": rule.id,
    "order_line": [Command.create({{"product_id": product.id}})],
}} for customer in customers])
orders.action_issue_proforma()
env["account.journal"].create({{"name": "Till", "type": "cash", "code": "TILL"}})
bank = env["account.journal"].search([("type", "=", "bank")], limit=1)
env["account.bank.statement.line"].create([{{
    "journal_id": bank.id,
    "date": order.proforma_date,
    "amount": order.amount_total,
    "payment_ref": order.proforma_number,
}} for order in orders[:{ORDERS}]])
orders[{ORDERS}:].action_confirm()
env.cr.commit()
"""


def _press(person, order, _number, _bank):
    person.call("sale.order", "action_confirm_payment", [order])


def _read(person, order):
    names = ["partner_id", "amount_total"]
    return person.call("sale.order", "read", [order], names)[0]


def _register(person, order, number, bank):
    data = _read(person, order)
    values = {
        "payment_type": "inbound",
        "partner_type": "customer",
        "partner_id": data["partner_id"][0],
        "amount": data["amount_total"],
        "journal_id": bank,
        "memo": number,
    }
    payment = person.call("account.payment", "create", values)
    person.call("account.payment", "action_post", [payment])


def _take_line(person, order, _number, _bank):
    rows = person.call("payment.proposal", "search", [("order_id", "=", order)])
    if rows:
        person.call("payment.proposal", "action_confirm", rows)


def _pay_half(person, order, _number, bank):
    half = _read(person, order)["amount_total"] / 2
    person.call(
        "sale.order", "action_confirm_payment", [order], amount=half, journal_id=bank
    )


def _pay_half_in_cash(person, order, _number, _bank):
    """Core lets one payment after the other into a journal: this is another one."""
    cash = person.call("account.journal", "search", [("type", "=", "cash")])[0]
    _pay_half(person, order, _number, cash)


WAYS = (_press, _press, _register, _take_line)


@pytest.fixture(scope="module")
def paid(settings, template):
    """The database after everybody has told of every payment."""
    db = Database.fresh(settings, template, "paidonce")
    db.shell(SET_UP)
    bank = db.scalar("SELECT min(id) FROM account_journal WHERE type = 'bank'")
    orders = db.sql("SELECT id, proforma_number FROM sale_order ORDER BY id")
    # told too late, or that somebody else was quicker: both are fine
    with (
        odoo_server(db, allow_log=None) as server,
        ThreadPoolExecutor(len(PEOPLE)) as pool,
    ):
        people = [server.login(name) for name in PEOPLE]
        for place, (order, number) in enumerate(orders):
            ways = WAYS if place < ORDERS else (_pay_half, _pay_half_in_cash)
            turns = [
                pool.submit(way, person, order, number, bank)
                for way, person in zip(ways, people, strict=False)
            ]
            answers = [turn.exception() for turn in turns]
            strange = [a for a in answers if a and not isinstance(a, RpcError)]
            assert not strange
    yield db
    db.drop()


def test_one_invoice_for_each_order(paid):
    counts = paid.sql(
        "SELECT o.id, count(DISTINCT l.move_id) FROM sale_order o"
        " JOIN sale_order_line ol ON ol.order_id = o.id"
        " JOIN sale_order_line_invoice_rel r ON r.order_line_id = ol.id"
        " JOIN account_move_line l ON l.id = r.invoice_line_id GROUP BY 1"
    )
    assert [count for _order, count in counts] == [1] * ALL


def test_every_invoice_is_posted_and_settled(paid):
    states = paid.sql(
        "SELECT state, payment_state, count(*) FROM account_move"
        " WHERE move_type = 'out_invoice' GROUP BY 1, 2"
    )
    assert states == [("posted", "paid", ALL)]


def test_one_contract_and_one_confirmation_for_each_order(paid):
    assert paid.scalar("SELECT count(*) FROM sale_contract_document") == ALL
    assert paid.scalar("SELECT count(*) FROM sale_payment_confirmation") == ALL


def test_one_mail_with_the_invoice(paid):
    assert (
        paid.scalar(
            "SELECT count(*) FROM document_delivery WHERE res_model = 'account.move'"
        )
        == ALL
    )


def test_invoice_numbers_have_no_gap(paid):
    numbers = paid.sql(
        "SELECT sequence_number FROM account_move"
        " WHERE move_type = 'out_invoice' ORDER BY 1"
    )
    first = numbers[0][0]
    assert [number for (number,) in numbers] == list(range(first, first + ALL))

"""A contract gets one order, however many people press "New Order" at once.

Real server, real database: four clerks without any right in Sales press the button of
the same contracts at the same moment. The one that is quicker wins; the others are told
the number of the order that exists.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest

from harness import Database, RpcError, odoo_server
from suite import databases, odoo_log

CONTRACTS = 5
PEOPLE = ("ana", "bea", "cora", "dora")

SET_UP = f"""
from odoo import Command

for login in {PEOPLE!r}:
    group = env.ref("postsale_contracts.group_postsale_user")
    env["res.users"].create({{
        "name": login,
        "login": login,
        "password": login,
        "group_ids": [Command.link(group.id)],
    }})
product = env["product.product"].create({{"name": "Service", "type": "service"}})
customer = env["res.partner"].create({{"name": "Alma Books"}})
contracts = env["postsale.contract"].create([{{
    "partner_id": customer.id,
    "product_id": product.id,
    "date_start": "2027-01-01",
    "date_end": "2027-12-31",
    "customer_cost": 100.0,
}}] * {CONTRACTS})
contracts.action_activate()
env.cr.commit()
"""


@pytest.fixture(scope="module")
def pressed(settings):
    """The database, and what everybody was answered."""
    ignores = odoo_log.load_ignores(settings.root / "tests" / "log_ignore.toml")
    template = databases.ensure_suite_template(settings, ignores)
    db = Database.fresh(settings, template, "orderonce")
    db.shell(SET_UP)
    contracts = [row[0] for row in db.sql("SELECT id FROM postsale_contract")]
    answers = []
    with (
        odoo_server(db, allow_log=None) as server,
        ThreadPoolExecutor(len(PEOPLE)) as pool,
    ):
        people = [server.login(name) for name in PEOPLE]
        for contract in contracts:
            turns = [
                pool.submit(
                    person.call, "postsale.contract", "action_new_order", [contract]
                )
                for person in people
            ]
            answers += [turn.exception() for turn in turns]
    yield db, answers
    db.drop()


def test_each_contract_has_one_order(pressed):
    db, _answers = pressed
    assert db.scalar("SELECT count(*) FROM sale_order") == CONTRACTS
    linked = db.scalar("SELECT count(DISTINCT sale_order_id) FROM postsale_contract")
    assert linked == CONTRACTS


def test_whoever_was_slower_is_told_of_the_order(pressed):
    _db, answers = pressed
    told = [answer for answer in answers if answer]
    assert len(told) == CONTRACTS * (len(PEOPLE) - 1)
    assert all(isinstance(answer, RpcError) for answer in told)
    assert all("already" in str(answer) for answer in told)

"""Two people bill the same tickets at the same moment: one order for each ticket.

Real server, real database: both press "Create Order", and somebody else puts a
cancelled order back to quotation while its activity is billed anew.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest

from harness import Database, RpcError, odoo_server
from suite import databases, odoo_log

TICKETS = 4
PEOPLE = ("ana", "bea")

SET_UP = f"""
from odoo import Command

groups = [
    "postsale_contracts.group_postsale_user",
    "sales_team.group_sale_salesman_all_leads",
]
for login in {PEOPLE!r}:
    env["res.users"].create({{
        "name": login,
        "login": login,
        "password": login,
        "group_ids": [Command.link(env.ref(group).id) for group in groups],
    }})
product = env["product.product"].create(
    {{"name": "Hour of Work", "type": "service", "list_price": 60.0}}
)
env["postsale.config"].create({{"activity_product_id": product.id}})
project = env["project.project"].create(
    {{"name": "Service Desk", "is_postsale": True, "privacy_visibility": "employees"}}
)
for index in range({TICKETS}):
    customer = env["res.partner"].create(
        {{"name": f"Customer {{index}}", "email": f"c{{index}}@example.com"}}
    )
    ticket = env["project.task"].create({{
        "name": f"Ticket {{index}}",
        "project_id": project.id,
        "partner_id": customer.id,
    }})
    env["postsale.intervention"].create([{{
        "task_id": ticket.id,
        "name": name,
        "condition_id": env.ref("postsale_contracts.condition_billed").id,
        "stage_id": env.ref("postsale_contracts.intervention_stage_closed").id,
    }} for name in ("Changed the pump", "Drove there")])
env.cr.commit()
"""


def _together(pool, turns):
    answers = [pool.submit(*turn) for turn in turns]
    errors = [answer.exception() for answer in answers]
    assert not [e for e in errors if e and not isinstance(e, RpcError)]
    assert None in errors, "somebody must have got through"


@pytest.fixture(scope="module")
def billed(settings):
    """The database after both have pressed for every ticket at once."""
    ignores = odoo_log.load_ignores(settings.root / "tests" / "log_ignore.toml")
    template = databases.ensure_suite_template(settings, ignores)
    db = Database.fresh(settings, template, "activitiesonce")
    db.shell(SET_UP)
    with (
        odoo_server(db, allow_log=None) as server,
        ThreadPoolExecutor(len(PEOPLE)) as pool,
    ):
        people = [server.login(name) for name in PEOPLE]
        tickets = db.sql("SELECT id FROM project_task WHERE is_ticket ORDER BY id")
        for (ticket,) in tickets:
            _together(
                pool,
                [
                    (person.call, "project.task", "action_create_order", [ticket])
                    for person in people
                ],
            )
        db.counts = db.sql(
            "SELECT s.id, count(*) FROM sale_order s"
            " JOIN sale_order_line l ON l.order_id = s.id GROUP BY 1"
        )
        orders = db.sql("SELECT id, origin FROM sale_order ORDER BY id")
        ana, bea = people
        for (order, _origin), (ticket,) in zip(orders, tickets, strict=True):
            ana.call("sale.order", "action_cancel", [order])
            _together(
                pool,
                [
                    (ana.call, "sale.order", "action_draft", [order]),
                    (bea.call, "project.task", "action_create_order", [ticket]),
                ],
            )
    yield db
    db.drop()


def test_one_order_for_each_ticket(billed):
    assert [count for _order, count in billed.counts] == [2] * TICKETS


def test_every_activity_is_billed_on_one_living_order(billed):
    rows = billed.sql(
        "SELECT l.intervention_id, count(*) FROM sale_order_line l"
        " JOIN sale_order s ON s.id = l.order_id AND s.state != 'cancel' GROUP BY 1"
    )
    assert sorted(count for _activity, count in rows) == [1] * TICKETS * 2


def test_each_activity_knows_that_order(billed):
    lost = billed.scalar(
        "SELECT count(*) FROM postsale_intervention i"
        " LEFT JOIN sale_order_line l ON l.id = i.sale_line_id"
        " LEFT JOIN sale_order s ON s.id = l.order_id"
        " WHERE s.id IS NULL OR s.state = 'cancel'"
    )
    assert lost == 0

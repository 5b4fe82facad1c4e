"""A simulation leaves no trace in the database and blocks nobody (P19).

Real cursors on a real database: what the simulation's transactions do not roll back, or
still hold between two batches, would show here.
"""

import pytest

from harness import Database

CUSTOMERS = 20

SET_UP = f"""
from datetime import timedelta
from odoo import Command, fields

billing = env.ref("recurring_billing.group_billing")
env["res.users"].create({{
    "name": "Ana", "login": "ana", "group_ids": [Command.link(billing.id)],
}})
product = env["product.product"].create(
    {{"name": "Course", "type": "service", "list_price": 100.0}}
)
customers = env["res.partner"].create([
    {{"name": f"Customer {{i}}", "email": f"c{{i}}@example.com"}}
    for i in range({CUSTOMERS})
])
for kind in ("invoice", "order", "proforma"):
    env["recurring.task"].create({{
        "name": kind,
        "document_type": kind,
        "completion": "send",
        "date_start": fields.Date.today() + timedelta(days=2),
        "line_ids": [Command.create({{"product_id": product.id}})],
        "recipient_ids": [Command.create({{"partner_id": c.id}}) for c in customers],
    }}).action_start()
env["account.move"].create([{{
    "move_type": "out_invoice",
    "ref": "waits",
    "partner_id": customers[0].id,
    "invoice_date": fields.Date.today(),
    "invoice_line_ids": [Command.create({{"product_id": product.id}})],
}} for _n in range(2)])
env.cr.commit()
"""
SIMULATE = """
from datetime import timedelta
from odoo import fields

user = env["res.users"].search([("login", "=", "ana")])
simulation = env["recurring.simulation"].with_user(user).create({
    "date_until": fields.Date.today() + timedelta(days=3),
})
env.cr.commit()
simulation.action_simulate()
if simulation.state == "waiting":  # many
    env["recurring.simulator"]._cron_simulate()
env.cr.commit()
print("SHOWN", simulation.state, simulation.issued_count, simulation.problem_count)
"""
#: While a batch is open somebody draws a number of a series without gaps, and after it
#: somebody posts in the same journal. Both wait for nobody.
POST_MEANWHILE = """
from odoo import api

strict = env["ir.sequence"].search([("code", "=", "sale.order")])
strict.implementation = "no_gap"
env.cr.commit()
Simulator = env.registry["recurring.simulator"]
perform = Simulator._perform
posted = []

def perform_and_post(self, *args):
    outcome = perform(self, *args)
    with self.env.registry.cursor() as cr:
        cr.execute("SET LOCAL lock_timeout = 200")
        other = api.Environment(cr, 2, {})
        own = [("ref", "=", "waits"), ("state", "=", "draft")]
        move = other["account.move"].search(own, limit=1)
        move.action_post()
        posted.append(move.id)
    return outcome

Document = env.registry["recurring.simulation.document"]
describe = Document._describe

def draw_and_describe(self, rows):
    with self.env.registry.cursor() as cr:
        for series in strict.with_env(api.Environment(cr, 2, {})):
            assert series.next_by_id()  # an error if the row is locked
    return describe(self, rows)

Simulator._perform = perform_and_post
Document._describe = draw_and_describe
"""
TABLES = """
SELECT relname FROM pg_class
 WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
   AND relname NOT LIKE 'recurring_simulation%' AND relname NOT LIKE 'ir_cron%'
 ORDER BY 1
"""
NUMBERS = """
SELECT sequencename FROM pg_sequences WHERE sequencename ~ '^ir_sequence_[0-9]'
"""


@pytest.fixture(scope="module")
def billing(settings, template):
    db = Database.fresh(settings, template, "simulation")
    db.shell(SET_UP)
    yield db
    db.drop()


def get_traces(db):
    """Content of every table and every number that is next, and the scheduled actions
    that were asked for other than the simulation's own."""
    traces = {
        table: db.sql(
            f'SELECT count(*), sum(hashtextextended(t::text, 0)) FROM "{table}" t'
        )
        for (table,) in db.sql(TABLES)
    }
    for (name,) in db.sql(NUMBERS):
        traces[name] = db.sql(f'SELECT last_value, is_called FROM "{name}"')
    own = db.ref("recurring_billing.ir_cron_simulate")
    traces["triggers"] = db.sql(
        "SELECT cron_id, call_at FROM ir_cron_trigger WHERE cron_id != %s ORDER BY id",
        own,
    )
    return traces


def test_a_simulation_leaves_no_trace(billing):
    before = get_traces(billing)
    answer = billing.shell(SIMULATE)
    assert f"SHOWN done {3 * CUSTOMERS} 0" in answer
    after = get_traces(billing)
    changed = {name for name in after if before.get(name) != after[name]}
    assert changed == set()
    assert len(before) > 300


def test_whoever_posts_meanwhile_waits_for_nobody(billing):
    answer = billing.shell(POST_MEANWHILE + SIMULATE)
    assert f"SHOWN done {3 * CUSTOMERS} 0" in answer
    posted = "SELECT count(*) FROM account_move WHERE ref = 'waits' AND name != '/'"
    assert billing.scalar(posted) == 2

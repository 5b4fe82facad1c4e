"""A term is renewed once, however often a runner dies or is doubled.

Real processes on a real database, each killed with ``kill -9``: at every failpoint of
the engine, then at random moments; then three of them work at the same time.
"""

import re
from pathlib import Path

import pytest

from harness import Database, forked
from suite import databases, odoo_log

#: Contracts that renew by themselves, and customers who are to be told.
CONTRACTS = 60
TOLD = 20
KILLS = 8
RUNNERS = 3
ENGINE = (
    Path(__file__).parents[1]
    / "addons/postsale_contracts/models/postsale_renewal_engine.py"
)
#: As they come in the source; customers are told before anything is renewed.
FAILPOINTS = list(
    dict.fromkeys(re.findall(r'failpoint\("([\w:]+)"\)', ENGINE.read_text()))
)

SET_UP = f"""
from datetime import timedelta
from odoo import fields

product = env["product.product"].create({{"name": "Service", "type": "service"}})
Config = env["postsale.config"]
config = Config._get_for_company(env.company) or Config.create({{}})
config.write({{"renewal_product_id": product.id, "renewal_order_automatic": True}})
today = fields.Date.today()

def create(name, count, days_left):
    customers = env["res.partner"].create(
        [{{"name": f"{{name}} {{i}}", "email": f"{{name}}{{i}}@example.com"}}
         for i in range(count)]
    )
    return env["postsale.contract"].create([{{
        "partner_id": customer.id,
        "date_start": today - timedelta(days=340),
        "date_end": today + timedelta(days=days_left),
        "auto_renew": True,
        "customer_cost": 100.0,
        "renewal_customer_notice_days": 20,
    }} for customer in customers])

# killed over, then shared by several; and those whose customers are told
create("killed", {CONTRACTS}, 20).action_activate()
create("shared", {CONTRACTS}, 20)
create("told", {TOLD}, 40).action_activate()
env.cr.commit()
"""
SCRIPT = """
import random
from odoo.addons.postsale_contracts.models import postsale_renewal_engine as engine

engine.BATCH_SIZE = 5

def run_engine(failpoint=None, seconds=None):
    def prepare():
        engine.failpoint = lambda name: name == failpoint and die()
    return start(lambda env: env["postsale.renewal.engine"]._cron_contracts(),
                 prepare, seconds)

def work():
    chance = random.Random(7)
    result = {"points": {name: wait(run_engine(name))[0] for name in FAILPOINTS}}
    result["random"] = [
        wait(run_engine(seconds=chance.random() * 0.6))[0] for _kill in range(KILLS)
    ]
    result["rest"] = wait(run_engine())[0]
    with Registry(dbname).cursor() as cr:
        cr.execute("UPDATE postsale_contract SET state = 'active'"
                   " WHERE state = 'draft'")
    sql_db.close_all()
    result["shared"] = wait(*[run_engine() for _runner in range(RUNNERS)])
    result["end"] = wait(run_engine())[0]
    return result

tell(work())
"""


@pytest.fixture(scope="module")
def renewed(settings):
    """The database after all that, and how the processes ended."""
    ignores = odoo_log.load_ignores(settings.root / "tests" / "log_ignore.toml")
    template = databases.ensure_suite_template(settings, ignores)
    db = Database.fresh(settings, template, "renewals")
    db.shell(SET_UP)
    numbers = {"FAILPOINTS": FAILPOINTS, "KILLS": KILLS, "RUNNERS": RUNNERS}
    yield db, forked.run(db, SCRIPT, **numbers)
    db.drop()


def test_the_processes_were_really_killed(renewed):
    _db, ends = renewed
    assert ends["points"] == dict.fromkeys(FAILPOINTS, -9)
    assert ends["random"].count(-9) >= KILLS // 2
    assert set(ends["random"]) <= {-9, 0}


def test_the_others_came_to_their_end(renewed):
    _db, ends = renewed
    assert [ends["rest"], *ends["shared"], ends["end"]] == [0] * (RUNNERS + 2)


def test_each_term_is_renewed_once(renewed):
    db, _ends = renewed
    rows = db.sql(
        "SELECT count(r.id), bool_and(c.date_end = r.date_end), min(c.state)"
        "  FROM postsale_contract c LEFT JOIN postsale_renewal r"
        "    ON r.contract_id = c.id"
        " WHERE c.renewal_customer_notice_days = 20"
        "   AND NOT EXISTS (SELECT FROM postsale_renewal_notice n"
        "                    WHERE n.contract_id = c.id)"
        " GROUP BY c.id"
    )
    assert rows == [(1, True, "active")] * (2 * CONTRACTS)


def test_each_renewal_has_one_order_and_there_are_no_others(renewed):
    db, _ends = renewed
    linked = db.sql(
        "SELECT count(*), count(DISTINCT sale_order_id) FROM postsale_renewal"
        " WHERE sale_order_id IS NOT NULL"
    )
    assert linked == [(2 * CONTRACTS, 2 * CONTRACTS)]
    orders = db.scalar(
        "SELECT count(*) FROM sale_order o JOIN res_partner p ON p.id = o.partner_id"
        " WHERE p.name LIKE 'killed%' OR p.name LIKE 'shared%'"
    )
    assert orders == 2 * CONTRACTS


def test_each_customer_is_told_once(renewed):
    db, _ends = renewed
    rows = db.sql(
        "SELECT count(DISTINCT n.id), count(d.id) FROM postsale_renewal_notice n"
        "  JOIN document_delivery d ON d.res_id = n.id"
        "   AND d.res_model = 'postsale.renewal.notice' GROUP BY n.contract_id"
    )
    assert rows == [(1, 1)] * TOLD


def test_nothing_was_set_aside(renewed):
    db, _ends = renewed
    assert not db.sql(
        "SELECT renewal_problem FROM postsale_contract"
        " WHERE renewal_problem IS NOT NULL"
    )

"""Many contracts renew in one run, in flat memory.

Full size, some minutes: RENEWALS=10000 ./setup/test.sh tests/test_renewals_many.py. The
figures are printed; docs/architecture.md has some.
"""

import json
import os
import re

import pytest

from harness import Database
from suite import databases, odoo_log

pytestmark = pytest.mark.release

CONTRACTS = int(os.environ.get("RENEWALS", "600"))
#: MiB that the process may grow after its first batches, whatever the number.
GROWTH = 40
#: SQL statements for each contract, everything included.
STATEMENTS = 3

RUN = f"""
import json, resource, time
from datetime import timedelta
from odoo import fields
from odoo.tools import split_every
from odoo.addons.postsale_contracts.models import postsale_renewal_engine as module

product = env["product.product"].create({{"name": "Service", "type": "service"}})
Config = env["postsale.config"]
config = Config._get_for_company(env.company) or Config.create({{}})
config.renewal_product_id = product
today = fields.Date.today()
quiet = {{"tracking_disable": True, "mail_create_nolog": True,
         "mail_create_nosubscribe": True}}
for numbers in split_every(500, range({CONTRACTS})):
    customers = env["res.partner"].with_context(**quiet).create(
        [{{"name": f"Customer {{i}}"}} for i in numbers]
    )
    env["postsale.contract"].with_context(**quiet).create([{{
        "partner_id": customer.id,
        "date_start": today - timedelta(days=340),
        "date_end": today + timedelta(days=20),
        "auto_renew": True,
        "customer_cost": 100.0,
    }} for customer in customers]).action_activate()
    env.cr.commit()
    env.invalidate_all()

def memory():
    with open("/proc/self/statm") as stream:
        return int(stream.read().split()[1]) * resource.getpagesize() / 2**20

sizes = []
engine = env["postsale.renewal.engine"]
run_batch = type(engine)._run_batch

def measured(self, step, ids):
    run_batch(self, step, ids)
    if step == "renew":
        sizes.append(memory())

env.registry["postsale.renewal.engine"]._run_batch = measured
began, before = time.monotonic(), env.cr.sql_log_count
engine._cron_contracts()
print("RESULT", json.dumps({{
    "seconds": round(time.monotonic() - began, 1),
    "statements": env.cr.sql_log_count - before,
    "sizes": sizes,
}}))
"""


@pytest.fixture(scope="module")
def renewed(settings):
    ignores = odoo_log.load_ignores(settings.root / "tests" / "log_ignore.toml")
    template = databases.ensure_suite_template(settings, ignores)
    db = Database.fresh(settings, template, "renewmany")
    (line,) = re.findall(r"^.*RESULT (.*)$", db.shell(RUN, timeout=3600), re.M)
    figures = json.loads(line)
    sizes = figures["sizes"]
    print(
        f"{CONTRACTS} contracts: {figures['seconds']} s, "
        f"{figures['statements'] / CONTRACTS:.1f} statements each, "
        f"{sizes[0]:.0f} MiB after the first batch, {max(sizes):.0f} MiB at most"
    )
    yield db, figures
    db.drop()


def test_all_are_renewed(renewed):
    db, _figures = renewed
    rows = db.sql(
        "SELECT count(*), count(DISTINCT contract_id) FROM postsale_renewal"
        " WHERE is_automatic"
    )
    assert rows == [(CONTRACTS, CONTRACTS)]


def test_memory_stays_flat(renewed):
    _db, figures = renewed
    settled = figures["sizes"][1]
    assert max(figures["sizes"]) - settled <= GROWTH


def test_statements_are_shared(renewed):
    _db, figures = renewed
    assert figures["statements"] / CONTRACTS <= STATEMENTS

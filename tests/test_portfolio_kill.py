"""A portfolio's file is taken over as a whole or not at all, whatever is killed.

Real processes on a real database, each killed with ``kill -9`` in the middle of the
work; progress and attempts are committed, the lines are not.
"""

import pytest

from harness import Database, forked
from suite import databases, odoo_log

ROWS = 1200
SET_UP = f"""
import base64, io
from xlsxwriter import Workbook

def make_file(customers, amount):
    stream = io.BytesIO()
    book = Workbook(stream)
    sheet = book.add_worksheet("Portfolio")
    sheet.write_row(0, 0, ["Customer", "Initial billing", "Recommended value",
                           "Final billing"])
    for row, customer in enumerate(customers, 1):
        sheet.write_row(row, 0, [customer.name, amount, 2, 3])
    book.close()
    return base64.b64encode(stream.getvalue())

customers = env["res.partner"].create(
    [{{"name": f"Customer {{i:04}}", "customer_rank": 1}} for i in range({ROWS})]
)
env.user.email = "admin@example.com"
for name in ("finished", "given up"):
    portfolio = env["crm.portfolio"].create(
        {{"name": name, "date_from": "2027-01-01", "date_to": "2027-12-31"}}
    )
    env["crm.portfolio.line"].create(
        {{"portfolio_id": portfolio.id, "partner_id": customers[0].id,
          "billing_initial": 1}}
    )
    upload = env["crm.portfolio.upload"].create(
        {{"portfolio_id": portfolio.id, "file": make_file(customers, 7),
          "filename": "list.xlsx"}}
    )
    upload.action_upload()
    upload.write({{"state": name == "finished" and "waiting" or "draft"}})
env.cr.commit()
"""
SCRIPT = """
from odoo.addons.crm_sla.models.crm_portfolio_progress import CrmPortfolioProgress

note = CrmPortfolioProgress._note
def take_over(percent=None):
    def prepare():
        def note_or_die(self, upload, done):
            if percent is not None and done > percent:
                die()
            return note(self, upload, done)
        CrmPortfolioProgress._note = note_or_die
    return wait(start(lambda env: env["crm.portfolio.upload"]._cron_upload(),
                      prepare))[0]

def look():
    '''Lines and amounts of both portfolios, and what became of the files.'''
    with Registry(dbname).cursor() as cr:
        cr.execute("SELECT p.name, count(*), sum(l.billing_initial)"
                   "  FROM crm_portfolio_line l"
                   "  JOIN crm_portfolio p ON p.id = l.portfolio_id"
                   " GROUP BY p.name ORDER BY p.name")
        lines = cr.fetchall()
        cr.execute("SELECT u.state, u.attempts FROM crm_portfolio_upload u"
                   " ORDER BY u.id")
        answer = {"lines": lines, "files": cr.fetchall()}
    sql_db.close_all()
    return json.loads(json.dumps(answer, default=float))

steps = []
def step(percent=None):
    steps.append({"end": take_over(percent), **look()})

step(20)  # after the check, before the first line
step(90)  # in the middle of the lines
step()
with Registry(dbname).cursor() as cr:
    cr.execute("UPDATE crm_portfolio_upload SET state = 'waiting'"
               " WHERE state = 'draft'")
sql_db.close_all()
for _attempt in range(3):
    step(20)
step()
step()
tell(steps)
"""
#: A line that was there before, over 1; then all of the file, over 7 each.
BEFORE, AFTER = [1, 1.0], [ROWS, 7.0 * ROWS]


@pytest.fixture(scope="module")
def steps(settings):
    ignores = odoo_log.load_ignores(settings.root / "tests" / "log_ignore.toml")
    template = databases.ensure_suite_template(settings, ignores)
    db = Database.fresh(settings, template, "portfolio")
    db.shell(SET_UP)
    yield forked.run(db, SCRIPT)
    db.drop()


def _get_lines(step):
    return {name: figures for name, *figures in step["lines"]}


def test_the_processes_were_really_killed(steps):
    assert [step["end"] for step in steps] == [-9, -9, 0, -9, -9, -9, 0, 0]


def test_a_killed_one_leaves_nothing_behind(steps):
    for step in steps[:2]:
        assert _get_lines(step)["finished"] == BEFORE
        assert step["files"][0][0] == "running"


def test_the_next_one_takes_the_file_over_once(steps):
    for step in steps[2:]:
        assert _get_lines(step)["finished"] == AFTER
        assert step["files"][0] == ["done", 3]


def test_a_file_that_stops_the_server_is_given_up(steps):
    assert steps[-1]["files"][1][0] == "refused"
    assert all(_get_lines(step)["given up"] == BEFORE for step in steps)

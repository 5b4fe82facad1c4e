"""A run whose batches are jobs of OCA's queue_job: the server dies in the middle,
another one takes over, and everything is issued, mailed and reported once.

tests/release/test_two_hosts.py does the same with two hosts and a network that is cut.
"""

import pytest

from harness import Database, SmtpSink, odoo_server, wait_until
from proofs.audit import audit
from proofs.progress import DONE, is_at_rest
from proofs.proof import Verdict
from proofs.sabotage import patched
from proofs.scheduler import ACTIONS, let_an_hour_pass
from proofs.workbench import let_first_date_arrive, seed_tasks
from suite import databases, odoo_log

CUSTOMERS, BATCH = 24, 3
UNFINISHED = "('wait_dependencies', 'pending', 'enqueued', 'started')"
REPORTS = (
    "SELECT count(*) FROM mail_mail m JOIN mail_message g ON g.id = m.mail_message_id"
    " WHERE g.model = 'recurring.run'"
)


@pytest.fixture
def job_db(settings):
    settings = settings.with_oca()
    ignores = odoo_log.load_ignores(settings.root / "tests" / "log_ignore.toml")
    template = databases.ensure_suite_template(
        settings, ignores, addons=databases.APART
    )
    db = Database.fresh(settings, template, "queuejob")
    yield db
    db.drop()


def _job_server(db, smtp):
    """A server with its scheduler and its job runner."""
    change = patched(db.settings, "blank_pdf", batch_size=BATCH)
    load = "--load=base,rpc,web,queue_job,proof_bench"
    return odoo_server(
        db,
        smtp=smtp,
        crons=1,
        options=[*change["options"], load],
        env={**change["env"], "ODOO_QUEUE_JOB_CHANNELS": "root:2"},
        allow_log=None,  # looked at before the server is stopped, see below
    )


def _let_a_minute_pass(db):
    """A job is held for dead ten seconds after it was begun."""
    db.sql(
        "UPDATE queue_job SET date_enqueued = date_enqueued - interval '1 minute'"
        " WHERE state IN ('enqueued', 'started')"
    )


def test_a_server_that_dies_is_replaced_and_nothing_comes_twice(job_db):
    db = job_db
    seed_tasks(db, CUSTOMERS, completion="send")
    let_first_date_arrive(db)
    with SmtpSink() as smtp:
        with _job_server(db, smtp) as first:
            let_an_hour_pass(db, ACTIONS)
            wait_until(lambda: db.scalar(DONE) >= CUSTOMERS / 3, "the middle", 120)
            first.kill()
        begun = db.scalar(DONE)
        _let_a_minute_pass(db)
        with _job_server(db, smtp) as second:
            wait_until(lambda: is_at_rest(db), "rest", 120)
            let_an_hour_pass(db, ACTIONS)
            wait_until(lambda: db.scalar(REPORTS), "the report", 120)
            complaints = second.complaints(allow=["Re-queued dead job"])
            second.kill()
        addresses = [address for mail in smtp.messages for address in mail.rcpt_tos]
    assert begun < 3 * CUSTOMERS, (
        "the first server was too quick: nothing was taken over"
    )
    assert not complaints
    verdict = Verdict()
    audit(db, verdict)
    assert verdict.faults == []
    customers = [address for address in addresses if address.startswith("customer")]
    assert len(customers) == len(set(customers)) == CUSTOMERS
    assert db.scalar(REPORTS) == 1
    jobs = db.sql(
        "SELECT method_name, count(*) FROM queue_job"
        f" WHERE state NOT IN {UNFINISHED} GROUP BY 1"
    )
    assert [name for name, _count in jobs] == ["_run_as_job"]
    assert jobs[0][1] >= 2 * CUSTOMERS / BATCH, "the work was not done by jobs"

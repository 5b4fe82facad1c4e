"""Two hosts share a run; the one that leads is cut off in the middle.

Each host is a network namespace of its own with Odoo, its scheduler and its job runner,
bound to one core. PostgreSQL (which waits for its disk here), the mail server and the
balancer stand outside. OCA's job runner has one leader among all hosts, which asks the
balancer for workers; when it falls silent, the other one takes over.

Takes about 15 minutes with 2,000 documents on two cores. ``TWO_HOSTS_DOCUMENTS=100``
for a quick look.
"""

import os
import time
from collections import Counter
from contextlib import contextmanager

import pytest

from harness import Database, OdooServer, SmtpSink, wait_until
from harness.network import GATEWAY, NET, Balancer, Network
from proofs import cluster
from proofs.audit import audit
from proofs.progress import DONE, OPEN, is_at_rest
from proofs.proof import Verdict
from proofs.sabotage import patched
from proofs.scheduler import ACTIONS, let_an_hour_pass
from proofs.workbench import let_first_date_arrive, seed_tasks
from suite import databases, odoo_log, process

DOCUMENTS = int(os.environ.get("TWO_HOSTS_DOCUMENTS", 2000))
#: Without any accident, to compare the speed of one host and of two.
COMPARED = max(DOCUMENTS // 4, 50)
#: The usual 50 with 2,000 documents: as many jobs with fewer.
BATCH = max(DOCUMENTS // 40, 5)
CLUSTER = "hosts"
PORT = 8069
#: A host that falls silent is given up after about ten seconds. With PostgreSQL's own
#: settings its locks would stay for two hours, and the other hosts would wait for them.
KEEPALIVE = {
    "tcp_keepalives_idle": 4,
    "tcp_keepalives_interval": 2,
    "tcp_keepalives_count": 3,
    "tcp_user_timeout": 10000,
}
#: As in the README of the add-on: two jobs at once, over all hosts. A host has more
#: workers than that: the PDF engine asks one for style sheets.
CONFIG = f"""[options]
server_wide_modules = base,rpc,web,queue_job,proof_bench
workers = 4
max_cron_threads = 1

[queue_job]
channels = root:4,root.recurring_billing:2
host = {GATEWAY}
port = 8070
"""
#: The advisory lock of queue_job's leader, in two halves as PostgreSQL shows it.
LEADER = """
    SELECT host(a.client_addr) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
     WHERE l.locktype = 'advisory' AND l.granted
       AND (l.classid::bigint << 32) + l.objid::bigint = 2293787760715711918"""
#: How many jobs a host has had in hand for a second: a younger one may not have begun.
AT_WORK = """
    SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
     WHERE l.relation = 'queue_job_lock'::regclass
       AND a.xact_start < clock_timestamp() - interval '1 second'
       AND host(a.client_addr) = '{}'"""
REPORTS = (
    "SELECT count(*) FROM mail_mail m JOIN mail_message g ON g.id = m.mail_message_id"
    " WHERE g.model = 'recurring.run'"
)
JOBS = "SELECT count(*) FROM queue_job"
AGAIN = "SELECT sum(greatest(retry - 1, 0)) FROM queue_job"


class Host(OdooServer):
    """Odoo on a host of the network, with one core for itself."""

    def __init__(self, db, network, smtp, core):
        self.name = network.add_host()
        self.address = network.addresses[self.name]
        self.core = core
        change = patched(db.settings, batch_size=BATCH)
        options = [
            change["options"][0],  # the path; CONFIG loads the add-ons
            "--http-interface=0.0.0.0",
            "--limit-time-real=900",
            "--limit-time-cpu=900",
            f"--smtp={smtp.host}",
            f"--smtp-port={smtp.port}",
        ]
        config = db.settings.state / "hosts.conf"
        config.write_text(CONFIG)
        super().__init__(
            db,
            [*options, f"--config={config}"],
            {**change["env"], "PGHOST": GATEWAY},
        )
        self.port = PORT
        self.url = f"http://{self.address}:{PORT}"
        self.log = db.settings.log_dir / f"{db.name}.{self.name}.log"

    def _get_command(self):
        inside = Network.get_prefix(self.name)
        return [*inside, "taskset", "-c", str(self.core), *super()._get_command()]


@pytest.fixture(scope="module")
def outside(settings):
    """Network, database server and template; none of them is used by other tests."""
    settings = settings.with_oca()
    ignores = odoo_log.load_ignores(settings.root / "tests" / "log_ignore.toml")
    template = databases.ensure_suite_template(
        settings, ignores, addons=databases.APART
    )
    with Network() as network, cluster.crash_cluster(template, CLUSTER):
        cluster.listen(CLUSTER, GATEWAY, f"{NET}.0/24", **KEEPALIVE)
        yield settings, template, network


@contextmanager
def _scene(outside, documents, hosts):
    """A database with documents that are due, and hosts that are ready for them."""
    settings, template, network = outside
    db = Database.fresh(settings, template, "hosts")
    try:
        seed_tasks(db, documents, completion="send")
        let_first_date_arrive(db)
        for name in ("report.url", "web.base.url"):
            db.set_param(name, f"http://127.0.0.1:{PORT}")
        db.set_param("web.base.url.freeze", "True")
        with SmtpSink(host=GATEWAY) as smtp, Balancer() as balancer:
            started = []
            try:
                for number in range(hosts):
                    started.append(Host(db, network, smtp, number % os.cpu_count()))
                    started[-1].launch()
                for host in started:
                    process.wait_for_http(host.url, host.process)
                    balancer.add(host.address, PORT)
                wait_until(lambda: db.sql(LEADER), "a leader")
                yield db, smtp, started, balancer
            finally:
                for host in started:
                    host.kill()
    finally:
        db.drop()


def _finish(db, limit):
    """Wait until everything is mailed, then for the report."""
    wait_until(lambda: is_at_rest(db), f"rest ({db.sql(OPEN)} open)", limit)
    seconds = time.monotonic()
    let_an_hour_pass(db, ACTIONS)
    wait_until(lambda: db.scalar(REPORTS), "the report", 120)
    return seconds


def _show(name, value):
    print(f"{name}: {value}")


@pytest.mark.parametrize("hosts", [1, 2])
def test_speed(outside, hosts):
    with _scene(outside, COMPARED, hosts) as (db, _smtp, _started, balancer):
        started = time.monotonic()
        let_an_hour_pass(db, ACTIONS)
        seconds = _finish(db, 30 * COMPARED) - started
        _show(f"documents with PDF and mail, {hosts} host(s)", COMPARED)
        _show(f"seconds, {hosts} host(s)", round(seconds))
        _show(f"documents a minute, {hosts} host(s)", round(60 * COMPARED / seconds))
        _show(f"jobs taken by each host, {hosts} host(s)", balancer.served)
        _show(f"jobs, {hosts} host(s)", db.scalar(JOBS))
        _show(f"jobs begun again, {hosts} host(s)", db.scalar(AGAIN))
        assert db.scalar(REPORTS) == 1


def test_the_leading_host_is_cut_off(outside):
    verdict = Verdict()
    with _scene(outside, DOCUMENTS, 2) as (db, smtp, hosts, balancer):
        started = time.monotonic()
        let_an_hour_pass(db, ACTIONS)
        (leader,) = db.sql(LEADER)[0]
        (lost,) = [host for host in hosts if host.address == leader]
        wait_until(
            # documents were issued, PDFs are made, and the host is at work
            lambda: (
                db.scalar(DONE) >= DOCUMENTS * 1.3 and db.scalar(AT_WORK.format(leader))
            ),
            "the middle",
            30 * DOCUMENTS,
        )
        done = db.scalar(DONE)
        _settings, _template, network = outside
        network.cut_off(lost.name)
        cut = time.monotonic()
        wait_until(lambda: db.sql(LEADER) not in ([], [(leader,)]), "a new leader", 120)
        taken_over = time.monotonic() - cut
        lost.kill()
        seconds = _finish(db, 30 * DOCUMENTS) - started
        _show("documents", DOCUMENTS)
        _show("steps of three done at the cut", f"{done} of {3 * DOCUMENTS}")
        _show("seconds until the other host leads", round(taken_over))
        _show("seconds, one host lost in the middle", round(seconds))
        _show("jobs taken by each host", balancer.served)
        verdict.expect_at_least("jobs begun again", db.scalar(AGAIN), 1)
        _judge(db, smtp, verdict)
        audit(db, verdict)
    for name, value in verdict.figures.items():
        _show(name, value)
    assert verdict.faults == []
    assert done < 3 * DOCUMENTS


def _judge(db, smtp, verdict):
    """Mails are counted where they arrived; see the audit for documents and numbers."""
    customers = Counter(
        address
        for mail in smtp.messages
        for address in mail.rcpt_tos
        if address.startswith("customer")
    )
    issued = "SELECT count(DISTINCT recipient_id) FROM recurring_occurrence"
    verdict.expect("customers without a document", DOCUMENTS - db.scalar(issued))
    verdict.expect("mails twice", sum(count > 1 for count in customers.values()))
    # A mail whose answer was lost with the host may have arrived: it is shown to a
    # person as unknown, and never sent again without asking.
    unknown = db.scalar(
        "SELECT count(*) FROM document_delivery WHERE state = 'unknown'"
    )
    missing = DOCUMENTS - len(customers)
    verdict.figures["mails of which nobody knows"] = unknown
    verdict.expect("mails that are missing and not shown", max(missing - unknown, 0))
    verdict.expect_at_most("mails unknown", unknown, 1)
    with_pdf = sum(
        any(name.endswith(".pdf") for name in mail.attachments)
        for mail in smtp.messages
    )
    verdict.expect("mails without their PDF", len(customers) - with_pdf)
    verdict.expect("reports", db.scalar(REPORTS), 1)

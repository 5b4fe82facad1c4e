"""A database that is dumped and loaded, copied or renamed, with core's own commands.

Its tasks and ledger are the same afterwards. A copy does nothing by itself until a
manager says that it is the production database, and then does it once.
"""

import subprocess

import pytest

from harness import Database, SmtpSink, odoo_server
from suite import databases, process

#: Customers whose document was issued and waits for its mail; customers who are due.
ISSUED, DUE = 3, 4
CRONS = (
    "recurring_billing.ir_cron_generate",
    "recurring_billing.ir_cron_send",
    "mail.ir_cron_mail_scheduler_action",
)

SET_UP = f"""
from datetime import timedelta
from odoo import Command, fields

env["recurring.copy.guard"]._settle()
env.company.email = "billing@example.com"
product = env["product.product"].create(
    {{"name": "Hosting", "type": "service", "list_price": 100.0}}
)

def start(name, count):
    customers = env["res.partner"].create([
        {{"name": f"{{name}} {{i}}", "email": f"{{name}}{{i}}@example.com".lower()}}
        for i in range(count)
    ])
    task = env["recurring.task"].create({{
        "name": name,
        "completion": "send",
        "date_start": fields.Date.today() + timedelta(days=2),
        "line_ids": [Command.create({{"product_id": product.id}})],
        "recipient_ids": [Command.create({{"partner_id": c.id}}) for c in customers],
    }})
    task.action_start()
    return task

start("Issued", {ISSUED}).action_run_now()
start("Due", {DUE})
env.cr.commit()
"""

#: Says whether the database is held, and lets it go.
RELEASE = """
guard = env["recurring.copy.guard"]
print("HELD", guard._is_held())
guard._release()
env.cr.commit()
"""

#: What must be the same wherever the database stands: by table.
FACTS = {
    "recurring_task": "id, state, date_start",
    "recurring_task_recipient": "id, state, date_from, date_next, date_retry",
    "recurring_occurrence": "id, scheduled_date, state, res_id, amount_total",
    "document_delivery": "id, state, email_to, mail_mail_id",
    "account_move": "id, name, state, amount_total",
    "ir_sequence": "id, code, number_next",
    "ir_cron": "id, active, nextcall",
}


def _run(settings, *arguments):
    """One of core's commands."""
    subprocess.run(
        [*settings.launcher, *arguments],
        env=process.odoo_environment(settings),
        check=True,
        capture_output=True,
        text=True,
    )


def _db(settings, *arguments):
    paths = [
        f"--addons-path={settings.addons_path()}",
        f"--data-dir={settings.data_dir}",
    ]
    _run(settings, "db", "--config=/dev/null", *paths, *arguments)


def _read(db):
    """The facts, and how far the sequences of PostgreSQL are."""
    facts = {
        table: db.sql(f"SELECT {columns} FROM {table} ORDER BY id")
        for table, columns in FACTS.items()
    }
    facts["counters"] = db.sql(
        "SELECT sequencename, last_value FROM pg_sequences"
        " WHERE sequencename LIKE 'ir_sequence_%' ORDER BY 1"
    )
    return facts


def _count_issued(db):
    return db.scalar(
        "SELECT count(*) FROM recurring_occurrence WHERE state IN ('generated', 'sent')"
    )


@pytest.fixture(scope="module")
def original(settings, template):
    """Documents that wait for their mails, and customers whose date has come."""
    db = Database.fresh(settings, template, "original")
    db.shell(SET_UP)
    db.sql("UPDATE recurring_task SET date_start = date_start - 2 WHERE name = 'Due'")
    db.sql(
        "UPDATE recurring_task_recipient SET date_next = date_next - 2"
        " WHERE task_id = (SELECT id FROM recurring_task WHERE name = 'Due')"
    )
    db.disconnect()
    yield db
    db.drop()


@pytest.fixture(scope="module")
def loaded(settings, original, tmp_path_factory):
    """The same, dumped and loaded under another name."""
    copy = Database(settings, databases.scratch_name("loaded"))
    dump = str(tmp_path_factory.mktemp("dump") / "dump.zip")
    _db(settings, "dump", original.name, dump)
    _db(settings, "load", copy.name, dump)
    yield copy
    copy.drop()


@pytest.fixture(scope="module")
def raw(settings, original):
    """A copy of which Odoo knows nothing, as pg_dump or CREATE DATABASE make them."""
    original.disconnect()
    copy = Database(settings, databases.scratch_name("raw"))
    databases.psql(f'CREATE DATABASE "{copy.name}" TEMPLATE "{original.name}"')
    yield copy
    copy.drop()


def test_a_loaded_database_is_the_same(original, loaded):
    assert _read(loaded) == _read(original)
    assert _count_issued(loaded) == ISSUED


def test_it_waits_for_a_manager_and_then_goes_on_once(loaded):
    before = _read(loaded)
    del before["ir_cron"]
    with SmtpSink() as smtp, odoo_server(loaded, smtp=smtp) as server:
        for xmlid in CRONS:
            server.run_cron(xmlid)
        assert before.items() <= _read(loaded).items()
        assert smtp.messages == []
        assert _find(server) == "copy"
        assert _count_told(loaded) == 1
        _release(server)
        for xmlid in CRONS * 2:
            server.run_cron(xmlid)
        assert _count_issued(loaded) == ISSUED + DUE
        to = sorted(message.to[0] for message in smtp.messages)
        to = [address for address in to if address.startswith(("issued", "due"))]
        assert to == sorted(
            [f"due{i}@example.com" for i in range(DUE)]
            + [f"issued{i}@example.com" for i in range(ISSUED)]
        )
        assert (_find(server), _count_told(loaded)) == (None, 0)


def _release(server):
    """What a manager clicks."""
    dialogue = server.call("recurring.copy.release", "create", {})
    server.call("recurring.copy.release", "action_release", dialogue)


def _find(server):
    """The first thing that the banner tells a manager."""
    findings = server.call("recurring.watchdog", "get_findings")
    return findings[0]["key"] if findings else None


def _count_told(db):
    return db.scalar(
        "SELECT count(*) FROM mail_activity WHERE activity_type_id = %s",
        db.ref("recurring_billing.mail_activity_type_copy"),
    )


def test_a_raw_copy_is_held_and_a_renamed_database_is_not(settings, raw):
    assert "HELD True" in raw.shell(RELEASE)
    raw.disconnect()
    old, raw.name = raw.name, f"{raw.name}0"
    _db(settings, "rename", old, raw.name)
    assert "HELD False" in raw.shell(RELEASE)


def test_a_neutralized_copy_sends_nothing_even_when_it_is_released(settings, raw):
    _run(
        settings,
        "neutralize",
        "--config=/dev/null",
        f"--addons-path={settings.addons_path()}",
        f"--database={raw.name}",
    )
    with SmtpSink() as smtp, odoo_server(raw, smtp=smtp, allow_log=None) as server:
        for xmlid in CRONS:
            server.run_cron(xmlid)
        assert _count_issued(raw) == ISSUED
        _release(server)
        for xmlid in CRONS:
            server.run_cron(xmlid)
        assert _count_issued(raw) == ISSUED + DUE
        assert smtp.messages == []
    charging = "SELECT count(*) FROM res_company WHERE charge_from_date IS NOT NULL"
    assert raw.scalar(charging) == 0

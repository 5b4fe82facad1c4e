"""From the previous release to this one: nothing is lost, nothing is issued.

previous.toml names the release. Its add-ons make and fill a database (scene.py); this
code upgrades a copy of it. Every row of every table is compared, and the next run of
both databases: the upgraded one issues what the other one does.
"""

import subprocess
import time
from dataclasses import replace
from pathlib import Path

import pytest

from harness import Database
from suite import databases, odoo_log, process
from suite.toml_files import load_toml

HERE = Path(__file__).parent
SCENE = (HERE / "scene.py").read_text() + "\nScene(env).play()\n"

#: What an upgrade writes anew, in any Odoo: it describes the code, not the company.
#: (ir_cron, ir_sequence, ir_config_parameter and ir_rule are not among them.)
CODE = (
    "ir_act",
    "ir_asset",
    "ir_attachment",
    "ir_model",
    "ir_module",
    "ir_ui_",
    "orm_signaling",
    "rel_modules_langexport",
)
#: Tables whose rows are written anew, as they were: groups, and with them the cards of
#: their members; rules; the choice of layouts.
TOUCHED = {
    "ir_rule",
    "report_layout",
    "res_groups",
    "res_groups_privilege",
    "res_partner",
}
STAMP = {"write_date", "write_uid"}
#: Rows that are compared. Odoo itself calls for its housekeeping after an upgrade; and
#: the harness makes copies that have not worked anywhere, which the upgrade notes down.
CONDITIONS = {
    "ir_config_parameter": "key <> 'recurring_billing.home'",
    "ir_cron_trigger": "cron_id <> (SELECT res_id FROM ir_model_data"
    " WHERE module = 'base' AND name = 'autovacuum_job')",
}
#: Tables that an upgrade may add rows to: a new release brings new records.
MAY_GROW = {
    "bus_bus",
    "ir_config_parameter",
    "ir_cron",
    "ir_rule",
    "ir_sequence",
    "mail_activity_type",
    "mail_template",
    "recurring_document_kind",
    "res_groups",
    "rule_group_rel",
}

#: A month later; the hand-over stays out of it: nobody answers there.
NEXT_RUN = """
from odoo.tests import freeze_time

freeze_time("2027-04-20 09:00:00").start()
env["payment.reminder.engine"]._cron_remind()
env["recurring.engine"]._cron_generate()
env["document.delivery"]._cron_send()
env["postsale.renewal.engine"]._cron_contracts()
env["recurring.engine"]._cron_generate()
env.cr.commit()
"""
#: What the next run made, and what it left.
OUTCOME = {
    "recurring_occurrence": "recipient_id, scheduled_date, issue_date, period_start,"
    " period_end, state, res_model, res_id, amount_total, error",
    "recurring_task": "state, name",
    "recurring_task_recipient": "id, state, date_next, date_retry, requested_date",
    "account_move": "name, partner_id, invoice_date, amount_total, state",
    "sale_order": "name, partner_id, date_order::date, amount_total, state",
    "document_delivery": "res_model, res_id, email_to, subject, state, next_attempt",
    "payment_reminder": "move_id, level_id, date, state, amount_residual",
    "postsale_contract": "name, state, date_start, date_end",
    "postsale_renewal": "contract_id, date_start, date_end, cost, sale_order_id",
    "postsale_erp_transmission": "order_id, version, state, sha256",
    "mail_mail": "email_to, state",
}
#: The states that the scene must hold, or the test would prove little.
STATES = {
    "recurring_task": {"draft", "running", "paused", "done"},
    "recurring_occurrence": {"generated", "sent", "failed", "held"},
    "document_delivery": {"queued", "deferred", "unknown", "refused", "sent"},
    "postsale_contract": {"draft", "active", "to_renew"},
    "payment_reminder": {"queued", "sent"},
    "postsale_erp_transmission": {"queued"},
    "recurring_run": {"running", "done"},
}


def _take_out(root, commit, target):
    """The files of a commit."""
    git = ["git", "-C", str(root)]
    known = subprocess.run(
        [*git, "cat-file", "-e", f"{commit}^{{commit}}"],
        capture_output=True,
        check=False,
    )
    if known.returncode:
        pytest.fail(
            f"{commit} of tests/release/previous.toml is not in this clone. Fetch the"
            " history first: git fetch --unshallow --tags"
        )
    archive = subprocess.run(
        [*git, "archive", commit, "addons", "setup"], capture_output=True, check=True
    )
    subprocess.run(["tar", "-x", "-C", str(target)], input=archive.stdout, check=True)


@pytest.fixture(scope="module")
def previous(settings, tmp_path_factory):
    """Settings under which the previous release runs."""
    root = tmp_path_factory.mktemp("previous")
    commit = load_toml(HERE / "previous.toml")["commit"]
    _take_out(settings.root, commit, root)
    print(f"\nprevious release: {commit[:10]}")
    return replace(settings, root=root)


@pytest.fixture(scope="module")
def ignores(settings):
    return odoo_log.load_ignores(settings.root / "tests" / "log_ignore.toml")


@pytest.fixture(scope="module")
def old(previous, ignores):
    """The filled database of the previous release."""
    template = databases.ensure_suite_template(previous, ignores)
    database = Database.fresh(previous, template, "previous")
    database.shell(SCENE)
    database.disconnect()
    yield database
    database.drop()


@pytest.fixture(scope="module")
def new(settings, previous, ignores, old):
    """A copy of it, upgraded to this code."""
    old.disconnect()
    database = Database.fresh(settings, old.name, "upgraded")
    names = ",".join(databases.our_addons(previous))
    log = settings.log_dir / f"{database.name}.upgrade.log"
    started = time.monotonic()
    options = ["-u", names, "--stop-after-init", "--max-cron-threads=0"]
    code = process.run_odoo(settings, database.name, *options, log=log)
    print(f"seconds of the upgrade: {time.monotonic() - started:.0f}")
    with log.open(errors="replace") as stream:
        complaints = odoo_log.read_log(stream, ignores).complaints
    assert not code and not complaints, (code, [c.short() for c in complaints], log)
    yield database
    database.drop()


def _get_columns(db):
    """Columns of each table that holds what the company has done."""
    rows = db.sql(
        "SELECT c.table_name, c.column_name FROM information_schema.columns c"
        " JOIN information_schema.tables t USING (table_schema, table_name)"
        " WHERE table_schema = 'public' AND t.table_type = 'BASE TABLE'"
        " ORDER BY c.table_name, c.ordinal_position"
    )
    columns = {}
    for table, column in rows:
        if not table.startswith(CODE):
            columns.setdefault(table, []).append(column)
    return columns


def _read(db, table, columns):
    names = ", ".join(f'"{column}"' for column in columns)
    where = CONDITIONS.get(table, "true")
    query = f'SELECT ROW({names})::text FROM "{table}" WHERE {where}'
    return {row for (row,) in db.sql(query)}


def _compare(old, new):
    """What differs, in words; the number of tables and rows compared."""
    ours, theirs = _get_columns(new), _get_columns(old)
    found, count = [], 0
    for table, columns in theirs.items():
        missing = set(columns) - set(ours.get(table, ()))
        if missing:
            found.append(f"{table}: gone: {', '.join(sorted(missing))}")
            continue
        if table in TOUCHED:
            columns = [column for column in columns if column not in STAMP]
        before, after = (_read(db, table, columns) for db in (old, new))
        count += len(before)
        found += [f"{table}: lost or changed: {row}" for row in sorted(before - after)]
        if table not in MAY_GROW:
            found += [f"{table}: new: {row}" for row in sorted(after - before)]
    return found, len(theirs), count


def test_the_scene_holds_what_an_upgrade_could_lose(old):
    for table, states in STATES.items():
        found = {state for (state,) in old.sql(f"SELECT state FROM {table}")}
        assert states <= found, table
    half = old.sql(
        "SELECT DISTINCT o.state FROM recurring_occurrence o"
        " JOIN recurring_task t ON t.id = o.task_id WHERE t.name = 'Half'"
    )
    assert set(half) == {("failed",), ("generated",)}, "half of a task's customers"
    asked = "SELECT count(*) FROM recurring_task_recipient WHERE requested_run_id > 0"
    assert old.scalar(asked) == 5
    paused = "SELECT count(*) FROM project_task WHERE sla_paused_since IS NOT NULL"
    assert old.scalar(paused) == 1


def test_every_row_is_as_it_was(old, new):
    found, tables, rows = _compare(old, new)
    print(f"tables compared: {tables}\nrows compared: {rows}")
    assert not found, "\n".join(line[:400] for line in found[:60])


def test_numbers_go_on_where_they_were(old, new):
    query = (
        "SELECT sequencename, last_value FROM pg_sequences"
        " WHERE sequencename ~ '^ir_sequence_[0-9]' ORDER BY 1"
    )
    counters = old.sql(query)
    assert counters
    assert set(counters) <= set(new.sql(query))


def test_what_people_edited_is_still_theirs(new):
    templates = new.sql(
        "SELECT t.subject->>'en_US', t.body_html->>'en_US' FROM mail_template t"
        " JOIN ir_model_data d ON d.model = 'mail.template' AND d.res_id = t.id"
        " WHERE d.module IN ('recurring_billing', 'recurring_billing_stock',"
        " 'postsale_contracts', 'crm_sla')"
    )
    edited = [t for t in templates if t[0].startswith("Edited") and "Edited" in t[1]]
    print(f"edited templates: {len(edited)}")
    assert len(edited) >= 8
    papers = (
        "SELECT count(*) FROM ir_act_report_xml r JOIN report_paperformat p"
        " ON p.id = r.paperformat_id JOIN ir_model_data d ON d.res_id = r.id AND"
        " d.model = 'ir.actions.report' WHERE d.module = 'recurring_billing'"
        " AND p.name = 'US Letter'"
    )
    assert new.scalar(papers) >= 8
    own = "SELECT active, arch_db->>'en_US' LIKE %s FROM ir_ui_view WHERE key = %s"
    assert new.sql(own, "%Own line%", "own.reminder") == [(True, True)]


def test_the_next_run_is_the_same(old, new):
    before = old.scalar("SELECT count(*) FROM recurring_occurrence")
    outcomes = []
    for db in (old, new):
        db.shell(NEXT_RUN)
        outcomes.append(
            {
                table: sorted(map(str, db.sql(f"SELECT {columns} FROM {table}")))
                for table, columns in OUTCOME.items()
            }
        )
    issued = len(outcomes[0]["recurring_occurrence"]) - before
    print(f"documents and rows of the next run: {issued}")
    assert issued > 10
    for table in OUTCOME:
        assert outcomes[0][table] == outcomes[1][table], table

"""Removing an add-on leaves nothing of it, and everything of core's (G4).

Each add-on is removed from a database full of data (demo data, and what the recurring
tasks issued), alone and all together; what is left is compared with a database that
never had it.
"""

import csv
import io
import json
import os
import re
import zipfile

import pytest
from lxml import etree

from harness import Database, SmtpSink
from suite import databases, odoo_log, process, scripts

from . import inventory

#: How databases are made: stage: (stage below, add-on that is installed on it).
STAGES = {
    "core": (None, None),
    "billing": ("core", "recurring_billing"),
    "sla": ("core", "crm_sla"),
    "billing_sla": ("billing", "crm_sla"),
    "contracts": ("billing_sla", "postsale_contracts"),
    "contracts_cards": ("contracts", "recurring_billing_crm"),
    "contracts_goods": ("contracts", "recurring_billing_stock"),
    "contracts_menus": ("contracts", "crm_sla_crm"),
    "almost_all": ("contracts_cards", "recurring_billing_stock"),
    "all": ("almost_all", "crm_sla_crm"),
}
#: What is removed: (stage that has it, stage that never had it).
CASES = {
    "recurring_billing_crm": ("contracts_cards", "contracts"),
    "recurring_billing_stock": ("contracts_goods", "contracts"),
    "crm_sla_crm": ("contracts_menus", "contracts"),
    "postsale_contracts": ("contracts", "billing_sla"),
    "crm_sla": ("billing_sla", "billing"),
    "recurring_billing": ("billing_sla", "sla"),
    # all of ours need it, so it takes all of them along
    "uninstall_export": ("all", "core"),
}
#: Documents of core's that must survive, with the format they are printed in.
DOCUMENTS = {
    "account.move": "account.report_invoice",
    "sale.order": "sale.report_saleorder",
    "project.task": None,
    "stock.picking": "stock.report_deliveryslip",
    "maintenance.equipment": None,
    "crm.lead": None,
    "res.partner": None,
    "product.template": None,
    "res.company": None,
}
#: Names of add-ons, to tell demo records, which go with them.
OURS = tuple(CASES)

#: Add-ons that make a kind of document, and what a task makes once they are gone.
KINDS = {
    "recurring_billing_stock": ("delivery", "order"),
    "postsale_contracts": ("work_order", "quotation"),
}

REMOVE = """
import json

app = env["ir.module.module"].search([("name", "=", %(app)r)])
wizard = env["base.module.uninstall"].create({"module_ids": app.ids})
for name in ("lost_records", "lost_values", "consequences"):
    print("SAYS", app.name, name, wizard[name])
lost = env["uninstall.loss"]._get_models(wizard._get_modules().mapped("name"))
print("COUNTS", json.dumps({model.model: model.count for model in lost}))
with open(%(path)r, "wb") as stream:
    wizard._write_export(stream)
app.button_immediate_uninstall()
"""

OPEN_EVERYTHING = """
View = env["ir.ui.view"]
for view in View.search([("inherit_id", "=", False), ("model", "!=", False)]):
    if view.type in ("form", "list", "kanban", "search", "calendar", "pivot", "graph"):
        view._check_xml()
for model, report in %(documents)r.items():
    if model not in env:
        continue
    Model = env[model].with_user(env.ref("base.user_admin"))
    records = Model.with_context(active_test=False).search([])
    for kind in ("form", "list", "kanban"):
        views = Model.get_views([(False, kind)])
        names = views["models"][model]["fields"]
        records.read([name for name in names if name in Model._fields])
    if report and records:
        env["ir.actions.report"]._render_qweb_html(report, records[:20].ids)
    print("OPENED", model, len(records))
for action in env["ir.actions.act_window"].search([]):
    assert action.res_model in env, f"{action.name} opens {action.res_model}"
env["ir.ui.menu"].with_user(env.ref("base.user_admin")).load_menus(False)
"""


@pytest.fixture(scope="module")
def stage(settings, ignores, make_database):
    """`stage(name)`: the name of a database, made when it is asked for first."""
    made = {}

    def get(name):
        if name not in made:
            below, addon = STAGES[name]
            if below:
                db = make_database(get(below), name.replace("_", ""))
                _install(db, [addon], "--skip-auto-install")
            else:
                db = Database(settings, databases.scratch_name("coredemo"))
                databases.psql(f'CREATE DATABASE "{db.name}"')
                _install(db, databases.dependencies(settings))
                db.shell(scripts.CORE)
            db.disconnect()
            made[name] = db.name
        return made[name]

    yield get
    if not os.environ.get("KEEP_DB"):
        databases.drop(settings, made["core"])


def _install(db, addons, *options):
    log = db.settings.log_dir / f"{db.name}.install.log"
    options = ["-i", ",".join(addons), "--with-demo", "--stop-after-init", *options]
    code = process.run_odoo(db.settings, db.name, *options, log=log)
    assert code == 0, log.read_text(errors="replace")[-3000:]


@pytest.fixture(scope="module", params=CASES)
def removed(request, stage, make_database, ignores, tmp_path_factory):
    """An add-on that was removed: what the other tests look at."""
    app = request.param
    has_it, never_had_it = CASES[app]
    db = make_database(stage(has_it), app.replace("_", ""))
    with SmtpSink() as smtp:
        mail = [f"--smtp={smtp.host}", f"--smtp-port={smtp.port}"]
        db.shell(scripts.DEMO, options=mail)
    never = make_database(stage(never_had_it), f"no{app.replace('_', '')}")
    _forget_demo(never)
    documents = _read_documents(db)
    kind, _successor = KINDS.get(app, ("", ""))
    running = _find_tasks(db, document_type=kind, state="running")
    path = tmp_path_factory.mktemp(app) / "export.zip"
    log = db.settings.log_dir / f"{db.name}.shell.log"
    start = log.stat().st_size
    _forget_demo(db)
    db.disconnect()
    says = db.shell(REMOVE % {"app": app, "path": str(path)}, timeout=900)
    lines = log.read_bytes()[start:].decode(errors="replace").splitlines()
    complaints = odoo_log.read_log(lines, ignores).complaints
    return {
        "app": app,
        "db": db,
        "never": never,
        "documents": documents,
        "running": running,
        "says": re.findall(r"SAYS (.*)", says),
        "counts": json.loads(re.search(r"COUNTS (.*)", says).group(1)),
        "export": path,
        "complaints": [entry.short(1500) for entry in complaints],
    }


def _forget_demo(db):
    """Demo records have names by which core removes them with the add-on. Without these
    they are what they are meant to look like: records that people entered."""
    for addon in OURS:
        names = _get_demo_names(db.settings, addon)
        db.sql(
            "DELETE FROM ir_model_data WHERE module = %s AND"
            " regexp_replace(name, '_(product_template|mail_alias|alias_id)$', '')"
            " = ANY(%s)",
            addon,
            names,
        )


def _get_demo_names(settings, addon):
    found = []
    for file in databases.manifest(settings, addon).get("demo", []):
        tree = etree.parse(settings.addons / addon / file)
        found += tree.xpath("//record/@id")
    return found


def _find_tasks(db, **values):
    if "recurring_task" not in inventory.get_tables(db):
        return set()
    where = " AND ".join(f"{name} = %s" for name in values)
    rows = db.sql(f"SELECT id FROM recurring_task WHERE {where}", *values.values())
    return {number for (number,) in rows}


def _read_documents(db):
    """What documents of core's say."""
    found = {}
    for model in DOCUMENTS:
        table = model.replace(".", "_")
        columns = inventory.get_columns(db, table) & {
            "name",
            "state",
            "amount_total",
            "partner_id",
            "active",
            "stage_id",
            "ref",
        }
        kept = ", ".join(f"{name}::text" for name in sorted(columns))
        found[model] = dict(db.sql(f"SELECT id, ARRAY[{kept}] FROM {table}"))
    return found


def test_every_add_on_is_removed_once(settings):
    assert set(databases.needed(settings)) == set(CASES)


def test_nothing_is_left_and_nothing_of_cores_is_gone(removed):
    left, gone = inventory.compare(
        inventory.read(removed["db"]), inventory.read(removed["never"])
    )
    assert left == {}
    assert gone == {}


def test_the_log_is_clean(removed):
    """Core tries to delete records one by one before it drops their table; what others
    of the same app point at is refused then, and says so in the log."""
    tables = set(inventory.get_tables(removed["db"]))
    refused = r'bad query: b\'DELETE FROM "(\w+)" WHERE id IN'
    serious = [
        text
        for text in removed["complaints"]
        if not (found := re.search(refused, text)) or found.group(1) in tables
    ]
    assert serious == []


def test_documents_of_core_stay(removed):
    after = _read_documents(removed["db"])
    for model, before in removed["documents"].items():
        assert before, model
        lost = {
            number: before[number] for number in before.keys() - after[model].keys()
        }
        assert lost == {}, model
        changed = {
            n: (v, after[model][n]) for n, v in before.items() if after[model][n] != v
        }
        assert changed == {}, model


def test_every_screen_and_document_of_core_opens(removed):
    output = removed["db"].shell(OPEN_EVERYTHING % {"documents": DOCUMENTS})
    assert re.search(r"OPENED account.move \d+", output)


def test_tasks_whose_documents_go_pause_and_say_why(removed):
    if removed["app"] not in KINDS:
        assert removed["running"] == set()
        return
    db, (kind, successor) = removed["db"], KINDS[removed["app"]]
    assert removed["running"]
    assert _find_tasks(db, document_type=kind) == set()
    paused = _find_tasks(db, document_type=successor, state="paused")
    assert removed["running"] <= paused
    for number in removed["running"]:
        reason = db.scalar(
            "SELECT stop_reason FROM recurring_task WHERE id = %s", number
        )
        assert "was removed" in reason


def test_the_export_holds_every_record_that_went(removed):
    print("", *removed["says"], sep="\n")
    with zipfile.ZipFile(removed["export"]) as archive:
        assert archive.testzip() is None
        for model, count in removed["counts"].items():
            with archive.open(f"{model}.csv") as raw:
                rows = list(csv.reader(io.TextIOWrapper(raw, "utf-8-sig")))
            assert len(rows) == count + 1, model
        files, size = len(archive.namelist()), removed["export"].stat().st_size
    print(f"export of {removed['app']}: {files} files, {size} bytes")

"""Installing on a database in use changes nothing until somebody switches it on (G1).

A company's database with core's apps only, thousands of contacts and posted invoices
made by SQL (RELEASE_ROWS says how many), gets the whole suite. Table by table, what was
there is there unchanged; what the suite adds is empty; and after each of its scheduled
actions has run once, it still is so.
"""

import os
import resource
import time
from dataclasses import dataclass

import pytest

from harness import SmtpSink
from suite import databases, process

from . import company_in_use, table_comparison

ROWS = int(os.environ.get("RELEASE_ROWS", "100000"))
#: What the suite may cost more where there is data than where there is none.
LIMIT = 60

RIGHTS = "who may use what is new; administrators get it"
#: Tables and columns in which old rows change, and why they must.
CHANGES = {
    "ir_act_window.domain": "Project → My Tasks shows what one manages, too",
    "ir_act_window.write_date": "the same",
    "ir_actions.write_date": "the same: the parent of the table above",
    "ir_model_fields_selection.sequence": "of core's own, see below",
    "ir_model.info": "names the classes that a model is made of",
    "ir_module_module.write_date": "the list of apps is read anew",
    "res_partner.write_date": "of users who got rights, see below",
    "res_users.write_date": "the same",
    # without numbers, so new rows cannot be told from old ones
    "ir_act_server_group_rel": RIGHTS,
    "ir_act_window_group_rel": RIGHTS,
    "ir_ui_menu_group_rel": RIGHTS,
    "mail_template_ir_actions_report_rel": "which PDF goes with our e-mails",
    "res_groups_implied_rel": RIGHTS,
    "res_groups_report_rel": RIGHTS,
    "res_groups_users_rel": RIGHTS,
    "rule_group_rel": RIGHTS,
}
SCREENS = "our menus, lists, forms, reports and buttons"
MODELS = "our models and fields"
#: Tables that get rows of ours, and why.
NEW_ROWS = {
    "ir_act_client": SCREENS,
    "ir_act_report_xml": SCREENS,
    "ir_act_server": SCREENS,
    "ir_act_window": SCREENS,
    "ir_act_window_view": SCREENS,
    "ir_actions": SCREENS,
    "ir_actions_server_history": "core keeps the code of each action",
    "ir_attachment": "the icon in the menu",
    "ir_config_parameter": "where the database is: it says “new”, see below",
    "ir_cron": "our scheduled actions; the last test runs them",
    "ir_cron_trigger": "core tidies up after an installation",
    "ir_model": MODELS,
    "ir_model_access": RIGHTS,
    "ir_model_constraint": MODELS,
    "ir_model_data": "names of all that is new",
    "ir_model_fields": MODELS,
    "ir_model_fields_selection": MODELS,
    "ir_model_inherit": MODELS,
    "ir_model_relation": MODELS,
    "ir_module_module": "our apps",
    "ir_module_module_dependency": "our apps",
    "ir_rule": RIGHTS,
    "ir_sequence": "our series of numbers, nothing drawn",
    "ir_ui_menu": SCREENS,
    "ir_ui_view": SCREENS,
    "mail_activity_type": "kinds of activity; no activity",
    "mail_message": "core notes that a scheduled action was made, see below",
    "mail_template": "our e-mails, none sent",
    "orm_signaling_registry": "tells other workers to load the registry again",
    "report_layout": "the friendly layout, for choice",
    "res_groups": RIGHTS,
    "res_groups_privilege": RIGHTS,
    **{name: reason for name, reason in CHANGES.items() if name.endswith("_rel")},
}
#: What any scheduled action leaves behind.
CRON_CHANGES = {
    "ir_cron.lastcall": "when it ran",
    "ir_cron.nextcall": "when it runs again",
    "ir_cron_progress": "how far it came",
}

RUN_OUR_CRONS = """
data = env["ir.model.data"].search(
    [("model", "=", "ir.cron"), ("module", "in", %r)], order="id"
)
for cron in env["ir.cron"].browse(data.mapped("res_id")):
    print("CRON", cron.id, cron.active, cron.cron_name)
    cron.method_direct_trigger()
    env.cr.commit()
"""


#: Two apps of core add options to one field: the one that Odoo loads last comes first.
OPTIONS = """
    SELECT f.model, f.name, s.value, s.sequence
      FROM ir_model_fields_selection s JOIN ir_model_fields f ON f.id = s.field_id
     WHERE NOT (f.model = 'sale.order.line' AND f.name = 'qty_delivered_method')
       AND s.id <= %s
     ORDER BY s.id"""


@dataclass
class Installation:
    """How an installation went; work is what it took, waiting left out."""

    db: object
    wall: float
    odoo: float
    postgres: float

    @property
    def work(self):
        return self.odoo + self.postgres

    def __str__(self):
        return (
            f"{self.wall:.0f} s by the clock (Odoo computed {self.odoo:.0f} s,"
            f" PostgreSQL worked {self.postgres:.0f} s)"
        )


def install(db, addons):
    """Install these add-ons as an administrator would on the command line."""
    log = db.settings.log_dir / f"{db.name}.install.log"
    before, begin = _get_work(db), time.monotonic()
    code = process.run_odoo(
        db.settings, db.name, "-i", ",".join(addons), "--stop-after-init", log=log
    )
    wall = time.monotonic() - begin
    assert code == 0, log.read_text(errors="replace")[-3000:]
    after = _get_work(db)
    return Installation(db, wall, after[0] - before[0], after[1] - before[1])


def _get_work(db):
    """Seconds: of processor time of the Odoos so far, of statements in the database."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    time.sleep(1)  # a backend tells its figures as it ends
    statements = db.scalar(
        "SELECT active_time FROM pg_stat_database WHERE datname = current_database()"
    )
    return used.ru_utime + used.ru_stime, statements / 1000


@pytest.fixture(scope="module")
def addons(settings):
    return databases.needed(settings)


@pytest.fixture(scope="module")
def in_use(core, make_database):
    db = make_database(core, "inuse")
    company_in_use.fill(db, ROWS)
    for table in ("res_partner", "account_move", "account_move_line", "sale_order"):
        print(f"{table}: {db.scalar(f'SELECT count(*) FROM {table}')}")
    return db


@pytest.fixture(scope="module")
def before(in_use):
    return table_comparison.read(in_use)


@pytest.fixture(scope="module")
def installed(in_use, before, addons):
    return install(in_use, addons)


@pytest.fixture(scope="module")
def after(in_use, before, installed):
    return table_comparison.read(in_use, before)


@pytest.fixture(scope="module")
def ran(in_use, installed, after, addons):
    """Everything, ours included, before and after our scheduled actions ran."""
    quiet = table_comparison.read(in_use)
    with SmtpSink() as smtp:
        output = in_use.shell(
            RUN_OUR_CRONS % addons,
            options=[f"--smtp={smtp.host}", f"--smtp-port={smtp.port}"],
        )
        messages = list(smtp.messages)
    print(output)
    return quiet, table_comparison.read(in_use, quiet), messages, output


def test_it_takes_less_than_a_minute_more_than_on_an_empty_database(
    core, make_database, installed, addons
):
    empty = install(make_database(core, "empty"), addons)
    extra = installed.work - empty.work
    print(f"\nthe suite on an empty database of core's: {empty}")
    print(f"the suite on {ROWS} contacts and invoices: {installed}")
    print(f"more because of the data: {extra:.0f} s")
    assert extra < LIMIT


def test_old_rows_are_unchanged(before, after):
    changes = table_comparison.find_changes(before, after)
    assert [name for name in changes if not is_listed(name, CHANGES)] == []


def test_options_of_core_keep_their_order(core, make_database, in_use, before, after):
    newest = before.newest["ir_model_fields_selection"]
    untouched = make_database(core, "untouched")
    assert in_use.sql(OPTIONS, newest) == untouched.sql(OPTIONS, newest)


def test_only_contacts_of_users_were_touched(in_use, after):
    touched = in_use.sql(
        "SELECT name FROM res_partner WHERE write_date > (SELECT min(create_date)"
        " FROM ir_model_data WHERE module = 'recurring_billing')"
        " AND id NOT IN (SELECT partner_id FROM res_users)"
    )
    assert touched == []


def test_there_are_no_new_documents_of_core(in_use, before, after):
    new = table_comparison.find_new_rows(before, after)
    assert {t: n for t, n in new.items() if not is_listed(t, NEW_ROWS)} == {}
    newest = before.newest["mail_message"]
    models = in_use.sql("SELECT DISTINCT model FROM mail_message WHERE id > %s", newest)
    assert {model for (model,) in models} <= {"ir.cron", "ir.actions.server"}
    newest = before.newest["ir_config_parameter"]
    parameters = "SELECT key, value FROM ir_config_parameter WHERE id > %s"
    assert in_use.sql(parameters, newest) == [("recurring_billing.home", "new")]


def test_new_columns_are_empty(in_use, before, after):
    assert table_comparison.find_filled_columns(in_use, before) == {}


def test_scheduled_actions_do_nothing_before_somebody_switches_something_on(ran):
    quiet, later, messages, output = ran
    assert output.count("CRON") > 5
    assert messages == []
    changes = table_comparison.find_changes(quiet, later)
    assert [name for name in changes if not is_listed(name, CRON_CHANGES)] == []
    new = table_comparison.find_new_rows(quiet, later)
    assert {t: n for t, n in new.items() if not is_listed(t, CRON_CHANGES)} == {}


def is_listed(name, reasons):
    """Whether there is a reason for this table or column."""
    return name in reasons or name.partition(".")[0] in reasons

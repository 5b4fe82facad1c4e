"""A whole installation from the wheels alone: what a stranger gets from an index."""

import time
import urllib.request

import pytest

from harness import Database, odoo_server, wheels
from suite import databases, odoo_log, process

ISSUE = """
from datetime import timedelta
from odoo import Command, fields
customer = env["res.partner"].create({"name": "Customer of the wheels"})
task = env["recurring.task"].create({
    "name": "Rent", "completion": "confirm",
    "date_start": fields.Date.today() + timedelta(days=2),
    "line_ids": [Command.create({"name": "Rent", "price_unit": 10.0})],
    "recipient_ids": [Command.create({"partner_id": customer.id})],
})
task.action_start()
task.action_run_now()
env.cr.commit()
"""


@pytest.fixture(scope="module")
def known_lines(settings):
    return odoo_log.load_ignores(settings.root / "tests" / "log_ignore.toml")


@pytest.fixture(scope="module")
def from_wheels(settings, tmp_path_factory):
    """From here on, our add-ons are those of the wheels and no others."""
    built = wheels.build(settings, tmp_path_factory.mktemp("wheels"))
    folder = wheels.install(built.values(), tmp_path_factory.mktemp("site"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SUITE_ADDONS", str(folder))
        assert set(built) >= set(databases.our_addons(settings))
        yield databases.our_addons(settings)


@pytest.fixture(scope="module")
def installed(settings, known_lines, from_wheels):
    """A database in which all of them were installed."""
    core = databases.ensure_core_template(settings, known_lines)
    database = Database.fresh(settings, core, "wheels")
    log = settings.log_dir / f"{database.name}.install.log"
    options = ["--init", ",".join(from_wheels), "--stop-after-init"]
    begin = time.monotonic()
    code = process.run_odoo(settings, database.name, *options, log=log)
    print(
        f"installation of {len(from_wheels)} wheels: {time.monotonic() - begin:.0f} s"
    )
    with log.open(errors="replace") as stream:
        report = odoo_log.read_log(stream, known_lines)
    complaints = [entry.short(2000) for entry in report.complaints]
    assert (code, complaints) == (0, [])
    yield database
    database.drop()


def test_all_of_them_are_installed(installed, from_wheels):
    rows = installed.sql("SELECT name FROM ir_module_module WHERE state = 'installed'")
    assert set(from_wheels) <= {name for (name,) in rows}


def test_they_work_and_show_their_icons(installed, from_wheels):
    installed.shell(ISSUE)
    assert installed.scalar("SELECT state FROM recurring_occurrence") == "generated"
    with odoo_server(installed) as server:
        for name in from_wheels:
            url = f"{server.url}/{name}/static/description/icon.png"
            with urllib.request.urlopen(url, timeout=30) as answer:
                assert answer.headers["Content-Type"] == "image/png"

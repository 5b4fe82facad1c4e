"""A technician in a cellar: the connection is cut, the page loaded again, the phone
handed to a colleague, an answer lost on the way. What he has entered counts once.

A real server, a real browser, and a line between them that the test cuts.
"""

import time
from types import SimpleNamespace

import pytest

from harness import Browser, Database, Line, odoo_server
from suite import databases, odoo_log

RECORD = "/postsale.field.entry/record"

SET_UP = """
from odoo import Command
from odoo.tests import new_test_user

people = [
    new_test_user(
        env, login, "postsale_contracts.group_postsale_technician", password=login
    )
    for login in ("technician", "colleague")
]
project = env["project.project"].create({
    "name": "Service Desk", "is_postsale": True, "privacy_visibility": "employees",
})
env["project.task"].create({
    "name": "The boiler leaks",
    "project_id": project.id,
    "user_ids": [Command.link(user.id) for user in people],
})
env["product.product"].search([]).active = False
env["product.product"].create({"name": "Filter", "type": "consu", "list_price": 5.0})
env.cr.commit()
"""

SAVED = (
    "document.querySelector('.o_my_day')"
    " && !document.querySelector('.o_my_day_waiting')"
)


class Phone:
    """What the technician does, in a browser."""

    def __init__(self, browser, server, line):
        self.browser = browser
        self.server = server
        self.line = line

    def log_in(self, login):
        cookie = self.server.login(login).session.cookies["session_id"]
        self.browser.send(
            "Network.setCookie", name="session_id", value=cookie, url=self.line.url
        )

    def open_job(self):
        """The list moves when the bar of unsaved entries goes: whoever missed the job
        presses again."""
        self.browser.open(f"{self.line.url}/odoo/my-day")
        self.browser.click(".o_my_day_open")
        self.browser.wait_for(
            "the job",
            "document.querySelector('#o_my_day_note')"
            " || document.querySelector('.o_my_day_open').click()",
        )

    def write_note(self, text):
        self.browser.type("#o_my_day_note", text)
        self.browser.click(".o_my_day_save_note")
        self.browser.wait_for(
            "the note",
            f"document.querySelector('.o_my_day').innerText.includes('{text}')",
        )

    def add_part(self, quantity):
        self.browser.click(".o_my_day_add_part")
        self.browser.click(".o_my_day_part")
        for _i in range(quantity - 1):
            self.browser.click(".o_my_day_more")
        self.browser.click(".o_my_day_save_part")
        self.browser.wait_for("no dialog", "!document.querySelector('.modal')")

    def read_bar(self):
        return self.browser.wait_for(
            "what is not saved",
            "document.querySelector('.o_my_day_waiting')?.innerText.includes('–')"
            " && document.querySelector('.o_my_day_waiting').innerText",
        )

    def wait_until_saved(self):
        self.browser.wait_for("everything saved", SAVED)

    def load_again_without_connection(self):
        """:return: what is on the screen then"""
        self.browser.send("Page.reload")
        time.sleep(5)
        return self.browser.text


def _count(db, kind):
    return db.scalar("SELECT count(*) FROM postsale_field_entry WHERE kind = %s", kind)


def _work_without_connection(phone, seen):
    phone.log_in("technician")
    phone.open_job()
    phone.browser.click(".o_my_day_start")
    phone.browser.wait_for("the clock", "document.querySelector('.o_my_day_stop')")
    phone.wait_until_saved()
    phone.line.cut()
    phone.add_part(2)
    phone.write_note("Pump changed")
    phone.browser.click(".o_my_day_stop")
    phone.browser.wait_for("no clock", "document.querySelector('.o_my_day_start')")
    seen.bar = phone.read_bar()
    seen.before = {kind: _count(phone.server.db, kind) for kind in ("part", "stop")}
    seen.without = phone.load_again_without_connection()


def _lend_the_phone(phone, seen):
    """The colleague logs in with the connection back: nothing of it is his."""
    phone.browser.open("about:blank#lent")
    phone.line.mend()
    phone.log_in("colleague")
    phone.open_job()
    phone.write_note("By the colleague")
    phone.wait_until_saved()
    seen.lent = _count(phone.server.db, "part")
    phone.browser.open("about:blank#back")
    phone.log_in("technician")
    phone.open_job()
    phone.wait_until_saved()


def _lose_an_answer(phone, seen):
    phone.line.swallow(RECORD)
    phone.add_part(3)
    phone.read_bar()
    phone.wait_until_saved()
    seen.swallowed = phone.line.swallowed


@pytest.fixture(scope="module")
def worked(settings):
    """The database after a day of bad luck, and what was seen on the way."""
    ignores = odoo_log.load_ignores(settings.root / "tests" / "log_ignore.toml")
    template = databases.ensure_suite_template(settings, ignores)
    db = Database.fresh(settings, template, "offline")
    db.shell(SET_UP)
    seen = SimpleNamespace(db=db)
    with (
        odoo_server(db) as server,
        Line(server.port) as line,
        Browser(settings.log_dir, db.name, size=(375, 667)) as browser,
    ):
        phone = Phone(browser, server, line)
        _work_without_connection(phone, seen)
        _lend_the_phone(phone, seen)
        _lose_an_answer(phone, seen)
    yield seen
    db.drop()


def test_the_screen_says_what_is_not_saved(worked):
    assert "3 entries are not yet saved" in worked.bar
    assert "No connection" in worked.bar
    assert worked.before == {"part": 0, "stop": 0}


def test_nothing_is_sent_by_another_user(worked):
    assert worked.lent == 0
    senders = worked.db.sql(
        "SELECT u.login, e.kind FROM postsale_field_entry e"
        " JOIN res_users u ON u.id = e.user_id ORDER BY e.id"
    )
    assert senders == [
        ("technician", "start"),
        ("colleague", "note"),
        ("technician", "part"),
        ("technician", "note"),
        ("technician", "stop"),
        ("technician", "part"),
    ]


def test_everything_counts_once(worked):
    parts = worked.db.sql(
        "SELECT quantity FROM postsale_intervention WHERE clock_start IS NULL"
        " ORDER BY id"
    )
    assert [float(quantity) for (quantity,) in parts] == [2.0, 3.0]
    notes = worked.db.scalar(
        "SELECT count(*) FROM mail_message WHERE body LIKE '%Pump changed%'"
    )
    assert notes == 1
    clocks = worked.db.sql(
        "SELECT clock_end IS NOT NULL FROM postsale_intervention"
        " WHERE clock_start IS NOT NULL"
    )
    assert clocks == [(True,)]


def test_an_answer_was_lost_indeed(worked):
    assert len(worked.swallowed) == 1

"""The API as other programs use it: the documented examples, as they stand, against a
real server, with a user who has no more rights than docs/api.md says.
"""

import os
import re
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from harness import Database, odoo_server, wait_until

DOCS = Path(__file__).resolve().parent.parent / "docs" / "api.md"
EXAMPLE = re.compile(r"^```(python|bash)\n(.*?)^```", re.M | re.S)

SET_UP = """
from datetime import timedelta
from odoo import Command, fields

env["product.product"].create(
    {"name": "Course", "default_code": "COURSE", "type": "service", "list_price": 90.0}
)
groups = {
    "reader": ["recurring_billing.group_user"],
    "biller": [
        "recurring_billing.group_billing",
        "base.group_partner_manager",
        "sales_team.group_sale_salesman",
    ],
    "stranger": ["base.group_user"],
}
for login, names in groups.items():
    user = env["res.users"].create({
        "name": login, "login": login,
        "group_ids": [Command.set([env.ref(name).id for name in names])],
    })
    expires = fields.Datetime.now() + timedelta(days=1)
    key = env["res.users.apikeys"].with_user(user)._generate("rpc", "test", expires)
    print("key", login, key)
customer = env["res.partner"].create({"name": "Recurring Customer"})
task = env["recurring.task"].create({
    "name": "Rent", "completion": "confirm",
    "date_start": fields.Date.today() + timedelta(days=2),
    "line_ids": [Command.create({"name": "Rent", "price_unit": 10.0})],
    "recipient_ids": [Command.create({"partner_id": customer.id})],
})
task.action_start()
print("task", task.id)
env.cr.commit()
"""


class Api:
    """A server, the keys of its users, and one call."""

    def __init__(self, db, server, output):
        self.db = db
        self.url = server.url
        self.keys = dict(re.findall(r"^key (\w+) (\w+)$", output, re.M))
        self.task_id = re.search(r"^task (\d+)$", output, re.M)[1]

    @property
    def environment(self):
        return {
            **os.environ,
            "ODOO_URL": self.url,
            "ODOO_DB": self.db.name,
            "ODOO_API_KEY": self.keys["biller"],
            "TASK_ID": self.task_id,
        }

    def post(self, method, login="biller", model="recurring.api", **arguments):
        headers = {"X-Odoo-Database": self.db.name}
        if key := self.keys.get(login, login):
            headers["Authorization"] = f"bearer {key}"
        url = f"{self.url}/json/2/{model}/{method}"
        return requests.post(url, headers=headers, json=arguments, timeout=120)

    def call(self, method, **arguments):
        response = self.post(method, **arguments)
        assert response.status_code == 200, response.json()["message"]
        return response.json()


@pytest.fixture(scope="module")
def api(settings, template):
    db = Database.fresh(settings, template, "api")
    output = db.shell(SET_UP)
    # Refused calls are logged as warnings; that is what the tests provoke.
    with odoo_server(db, allow_log=[r"odoo\.http|odoo\.sql_db|/json/2"]) as server:
        yield Api(db, server, output)
    db.drop()


def invoice_arguments(key, **more):
    return {
        "customer": {"name": f"Customer {key}"},
        "lines": [{"product_code": "COURSE", "price_unit": 100}],
        "idempotency_key": key,
        **more,
    }


# === THE DOCUMENTATION === #


def examples(language):
    return [
        text for kind, text in EXAMPLE.findall(DOCS.read_text()) if kind == language
    ]


def test_the_python_examples_work_as_they_stand(api):
    script = "\n".join(examples("python"))
    ran = subprocess.run(
        [sys.executable, "-c", script],
        env=api.environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    paid = api.db.sql(
        "SELECT payment_state, amount_residual FROM account_move WHERE ref = 'PO 4711'"
    )
    assert paid == [("paid", 0)]
    assert api.db.scalar("SELECT state FROM recurring_task") == "running"
    assert api.db.scalar("SELECT COUNT(*) FROM recurring_occurrence") == 1
    customers = "SELECT COUNT(*) FROM res_partner WHERE name = 'Diana Popescu'"
    assert api.db.scalar(customers) == 1


def test_the_shell_examples_work_as_they_stand(api):
    answers = [
        subprocess.run(
            ["bash", "-c", text],
            env=api.environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        for text in examples("bash")
    ]
    assert [answer.returncode for answer in answers] == [0, 0]
    assert (
        "there is no “INV/1999/00001”."
        in requests.models.complexjson.loads(answers[0].stdout)["message"]
    )
    assert '"state": "posted"' in answers[1].stdout


def test_every_method_is_documented(api):
    text = DOCS.read_text()
    for name in api.db.shell(
        "import inspect\n"
        "for name, value in inspect.getmembers(type(env['recurring.api'])):\n"
        "    module = getattr(value, '__module__', '') or ''\n"
        "    if not name.startswith('_') and 'recurring_api' in module:\n"
        "        print('method', name)\n"
    ).split("method ")[1:]:
        assert f"`{name.strip()}(" in text, name


# === ERRORS === #


@pytest.mark.parametrize("login", ["0" * 40, ""])
def test_a_wrong_key_or_none_is_401(api, login):
    assert api.post("list_changes", login=login).status_code == 401


@pytest.mark.parametrize(
    ("login", "method", "arguments"),
    [
        ("stranger", "list_changes", {}),
        ("stranger", "create_customer", {"name": "X", "idempotency_key": "x"}),
        ("reader", "create_customer", {"name": "X", "idempotency_key": "x"}),
        ("reader", "list_changes", {"models": ["invoice"]}),
        ("reader", "pause_task", {"task_id": 1}),
    ],
)
def test_a_missing_right_is_403(api, login, method, arguments):
    response = api.post(method, login=login, **arguments)
    assert response.status_code == 403
    assert response.json()["message"]


def test_a_reader_reads(api):
    answer = api.post("task_status", login="reader", task_id=int(api.task_id))
    assert answer.status_code == 200
    assert answer.json()["name"] == "Rent"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "lines"),
        ({"lines": []}, "lines: the list is empty."),
        ({"lines": "all"}, "lines: a list is needed."),
        ({"lines": [7]}, "lines[0]: an object is needed."),
        ({"lines": [{"prize": 7}]}, "lines[0].prize: this name is not known."),
        ({"lines": [{"name": "X", "price_unit": "7"}]}, "price_unit: a number"),
        ({"lines": [{"name": "X", "price_unit": 1e300}]}, "price_unit: a number"),
        ({"lines": [{"name": "X"}]}, "product_id or product_code is needed"),
        ({"invoice_date": "31.12.2027"}, "a date like 2027-03-31 is needed."),
        ({"invoice_date": "2027-02-30"}, "a date like 2027-03-31 is needed."),
        ({"post": "no"}, "post: true or false is needed."),
        ({"customer": None}, "partner_id or customer"),
        ({"customer": {"name": "X", "language": "xx"}}, "is not installed here"),
        ({"unknown": 1}, "unknown"),
        ({"idempotency_key": None}, "idempotency_key"),
        ({"idempotency_key": "x" * 300}, "idempotency_key"),
    ],
)
def test_bad_input_is_422_and_says_what_is_wrong(api, arguments, message):
    values = invoice_arguments("bad-input") | arguments
    if not arguments:
        del values["lines"]
    response = api.post("create_invoice", **values)
    assert response.status_code == 422, response.text[-2000:]
    assert message in response.json()["message"]


@pytest.mark.parametrize(
    ("model", "method", "arguments"),
    [
        ("recurring.nothing", "list_changes", {}),
        ("recurring.api", "delete_everything", {}),
        ("recurring.api", "task_status", {"task_id": 2**31 - 1}),
        ("recurring.api", "mark_as_paid", {"number": "X", "idempotency_key": "x"}),
        (
            "recurring.api",
            "create_invoice",
            invoice_arguments("x", lines=[{"product_code": "NONE", "price_unit": 1}]),
        ),
    ],
)
def test_what_does_not_exist_is_404(api, model, method, arguments):
    assert api.post(method, model=model, **arguments).status_code == 404


# === ONCE === #


def test_two_calls_at_the_same_moment_make_one_invoice(api):
    arguments = invoice_arguments("at-the-same-moment")
    barrier = threading.Barrier(4)

    def call(_number):
        barrier.wait()
        return api.post("create_invoice", **arguments)

    with ThreadPoolExecutor(4) as pool:
        responses = list(pool.map(call, range(4)))
    assert {response.status_code for response in responses} == {200}
    assert len({response.json()["id"] for response in responses}) == 1
    count = (
        "SELECT COUNT(*) FROM account_move m JOIN res_partner p ON p.id = partner_id"
    )
    assert api.db.scalar(f"{count} WHERE p.name = 'Customer at-the-same-moment'") == 1


def test_the_same_key_with_other_arguments_is_refused(api):
    first = api.call("create_invoice", **invoice_arguments("other"))
    response = api.post("create_invoice", **invoice_arguments("other", reference="!"))
    assert response.status_code == 422
    assert "Take a new key" in response.json()["message"]
    assert api.call("create_invoice", **invoice_arguments("other")) == first


# === CHANGES === #


def read_all(api, cursor, **arguments):
    """All changes from a cursor on, and the next one."""
    changes, more = [], True
    while more:
        answer = api.call("list_changes", cursor=cursor, limit=50, **arguments)
        changes += answer["changes"]
        cursor, more = answer["cursor"], answer["more"]
    return changes, cursor


def wait_for_older_transactions(db):
    """Until whatever ran in the cluster before now is over: what it holds back is told
    then. Other tests share the cluster."""
    mine = db.scalar("SELECT pg_current_xact_id()::text::bigint")
    oldest = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
    wait_until(lambda: db.scalar(oldest) > mine, "the end of other transactions")


def test_what_a_slow_transaction_commits_late_is_not_missed(api):
    wait_for_older_transactions(api.db)
    _old, cursor = read_all(api, None)
    slow = api.db.connect()
    with slow.cursor() as statement:
        statement.execute(
            "UPDATE res_partner SET city = 'Late', write_date = now()"
            " WHERE name = 'Recurring Customer'"
        )
    quick = api.call("create_invoice", **invoice_arguments("quick"))
    first, cursor = read_all(api, cursor)
    slow.commit()
    slow.close()
    wait_for_older_transactions(api.db)
    second, cursor = read_all(api, cursor)
    told = [(change["model"], change["id"]) for change in first + second]
    assert ("invoice", quick["id"]) in told
    late = [c for c in second if c["model"] == "customer"]
    assert "Late" in [change["record"]["city"] for change in late]
    assert read_all(api, cursor) == ([], cursor)


def test_pages_tell_everything_once(api):
    for number in range(3):
        api.call("create_invoice", **invoice_arguments(f"page-{number}"))
    wait_for_older_transactions(api.db)
    cursor, seen = None, []
    while True:
        answer = api.call("list_changes", cursor=cursor, models=["invoice"], limit=2)
        assert len(answer["changes"]) <= 2
        seen += [change["id"] for change in answer["changes"]]
        cursor = answer["cursor"]
        if not answer["more"]:
            break
    invoices = api.db.sql(
        "SELECT id FROM account_move WHERE move_type IN ('out_invoice', 'out_receipt')"
    )
    assert sorted(seen) == sorted(row[0] for row in invoices)


def test_a_cursor_of_another_database_is_refused(api):
    cursor = api.call("list_changes", limit=1)["cursor"]
    other = "00000000" + cursor[8:]
    for wrong in (other, "nonsense", 7):
        response = api.post("list_changes", cursor=wrong)
        assert response.status_code == 422
        assert response.json()["message"].startswith("cursor: ")

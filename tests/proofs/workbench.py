"""What all proofs need: databases with customers and tasks, and time that passes."""

from contextlib import contextmanager

from harness import Database


class Workbench:
    """Hands out throw-away databases; tests/proofs.sh and pytest each make one."""

    def __init__(self, settings, template):
        self.settings = settings
        self.template = template

    @contextmanager
    def database(self, label):
        db = Database.fresh(self.settings, self.template, label)
        try:
            yield db
        finally:
            db.drop()


SEED_TASKS = """
from datetime import timedelta
from odoo import Command, fields

product = env["product.product"].create(
    {{"name": "Hosting", "type": "service", "list_price": 10.0}}
)
customers = env["res.partner"].create([
    {{"name": f"Customer {{i:05d}}", "email": f"customer{{i:05d}}@example.com"}}
    for i in range({customers})
])
tasks = env["recurring.task"].create([{{
    "name": f"Hosting {{part}}",
    "completion": {completion!r},
    "date_start": fields.Date.today() + timedelta(days=2),
    "line_ids": [Command.create({{"product_id": product.id, "name": "Hosting"}})],
    "recipient_ids": [
        Command.create({{"partner_id": c.id}}) for c in customers[part::{tasks}]
    ],
}} for part in range({tasks})])
tasks.action_start()
env.cr.commit()
"""


def seed_tasks(db, customers, tasks=1, completion="confirm", more=""):
    """Customers on running tasks; the first document is due in two days.

    more: further Python for the same `odoo shell`, which knows `tasks`, `customers`
    """
    script = SEED_TASKS.format(customers=customers, tasks=tasks, completion=completion)
    db.shell(script + more)


def let_first_date_arrive(db, task_ids=None):
    """What two days of waiting would do. The server's clock is never touched.

    task_ids: for these tasks only
    """
    if task_ids is None:
        task_ids = [task for (task,) in db.sql("SELECT id FROM recurring_task")]
    db.sql(
        "UPDATE recurring_task SET date_start = date_start - 2 WHERE id = ANY(%s)",
        task_ids,
    )
    db.sql(
        "UPDATE recurring_task_recipient SET date_next = date_next - 2"
        " WHERE task_id = ANY(%s)",
        task_ids,
    )

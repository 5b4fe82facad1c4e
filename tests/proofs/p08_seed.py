"""Quotations that wait to be mailed, a task for each trouble, and who sends them."""

#: Tasks beside those of the troubles.
CRASHES = "process killed"
NO_ADDRESS = "no address"
CLERK = "bea"

SEED = """
from datetime import timedelta
from odoo import Command, fields

groups = ("recurring_billing.group_billing", "sales_team.group_sale_salesman_all_leads")
clerk = env["res.users"].create({{
    "name": "Bea", "login": "{clerk}", "password": "{clerk}",
    "email": "{clerk}@supplier.example",
    "group_ids": [Command.link(env.ref(group).id) for group in groups],
}})
product = env["product.product"].create({{"name": "Hosting", "list_price": 10.0}})
for number, (name, count, has_copy) in enumerate({tasks!r}):
    customers = env["res.partner"].create([
        {{"name": f"Customer {{i}}", "email": f"c{{number:02d}}-{{i:03d}}@example.com"}}
        for i in range(count)
    ])
    copies = env["res.partner"].create([
        {{"name": "Copy", "email": f"copy-{{c.email}}", "parent_id": c.id}}
        for c in customers if has_copy
    ])
    task = env["recurring.task"].create({{
        "name": name,
        "user_id": clerk.id,
        "document_type": "quotation",
        "completion": "send",
        "send_when": "held",
        "attach_pdf": False,
        "date_start": fields.Date.today() + timedelta(days=2),
        "line_ids": [Command.create({{"product_id": product.id}})],
        "recipient_ids": [Command.create({{
            "partner_id": c.id, "contact_ids": [Command.set(c.child_ids.ids)],
        }}) for c in customers],
    }})
    task.action_start()
    if name == {no_address!r}:
        customers.email = False
env.flush_all()
env.cr.execute("UPDATE recurring_task SET date_start = date_start - 2")
env.cr.execute("UPDATE recurring_task_recipient SET date_next = date_next - 2")
env.invalidate_all()
env["recurring.engine"]._cron_generate()
env["document.delivery"].search([("task_id.name", "=", {crashes!r})]).action_approve()
env["document.delivery"]._cron_send()
env.cr.commit()
"""


def seed(db, tasks):
    """Issued quotations whose mails wait for approval; those of CRASHES are queued.

    tasks: (name, number of customers, whether each has a second addressee)
    """
    names = {"clerk": CLERK, "crashes": CRASHES, "no_address": NO_ADDRESS}
    db.shell(SEED.format(tasks=tasks, **names))

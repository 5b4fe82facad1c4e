"""What the pictures show: the demo data, and what happened to it."""

import json
from dataclasses import dataclass, field

from suite import demo, scripts

from . import stories

#: What is due tomorrow was due yesterday.
TWO_DAYS_LATER = {"SUITE_DAYS_LATER": "2"}
#: Login and password of whoever is seen at work.
CLERK = "guide_clerk"

PEOPLE = f"""
from odoo.tests import new_test_user
new_test_user(
    env, {CLERK!r}, name="Clara Clerk", email="clara@example.com", lang="en_US",
    tz="Europe/Brussels",
    groups="recurring_billing.group_manager,postsale_contracts.group_postsale_user,"
    "sales_team.group_sale_manager,project.group_project_user",
)
"""

#: Forty customers with a contract, and a task that nobody has started yet.
FORTY = """
import json
from odoo import Command, fields
tag = env["res.partner.category"].create({"name": "Maintenance contract"})
customers = env["res.partner"].create([
    {"name": f"{name} {street}", "email": f"{name}.{street}@example.com".lower(),
     "category_id": [Command.link(tag.id)], "is_company": True}
    for name in ("Bakery", "Cinema", "Dentist", "Florist", "Garage", "Hotel",
                 "Library", "Pharmacy")
    for street in ("Aurora", "Boreal", "Central", "Delta", "Europa")
])
product = env["product.product"].create({
    "name": "Heating maintenance", "type": "service", "list_price": 85.0,
})
clerk = env["res.users"].search([("login", "=", "guide_clerk")])
# his day, which begins earlier than the server's
today = fields.Date.context_today(clerk.with_context(tz=clerk.tz))
task = env["recurring.task"].with_user(clerk).create({
    "name": "Heating maintenance",
    "date_start": fields.Date.add(today, days=1),
    "completion": "send",
    "line_ids": [Command.create({
        "product_id": product.id,
        "name": "Heating maintenance {month} {year}",
    })],
    "recipient_ids": [Command.create({"partner_id": c.id}) for c in customers],
})
"""

#: For the store pages: a quotation on the table, a card that is enrolled, one to enrol.
SELLING = """
clerk = env["res.users"].search([("login", "=", "guide_clerk")])
quick = env["sale.quick.quotation"].with_user(clerk)
offer = quick._create_quotation(customers[0], env["sale.order.template"])
offer.order_line = [Command.create({"product_id": product.id, "product_uom_qty": 2})]
cards = env.ref("recurring_billing_crm.crm_lead_ana")
cards += env.ref("recurring_billing_crm.crm_lead_ion")
cards.write({
    "enrolment_price": 1200, "enrolment_instalments": 4,
    "enrolment_start_date": fields.Date.add(fields.Date.today(), days=30),
})
cards[0].with_user(clerk).action_enrol()
"""

#: Python for `odoo shell`: the scheduler is awake again, and nothing is late.
ON_TIME = """
env["ir.cron"].search([]).nextcall = fields.Datetime.add(fields.Datetime.now(), days=3)
"""

#: A ticket with work to bill, a task whose SLA runs, a portfolio: of the demo data.
FIND = """
ids = {
    "task": task.id,
    "ticket": env.ref("postsale_contracts.ticket_boiler_demo").id,
    "sla_task": env["project.task"].search([("meets_sla", "=", "no")], limit=1).id,
    "portfolio": env["crm.portfolio"].search([], limit=1).id,
    "card": env.ref("recurring_billing_crm.crm_lead_ana").id,
    "new_card": env.ref("recurring_billing_crm.crm_lead_ion").id,
    "automation": env.ref("recurring_billing.payment_automation_course").id,
    "delivery_task": env.ref("recurring_billing_stock.recurring_task_coffee").id,
}
"""

KEEP = """
print(json.dumps(ids))
env.cr.commit()
"""


@dataclass(frozen=True)
class Scene:
    """A database in a certain state, and the server that is looked at.

    script: Python for `odoo shell`, run before the server starts; its last line is
    JSON, names for the addresses of the shots
    is_busy: the scheduled actions have done what was due
    """

    title: str
    script: str
    environment: dict = field(default_factory=dict)
    is_busy: bool = False

    def prepare(self, db):
        output = db.shell(self.script)
        return json.loads(
            next(line for line in reversed(output.splitlines()) if line[:1] == "{")
        )

    def begin(self, server):
        if self.is_busy:
            demo.run_jobs(server.admin)


SCENES = {
    "today": Scene(
        "an ordinary day",
        PEOPLE
        + scripts.DEMO
        + FORTY
        + SELLING
        + FIND
        + "ids['offer'] = offer.id"
        + KEEP,
        is_busy=True,
    ),
    "stories": Scene(
        "what people do in the course of a month",
        PEOPLE + FORTY + stories.ALL + ON_TIME + stories.FIND + KEEP,
    ),
    "morning_after": Scene(
        "the server was down for a day",
        PEOPLE + FORTY + "task.action_start()" + FIND + KEEP,
        environment=TWO_DAYS_LATER,
    ),
    "caught_up": Scene(
        "the server runs again",
        PEOPLE + FORTY + "task.action_start()" + ON_TIME + FIND + KEEP,
        environment=TWO_DAYS_LATER,
        is_busy=True,
    ),
}

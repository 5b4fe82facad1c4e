"""Who walks: a person for each job, with no more rights than it takes, and records to
look at: our demo data, without Odoo's own."""

#: What everybody's job is, by login and password; those with the least rights first.
PEOPLE = {
    "technician": ["postsale_contracts.group_postsale_technician"],
    "salesperson": ["sales_team.group_sale_salesman"],
    "billing": ["recurring_billing.group_billing"],
    "contracts": [
        "postsale_contracts.group_postsale_user",
        "postsale_contracts.group_billing_config",
        "recurring_billing.group_user",
    ],
    "sla_manager": ["project.group_project_manager"],
    "sales_manager": ["sales_team.group_sale_manager"],
    "billing_manager": ["recurring_billing.group_manager"],
    "postsale_manager": [
        "postsale_contracts.group_postsale_manager",
        "maintenance.group_equipment_manager",
    ],
    # Settings, and what is left
    "admin": None,
}
CUSTOMER = "customer"

SET_UP = f"""
import json
from odoo import Command, fields
from odoo.modules import Manifest
from odoo.tests import new_test_user
from odoo.tools.convert import convert_file

people = {{
    login: new_test_user(
        env, login, ",".join(groups), name=login.replace("_", " ").title(),
        password=login, tz="Europe/Madrid",
    )
    for login, groups in {PEOPLE!r}.items() if groups
}}
env["res.partner"]._load_records([
    {{
        "xml_id": f"base.res_partner_{{number}}",
        "noupdate": True,
        "values": {{
            "name": name, "is_company": True, "email": f"office{{number}}@example.com",
            "phone": "+34 952 60 30 00", "street": "Paseo Marítimo 14",
            "city": "Málaga", "zip": "29016", "country_id": env.ref("base.es").id,
        }},
    }}
    for number, name in (
        (2, "Deco Addict"), (3, "Gemini Furniture"), (4, "Ready Mat"),
        (10, "The Jackson Group"), (12, "Azure Interior"), (18, "Lumber Incorporated"),
    )
])
demo = new_test_user(env, "demo", "base.group_user", name="Marc Demo")
env["ir.model.data"].create({{
    "module": "base", "name": "user_demo", "model": "res.users", "res_id": demo.id,
}})
ours = ("recurring_billing", "crm_sla", "recurring_billing_stock",
        "recurring_billing_crm", "postsale_contracts")
for addon in ours:
    references = {{}}
    for name in Manifest.for_addon(addon)["demo"]:
        convert_file(env, addon, name, references, mode="init", noupdate=True)
# else a robot's chat covers the first screen
env["res.users"].search([]).odoobot_state = "disabled"
everybody = [Command.link(user.id) for user in people.values()]
env["project.task"].search([]).write({{"user_ids": everybody}})
orders = env["sale.order"].search([])
orders.write({{"user_id": people["salesperson"].id}})
env["crm.portfolio.line"].search([]).agent_custom_id = people["salesperson"]
"""

#: For the customer's pages: something to sign, to pay, to read.
CUSTOMERS_SIDE = f"""
partner = env.ref("base.res_partner_3")
person = env["res.partner"].create({{
    "name": "Carla Customer", "parent_id": partner.id, "email": "carla@example.com",
}})
new_test_user(env, {CUSTOMER!r}, "base.group_portal", partner_id=person.id,
              password={CUSTOMER!r})
product = env["product.product"].create({{
    "name": "Maintenance of all machines in both buildings, travel and small parts",
    "type": "service", "list_price": 1234.5, "invoice_policy": "order",
}})
line = [Command.create({{"product_id": product.id}})]
quotation, order, paid_first = env["sale.order"].create([
    {{"partner_id": partner.id, "user_id": people["salesperson"].id,
     "require_signature": signed, "require_payment": paid, "order_line": line,
     "prepayment_percent": 0.3}}
    for signed, paid in ((True, False), (False, False), (False, True))
])
order.action_confirm()
invoice = order._create_invoices()
invoice.invoice_date_due = invoice.invoice_date = "2026-01-02"
invoice.action_post()
contract = env["postsale.contract"].search([("partner_id", "=", partner.id)], limit=1)
ticket = env["project.task"].search(
    [("partner_id", "=", partner.id), ("project_id.is_postsale", "=", True)], limit=1
)
ticket.message_subscribe(partner_ids=(partner + person).ids)
"""

#: A document that was issued and asks for a confirmation, and a forecast.
ISSUED = """
task = env["recurring.task"].with_user(people["billing"]).create({
    "name": "Rent of a machine",
    "date_start": fields.Date.add(fields.Date.today(), days=9),
    "completion": "send",
    "line_ids": [Command.create({"product_id": product.id})],
    "recipient_ids": [Command.create(
        {"partner_id": partner.id, "ack_partner_ids": [Command.link(person.id)]}
    )],
})
task.action_start()
task.action_run_now()
env.cr.commit()
env.ref("recurring_billing.ir_cron_forecast").method_direct_trigger()
"""

#: Cards that pay: the form of the page of payment.
PAYMENTS = """
cards = env["ir.module.module"].search([("name", "=", "payment_demo")])
cards.button_immediate_install()
bank = env["account.journal"].search([("type", "=", "bank")], limit=1)
env.ref("payment.payment_provider_demo").write(
    {"state": "test", "is_published": True, "journal_id": bank.id}
)
env.cr.commit()
"""

KEEP = """
delivery = env["document.delivery"].search([("access_token", "!=", False)], limit=1)
print(json.dumps({
    "public": {
        "quotation to sign": quotation.get_portal_url(),
        "order": order.get_portal_url(),
        "quotation to pay": paid_first.get_portal_url(),
        "invoice": invoice.get_portal_url(),
        "acknowledgement": f"/recurring/acknowledge/{delivery.access_token}",
        "acknowledgement with a wrong link": "/recurring/acknowledge/none",
    },
    "portal": {
        path: path for path in (
            "/my", "/my/quotes", "/my/orders", "/my/invoices", "/my/contracts",
            f"/my/contracts/{contract.id}", "/my/tasks", f"/my/tasks/{ticket.id}",
            "/my/payment_method",
        )
    },
}))
env.cr.commit()
"""

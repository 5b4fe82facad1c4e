"""What happened before a picture is taken: Python for `odoo shell`, after PEOPLE and
FORTY of scenes.py, whose names it uses."""

#: A school: one card is new, one was enrolled, one has paid the first instalment.
SCHOOL = """
card_new = env.ref("recurring_billing_crm.crm_lead_ana")
card_enrolled = env.ref("recurring_billing_crm.crm_lead_ion")
card_enrolled.write({
    "street": "Strada Teilor 5", "city": "Cluj-Napoca",
    "country_id": env.ref("base.ro").id,
})
card_paid = card_enrolled.copy({
    "name": "Course: Mia Stan", "contact_name": "Mia Stan",
    "email_from": "mia.stan@example.com", "partner_id": False,
})
cards = card_new + card_enrolled + card_paid
cards.user_id = clerk
# a card goes with its salesperson to his team
cards.team_id = env.ref("recurring_billing_crm.crm_team_school")
enrolled = env.ref("recurring_billing_crm.crm_stage_enrolled")
env.cr.commit()
for card in card_enrolled + card_paid:
    card.with_user(clerk).stage_id = enrolled
    env.cr.commit()
card_paid.enrolment_order_id.with_user(clerk).action_confirm_payment()
env.cr.commit()
"""

#: Two customers whose next document costs more than the company wants to let through.
HELD = """
task_held = env["recurring.task"].with_user(clerk).create({
    "name": "Server care",
    "completion": "confirm",
    "date_start": fields.Date.add(today, days=9),
    "line_ids": [Command.create({"product_id": product.id, "price_unit": 60.0})],
    "recipient_ids": [Command.create({"partner_id": c.id}) for c in customers[:2]],
})
task_held.action_start()
task_held.action_run_now()
# as if that had been yesterday
yesterday = fields.Date.add(today, days=-1)
task_held.sudo().occurrence_ids.document_date = yesterday
env.company.recurring_change_growth = 15
task_held.line_ids.price_unit = 84.0
task_held.action_run_now()
run_held = task_held.occurrence_ids.filtered(lambda row: row.state == "held").run_id
env.cr.commit()
"""

#: A run of forty that has made the first twenty; nobody goes on with the others.
UNDER_WAY = """
task.action_start()
task.action_run_now()
run = task.occurrence_ids.run_id
env.cr.commit()
"""

#: Invoices that are overdue, and reminders that are switched on.
OVERDUE = """
settings = env["res.config.settings"].create({"reminder_active": True})
settings.execute()
for days, customer in ((5, customers[3]), (5, customers[4]), (18, customers[5])):
    due = fields.Date.add(today, days=-days)
    invoice = env["account.move"].create({
        "move_type": "out_invoice", "partner_id": customer.id,
        "invoice_date": fields.Date.add(due, days=-30), "invoice_date_due": due,
        "invoice_payment_term_id": False,
        "invoice_line_ids": [Command.create({"product_id": product.id})],
    })
    invoice.action_post()
env.company.reminder_from_date = fields.Date.add(today, days=-60)
env.cr.commit()
"""

#: The clerk goes out with a tool box today.
OUTSIDE = """
jobs = env["project.task"].search([("project_id", "=", env.ref(
    "postsale_contracts.field_project").id)])
jobs.user_ids = [Command.set(clerk.ids)]
env.cr.commit()
"""

ALL = SCHOOL + HELD + UNDER_WAY + OVERDUE + OUTSIDE

FIND = """
ids = {
    "card_new": card_new.id,
    "card_enrolled": card_enrolled.id,
    "card_paid": card_paid.id,
    "order_paid": card_paid.enrolment_order_id.id,
    "task": task.id,
    "task_held": task_held.id,
    "run": run.id,
    "run_held": run_held.id,
}
"""

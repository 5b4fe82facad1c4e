"""Fills a database as a company does in two months. Runs inside `odoo shell`.

Everything that an upgrade could lose or set off: tasks in each state, documents that
were issued, failed, held or asked for, mails on their way, reminders half way,
contracts, tickets, clocks, a hand-over that waits; and whatever people edit.
"""

from datetime import timedelta

from odoo import Command, fields
from odoo.tests import freeze_time

#: Modules whose templates, kinds and actions people have edited.
OURS = (
    "crm_sla",
    "postsale_contracts",
    "recurring_billing",
    "recurring_billing_crm",
    "recurring_billing_stock",
)
#: The day on which everybody stops working and the administrator upgrades.
TODAY = "2027-03-15 10:00:00"


class Scene:
    """`clock` moves Odoo's time; each method is a chapter of the story."""

    def __init__(self, env):
        self.env = env
        self.clock = freeze_time("2027-01-10 10:00:00").start()

    def play(self):
        self.set_up()
        self.start_tasks()
        self.live()
        self.serve()
        self.hand_over()
        self.edit()
        self.env.cr.commit()

    def go_to(self, moment):
        self.env.cr.commit()
        self.clock.move_to(moment)
        self.env.invalidate_all()

    def create_customers(self, name, count):
        return self.env["res.partner"].create(
            [
                {"name": f"{name} {i}", "email": f"{name}{i}@example.com".lower()}
                for i in range(count)
            ]
        )

    def set_up(self):
        self.company = self.env.company
        self.company.write(
            {
                "email": "billing@example.com",
                "recurring_catch_up_cap": 3,
                "recurring_daily_limit": 30,
                "recurring_send_hour": 9.5,
                "reminder_from_date": "2027-01-01",
                "recurring_stock_missing": "negative",
            }
        )
        self.company.partner_id.tz = "Europe/Madrid"
        self.product = self.env["product.product"].create(
            {"name": "Hosting", "type": "service", "list_price": 100.0}
        )

    # === RECURRING BILLING === #

    def create_task(self, name, count, **values):
        task = self.env["recurring.task"].create(
            {
                "name": name,
                "completion": "send",
                "date_start": "2027-01-15",
                "line_ids": [Command.create({"product_id": self.product.id})],
                "recipient_ids": [
                    Command.create({"partner_id": customer.id})
                    for customer in self.create_customers(name, count)
                ],
                **values,
            }
        )
        setattr(self, name.lower(), task)
        return task

    def start_tasks(self):
        started = (
            self.create_task("Running", 4)
            | self.create_task("Half", 3, completion="confirm")
            | self.create_task("Limited", 2, max_documents=3)
            | self.create_task("Paused", 2)
            | self.create_task("Over", 1, max_documents=1)
            | self.create_task("Held", 2, interval_unit="week", date_start="2027-02-16")
            | self.create_task("Many", 25, date_start="2027-03-20")
            | self.create_task("Quotes", 2, document_type="quotation")
            | self.create_task("Orders", 2, document_type="order", month_day=31)
            | self.create_task("Proformas", 2, document_type="proforma")
        )
        self.create_task("Draft", 1)
        started.action_start()

    def generate(self, moment):
        self.go_to(moment)
        self.env["recurring.engine"]._cron_generate()
        self.env["document.delivery"]._cron_send()

    def live(self):
        """Two months: something fails, something waits, somebody asks for more."""
        self.generate("2027-01-15 09:00:00")
        self.half.recipient_ids[0].partner_id.active = False
        self.paused.action_pause()
        self.generate("2027-02-15 09:00:00")
        self.env["payment.reminder.engine"]._cron_remind()
        self.generate("2027-02-15 12:00:00")
        self.let_mails_arrive()
        self.go_to("2027-03-01 09:00:00")
        self.env["payment.reminder.engine"]._cron_remind()
        self.generate(TODAY)
        self.many.action_run_now()
        self.many.flush_recordset()

    def let_mails_arrive(self):
        """What mail servers said: most took theirs, two wait, one is not known."""
        rows = self.env["document.delivery"].search([("mail_mail_id", "!=", False)])
        tomorrow = fields.Datetime.now() + timedelta(days=60)
        rows._update_state(("queued",), "sending", attempts=1)
        rows[:2]._update_state(
            ("sending",), "deferred", reason="451 Later", next_attempt=tomorrow
        )
        rows[2]._update_state(("sending",), "unknown", reason="The line broke.")
        rows[3]._update_state(("sending",), "refused", reason="550 No such user")
        rows[4:-3]._update_state(("sending",), "sent", sent_date=fields.Datetime.now())
        rows[-3:]._update_state(("sending",), "queued")

    # === AFTER THE SALE === #

    def serve(self):
        stages = self.env["project.task.type"].create(
            [{"name": name, "sequence": i} for i, name in enumerate("ABC")]
        )
        self.env["postsale.config"].create(
            {
                "company_id": self.company.id,
                "new_product_id": self.product.id,
                "renewal_product_id": self.product.id,
                "activity_product_id": self.product.id,
                "new_subject": "New",
                "renewal_subject": "Renewal",
                "activity_subject": "Work",
            }
        )
        project = self.env["project.project"].create(
            {
                "name": "Desk",
                "is_postsale": True,
                "type_ids": [Command.set(stages.ids)],
            }
        )
        self.env["crm.sla.policy"].create(
            {
                "name": "Solved within 16 hours",
                "project_ids": [Command.set(project.ids)],
                "hours": 16,
                "pause_stage_ids": [Command.set(stages[1].ids)],
                "stage_id": stages[2].id,
            }
        )
        self.make_contracts()
        self.make_tickets(project, stages)

    def make_contracts(self):
        contracts = self.env["postsale.contract"].create(
            [
                {
                    "partner_id": customer.id,
                    "date_start": "2026-04-01",
                    "date_end": "2027-03-31",
                    "renewal_months": 12,
                    "customer_cost": 240.0,
                    "auto_renew": number < 2,
                }
                for number, customer in enumerate(self.create_customers("Contract", 4))
            ]
        )
        contracts[:3].action_activate()
        contracts[0].action_renew()
        contracts[0].renewal_ids[:1].action_new_order()
        self.env["postsale.renewal.engine"]._cron_contracts()

    def make_tickets(self, project, stages):
        tickets = self.env["project.task"].create(
            [
                {
                    "name": f"Ticket {number}",
                    "project_id": project.id,
                    "partner_id": customer.id,
                    "stage_id": stages[0].id,
                }
                for number, customer in enumerate(self.create_customers("Ticket", 4))
            ]
        )
        self.go_to("2027-03-15 11:00:00")
        tickets[1].stage_id = stages[1]  # its clock stands still
        tickets[2].stage_id = stages[2]  # it is solved
        closed = self.env.ref("postsale_contracts.intervention_stage_closed")
        self.env["postsale.intervention"].create(
            [
                {
                    "task_id": ticket.id,
                    "name": "Looked at it",
                    "date": "2027-03-15 10:30:00",
                    "duration": 1.5,
                    "stage_id": closed.id,
                    "condition_id": self.env.ref(
                        "postsale_contracts.condition_billed"
                    ).id,
                }
                for ticket in tickets[:3]
            ]
        )
        tickets[0].action_create_order()

    def hand_over(self):
        """Two orders wait for an ERP that does not answer."""
        self.env["postsale.erp.channel"].create(
            {
                "name": "ERP",
                "url": "https://erp.invalid/orders",
                "bearer_key": "key-of-the-erp",
            }
        )
        orders = self.env["sale.order"].create(
            [
                {
                    "partner_id": customer.id,
                    "order_line": [Command.create({"product_id": self.product.id})],
                }
                for customer in self.create_customers("Erp", 2)
            ]
        )
        orders.action_confirm()
        orders.action_send_to_erp()

    # === WHAT PEOPLE EDIT === #

    def find(self, model):
        """Records of the suite's own data files."""
        data = self.env["ir.model.data"].search(
            [("model", "=", model), ("module", "in", OURS)]
        )
        records = self.env[model].with_context(active_test=False)
        return records.browse(data.mapped("res_id")).exists()

    def edit(self):
        for template in self.find("mail.template"):
            template.write(
                {
                    "subject": f"Edited: {template.subject}",
                    "body_html": f"<p>Edited</p>{template.body_html}",
                    "email_from": "edited@example.com",
                }
            )
        for kind in self.find("recurring.document.kind"):
            kind.write({"name": f"Edited {kind.name}", "greeting": "Edited"})
        for stage in self.find("postsale.intervention.stage"):
            stage.name = f"Edited {stage.name}"
        for condition in self.find("postsale.condition"):
            condition.write({"name": f"Edited {condition.name}", "active": False})
        self.edit_settings()

    def edit_settings(self):
        paper = self.env.ref("base.paperformat_us")
        self.find("ir.actions.report").paperformat_id = paper
        codes = [code for code, *_ in self.company._get_document_sequences()]
        for number, series in enumerate(
            self.env["ir.sequence"].search([("code", "in", codes)])
        ):
            series.write({"prefix": f"X{number}/%(range_year)s/", "padding": 6})
        crons = self.find("ir.cron")
        crons.write({"interval_number": 3, "nextcall": "2027-03-16 03:00:00"})
        crons[::2].active = False
        manager = self.env.ref("recurring_billing.group_manager")
        self.env.ref("base.user_admin").group_ids = [Command.unlink(manager.id)]
        self.env["ir.ui.view"].create(
            {
                "name": "Our own line on the reminder",
                "type": "qweb",
                "mode": "extension",
                "key": "own.reminder",
                "inherit_id": self.env.ref(
                    "recurring_billing.report_reminder_document"
                ).id,
                "arch": "<xpath expr='.' position='inside'><p>Own line</p></xpath>",
            }
        )

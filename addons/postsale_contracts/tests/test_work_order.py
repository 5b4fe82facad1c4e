"""Work orders as a kind of document: what is made, when, and for whom."""

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Date
from odoo.tests import Form, tagged

from .work_order_common import WorkOrderCommon


@tagged("post_install", "-at_install")
class TestWorkOrder(WorkOrderCommon):
    people = ("technician", "reader")

    # === WHAT IS MADE === #

    def test_a_visit_is_a_task_in_the_project(self):
        task = self._start_task(
            stage_id=self.done.id,
            assigned_user_ids=[Command.set(self.technician.ids)],
            checklist_template_ids=[
                Command.create({"name": "Filter cleaned"}),
                Command.create({"name": "Pressure checked"}),
            ],
        )
        self._run_cron("2027-04-01 08:00:00")
        order = self._get_documents(task)
        self.assertEqual(order._name, "project.task")
        self.assertTrue(order.is_work_order)
        self.assertEqual(order.name, "Boiler service")
        self.assertEqual(order.project_id, self.project)
        self.assertEqual(order.stage_id, self.done)
        self.assertEqual(order.user_ids, self.technician)
        self.assertEqual(order.partner_id, self.customer)
        self.assertEqual(order.visit_date, Date.to_date("2027-04-01"))
        self.assertEqual(
            order.checklist_ids.mapped("name"), ["Filter cleaned", "Pressure checked"]
        )
        self.assertEqual(order.recurring_task_id, task)

    def test_the_ledger_notes_it_without_an_amount(self):
        task = self._start_task()
        self._run_cron("2027-04-01 08:00:00")
        row = self._get_rows(task)
        self.assertRows(task, "2027-04-01 generated")
        self.assertEqual((row.document_type, row.amount_total), ("work_order", 0))
        self.assertEqual(row.document_name, "Boiler service")
        self.assertEqual(row.action_open_document()["res_model"], "project.task")

    def test_without_notes_it_has_no_description(self):
        order = self._issue(lines=[{"product_id": self.product.id}])
        self.assertFalse(order.description)

    def test_an_empty_stage_is_the_projects_first(self):
        self.assertEqual(self._issue().stage_id, self.pending)

    def test_one_made_by_hand_belongs_where_the_latest_one_does(self):
        tasks = self.env["project.task"].with_user(self.biller)
        by_hand = tasks.with_context(default_is_work_order=True)
        self.assertFalse(Form(by_hand).project_id)
        order = self._issue()
        self.assertEqual(Form(by_hand).project_id, order.project_id)
        self.assertFalse(Form(tasks).project_id)

    def test_lines_become_open_service_activities(self):
        order = self._issue(
            lines=[
                {"product_id": self.product.id, "quantity": 2},
                {"display_type": "line_note", "name": "Bring the ladder"},
            ]
        )
        activity = order.intervention_ids
        self.assertEqual(activity.product_id, self.product)
        self.assertEqual((activity.quantity, activity.price_unit), (2, 0))
        self.assertEqual(activity.state, "open")
        self.assertEqual(activity.date, order.visit_date)
        self.assertIn("Bring the ladder", order.description)

    def test_each_line_of_a_customer_has_a_work_order_for_its_assets(self):
        assets = self.env["maintenance.equipment"].create(
            [
                {"name": name, "customer_id": self.customer.id}
                for name in ("Boiler", "Pump")
            ]
        )
        task = self._create_task(
            recipient_ids=[
                Command.create(
                    {
                        "partner_id": self.customer.id,
                        "asset_ids": [Command.set(asset.ids)],
                    }
                )
                for asset in assets
            ]
        )
        task.action_start()
        self._run_cron("2027-04-01 08:00:00")
        orders = self._get_documents(task)
        self.assertEqual(
            sorted(orders.mapped("name")),
            ["Boiler service – Boiler", "Boiler service – Pump"],
        )
        self.assertEqual([order.asset_ids for order in orders], list(assets))

    # === AS ON THE CUSTOMER'S RECORD === #

    def test_what_is_empty_is_as_on_the_customers_record(self):
        own = self._create_project(name="VIP")
        address = self._create_customer(name="Cellar", parent_id=self.customer.id)
        self.customer.write(
            {
                "visit_user_id": self.technician.id,
                "visit_address_id": address.id,
                "visit_hours": "8–12",
                "visit_access_notes": "Ring twice",
                "visit_project_id": own.id,
            }
        )
        order = self._issue(project_id=False)
        self.assertEqual(order.project_id, own)
        self.assertEqual(order.user_ids, self.technician)
        self.assertEqual(order.visit_partner_id, address)
        self.assertEqual(order.visit_hours, "8–12")
        self.assertEqual(order.visit_access_notes, "Ring twice")

    def test_the_task_comes_before_the_customers_record(self):
        role = self.env["project.role"].create({"name": "Plumbers"})
        self.customer.visit_user_id = self.technician
        order = self._issue(assigned_role_id=role.id)
        self.assertFalse(order.user_ids)
        self.assertEqual(order.work_role_id, role)

    def test_an_address_is_visited_as_its_company(self):
        self.customer.visit_user_id = self.technician
        branch = self._create_customer(name="Branch", parent_id=self.customer.id)
        self.assertEqual(self._issue(customers=branch).user_ids, self.technician)

    def test_a_day_that_does_not_suit_is_told(self):
        self.customer.visit_monday = True
        order = self._issue()  # a Thursday
        self.assertIn("Monday", order.visit_warning)
        order.visit_date = "2027-04-05"
        self.assertFalse(order.visit_warning)

    def test_one_made_by_hand_takes_what_the_customer_likes(self):
        self.customer.visit_access_notes = "Ring twice"
        Task = self.env["project.task"].with_user(self.technician)
        Task = Task.with_context(
            default_is_work_order=True, default_project_id=self.project.id
        )
        with Form(Task) as form:
            form.name = "By hand"
            form.partner_id = self.customer
            self.assertEqual(form.visit_access_notes, "Ring twice")

    # === WHEN === #

    def test_it_is_made_days_ahead_of_the_visit(self):
        task = self._start_task(plan_days_ahead=10)
        self.assertEqual(task.date_next, Date.to_date("2027-03-22"))
        self._run_cron("2027-03-21 08:00:00")
        self.assertRows(task)
        self._run_cron("2027-03-22 08:00:00")
        self.assertRows(task, "2027-04-01 generated")
        order = self._get_documents(task)
        self.assertEqual(order.visit_date, Date.to_date("2027-04-01"))
        self.assertEqual(task.date_next, Date.to_date("2027-04-21"))

    def test_the_preview_tells_the_days_of_the_visits(self):
        task = self._start_task(plan_days_ahead=10, business_day_shift="after")
        dates = task.preview_dates(limit=3)
        orders = self._get_documents(task)
        for moment in ("2027-03-22", "2027-04-21", "2027-05-22"):
            self._run_cron(f"{moment} 08:00:00")
            orders = self._get_documents(task)
        self.assertEqual(orders.mapped("visit_date"), dates)
        self.assertEqual(
            list(map(str, dates)), ["2027-04-01", "2027-05-03", "2027-06-01"]
        )

    def test_a_visit_to_come_is_not_missed_though_its_day_of_making_is(self):
        """Also where missed dates are not issued: 25 March is after the 22nd."""
        task = self._start_task(plan_days_ahead=10, catch_up="skip")
        self._run_cron("2027-03-25 08:00:00")
        self.assertRows(task, "2027-04-01 generated")

    def test_a_first_visit_may_be_nearer_than_the_lead(self):
        task = self._start_task(plan_days_ahead=30, date_start="2027-03-20")
        self._run_cron("2027-03-15 12:00:00")
        self.assertRows(task, "2027-03-20 generated")

    def test_the_watchdog_looks_at_the_day_of_the_visit(self):
        """Made 30 days ahead, it could not be made on the day of its making."""
        task = self._start_task(plan_days_ahead=30, date_start="2027-03-20")
        watchdog = self.env["recurring.watchdog"].sudo()
        self.assertFalse(watchdog._find_missed_dates(self.company))
        self.clock.move_to("2027-03-22 01:00:00")
        (finding,) = watchdog._find_missed_dates(self.company)
        self.assertEqual(
            task.recipient_ids.search(finding["action"]["domain"]), task.recipient_ids
        )

    def test_a_first_visit_is_after_today(self):
        task = self._create_task(plan_days_ahead=30)
        with self.assertRaisesRegex(UserError, "must be after today"):
            task.date_start = "2027-03-15"
            task.action_start()

    def test_missed_visits_are_caught_up(self):
        task = self._start_task(interval_unit="week")
        self._run_cron("2027-04-15 08:00:00")
        self.assertDates(task, "2027-04-01", "2027-04-08", "2027-04-15")

    def test_visits_during_a_pause_are_skipped(self):
        task = self._start_task(interval_unit="week", plan_days_ahead=3)
        task.action_pause()
        self.clock.move_to("2027-04-06 08:00:00")
        task.with_user(self.biller).action_resume()
        self._run_cron("2027-04-06 09:00:00")
        self.assertRows(task, "2027-04-01 skipped", "2027-04-08 generated")

    def test_lead_days_have_bounds(self):
        with self.assertRaisesRegex(ValidationError, "0 to 365 days"):
            self._create_task(plan_days_ahead=-1)

    # === READY? === #

    def test_without_a_project_nothing_is_made(self):
        task = self._start_task(project_id=False)
        self.assertIn("No project", task.recipient_ids.ready_message)
        self._run_cron("2027-04-01 08:00:00")
        self.assertRows(task, "2027-04-01 failed")
        self.assertIn("No project", self._get_rows(task).error)

    def test_it_needs_neither_lines_nor_prices(self):
        task = self._create_task()
        self.assertTrue(task.can_start)
        self.assertTrue(task.recipient_ids.ready)
        invoice = self._create_task(document_type="invoice")
        self.assertFalse(invoice.can_start)

    def test_an_archived_technician_is_told(self):
        task = self._create_task(assigned_user_ids=[Command.set(self.technician.ids)])
        self.technician.active = False
        task.recipient_ids.invalidate_recordset()
        self.assertIn("archived", task.recipient_ids.ready_message)

    # === CALLED OFF === #

    def test_cancelling_frees_the_date_and_undoing_takes_it_again(self):
        order = self._issue()
        row = order.recurring_occurrence_id
        order.state = "1_canceled"
        self.assertEqual(row.state, "void")
        order.state = "01_in_progress"
        self.assertEqual(row.state, "generated")

    def test_deleting_frees_the_date_also_of_a_sub_task(self):
        order = self._issue()
        row = order.recurring_occurrence_id
        parent = self.env["project.task"].create(
            {"name": "All visits", "project_id": self.project.id}
        )
        order.parent_id = parent
        parent.unlink()
        self.assertFalse(order.exists())
        self.assertEqual(row.state, "void")

    def test_moving_a_visit_leaves_dates_and_ledger_alone(self):
        task = self._start_task()
        self._run_cron("2027-04-01 08:00:00")
        order = self._get_documents(task)
        order.with_user(self.technician).visit_date = "2027-04-09"
        self.assertRows(task, "2027-04-01 generated")
        self.assertEqual(task.date_next, Date.to_date("2027-05-01"))

    # === RIGHTS === #

    def test_links_to_recurring_tasks_cannot_be_forged(self):
        task = self._create_task()
        Task = self.env["project.task"].with_user(self.technician)
        values = {"name": "Forged", "project_id": self.project.id}
        with self.assertRaises(AccessError):
            Task.create({**values, "recurring_task_id": task.id})
        forged = Task.with_context(default_recurring_task_id=task.id).create(values)
        self.assertFalse(forged.recurring_task_id)
        with self.assertRaises(AccessError):
            forged.recurring_task_id = task

    def test_a_copy_has_the_checklist_for_whoever_may_read_it(self):
        order = self._issue()
        order.sudo().checklist_ids = [Command.create({"name": "Filter cleaned"})]
        self.reader.group_ids += self.env.ref("project.group_project_user")
        for user, names in (
            (self.technician, ["Filter cleaned"]),
            (self.reader, []),
        ):
            copy = order.with_user(user).copy().sudo()
            self.assertEqual(copy.checklist_ids.mapped("name"), names)

    def test_a_copy_is_not_of_the_recurring_task(self):
        copy = self._issue().copy()
        self.assertTrue(copy.is_work_order)
        self.assertFalse(copy.recurring_task_id or copy.recurring_occurrence_id)

    def test_how_to_get_in_is_for_technicians(self):
        self.customer.visit_access_notes = "Key under the mat"
        with self.assertRaises(AccessError):
            self.customer.with_user(self.reader).read(["visit_access_notes"])
        seen = self.customer.with_user(self.technician)
        self.assertEqual(seen.visit_access_notes, "Key under the mat")

    def test_a_technician_fills_in_the_checklist(self):
        order = self._issue(checklist_template_ids=[Command.create({"name": "Filter"})])
        line = order.with_user(self.technician).checklist_ids
        line.write({"done": True, "note": "Changed"})
        self.assertEqual((line.done, line.note), (True, "Changed"))

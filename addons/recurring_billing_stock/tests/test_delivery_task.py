"""The task's form, the settings, and what is left when the add-on goes."""

from lxml import etree

from odoo.tests import Form, tagged

from .common import DeliveryNoteCommon

DELIVERY = [("document_type", "=", "delivery")]
RUNNING = ("state", "=", "running")


@tagged("post_install", "-at_install")
class TestDeliveryTask(DeliveryNoteCommon):
    def _get_form(self):
        return Form(self.env["recurring.task"].with_user(self.biller))

    def _is_hidden(self, form, name):
        return form._get_modifier(name, "invisible")

    def test_the_choices_show_for_delivery_notes_only(self):
        with self._get_form() as form:
            form.name = "Paper"
            for kind, hidden in (
                ("invoice", True),
                ("order", True),
                ("delivery", False),
            ):
                form.document_type = kind
                for name in ("delivery_validation", "delivery_slip_valued"):
                    with self.subTest(kind=kind, name=name):
                        self.assertEqual(self._is_hidden(form, name), hidden)

    def test_a_draft_is_not_validated(self):
        with self._get_form() as form:
            form.name = "Paper"
            form.document_type = "delivery"
            form.completion = "draft"
            self.assertTrue(self._is_hidden(form, "delivery_validation"))

    def test_a_clerk_sets_one_up(self):
        form = self._get_form()
        form.name = "Paper"
        form.document_type = "delivery"
        form.delivery_validation = "validate"
        form.delivery_slip_valued = True
        with form.line_ids.new() as line:
            line.product_id = self.goods
        with form.recipient_ids.new() as recipient:
            recipient.partner_id = self.customer
        task = form.save()
        self.assertEqual(task.document_model, "sale.order")
        self.assertTrue(task.recipient_ids.ready, task.recipient_ids.ready_message)

    def test_every_customers_line_shows_the_format(self):
        recipient = self._create_task().recipient_ids
        slip = self.env.ref("stock.action_report_delivery")
        self.assertEqual(recipient.report_used_id, slip)
        valued = self._create_task(delivery_slip_valued=True).recipient_ids
        note = self.env.ref("recurring_billing_stock.action_report_delivery_note")
        self.assertEqual(valued.report_used_id, note)

    def test_every_line_needs_a_product(self):
        task = self._create_task(lines=[{"name": "Paper", "price_unit": 5}])
        self.assertIn("needs a product", task.recipient_ids.ready_message)

    def test_an_archived_product_is_told_ahead(self):
        task = self._create_task()
        self.goods.active = False
        task.invalidate_recordset()
        self.assertIn("“Paper” is archived", task.sudo().recipient_ids.ready_message)

    def test_too_many_delivery_notes_wait_for_a_person(self):
        self.company.recurring_daily_limit = 1
        task = self._start_task(self.customer + self.customer)
        other = self._start_task(name="More paper")
        self._run_cron("2027-04-01 08:00:00")
        states = (self._get_rows(task) + self._get_rows(other)).mapped("state")
        self.assertIn("held", states)

    def test_the_settings_say_what_happens_without_stock(self):
        settings = self.env["res.config.settings"].create({})
        view = settings.get_view(
            self.env.ref("base.res_config_settings_view_form").id, "form"
        )
        names = etree.fromstring(view["arch"]).xpath("//setting//field/@name")
        self.assertIn("recurring_stock_missing", names)
        settings.recurring_stock_missing = "negative"
        self.assertTrue(self.company._lets_stock_go_negative())

    def test_new_columns_of_companies_are_empty(self):
        company = self.env["res.company"].create({"name": "New Co"})
        self.assertFalse(company.recurring_stock_missing)
        self.assertFalse(company._lets_stock_go_negative())

    def test_contacts_can_be_offered_for_delivery_notes(self):
        kind = self.env["recurring.document.kind"]._get_by_code("delivery")
        self.assertEqual(kind.name, "Delivery Note")

    def test_when_the_add_on_goes_the_tasks_pause_as_orders(self):
        running = self._start_task()
        running.action_run_now()
        draft = self._create_task(name="Draft")
        (running + draft).sudo()._become_orders()
        self.assertEqual((running + draft).mapped("document_type"), ["order"] * 2)
        self.assertEqual((running + draft).mapped("state"), ["paused", "draft"])
        self.assertEqual(self._get_rows(running).document_type, "order")

    def test_when_the_add_on_goes_its_tasks_say_why_they_pause(self):
        task = self._start_task()
        task.user_id = self.biller
        task.sudo()._become_orders()
        self.assertIn("Recurring Billing: Delivery Notes", task.stop_reason)
        self.assertIn("Delivery Note", task.stop_reason)
        self.assertIn(task.stop_reason, task.message_ids[0].body)

    def test_when_the_add_on_goes_tasks_of_other_kinds_go_on(self):
        invoices = self._start_task(document_type="invoice")
        self._start_task()
        choice = self.env["ir.model.fields.selection"].search(
            [
                ("field_id.model", "=", "recurring.task"),
                ("field_id.name", "=", "document_type"),
                ("value", "=", "delivery"),
            ]
        )
        choice._process_ondelete()
        self.assertEqual(invoices.state, "running")
        self.assertEqual(invoices.document_type, "invoice")
        self.assertFalse(self.env["recurring.task"].search([*DELIVERY, RUNNING]))

    def test_the_dialog_that_removes_the_add_on_says_what_pauses(self):
        self._start_task()
        app = self.env.ref("base.module_recurring_billing_stock")
        dialog = self.env["base.module.uninstall"].create({"module_ids": app.ids})
        count = self.env["recurring.task"].search_count([*DELIVERY, RUNNING])
        self.assertIn(f"(Delivery Note): {count}", dialog.consequences)

    def test_nothing_pauses_when_recurring_billing_goes_itself(self):
        self._start_task()
        app = self.env.ref("base.module_recurring_billing")
        dialog = self.env["base.module.uninstall"].create({"module_ids": app.ids})
        self.assertFalse(dialog.consequences)

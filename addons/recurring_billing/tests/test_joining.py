"""Customers who join a task that is under way, and history that stays history."""

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import RecurringCommon


@tagged("post_install", "-at_install")
class TestJoining(RecurringCommon):
    def _join(self, task, **values):
        task.write(
            {
                "recipient_ids": [
                    Command.create({"partner_id": self.other_customer.id, **values})
                ]
            }
        )
        return task.recipient_ids.filtered(
            lambda r: r.partner_id == self.other_customer
        )

    def test_he_gets_the_dates_of_the_task_from_tomorrow_on(self):
        task = self._start_task(day_rule="month_end")
        self.clock.move_to("2027-06-10 10:00:00")
        recipient = self._join(task)
        self.assertEqual(str(recipient.date_next), "2027-06-30")

    def test_no_date_before_he_came_is_billed_to_him(self):
        task = self._start_task()
        self.clock.move_to("2027-06-10 10:00:00")
        recipient = self._join(task)
        self._run_cron("2027-07-01 08:00:00")
        dates = [
            str(row.scheduled_date)
            for row in self._get_rows(task)
            if row.recipient_id == recipient
        ]
        self.assertEqual(dates, ["2027-07-01"])

    def test_the_31st_of_the_task_stays_the_31st(self):
        task = self._start_task(date_start="2027-03-31")
        self.clock.move_to("2027-04-10 10:00:00")
        recipient = self._join(task)
        self._run_cron("2027-04-30 08:00:00")
        self.assertEqual(str(recipient.date_next), "2027-05-31")

    def test_his_own_start_must_lie_ahead(self):
        task = self._start_task()
        self.clock.move_to("2027-06-10 10:00:00")
        with self.assertRaisesRegex(UserError, "after today"):
            self._join(task, date_start="2027-06-01")

    def test_whoever_joins_during_a_pause_has_no_skipped_dates(self):
        task = self._start_task()
        task.action_pause()
        self.clock.move_to("2027-06-10 10:00:00")
        recipient = self._join(task)
        task.action_resume()
        rows = self._get_rows(task).filtered(lambda r: r.recipient_id == recipient)
        self.assertFalse(rows)
        self.assertEqual(str(recipient.date_next), "2027-07-01")

    def test_the_day_cannot_be_written(self):
        task = self._start_task()
        with self.assertRaisesRegex(Exception, "buttons"):
            task.recipient_ids.with_user(self.biller).date_from = "2020-01-01"


@tagged("post_install", "-at_install")
class TestHistory(RecurringCommon):
    def test_a_task_that_changes_its_kind_leaves_old_rows_alone(self):
        task = self._start_task()
        self._run_cron("2027-04-01 08:00:00")
        task.document_type = "quotation"
        self._run_cron("2027-05-01 08:00:00")
        kinds = self._get_rows(task).mapped("document_type")
        self.assertEqual(kinds, ["invoice", "quotation"])

    def test_a_voided_document_that_was_replaced_is_not_issued_again(self):
        task = self._start_task(max_documents=1)
        self._run_cron("2027-04-01 08:00:00")
        self._get_documents(task).with_user(self.biller).button_draft()
        self._get_documents(task).with_user(self.biller).button_cancel()
        task.invalidate_recordset()
        if task.state == "done":
            task.action_start()
        self._run_cron("2027-05-01 08:00:00")
        voided = self._get_rows(task).filtered(lambda row: row.state == "void")
        with self.assertRaisesRegex(UserError, "all 1 documents"):
            voided.with_user(self.biller).action_reissue()

    def test_skipped_dates_speak_the_responsibles_language(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self._start_task(catch_up="last")
        self.biller.lang = "es_ES"
        seen = []
        engine = type(self.env["recurring.engine"])

        def note_language(self):
            seen.append(self.env.lang)
            return "skipped"

        self.patch(engine, "_get_skip_reason", note_language)
        self._run_cron("2027-05-02 08:00:00")
        self.assertIn("es_ES", seen)

    def test_a_products_own_text_is_taken_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.product.with_context(lang="es_ES").name = "Soporte"
        self.biller.lang = "es_ES"
        line = {"product_id": self.product.id, "name": "Soporte"}
        task = self._start_task(lines=[line])
        self._run_cron("2027-04-01 08:00:00")
        self.assertEqual(self._get_documents(task).invoice_line_ids.name, "Support")


@tagged("post_install", "-at_install")
class TestReportOnRequest(RecurringCommon):
    def _get_reports(self):
        return self.env["mail.mail"].search(
            [("email_to", "ilike", self.biller.email), ("model", "=", "recurring.run")]
        )

    def test_a_day_without_documents_is_reported_if_wished(self):
        self.company.recurring_report_always = True
        self._start_task()
        self.env["recurring.run"]._send_due_reports()
        self.assertEqual(len(self._get_reports()), 1)

    def test_once_a_day(self):
        self.company.recurring_report_always = True
        self._start_task()
        self.env["recurring.run"]._send_due_reports()
        self.env["recurring.run"]._send_due_reports()
        self.assertEqual(len(self._get_reports()), 1)

    def test_a_refusal_after_the_report_is_told_once(self):
        task = self._start_task(completion="send")
        self._run_cron("2027-04-01 08:00:00")
        delivery = self._get_rows(task).delivery_ids.sudo()
        delivery._update_state(("queued",), "sent")
        self.env["recurring.run"]._send_due_reports()
        self.clock.move_to("2027-04-01 12:00:00")
        delivery._update_state(("sent",), "refused", reason="550 No such user")
        self.env["recurring.run"]._send_due_reports()
        self.env["recurring.run"]._send_due_reports()
        reports = self._get_reports()
        self.assertEqual(len(reports), 2)
        late = reports.sorted("id")[-1]
        self.assertIn("refused later", late.subject)
        self.assertIn("550 No such user", late.body_html)
        self.assertEqual(
            self._get_rows(task).run_id.follow_up_date, fields.Datetime.now()
        )

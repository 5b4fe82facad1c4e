"""Bad input is refused with a sentence that names the field and the way out."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import RecurringCommon


@tagged("post_install", "-at_install")
class TestTaskValidation(RecurringCommon):
    def assertRefused(self, *words, **values):
        """Creating such a task is refused, in these words, and leaves nothing."""
        count = self._count_records()
        with self.assertRaises(UserError) as catcher:
            self._create_task(**values)
        for word in words:
            self.assertIn(word, str(catcher.exception))
        self.assertEqual(self._count_records(), count)

    def _count_records(self):
        models = ("recurring.task", "recurring.task.line", "recurring.task.recipient")
        return [self.env[model].search_count([]) for model in models]

    def assertNotStarted(self, task, *words):
        """Starting ``task`` is refused, in these words, and it stays as it was."""
        with self.assertRaises(UserError) as catcher:
            task.action_start()
        for word in words:
            self.assertIn(word, str(catcher.exception))
        self.assertEqual(task.state, "draft")

    # === WHEN === #

    def test_an_end_before_the_start(self):
        self.assertRefused("last date", "first date", "Move", date_end="2027-03-31")

    def test_day_of_the_month_0(self):
        self.assertRefused(
            "day of the month", "1 to 31", day_rule="month_day", month_day=0
        )

    def test_day_of_the_month_32(self):
        self.assertRefused(
            "day of the month", "1 to 31", day_rule="month_day", month_day=32
        )

    def test_interval_0(self):
        self.assertRefused("1 to 999", interval=0)

    def test_interval_10000(self):
        self.assertRefused("1 to 999", interval=10000)

    def test_a_negative_interval(self):
        self.assertRefused("1 to 999", interval=-1)

    def test_a_day_of_the_month_with_weeks(self):
        self.assertRefused(
            "cycle of months", day_rule="month_end", interval_unit="week"
        )

    def test_a_negative_number_of_documents(self):
        self.assertRefused("cannot be negative", "0", max_documents=-1)

    def test_a_change_into_something_wrong_keeps_the_old_value(self):
        task = self._create_task()
        with self.assertRaises(UserError):
            task.interval = 0
        task.invalidate_recordset()
        self.assertEqual(task.interval, 1)

    def test_a_schedule_without_any_date_cannot_be_started(self):
        task = self._create_task(
            date_start="2027-04-05", date_end="2027-04-20", day_rule="month_end"
        )
        self.assertNotStarted(task, "date")

    def test_a_series_that_has_ended_cannot_be_started(self):
        task = self._create_task(date_end="2027-04-30")
        self.clock.move_to("2027-05-01 10:00:00")
        self.assertNotStarted(task, "last date has passed", "When")

    # === WHAT === #

    def test_no_lines(self):
        self.assertNotStarted(self._create_task(lines=[]), "no lines", "What")

    def test_only_notes(self):
        note = {"display_type": "line_note", "name": "Thank you"}
        self.assertNotStarted(self._create_task(lines=[note]), "no lines")

    def test_a_line_without_product_and_description(self):
        self.assertRefused("neither product nor description", lines=[{"quantity": 1}])

    def test_a_discount_of_101_percent(self):
        line = {"product_id": self.product.id, "discount": 101}
        self.assertRefused("discount", "Support", "100", lines=[line])

    def test_an_hour_of_25(self):
        self.assertRefused("hour", "23:59", document_hour_set=True, document_hour=25.0)

    def test_a_negative_sending_hour(self):
        self.assertRefused("hour", "23:59", send_hour=-1.0)

    def test_a_currency_without_rate(self):
        currency = self._enable_currency("CHF")
        currency.rate_ids.unlink()
        task = self._create_task(currency_id=currency.id)
        self.assertNotStarted(task, "exchange rate", "CHF", "Currencies")

    def test_an_archived_currency(self):
        currency = self.env["res.currency"].with_context(active_test=False)
        currency = currency.search([("active", "=", False)], limit=1)
        task = self._create_task(currency_id=currency.id)
        self.assertNotStarted(task, currency.name, "archived")

    # === TO WHOM === #

    def test_no_customers(self):
        task = self._create_task(customers=[])
        self.assertNotStarted(task, "no customers", "To whom")

    def test_a_customer_of_another_company(self):
        other = self.env["res.company"].sudo().create({"name": "Elsewhere"})
        stranger = self._create_customer(name="Not ours", company_id=other.id)
        self.assertRefused(
            "Customer", "Not ours", "another company", customers=stranger
        )

    def test_a_negative_limit_is_refused_by_import_too(self):
        result = (
            self.env["recurring.task"]
            .with_user(self.biller)
            .load(["name", "date_start", "max_documents"], [["X", "2027-04-01", "-3"]])
        )
        self.assertFalse(result["ids"])

    # === HOW === #

    def test_a_template_of_another_model(self):
        template = self.env["mail.template"].create(
            {
                "name": "Order text",
                "model_id": self.env["ir.model"]._get_id("sale.order"),
            }
        )
        self.assertRefused(
            "E-mail Template",
            "Order text",
            "Customer Invoice",
            "leave it empty",
            mail_template_id=template.id,
        )

    def test_a_report_of_another_model(self):
        self.assertRefused(
            "Document Format", report_id=self.env.ref("sale.action_report_saleorder").id
        )

    def test_a_template_that_no_longer_fits_after_a_change_of_the_kind(self):
        template = self.env.ref("account.email_template_edi_invoice")
        task = self._create_task(mail_template_id=template.id)
        with self.assertRaises(UserError):
            task.document_type = "order"

    def test_a_journal_of_another_company(self):
        other = self._create_billing_company(name="Other Co")
        journal = (
            self.env["account.journal"]
            .sudo()
            .search([("company_id", "=", other.id), ("type", "=", "sale")])
        )
        self.assertRefused("Journal", "another company", journal_id=journal.id)


@tagged("post_install", "-at_install")
class TestFirstDateAfterToday(RecurringCommon):
    """B8: nothing is scheduled for the day on which it is set up."""

    def test_a_first_date_of_today_is_refused(self):
        task = self._create_task(date_start="2027-03-15")
        with self.assertRaisesRegex(UserError, "Alma Books is 03/15/2027"):
            task.action_start()
        self.assertEqual(task.state, "draft")

    def test_a_first_date_of_tomorrow_is_fine(self):
        task = self._start_task(date_start="2027-03-16")
        self.assertEqual(task.state, "running")

    def test_the_day_that_counts_is_the_shifted_one(self):
        # Saturday 20 March moved back to Friday 19 March
        task = self._create_task(
            date_start="2027-03-20", business_day_shift="before", tz="Europe/Madrid"
        )
        self.clock.move_to("2027-03-19 10:00:00")
        with self.assertRaisesRegex(UserError, "must be after today"):
            task.action_start()

    def test_today_is_the_day_of_the_tasks_own_zone(self):
        self.clock.move_to("2027-03-31 12:00:00")  # already 1 April in Kiritimati
        task = self._create_task(tz="Pacific/Kiritimati")
        with self.assertRaisesRegex(UserError, "must be after today"):
            task.action_start()
        self._create_task(tz="America/New_York").action_start()

    def test_a_customers_own_first_date_counts(self):
        task = self._create_task()
        task.recipient_ids.date_start = "2027-03-15"
        with self.assertRaisesRegex(UserError, "must be after today"):
            task.action_start()

    def test_a_running_task_cannot_be_moved_to_today(self):
        task = self._start_task()
        with self.assertRaisesRegex(UserError, "must be after today"):
            task.date_start = "2027-03-15"

    def test_a_customer_added_to_a_running_task_cannot_begin_today(self):
        task = self._start_task()
        line = {"partner_id": self.other_customer.id, "date_start": "2027-03-15"}
        with self.assertRaisesRegex(UserError, "must be after today"):
            task.recipient_ids = [Command.create(line)]

    def test_a_running_task_may_be_changed_after_a_failed_first_date(self):
        task = self._start_task()
        self.customer.sudo().active = False
        self._run_cron("2027-04-01 08:00:00")
        self.assertRows(task, "2027-04-01 failed")
        task.date_end = "2027-12-31"
        self.assertEqual(str(task.date_end), "2027-12-31")

    def test_a_running_task_may_be_changed_after_a_skipped_first_date(self):
        task = self._start_task()
        task.action_pause()
        self.clock.move_to("2027-04-02 08:00:00")
        task.action_resume()
        task.max_documents = 12
        self.assertEqual(task.max_documents, 12)

"""One bad customer harms nobody, and every fault is told in words."""

from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import Command
from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import RecurringCommon

ENGINE_LOG = "odoo.addons.recurring_billing.models.recurring_engine"


class FaultCase(RecurringCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls._create_customers(12)
        cls.bad = cls.customers[4]
        cls.few = cls.customers[3:6]

    def assertOnlyBadFailed(self, task, *words):
        """All customers but ``bad`` have a document; his row says ``words``."""
        rows = self._get_rows(task)
        failed = rows.filtered(lambda row: row.state == "failed")
        self.assertEqual(failed.partner_id, self.bad, failed.mapped("error"))
        for word in words:
            self.assertIn(word, failed.error)
        issued = rows - failed
        self.assertEqual(set(issued.mapped("state")), {"generated"})
        self.assertEqual(issued.partner_id, task.recipient_ids.partner_id - self.bad)
        self.assertTrue(all(row._get_document() for row in issued))
        self.assertFalse(failed.res_id)

    def _create_fiscal_position(self, name):
        return self.env["account.fiscal.position"].create(
            {"name": name, "company_id": self.company.id}
        )

    def _fail_for_bad(self, error, method="_confirm_documents", kind="invoice"):
        """Let a step of the engine raise for the bad customer's document."""
        handler = self.env.registry[f"recurring.document.{kind}"]
        original = getattr(handler, method)
        bad = self.bad.id

        def raise_for_bad(self, records):
            if bad in records.partner_id.ids:
                raise error
            return original(self, records)

        return patch.object(handler, method, raise_for_bad)


@tagged("post_install", "-at_install", "slow")
class TestOneBadCustomer(FaultCase):
    def assertBadFailsThenRecovers(self, task, *words, cure):
        self._run_cron("2027-04-01 08:00:00")
        self.assertOnlyBadFailed(task, *words)
        cure()
        self._run_cron("2027-04-02 08:00:00")
        rows = self._get_rows(task)
        self.assertEqual(set(rows.mapped("state")), {"generated"})
        self.assertEqual(len(rows), 12)
        self.assertFalse(any(rows.mapped("error")))

    def test_an_archived_customer(self):
        task = self._start_task(customers=self.customers)
        self.bad.active = False
        self.assertBadFailsThenRecovers(
            task, "archived", cure=lambda: self.bad.action_unarchive()
        )

    def test_an_archived_invoice_address(self):
        address = self._create_customer(name="Old address")
        task = self._create_task(customers=self.customers)
        task.recipient_ids[4].partner_invoice_id = address
        task.action_start()
        address.active = False
        self.assertBadFailsThenRecovers(
            task, "invoice address", cure=lambda: address.action_unarchive()
        )

    def test_an_archived_payment_term(self):
        term = self.env["account.payment.term"].create({"name": "Old terms"})
        self.bad.property_payment_term_id = term
        task = self._start_task(customers=self.customers)
        term.active = False
        self.assertBadFailsThenRecovers(
            task, "Old terms", cure=lambda: term.action_unarchive()
        )

    def test_a_customer_who_moved_to_another_company(self):
        task = self._start_task(customers=self.customers)
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET company_id = %s WHERE id = %s",
            (other.id, self.bad.id),
        )
        self.env.invalidate_all()

        def cure():
            self.bad.company_id = False

        self.assertBadFailsThenRecovers(task, "another company", cure=cure)

    def test_a_pricelist_in_a_currency_without_rate(self):
        currency = self._enable_currency("CHF")
        currency.rate_ids.unlink()
        self.bad.property_product_pricelist = self.env["product.pricelist"].create(
            {"name": "Swiss", "currency_id": currency.id}
        )
        task = self._start_task(customers=self.customers, price_mode="pricelist")

        def cure():
            currency.rate_ids = [Command.create({"name": "2027-01-01", "rate": 2.0})]

        self.assertBadFailsThenRecovers(task, "CHF", "rate", cure=cure)

    def test_a_price_of_zero_for_him_alone(self):
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Gifts",
                "currency_id": self.company.currency_id.id,
                "item_ids": [Command.create({"fixed_price": 0})],
            }
        )
        self.bad.property_product_pricelist = pricelist
        task = self._start_task(customers=self.customers, price_mode="pricelist")

        def cure():
            pricelist.item_ids.fixed_price = 10

        self.assertBadFailsThenRecovers(task, "zero", cure=cure)

    def test_an_archived_pricelist_of_his_own(self):
        pricelist = self.env["product.pricelist"].create(
            {"name": "Old friends", "currency_id": self.company.currency_id.id}
        )
        self.bad.property_product_pricelist = pricelist
        task = self._start_task(customers=self.customers, price_mode="pricelist")
        pricelist.active = False
        self.assertBadFailsThenRecovers(
            task, "Old friends", cure=lambda: pricelist.action_unarchive()
        )

    def test_an_archived_fiscal_position(self):
        position = self._create_fiscal_position("Old zone")
        self.bad.property_account_position_id = position
        task = self._start_task(customers=self.customers)
        position.active = False
        self.assertBadFailsThenRecovers(
            task, "Old zone", cure=lambda: position.action_unarchive()
        )

    def test_an_archived_tax_of_the_fiscal_position(self):
        position = self._create_fiscal_position("Islands")
        tax = self._create_tax(
            name="Island tax",
            fiscal_position_ids=[Command.set(position.ids)],
            original_tax_ids=[Command.set(self.tax.ids)],
        )
        self.bad.property_account_position_id = position
        task = self._start_task(customers=self.customers)
        tax.active = False
        self.assertBadFailsThenRecovers(
            task, "Islands", "VAT 21", "Island tax", cure=tax.action_unarchive
        )

    def test_an_archived_tax_beside_its_successor_hinders_nothing(self):
        position = self._create_fiscal_position("Islands")
        for name in ("Island tax", "New island tax"):
            tax = self._create_tax(
                name=name,
                fiscal_position_ids=[Command.set(position.ids)],
                original_tax_ids=[Command.set(self.tax.ids)],
            )
        position.tax_ids.filtered(lambda old: old != tax).active = False
        self.bad.property_account_position_id = position
        task = self._start_task(customers=self.bad)
        self._run_cron("2027-04-01 08:00:00")
        self.assertRows(task, "2027-04-01 generated")

    def test_no_address_when_the_company_wants_one(self):
        self.company.recurring_hold_without_address = True
        self.bad.email = False
        task = self._start_task(customers=self.customers, completion="send")

        def cure():
            self.bad.email = "bad@example.com"

        self.assertBadFailsThenRecovers(task, "e-mail", cure=cure)

    def test_no_address_otherwise_is_issued_and_listed_as_not_sent(self):
        self.bad.email = False
        task = self._start_task(customers=self.bad, completion="send")
        self._run_cron("2027-04-01 08:00:00")
        self.assertRows(task, "2027-04-01 generated")
        self.assertEqual(self._get_rows(task).delivery_state, "no_address")


@tagged("post_install", "-at_install", "slow")
class TestUnexpectedErrors(FaultCase):
    def test_a_python_error(self):
        task = self._start_task(customers=self.customers)
        with mute_logger(ENGINE_LOG), self._fail_for_bad(ZeroDivisionError("oops")):
            self._run_cron("2027-04-01 08:00:00")
        self.assertOnlyBadFailed(task, "Unexpected error", "ZeroDivisionError: oops")

    def test_an_error_of_odoo_is_shown_as_it_is(self):
        task = self._start_task(customers=self.few)
        with self._fail_for_bad(UserError("The tax authority says no.")):
            self._run_cron("2027-04-01 08:00:00")
        self.assertOnlyBadFailed(task)
        failed = self._get_rows(task).filtered(lambda row: row.state == "failed")
        self.assertEqual(failed.error, "The tax authority says no.")

    def test_a_warning_with_a_button_is_shown_without_it(self):
        task = self._start_task(customers=self.few)
        error = RedirectWarning("Configure the journal.", 1, "Go there")
        with mute_logger(ENGINE_LOG), self._fail_for_bad(error):
            self._run_cron("2027-04-01 08:00:00")
        self.assertOnlyBadFailed(task)
        failed = self._get_rows(task).filtered(lambda row: row.state == "failed")
        self.assertEqual(failed.error, "Configure the journal.")

    def test_a_real_error_of_the_database(self):
        task = self._start_task(customers=self.few)
        handler = self.env.registry["recurring.document.invoice"]
        original = handler._confirm_documents
        bad = self.bad.id

        def break_a_constraint(self, documents):
            if bad in documents.partner_id.ids:
                self.env.cr.execute("UPDATE account_move SET state = NULL")
            return original(self, documents)

        with (
            mute_logger("odoo.sql_db", ENGINE_LOG),
            patch.object(handler, "_confirm_documents", break_a_constraint),
        ):
            self._run_cron("2027-04-01 08:00:00")
        self.assertOnlyBadFailed(task, "database refused")

    def test_a_time_zone_that_the_server_does_not_know_any_more(self):
        good, task = self._start_task(), self._start_task(customers=self.bad)
        self.env.flush_all()
        for table in ("recurring_task", "recurring_task_recipient"):
            column = "id" if table == "recurring_task" else "task_id"
            self.env.cr.execute(
                f"UPDATE {table} SET tz = 'Mars/Olympus' WHERE {column} = %s",
                (task.id,),
            )
        self.env.invalidate_all()
        self.assertIn("Mars/Olympus", task.recipient_ids.ready_message)
        self._run_cron("2027-04-01 12:00:00")
        self.assertRows(good, "2027-04-01 generated")
        self.assertRows(task, "2027-04-01 failed")
        self.assertEqual(self._get_rows(task).error, task.recipient_ids.ready_message)

    def test_an_error_while_planning_harms_no_other_task(self):
        good = self._start_task(customers=self.customer)
        task = self._start_task(customers=self.few)
        late = self._start_task(customers=self.other_customer)
        check = self.env.registry["recurring.ready.check"]
        original = check._get_recipient_problems
        bad = self.bad.id

        def break_for_bad(self, recipient):
            if recipient.partner_id.id == bad:
                raise KeyError("boom")
            return original(self, recipient)

        with (
            mute_logger(ENGINE_LOG),
            patch.object(check, "_get_recipient_problems", break_for_bad),
        ):
            self._run_cron("2027-04-01 08:00:00")
        self.assertRows(good, "2027-04-01 generated")
        self.assertRows(late, "2027-04-01 generated")
        self.assertOnlyBadFailed(task, "boom")

    def test_a_stale_snapshot_brands_nobody_and_is_taken_again(self):
        task = self._start_task(customers=self.customers)
        engine = self.env.registry["recurring.engine"]
        original = engine._generate
        calls = []

        def fail_once(self, task, slots, run):
            calls.append(len(slots))
            if len(calls) == 1:
                raise SerializationFailure("could not serialize access")
            return original(self, task, slots, run)

        with patch.object(engine, "_generate", fail_once):
            self._run_cron("2027-04-01 08:00:00")
            self._run_cron("2027-04-01 08:01:00")
        self.assertEqual(calls, [12, 12], "never halved")
        self.assertEqual(set(self._get_rows(task).mapped("state")), {"generated"})

    def test_a_stale_snapshot_behind_a_button_repeats_the_request(self):
        task = self._start_task(customers=self.customers)
        engine = self.env.registry["recurring.engine"]
        error = SerializationFailure("could not serialize access")
        with (
            patch.object(engine, "_generate", side_effect=error),
            self.assertRaises(SerializationFailure),
        ):
            task.action_run_now()

    def test_nothing_is_left_of_a_document_that_failed(self):
        task = self._start_task(customers=self.bad, completion="send")
        with mute_logger(ENGINE_LOG), self._fail_for_bad(ValueError("late")):
            self._run_cron("2027-04-01 08:00:00")
        self.assertRows(task, "2027-04-01 failed")
        self.assertFalse(
            self.env["account.move"].search([("partner_id", "=", self.bad.id)])
        )
        self.assertFalse(
            self.env["document.delivery"].search([("task_id", "=", task.id)])
        )

    def test_a_number_is_not_lost_with_a_failed_document(self):
        task = self._start_task(customers=self.customers)
        with mute_logger(ENGINE_LOG), self._fail_for_bad(ValueError("late")):
            self._run_cron("2027-04-01 08:00:00")
        numbers = self._get_documents(task).mapped("sequence_number")
        self.assertEqual(sorted(numbers), list(range(1, 12)))


@tagged("post_install", "-at_install")
class TestRetry(FaultCase):
    def test_a_failed_customer_is_tried_once_a_day(self):
        task = self._start_task(customers=self.bad)
        self.bad.active = False
        for hour in range(8, 12):
            self._run_cron(f"2027-04-01 {hour:02}:00:00")
        self.assertEqual(self._get_rows(task).attempts, 1)
        self._run_cron("2027-04-02 08:00:00")
        self.assertEqual(self._get_rows(task).attempts, 2)
        self.assertRows(task, "2027-04-01 failed")

    def test_a_click_tries_again_at_once(self):
        task = self._start_task(customers=self.bad)
        self.bad.active = False
        self._run_cron("2027-04-01 08:00:00")
        self.bad.active = True
        self._get_rows(task).with_user(self.biller).action_retry()
        self.assertRows(task, "2027-04-01 generated")

    def test_the_document_keeps_the_date_it_was_due(self):
        task = self._start_task(customers=self.bad)
        self.bad.active = False
        self._run_cron("2027-04-01 08:00:00")
        self.bad.active = True
        self._run_cron("2027-04-03 08:00:00")
        self.assertEqual(str(self._get_documents(task).invoice_date), "2027-04-01")

    def test_there_is_nothing_to_retry_for_an_issued_document(self):
        task = self._start_task()
        self._run_cron("2027-04-01 08:00:00")
        with self.assertRaisesRegex(UserError, "nothing to retry"):
            self._get_rows(task).with_user(self.biller).action_retry()


@tagged("post_install", "-at_install")
class TestFaultsOfTheTask(FaultCase):
    """What is wrong for everybody is told once, and issues nothing silently wrong."""

    def assertAllFail(self, task, *words):
        self._run_cron("2027-04-01 08:00:00")
        row = self._get_rows(task)
        self.assertEqual(row.state, "failed", row.error)
        for word in words:
            self.assertIn(word, row.error)
        self.assertIn(words[0], task.recipient_ids.ready_message)

    def test_an_archived_product(self):
        task = self._start_task()
        self.product.active = False
        self.assertAllFail(task, "Support", "archived")

    def test_an_archived_tax(self):
        task = self._start_task()
        self.tax.active = False
        self.assertAllFail(task, "VAT 21", "archived")

    def test_an_archived_journal(self):
        journal = self.env["account.journal"].create(
            {
                "name": "Old journal",
                "code": "OLD",
                "type": "sale",
                "default_account_id": self.journal.default_account_id.id,
            }
        )
        task = self._start_task(journal_id=journal.id)
        journal.active = False
        self.assertAllFail(task, "Old journal", "archived")

    def test_an_archived_account(self):
        task = self._start_task()
        self.journal.default_account_id.active = False
        self.assertAllFail(task, "income", "archived")

    def test_no_income_account(self):
        task = self._start_task()
        self.journal.default_account_id = False
        self.assertAllFail(task, "income account", "Support")

    def test_archived_payment_terms(self):
        term = self.env["account.payment.term"].create({"name": "Old terms"})
        task = self._start_task(payment_term_id=term.id)
        term.active = False
        self.assertAllFail(task, "Old terms", "archived")

    def test_a_currency_whose_rates_were_deleted(self):
        currency = self._enable_currency("CHF")
        currency.rate_ids.unlink()
        currency.rate_ids = [Command.create({"name": "2027-01-01", "rate": 2.0})]
        task = self._start_task(currency_id=currency.id)
        currency.rate_ids.unlink()
        self.assertAllFail(task, "CHF", "exchange rate")

    def test_a_total_of_zero(self):
        line = {"product_id": self.product.id, "price_unit": 0}
        self.assertAllFail(self._start_task(lines=[line]), "zero")

    def test_a_negative_total(self):
        line = {"product_id": self.product.id, "price_unit": -10}
        task = self._start_task(lines=[line])
        self._run_cron("2027-04-01 08:00:00")
        self.assertEqual(self._get_rows(task).state, "failed")

    def test_a_locked_period(self):
        task = self._start_task()
        self.company.sudo().fiscalyear_lock_date = "2027-04-30"
        self._run_cron("2027-04-01 08:00:00")
        row = self._get_rows(task)
        self.assertEqual(row.state, "failed")
        self.assertIn("locked", row.error)

    def test_only_the_dates_inside_the_locked_period_wait(self):
        task = self._start_task()
        self.company.sudo().fiscalyear_lock_date = "2027-04-30"
        self._run_cron("2027-06-02 08:00:00")
        self.assertRows(
            task, "2027-04-01 failed", "2027-05-01 generated", "2027-06-01 generated"
        )

    def test_released_dates_respect_the_locked_period(self):
        self.company.recurring_catch_up_cap = 1
        task = self._start_task()
        self._run_cron("2027-05-15 08:00:00")
        self.company.sudo().fiscalyear_lock_date = "2027-04-30"
        task.occurrence_ids.with_user(self.biller).action_release()
        self.assertRows(task, "2027-04-01 failed", "2027-05-01 generated")

    def test_a_locked_period_is_told_before_the_run_in_the_same_words(self):
        task = self._start_task()
        self.company.sudo().fiscalyear_lock_date = "2027-04-30"
        before = task.recipient_ids.ready_message
        self._run_cron("2027-04-01 08:00:00")
        self.assertEqual(before, self._get_rows(task).error)

    def test_a_lock_of_today_does_not_touch_the_next_date(self):
        task = self._start_task()
        self.company.sudo().fiscalyear_lock_date = "2027-03-15"
        self.assertTrue(task.recipient_ids.ready, task.recipient_ids.ready_message)

    def test_a_total_of_zero_by_pricelist_is_told_before_the_run(self):
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "Gifts",
                "currency_id": self.company.currency_id.id,
                "item_ids": [Command.create({"fixed_price": 0})],
            }
        )
        task = self._start_task(price_mode="pricelist", pricelist_id=pricelist.id)
        before = task.recipient_ids.ready_message
        self._run_cron("2027-04-01 08:00:00")
        self.assertIn("zero", before)
        self.assertEqual(before, self._get_rows(task).error)

    def test_a_readiness_mark_tells_it_before_the_run(self):
        recipient = self._start_task(completion="send").recipient_ids
        self.assertTrue(recipient.ready)
        self.customer.email = "nonsense"
        self.assertFalse(recipient.ready)
        self.assertIn("e-mail", recipient.ready_message)

    def test_an_archived_contact_in_copy_is_told_and_hinders_nothing(self):
        task = self._start_task(completion="send")
        task.recipient_ids.contact_ids = self.other_customer
        self.other_customer.active = False
        self.assertIn("Borja Bikes", task.recipient_ids.ready_message)
        self._run_cron("2027-04-01 08:00:00")
        self.assertRows(task, "2027-04-01 generated")

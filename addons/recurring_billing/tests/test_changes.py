"""What changed since a customer's last document is noted, or waits for a person."""

from unittest.mock import patch

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import RecurringCommon


class ChangeCommon(RecurringCommon):
    """A task whose April was issued; something changes, then comes May."""

    def _start_and_issue(self, customers=None, **values):
        task = self._start_task(customers=customers, **values)
        self._run_cron("2027-04-01 08:00:00")
        self.assertFalse(any(self._get_rows(task).mapped("changes_text")))
        return task

    def _issue_may(self, task):
        """The ledger rows of May, by customer."""
        self._run_cron("2027-05-01 08:00:00")
        rows = self._get_rows(task).filtered(lambda r: r.scheduled_date.month == 5)
        return rows.sorted("recipient_id")


@tagged("post_install", "-at_install")
class TestChangesNoted(ChangeCommon):
    """Nothing is held before a company says so; everything is noted."""

    def test_nothing_changed_is_nothing_noted(self):
        row = self._issue_may(self._start_and_issue())
        self.assertEqual((row.state, row.changes_text), ("generated", False))

    def test_price_and_total_are_noted_old_and_new(self):
        task = self._start_and_issue()
        task.line_ids.price_unit = 150
        row = self._issue_may(task)
        self.assertEqual(row.state, "generated")
        self.assertRegex(
            row.changes_text,
            r"Total without taxes: .*100\.00.* → .*150\.00.* \(\+50 %\)\n"
            r"Price of Support: .*100\.00.* → .*150\.00",
        )
        first = row.changes_text.split("\n")[0]
        self.assertEqual(row.remark, f"{first} (and 1 more)")

    def test_each_kind_of_change_is_told_in_words(self):
        hosting = {"product_id": self.other_product.id}
        task = self._start_and_issue(lines=[{"product_id": self.product.id}, hosting])
        account = self.env["account.account"].create(
            {"name": "Other income", "code": "705000", "account_type": "income"}
        )
        position = self.env["account.fiscal.position"].create({"name": "Abroad"})
        term = self.env["account.payment.term"].create({"name": "In two weeks"})
        first, second = task.sudo().line_ids
        first.write({"quantity": 2, "account_id": account.id, "tax_ids": False})
        second.unlink()
        task.sudo().line_ids = [Command.create({"name": "Travel", "price_unit": 9})]
        task.sudo().write({"payment_term_id": term.id})
        self.customer.write(
            {
                "street": "1 New Street",
                "vat": "ESA12345674",
                "property_account_position_id": position.id,
            }
        )
        text = self._issue_may(task).changes_text
        for expected in (
            "Quantity of Support: 1 → 2",
            "Taxes of Support: VAT 21 → none",
            "Income account of Support: 700000 income → 705000 Other income",
            "No longer on it: Hosting",
            "New line: Travel",
            "Fiscal position: none → Abroad",
            "Payment terms: none → In two weeks",
            "Invoice address: Alma Books → Alma Books, 1 New Street",
            "VAT number: none → ESA12345674",
        ):
            self.assertIn(expected, text)

    def test_another_currency_is_compared_at_the_rate_of_the_day(self):
        dollar = self._enable_currency("USD")
        self.env["res.currency.rate"].create(
            {"name": "2027-01-01", "currency_id": dollar.id, "rate": 2.0}
        )
        task = self._start_and_issue(lines=[{"name": "Work", "price_unit": 100}])
        task.write({"currency_id": dollar.id})
        task.line_ids.price_unit = 200
        self.assertEqual(self._issue_may(task).changes_text, "Currency: EUR → USD")

    def test_it_is_told_in_the_language_of_the_responsible(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.biller.sudo().lang = "fr_FR"
        task = self._start_and_issue()
        task.line_ids.price_unit = 1150
        text = self._issue_may(task).changes_text or self._get_rows(task)[-1].error
        self.assertRegex(text, r"1\s150,00")

    def test_who_left_the_company_is_told_when_he_is_archived(self):
        seller = self._create_user("seller", "base.group_user")
        self.customer.user_id = seller
        task = self._start_and_issue()
        seller.active = False
        self.assertIn("Archived since then: ", self._issue_may(task).changes_text)

    def test_the_second_date_of_a_run_is_compared_with_the_first(self):
        task = self._start_and_issue()
        task.line_ids.price_unit = 150
        self._run_cron("2027-06-01 08:00:00")
        texts = self._get_rows(task).mapped("changes_text")
        self.assertEqual([bool(text) for text in texts], [False, True, False])

    def test_a_voided_document_is_no_measure(self):
        task = self._start_and_issue()
        task.line_ids.price_unit = 150
        self._issue_may(task).move_id.button_cancel()
        task.line_ids.price_unit = 100
        self._run_cron("2027-06-01 08:00:00")
        self.assertFalse(self._get_rows(task)[-1].changes_text)

    def test_rows_from_before_are_compared_with_nothing(self):
        task = self._start_and_issue()
        self._get_rows(task).facts = False
        task.line_ids.price_unit = 150
        self.assertFalse(self._issue_may(task).changes_text)

    def test_orders_are_compared_too(self):
        task = self._start_and_issue(document_type="order")
        task.line_ids.price_unit = 150
        self.assertIn("Price of Support", self._issue_may(task).changes_text)


@tagged("post_install", "-at_install")
class TestChangesHeld(ChangeCommon):
    """Beyond what the company lets pass, a document waits for a person."""

    people = ("reader",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"recurring_change_growth": 20, "recurring_change_vat": True})

    def test_growth_beyond_the_limit_waits_and_says_why(self):
        task = self._start_and_issue()
        task.line_ids.price_unit = 121
        row = self._issue_may(task)
        self.assertEqual(row.state, "held")
        self.assertFalse(row.res_id)
        self.assertRegex(row.error, r"100\.00.* → .*121\.00.*\(\+21 %\)")
        self.assertEqual(task.waiting_reason, row.error)
        self.assertEqual(row.run_id.held_count, 1)

    def test_growth_up_to_the_limit_passes(self):
        task = self._start_and_issue()
        task.line_ids.price_unit = 120
        self.assertEqual(self._issue_may(task).state, "generated")

    def test_a_fall_has_a_limit_of_its_own(self):
        task = self._start_and_issue()
        task.line_ids.price_unit = 10
        self.assertEqual(self._issue_may(task).state, "generated")
        self.company.recurring_change_fall = 50
        task.line_ids.price_unit = 4
        self._run_cron("2027-06-01 08:00:00")
        self.assertEqual(self._get_rows(task)[-1].state, "held")

    def test_only_the_customer_who_changed_waits(self):
        task = self._start_and_issue(customers=self.customer + self.other_customer)
        self.customer.vat = "ESA12345674"
        rows = self._issue_may(task)
        self.assertEqual(rows.mapped("state"), ["held", "generated"])
        self.assertIn("VAT number: none → ESA12345674", rows[0].error)

    def test_what_makes_it_wait_is_told_first(self):
        task = self._start_and_issue()
        task.line_ids.price_unit = 110
        self.customer.vat = "ESA12345674"
        row = self._issue_may(task)
        self.assertEqual(row.remark, "VAT number: none → ESA12345674 (and 2 more)")
        task.action_pause()
        row.with_user(self.biller).action_skip()
        self.assertIn("Skipped by", row.remark)

    def test_kinds_that_nobody_chose_pass(self):
        task = self._start_and_issue()
        self.customer.street = "1 New Street"
        self.assertEqual(self._issue_may(task).state, "generated")

    def test_released_it_is_issued_and_next_time_nothing_is_new(self):
        task = self._start_and_issue()
        task.line_ids.price_unit = 150
        row = self._issue_may(task)
        row.with_user(self.biller).action_release()
        self.assertEqual(row.state, "generated")
        self.assertEqual(row.move_id.amount_untaxed, 150)
        self.assertIn("→", row.changes_text)
        self._run_cron("2027-06-01 08:00:00")
        self.assertEqual(self._get_rows(task)[-1].state, "generated")
        self.assertFalse(self._get_rows(task)[-1].changes_text)

    def test_many_are_released_at_once(self):
        task = self._start_and_issue(customers=self._create_customers(3))
        task.line_ids.price_unit = 150
        rows = self._issue_may(task)
        self.assertEqual(set(rows.mapped("state")), {"held"})
        rows.with_user(self.biller).action_release()
        self.assertEqual(set(rows.mapped("state")), {"generated"})

    def test_a_skipped_change_waits_again_next_time(self):
        task = self._start_and_issue()
        task.line_ids.price_unit = 150
        self._issue_may(task).with_user(self.biller).action_skip()
        self._run_cron("2027-06-01 08:00:00")
        self.assertRows(
            task, "2027-04-01 generated", "2027-05-01 skipped", "2027-06-01 held"
        )

    def test_run_now_is_looked_at_too(self):
        task = self._start_and_issue()
        task.line_ids.price_unit = 150
        task.action_run_now()
        self.assertEqual(self._get_rows(task)[-1].state, "held")
        task.action_release()
        self.assertEqual(self._get_rows(task)[-1].state, "generated")

    def test_a_failed_one_that_is_retried_is_looked_at_too(self):
        task = self._start_and_issue()
        self.journal.active = False
        row = self._issue_may(task)
        self.assertEqual(row.state, "failed")
        self.journal.active = True
        task.line_ids.price_unit = 150
        row.with_user(self.biller).action_retry()
        self.assertEqual((row.state, row.attempts), ("held", 2))

    def test_one_whose_facts_cannot_be_worked_out_hinders_nobody(self):
        task = self._start_and_issue(customers=self.customer + self.other_customer)
        task.line_ids.price_unit = 150
        check = type(self.env["recurring.change.check"])
        get_facts = check._get_facts

        def fail(model, slot):
            if slot.recipient.partner_id == self.customer:
                raise ValueError("broken")
            return get_facts(model, slot)

        with patch.object(check, "_get_facts", fail):
            rows = self._issue_may(task)
        self.assertEqual(rows.mapped("state"), ["generated", "held"])

    def test_what_was_archived_waits_where_the_company_wants_it(self):
        self.company.recurring_change_archived = True
        seller = self._create_user("seller", "base.group_user")
        self.customer.user_id = seller
        task = self._start_and_issue()
        seller.active = False
        self.assertEqual(self._issue_may(task).state, "held")

    def test_another_company_has_its_own_limits(self):
        other = self._create_billing_company(name="Other Co")
        self.assertFalse(other._get_held_changes())
        self.assertEqual(other._get_change_limits(), (0, 0))

    def test_limits_that_make_no_sense_are_refused(self):
        for name, value in (("growth", -1), ("fall", -1), ("fall", 101)):
            with self.assertRaises(ValidationError):
                self.company[f"recurring_change_{name}"] = value

    def test_the_report_tells_what_waits_and_what_was_issued_with_changes(self):
        task = self._start_and_issue(customers=self.customer + self.other_customer)
        self.customer.vat = "ESA12345674"
        self.other_customer.street = "1 New Street"
        run = self._issue_may(task).run_id
        html = str(run.with_user(self.reader).report_html)
        self.assertIn("VAT number: none → ESA12345674", html)
        self.assertIn("Issued, with changes since last time (1)", html)
        self.assertIn("1 New Street", html)


@tagged("post_install", "-at_install", "slow")
class TestChangesBudget(ChangeCommon):
    def test_the_comparison_costs_the_same_for_any_number_of_customers(self):
        self.company.recurring_change_growth = 20
        customers = self._create_customers(110)
        engine = self.env["recurring.engine"].with_user(self.env.ref("base.user_root"))
        counts = []
        for members in (customers[:10], customers[10:]):
            task = self._start_task(customers=members)
            recipients = engine.env["recurring.task.recipient"].browse(
                task.recipient_ids.ids
            )
            self.clock.move_to("2027-04-01 08:00:00")
            engine._run_batch(recipients.ids)
            task.line_ids.write({"price_unit": 150, "tax_ids": False})
            self.clock.move_to("2027-05-01 08:00:00")
            slots = self.env["recurring.planner"]._get_due_slots(recipients)
            self.env.flush_all()
            self.env.invalidate_all()
            check = engine._with_task_company(task).env["recurring.change.check"]
            before = self.cr.sql_log_count
            issue, parked = check._sort_out(slots)
            counts.append(self.cr.sql_log_count - before)
            self.assertFalse(issue)
            self.assertEqual([len(own) for own in parked.values()], [len(members)])
            self.clock.move_to("2027-03-15 10:00:00")
        self.assertLessEqual(counts[1], counts[0] + 2)
        self.assertLessEqual(counts[0], 45)

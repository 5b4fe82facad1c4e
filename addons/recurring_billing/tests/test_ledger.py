"""The ledger: one document for each customer and period, whatever happens."""

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import RecurringCommon


@tagged("post_install", "-at_install")
class TestLedgerGuards(RecurringCommon):
    """What the database itself refuses."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.task = cls._start_task()
        cls.recipient = cls.task.recipient_ids

    def _create_row(self, start, end, state="generated", **values):
        row = (
            self.env["recurring.occurrence"]
            .sudo()
            .create(
                {
                    "recipient_id": self.recipient.id,
                    "scheduled_date": start,
                    "issue_date": start,
                    "period_start": start,
                    "period_end": end,
                    "state": state,
                    **values,
                }
            )
        )
        self.env.flush_all()
        return row

    def assertDatabaseRefuses(self, constraint, *args, **values):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(IntegrityError, constraint),
            self.cr.savepoint(),
        ):
            self._create_row(*args, **values)

    def test_a_second_row_for_the_same_date(self):
        self._create_row("2027-04-01", "2027-05-01", "failed")
        self.assertDatabaseRefuses(
            "scheduled_date_uniq", "2027-04-01", "2027-05-01", "skipped"
        )

    def test_a_document_whose_period_overlaps(self):
        self._create_row("2027-04-01", "2027-05-01")
        self.assertDatabaseRefuses("no_overlap", "2027-04-15", "2027-05-15")

    def test_a_period_inside_another(self):
        self._create_row("2027-04-01", "2028-04-01")
        self.assertDatabaseRefuses("no_overlap", "2027-06-01", "2027-06-02")

    def test_an_empty_period(self):
        self.assertDatabaseRefuses("period_order", "2027-04-01", "2027-04-01")

    def test_a_period_that_runs_backwards(self):
        self.assertDatabaseRefuses("period_order", "2027-04-01", "2027-03-01")

    def test_periods_that_touch_are_fine(self):
        first = self._create_row("2027-04-01", "2027-05-01")
        second = self._create_row("2027-05-01", "2027-06-01")
        self.assertEqual((first + second).exists(), first + second)

    def test_another_customer_may_have_the_same_period(self):
        self._create_row("2027-04-01", "2027-05-01")
        other = self._start_task(customers=self.other_customer)
        row = self._create_row(
            "2027-04-01", "2027-05-01", recipient_id=other.recipient_ids.id
        )
        self.assertEqual(row.partner_id, self.other_customer)

    def test_a_voided_row_takes_no_room(self):
        self._create_row("2027-04-01", "2027-05-01", "void")
        row = self._create_row("2027-04-01", "2027-05-01")
        self.assertEqual(row.state, "generated")

    def test_without_a_guard_the_engine_refuses_to_run(self):
        for name, drop in (
            (
                "recurring_occurrence_no_overlap",
                "ALTER TABLE recurring_occurrence DROP CONSTRAINT",
            ),
            (
                "recurring_occurrence_period_order",
                "ALTER TABLE recurring_occurrence DROP CONSTRAINT",
            ),
            ("recurring_occurrence_scheduled_date_uniq", "DROP INDEX"),
        ):
            savepoint = self.cr.savepoint()
            self.env.cr.execute(f"{drop} {name}")
            with self.subTest(name), self.assertRaisesRegex(UserError, name):
                self.env["recurring.engine"]._cron_generate()
            savepoint.close(rollback=True)


@tagged("post_install", "-at_install")
class TestVoid(RecurringCommon):
    """A cancelled or deleted document frees its period; a person issues it again."""

    def _issue(self, **values):
        task = self._start_task(**values)
        self._run_cron("2027-04-01 08:00:00")
        return task, self._get_rows(task).with_user(self.biller)

    def test_cancelling_an_invoice_frees_its_period(self):
        task, row = self._issue()
        row.move_id.button_cancel()
        self.assertEqual(row.state, "void")
        self.assertIn("cancelled", row.error)

    def test_cancelling_an_order_frees_its_period(self):
        task, row = self._issue(document_type="order")
        row.sale_order_id.sudo()._action_cancel()
        self.assertEqual(row.state, "void")

    def test_deleting_a_draft_frees_its_period(self):
        task, row = self._issue(completion="draft")
        row.move_id.unlink()
        self.assertEqual(row.state, "void")
        self.assertIn("deleted", row.error)

    def test_deleting_a_quotation_frees_its_period(self):
        task, row = self._issue(document_type="quotation")
        row.sale_order_id.sudo().unlink()
        self.assertEqual(row.state, "void")

    def test_a_freed_period_is_not_issued_again_by_itself(self):
        task, row = self._issue()
        row.move_id.button_cancel()
        self._run_cron("2027-04-02 08:00:00")
        self.assertRows(task, "2027-04-01 void")
        self.assertEqual(str(task.date_next), "2027-05-01")

    def test_a_click_issues_it_again(self):
        task, row = self._issue()
        row.move_id.button_cancel()
        row.action_reissue()
        self.assertRows(task, "2027-04-01 void", "2027-04-01 generated")
        self.assertEqual(
            str(self._get_rows(task)[1].move_id.invoice_date), "2027-04-01"
        )

    def test_a_second_click_does_not(self):
        task, row = self._issue()
        row.move_id.button_cancel()
        row.action_reissue()
        with self.assertRaisesRegex(UserError, "exists already"):
            row.action_reissue()
        self.assertEqual(len(self._get_rows(task)), 2)

    def test_a_cancelled_invoice_comes_back_to_its_period(self):
        task, row = self._issue()
        row.move_id.button_cancel()
        row.move_id.button_draft()
        self.assertEqual(row.state, "generated")
        self.assertFalse(row.error)

    def test_not_when_another_one_was_issued(self):
        task, row = self._issue()
        row.move_id.button_cancel()
        row.action_reissue()
        with self.assertRaisesRegex(UserError, "same period. Cancel it first"):
            row.move_id.button_draft()

    def test_a_cancelled_order_comes_back_too(self):
        task, row = self._issue(document_type="order")
        row.sale_order_id.sudo()._action_cancel()
        row.sale_order_id.sudo().action_draft()
        self.assertEqual(row.state, "generated")

    def test_a_posted_invoice_reset_to_draft_keeps_its_period(self):
        task, row = self._issue()
        row.move_id.button_draft()
        self.assertEqual(row.state, "generated")

    def test_an_accountant_without_our_rights_may_cancel(self):
        accountant = self._create_user("clerk", "account.group_account_invoice")
        task, row = self._issue()
        row.move_id.with_user(accountant).button_cancel()
        self.assertEqual(row.state, "void")

    def test_a_credit_note_leaves_the_document_in_the_ledger(self):
        task, row = self._issue()
        row.move_id._reverse_moves()
        self.assertEqual(row.state, "generated")
        self.assertEqual(len(self._get_rows(task)), 1)


@tagged("post_install", "-at_install")
class TestLinks(RecurringCommon):
    """A document knows its row; nobody can pretend one."""

    people = ("reader", "manager")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.task = cls._start_task()

    def _issue(self):
        self._run_cron("2027-04-01 08:00:00")
        return self._get_rows(self.task).with_user(self.biller)

    def test_row_and_document_point_at_each_other(self):
        row = self._issue()
        self.assertEqual(row.move_id.recurring_occurrence_id, row)
        self.assertEqual(row.move_id.recurring_task_id, self.task)
        self.assertEqual(row.document_name, row.move_id.name)
        self.assertEqual(row.amount_total, row.move_id.amount_total)

    def test_a_duplicate_does_not_carry_the_links(self):
        row = self._issue()
        copy = row.move_id.copy()
        self.assertFalse(copy.recurring_task_id)
        self.assertFalse(copy.recurring_occurrence_id)
        copy.button_cancel()
        self.assertEqual(row.state, "generated")

    def test_a_credit_note_does_not_either(self):
        row = self._issue()
        self.assertFalse(row.move_id._reverse_moves().recurring_occurrence_id)

    def test_the_links_cannot_be_written(self):
        row = self._issue()
        copy = row.move_id.copy()
        for name in ("recurring_task_id", "recurring_occurrence_id"):
            with self.subTest(name), self.assertRaises(AccessError):
                copy.write({name: row.move_id[name].id})

    def test_nor_removed(self):
        row = self._issue()
        with self.assertRaises(AccessError):
            row.move_id.write({"recurring_occurrence_id": False})

    def test_nor_given_when_creating(self):
        row = self._issue()
        with self.assertRaises(AccessError):
            self.env["account.move"].with_user(self.biller).create(
                {"move_type": "out_invoice", "recurring_occurrence_id": row.id}
            )

    def test_rows_cannot_be_made_changed_or_deleted(self):
        row = self._issue()
        for user in (self.reader, self.biller, self.manager):
            own = row.with_user(user)
            with self.assertRaises(AccessError):
                own.write({"state": "void"})
            with self.assertRaises(AccessError):
                own.unlink()
            with self.assertRaises(AccessError):
                own.create({"recipient_id": row.recipient_id.id})

    def test_not_even_by_the_superuser_deleted(self):
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            self._issue().sudo().unlink()

    def test_not_through_the_task(self):
        row = self._issue()
        for command in (
            Command.create({"recipient_id": row.recipient_id.id}),
            Command.update(row.id, {"state": "void"}),
            Command.delete(row.id),
        ):
            with self.assertRaises(UserError):
                self.task.write({"occurrence_ids": [command]})
        self.assertEqual(row.state, "generated")

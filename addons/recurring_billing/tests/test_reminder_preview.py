"""The dry list: the planner's decisions as rows, for those who bill."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .reminder_common import ReminderCommon


@tagged("post_install", "-at_install")
class TestReminderPreview(ReminderCommon):
    people = ("reader", "portal")

    def _open(self, user=None):
        model = self.env["payment.reminder.preview"].with_user(user or self.biller)
        action = model.action_open()
        self.assertEqual(action["res_model"], model._name)
        return model.search([])

    def test_it_shows_every_overdue_invoice_and_why(self):
        due, waiting, disputed = (
            self._create_invoice(3),
            self._create_invoice(2),
            self._create_invoice(9),
        )
        disputed.action_toggle_block_payment()
        rows = self._open()
        self.assertEqual(rows.move_id, due | waiting | disputed)
        self.assertEqual(rows.mapped("decision"), ["remind", "wait", "excluded"])
        self.assertEqual(rows.mapped("days"), [3, 2, 9])
        self.assertTrue(all(rows.mapped("reason")))
        self.assertEqual(rows[0].level_id, self.first)
        self.assertEqual(rows[0].amount_residual, 100)

    def test_looking_changes_nothing(self):
        invoice = self._create_invoice(3)
        self._open()
        self.assertFalse(self._get_rows(invoice))
        self.assertFalse(self._get_deliveries())

    def test_it_is_what_happens(self):
        for days in (1, 3, 20, 40):
            self._create_invoice(days)
        announced = self._open().filtered(lambda row: row.decision == "remind")
        announced = {(row.move_id, row.level_id) for row in announced}
        self._remind()
        rows = self.Reminder.search([("company_id", "=", self.company.id)])
        self.assertEqual({(row.move_id, row.level_id) for row in rows}, announced)

    def test_opened_again_it_is_worked_out_anew(self):
        invoice = self._create_invoice(3)
        self._open()
        self._pay(invoice)
        self.assertFalse(self._open())

    def test_everybody_has_a_list_of_his_own(self):
        self._create_invoice(3)
        other = self._create_user("other", "recurring_billing.group_billing")
        mine, his = self._open(), self._open(other)
        self.assertFalse(mine & his)
        self.assertEqual(len(mine), 1)

    def test_chosen_customers_are_reminded_at_once(self):
        invoice = self._create_invoice(3)
        other = self._create_invoice(3, self.other_customer)
        rows = self._open()
        rows.filtered(lambda row: row.move_id == invoice).action_remind_now()
        self.assertEqual(self._get_levels(invoice), [3])
        self.assertFalse(self._get_rows(other))
        decisions = self.env["payment.reminder.preview"].with_user(self.biller)
        self.assertEqual(
            decisions.search([("move_id", "=", invoice.id)]).decision, "wait"
        )

    def test_readers_and_customers_do_not_get_it(self):
        for user in (self.reader, self.portal):
            model = self.env["payment.reminder.preview"].with_user(user)
            for method in (model.action_open, model.action_remind_now):
                with self.assertRaises(AccessError):
                    method()

"""From enrolment to the last instalment: what a payment starts is billed over time."""

from odoo.tests import tagged

from .payment_common import PaymentCommon


@tagged("post_install", "-at_install")
class TestPaidOverTime(PaymentCommon):
    def _enrol(self, **values):
        """A pro-forma of a course, and its task once it is paid."""
        order = self._create_proforma(**values)
        self._create_rule()
        return order.sudo()

    def _get_amounts(self, order):
        posted = order.invoice_ids.filtered(lambda m: m.state == "posted")
        return posted.sorted("invoice_date").mapped("amount_total")

    def test_the_proforma_asks_for_the_first_instalment(self):
        order = self._enrol(instalment_count=3)
        self.assertEqual(order.proforma_amount, 403.33)

    def test_its_payment_issues_the_first_invoice_and_starts_the_others(self):
        order = self._enrol(instalment_count=3)
        self._confirm(order)
        invoice = order.invoice_ids
        self.assertEqual((invoice.amount_total, invoice.state), (403.33, "posted"))
        self.assertIn(invoice.payment_state, ("in_payment", "paid"))
        task = order.billing_task_id
        self.assertEqual((task.state, str(task.date_next)), ("running", "2027-04-15"))
        self.assertRows(task, "2027-03-15 generated")
        self.assertEqual(self._get_rows(task).document_name, invoice.name)

    def test_the_instalments_add_up_to_the_course(self):
        order = self._enrol(instalment_count=3)
        self._confirm(order)
        self._run_cron("2027-04-15 08:00:00")
        self._run_cron("2027-05-15 08:00:00")
        self.assertEqual(self._get_amounts(order), [403.33, 403.33, 403.34])
        self.assertEqual(order.invoice_status, "invoiced")
        self.assertEqual(order.amount_invoiced, order.amount_total)

    def test_told_twice_there_is_one_first_instalment(self):
        order = self._enrol(instalment_count=3)
        self._confirm(order)
        self._confirm(order)
        self.assertEqual(len(order.invoice_ids), 1)

    def test_a_part_of_the_first_instalment_starts_nothing(self):
        order = self._enrol(instalment_count=3)
        self._confirm(order, amount=400)
        self.assertFalse(order.invoice_ids)
        self.assertFalse(order.billing_task_id)

    def test_the_student_leaves(self):
        order = self._enrol(instalment_count=3)
        self._confirm(order)
        self._run_cron("2027-04-15 08:00:00")
        action = order.with_user(self.biller).action_stop_billing()
        unpaid = order.invoice_ids.sorted("invoice_date")[-1]
        self.assertIn(unpaid.name, action["params"]["message"])
        self.assertIn("1 instalments, ", action["params"]["message"])
        self._run_cron("2027-05-15 08:00:00")
        self.assertEqual(len(order.invoice_ids), 2)

    def test_a_paid_service_is_billed_for_its_first_period_and_goes_on(self):
        lines = [
            {"product_id": self.course.id, "billed_periodically": True},
            {"product_id": self.product.id, "price_unit": 100},
        ]
        order = self._enrol(lines=lines, billing_start_date="2027-04-01")
        self._confirm(order)
        self._run_cron("2027-04-01 08:00:00")
        self.assertEqual(self._get_amounts(order), [1331])
        self._run_cron("2027-05-01 08:00:00")
        self.assertEqual(self._get_amounts(order), [1331, 1210])

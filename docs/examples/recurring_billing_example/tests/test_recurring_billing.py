"""Values, checks and changes of invoices; a source of the forecast."""

from odoo import Command
from odoo.tests import tagged

from odoo.addons.recurring_billing.tests.common import RecurringCommon


@tagged("post_install", "-at_install")
class TestReference(RecurringCommon):
    """Alma Books wants her own reference on each invoice."""

    def setUp(self):
        super().setUp()
        self.customer.write({"is_reference_required": True, "ref": "PO-1"})

    def test_it_stands_on_the_invoice(self):
        task = self._start_task(customers=self.customer + self.other_customer)
        self._run_cron("2027-04-01 08:00:00")
        invoices = self._get_documents(task).sorted("partner_id")
        self.assertEqual(invoices.mapped("ref"), ["PO-1", False])

    def test_without_it_nothing_is_issued(self):
        task = self._start_task()
        self.customer.ref = False
        self.assertIn("wants a reference", task.recipient_ids.ready_message)
        self._run_cron("2027-04-01 08:00:00")
        self.assertRows(task, "2027-04-01 failed")

    def test_another_one_is_told(self):
        task = self._start_task()
        self._run_cron("2027-04-01 08:00:00")
        self.customer.ref = "PO-2"
        self._run_cron("2027-05-01 08:00:00")
        row = self._get_rows(task)[-1]
        self.assertEqual(row.state, "generated")
        self.assertEqual(row.changes_text, "Reference of the customer: PO-1 → PO-2")

    def test_another_one_waits_where_the_company_wants_it(self):
        self.company.recurring_change_reference = True
        task = self._start_task()
        self._run_cron("2027-04-01 08:00:00")
        self.customer.ref = "PO-2"
        self._run_cron("2027-05-01 08:00:00")
        self.assertRows(task, "2027-04-01 generated", "2027-05-01 held")


@tagged("post_install", "-at_install")
class TestForecast(RecurringCommon):
    def test_open_quotations_are_expected(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "validity_date": "2027-05-20",
                "state": "sent",
                "order_line": [Command.create({"product_id": self.product.id})],
            }
        )
        row = self.env["recurring.forecast"].search([("source", "=", "quotation")])
        self.assertEqual((row.sale_order_id, row.amount_untaxed), (order, 100.0))
        self.assertEqual(str(row.date), "2027-05-20")
        self.assertEqual(row.action_open_task()["res_model"], "sale.order")

"""Tasks with one customer each, such as orders billed over time, share a batch."""

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_engine_faults import ENGINE_LOG, FaultCase


@tagged("post_install", "-at_install", "slow")
class TestSmallTasks(FaultCase):
    def _start_tasks(self, *values):
        """One task for each of the first customers, with these values."""
        return self.env["recurring.task"].union(
            *(
                self._start_task(customers=customer, **own)
                for customer, own in zip(self.customers, values, strict=False)
            )
        )

    def _get_shared(self, tasks):
        """Which of the tasks share a batch: a list of recordsets."""
        self.clock.move_to("2027-04-01 08:00:00")
        recipients = tasks.sudo().recipient_ids
        batches = self.env["recurring.engine"].sudo()._get_batches(recipients)
        return [recipients.browse(batch.args[0]).task_id for batch in batches]

    def test_tasks_that_are_alike_share_a_batch(self):
        tasks = self._start_tasks(*[{}] * 6)
        self.assertEqual(self._get_shared(tasks), [tasks])

    def test_what_the_engine_does_in_another_way_is_apart(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        french = self._create_user("french", self.GROUPS["biller"], lang="fr_FR")
        values = (
            {},
            {"completion": "draft"},
            {"document_type": "quotation"},
            {"tz": "Asia/Tokyo"},
            {"user_id": french.id},
        )
        tasks = self._start_tasks(*values, {})
        shared = self._get_shared(tasks)
        self.assertEqual(len(shared), len(values))
        self.assertIn(tasks[0] + tasks[5], shared)

    def test_a_large_task_shares_its_rest(self):
        self.patch(
            self.env.registry["recurring.engine"], "_get_batch_size", lambda _self: 4
        )
        large = self._start_task(customers=self.customers[:6])
        small = self._start_task(customers=self.customers[6])
        self.assertEqual(self._get_shared(large + small), [large, large + small])

    def test_each_task_gets_what_is_its_own(self):
        prices = (10, 20, 30)
        tasks = self._start_tasks(
            *(
                {"name": f"Plan {price}", "lines": [self._prepare_plan(price)]}
                for price in prices
            )
        )
        self._run_cron("2027-04-01 08:00:00")
        invoices = [self._get_documents(task) for task in tasks]
        self.assertEqual([i.amount_untaxed for i in invoices], list(prices))
        self.assertEqual([i.recurring_task_id for i in invoices], list(tasks))
        self.assertEqual(
            [i.invoice_origin for i in invoices], [f"Plan {p}" for p in prices]
        )
        numbers = sorted(i.sequence_number for i in invoices)
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + 3)))

    def _prepare_plan(self, price):
        return {
            "product_id": self.product.id,
            "price_unit": price,
            "tax_ids": [Command.set(self.tax.ids)],
        }

    def test_the_guilty_one_is_found_among_many_tasks(self):
        tasks = self._start_tasks(*[{}] * 8)
        with self._fail_for_bad(ValueError("broken")), mute_logger(ENGINE_LOG):
            self._run_cron("2027-04-01 08:00:00")
        states = {row.partner_id: row.state for row in self._get_rows(tasks)}
        self.assertEqual(states.pop(self.bad), "failed")
        self.assertEqual(set(states.values()), {"generated"})
        self.assertEqual(len(states), 7)
        self.assertEqual(len(self._get_rows(tasks).run_id), 1)

    def test_the_last_document_ends_its_own_task_only(self):
        tasks = self._start_tasks({"max_documents": 1}, {"max_documents": 2}, {})
        self._run_cron("2027-04-01 08:00:00")
        self.assertEqual(tasks.mapped("state"), ["done", "running", "running"])

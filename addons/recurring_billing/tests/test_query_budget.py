"""SQL statements per document: flat from 10 to 100 documents, and few."""

import logging

from odoo.tests import tagged

from .common import RecurringCommon

_logger = logging.getLogger(__name__)


@tagged("post_install", "-at_install", "slow")
class TestQueryBudget(RecurringCommon):
    #: Statements for each further document. Goal for invoices: 10 (promises.md).
    #: Core draws the number of a pro-forma with two of its own.
    BUDGET = {"invoice": 5, "quotation": 11, "order": 11, "proforma": 12}
    #: The same for tasks with one customer each, with the share of the batch.
    SMALL_TASK = (9, 18)
    #: Statements that a batch may cost whatever its size.
    FIXED = 200

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls._create_customers(110)

    def _count(self, customers, **values):
        """Statements for issuing one document to each of ``customers``."""
        lines = [
            {"product_id": self.product.id},
            {"product_id": self.other_product.id, "name": "Hosting {month}"},
            {"name": "Work", "product_id": self.product.id, "quantity": 2},
        ]
        task = self._start_task(customers=customers, lines=lines, **values)
        self.clock.move_to("2027-04-01 08:00:00")
        engine = self.env["recurring.engine"].with_user(self.env.ref("base.user_root"))
        with self.counting() as counted:
            engine._run_batch(task.recipient_ids.ids)
        self.assertEqual(len(self._get_documents(task)), len(customers))
        self.clock.move_to("2027-03-15 10:00:00")
        return counted.statements

    def _check(self, kind, most=100, **values):
        values |= {"document_type": kind}
        self._count(self.customers[:2], **values)  # caches of the server
        few = self._count(self.customers[:10], **values)
        many = self._count(self.customers[10 : 10 + most], **values)
        slope = (many - few) / (most - 10)
        _logger.info(
            "%s %s: %s statements for 10, %s for %s, %.2f for each further one",
            kind,
            values.get("completion", "confirm"),
            few,
            many,
            most,
            slope,
        )
        self.assertLessEqual(slope, self.BUDGET[kind])
        self.assertLessEqual(few - 10 * slope, self.FIXED)

    def test_invoices(self):
        self._check("invoice")

    def test_invoices_with_their_deliveries(self):
        self._check("invoice", completion="send")

    def test_quotations(self):
        self._check("quotation")

    def test_orders(self):
        self._check("order")

    def test_proformas(self):
        self._check("proforma")

    def _count_small_tasks(self, customers):
        """Statements for a task of his own for each of ``customers``: the first month,
        and a later one, for which there is something to compare with."""
        tasks = self.env["recurring.task"].union(
            *(self._start_task(customers=customer) for customer in customers)
        )
        engine = self.env["recurring.engine"].with_user(self.env.ref("base.user_root"))
        counts = []
        for month in (4, 5):
            self.clock.move_to(f"2027-0{month}-01 08:00:00")
            self.env.flush_all()
            self.env.invalidate_all()
            recipients = engine.env["recurring.task.recipient"].browse(
                tasks.recipient_ids.ids
            )
            before = self.cr.sql_log_count
            batches = [run_batch() for run_batch in engine._get_batches(recipients)]
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
            self.assertEqual(len(batches), (len(customers) + 49) // 50)
        self.assertEqual(len(self._get_documents(tasks)), 2 * len(customers))
        self.clock.move_to("2027-03-15 10:00:00")
        return counts

    def test_small_tasks_share_their_batches(self):
        """An order billed over time is a task with one customer."""
        self._count_small_tasks(self.customers[:2])  # caches of the server
        few = self._count_small_tasks(self.customers[:10])
        many = self._count_small_tasks(self.customers[10:])
        slopes = [(b - a) / 90 for a, b in zip(few, many, strict=True)]
        _logger.info("small tasks: %s for 10, %s for 100: %s each", few, many, slopes)
        for slope, most in zip(slopes, self.SMALL_TASK, strict=True):
            self.assertLessEqual(slope, most)

    def test_planning_costs_the_same_for_any_number_of_customers(self):
        counts = []
        for customers in (self.customers[:10], self.customers[10:]):
            task = self._start_task(customers=customers)
            self.clock.move_to("2027-04-01 08:00:00")
            with self.counting() as counted:
                self.env["recurring.planner"]._get_due_slots(task.sudo().recipient_ids)
            counts.append(counted.statements)
            self.clock.move_to("2027-03-15 10:00:00")
        self.assertLessEqual(counts[1], counts[0] + 2)

    def _count_few_and_many(self, ask):
        """Statements of ``ask(recipients)`` for 10 and for 100 customers."""
        counts = []
        for customers in (self.customers[:10], self.customers[10:]):
            task = self._create_task(customers=customers, business_day_shift="after")
            with self.counting() as counted:
                ask(task.sudo().recipient_ids)
            counts.append(counted.statements)
        return counts

    def test_run_now_reads_ledger_and_calendar_once(self):
        planner = self.env["recurring.planner"]
        few, many = self._count_few_and_many(planner._get_next_slots)
        self.assertLessEqual(many, few + 2)

    def test_the_check_of_the_first_date_asks_the_ledger_once(self):
        few, many = self._count_few_and_many(
            self.env["recurring.task"]._check_first_date
        )
        self.assertLessEqual(many, few + 2)

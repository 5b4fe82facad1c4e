"""Invoices posted together get the numbers and ranks that core gives one by one."""

from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.invoice_posting_mixin import NUMBERING, SYNC, is_plain
from .common import RecurringCommon

ENGINE_LOG = "odoo.addons.recurring_billing.models.recurring_engine"


@tagged("post_install", "-at_install", "slow")
class TestBatchPosting(RecurringCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls._create_customers(5)

    def _issue(self, customers, year=2027):
        """One batch, without a commit."""
        self.clock.move_to(f"{year}-03-15 10:00:00")
        task = self._start_task(customers=customers, date_start=f"{year}-04-01")
        self.clock.move_to(f"{year}-04-01 08:00:00")
        engine = self.env["recurring.engine"].with_user(self.env.ref("base.user_root"))
        engine._run_batch(task.recipient_ids.ids)
        return self._get_documents(task).sorted("id")

    def _create_by_hand(self, day="2027-04-01"):
        return self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "journal_id": self.journal.id,
                "partner_id": self.customer.id,
                "invoice_date": day,
                "invoice_line_ids": [(0, 0, {"product_id": self.product.id})],
            }
        )

    # === NUMBERS === #

    def test_numbers_go_on_where_people_left_off(self):
        first = self._create_by_hand()
        first.name = "FACT/2027/A0099"
        first.action_post()
        names = self._issue(self.customers).mapped("name")
        self.assertEqual(names, [f"FACT/2027/A0{100 + n}" for n in range(5)])
        last = self._create_by_hand()
        last.action_post()
        self.assertEqual(last.name, "FACT/2027/A0105")

    def test_more_digits_are_needed_in_the_middle_of_a_batch(self):
        first = self._create_by_hand()
        first.name = "F/2027/97"
        first.action_post()
        names = self._issue(self.customers).mapped("name")
        self.assertEqual(names, [f"F/2027/{98 + n}" for n in range(5)])

    def test_each_year_has_numbers_of_its_own(self):
        old = self._issue(self.customers[:2])
        new = self._issue(self.customers[2:], year=2028)
        self.assertEqual(new.mapped("sequence_number"), [1, 2, 3])
        self.assertEqual(old.mapped("sequence_number"), [1, 2])
        self.assertEqual(len({*new.mapped("sequence_prefix")}), 1)
        self.assertFalse(any((old + new).mapped("made_sequence_gap")))

    def test_a_batch_that_failed_leaves_no_gap(self):
        engine = self.env.registry["recurring.engine"]
        original = engine._check_totals
        bad = self.customers[2]

        def fail(model, rows):
            if bad in rows.partner_id:
                raise ValueError("No")
            return original(model, rows)

        with (
            patch.object(engine, "_check_totals", fail),
            mute_logger(ENGINE_LOG),
        ):
            moves = self._issue(self.customers)
        self.assertEqual(moves.mapped("sequence_number"), [1, 2, 3, 4])

    def test_the_journal_is_searched_once(self):
        Move = self.env.registry["account.move"]
        original, asked = Move._get_last_sequence_domain, []

        def note(move, relaxed=False):
            asked.append(move.id)
            return original(move, relaxed)

        with patch.object(Move, "_get_last_sequence_domain", note):
            self.assertTrue(is_plain(self.env["account.move"], SYNC))
            self.assertFalse(is_plain(self.env["account.move"], NUMBERING))
            self._issue(self.customers)
            # a localisation has its own rules: every number is asked for
            self.assertEqual(len(set(asked)), 5)
        self.assertTrue(is_plain(self.env["account.move"], NUMBERING))
        original_last, asked = Move._get_last_sequence, []

        def note_last(move, *args, **kwargs):
            asked.append(move.id)
            return original_last(move, *args, **kwargs)

        plain = {*NUMBERING} - {"_get_last_sequence"}
        with (
            patch.object(Move, "_get_last_sequence", note_last),
            patch(f"{is_plain.__module__}.NUMBERING", plain),
        ):
            self._issue(self.customers)
        self.assertEqual(len(set(asked)), 1)

    # === RANKS === #

    def _get_later_ranks(self):
        """What core adds after the commit: ``{customer: count}``."""
        data = self.env.cr.postcommit.data
        return dict(data.get("account.res.partner.increase_rank.customer_rank", {}))

    def test_new_customers_are_customers_at_once(self):
        self.assertEqual(set(self.customers.mapped("customer_rank")), {0})
        self._issue(self.customers)
        self.assertEqual(set(self.customers.mapped("customer_rank")), {1})

    def test_known_customers_are_counted_after_the_commit(self):
        self.customers[0].customer_rank = 7
        before = self._get_later_ranks().get(self.customers[0].id, 0)
        self._issue(self.customers)
        self.assertEqual(self.customers[0].customer_rank, 7)
        after = self._get_later_ranks()
        self.assertEqual(after[self.customers[0].id], before + 1)
        self.assertNotIn(self.customers[1].id, after)

    def test_the_company_of_a_department_is_a_customer_too(self):
        parent = self._create_customer(name="Group", is_company=True)
        child = self._create_customer(name="Office", parent_id=parent.id)
        twin = self._create_customer(name="Second office", parent_id=parent.id)
        self._issue(child + twin)
        self.assertEqual([p.customer_rank for p in (child, twin, parent)], [1, 1, 2])

    def test_posting_by_hand_is_cores(self):
        self._create_by_hand().action_post()
        self.assertEqual(self.customer.customer_rank, 1)

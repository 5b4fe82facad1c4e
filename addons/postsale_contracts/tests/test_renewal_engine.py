"""What the scheduled action does with contracts by itself, and what it leaves."""

from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from ..models.postsale_contract_renewal_mixin import PostsaleContractRenewalMixin
from .renewal_common import DAY_AFTER, LAST_DAY, RenewalCommon

ENGINE = "odoo.addons.postsale_contracts.models.postsale_renewal_engine"


class TestRenewalEngine(RenewalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_running(customer_cost=100.0)
        cls.automatic = cls._create_running(auto_renew=True, customer_cost=100.0)

    # === STATES === #

    def test_whoever_should_decide_is_called_in_time(self):
        self._run_on("2027-10-31")
        self.assertEqual(self.contract.state, "active")
        self._run_on("2027-11-01")
        self.assertEqual(self.contract.state, "to_renew")

    def test_a_company_says_how_long_before(self):
        self.config.renewal_lead_days = 60
        self._run_on("2027-10-02")
        self.assertEqual(self.contract.state, "to_renew")

    def test_a_contract_that_nobody_renewed_ends_with_its_term(self):
        self._run_on("2027-12-31")
        self.assertEqual(self.contract.state, "to_renew")
        self._run_on("2028-01-01")
        self.assertEqual(self.contract.state, "expired")

    def test_a_contract_with_notice_is_not_called_and_ends(self):
        self.automatic.action_give_notice()
        self._run_on(DAY_AFTER)
        self.assertEqual(self.automatic.state, "active")
        self._run_on("2028-01-01")
        self.assertEqual(self.automatic.state, "expired")
        self.assertFalse(self.automatic.renewal_ids)

    def test_drafts_cancelled_and_archived_ones_are_left_alone(self):
        draft = self._create_contract(auto_renew=True)
        cancelled = self._create_running(auto_renew=True)
        cancelled.action_cancel()
        archived = self._create_running(auto_renew=True, active=False)
        self._run_on("2028-01-01")
        states = (draft | cancelled | archived).mapped("state")
        self.assertEqual(states, ["draft", "cancelled", "active"])

    # === AUTOMATIC RENEWAL === #

    def test_silence_renews_on_the_day_after_notice_was_due(self):
        self._run_on(LAST_DAY)
        self.assertFalse(self.automatic.renewal_ids)
        self._run_on(DAY_AFTER)
        renewal = self.automatic.renewal_ids
        self.assertTerm(renewal, "2028-01-01", "2028-12-31")
        self.assertTrue(renewal.is_automatic)
        self.assertEqual((renewal.cost, self.automatic.state), (100.0, "active"))

    def test_only_what_renews_automatically(self):
        self._run_on(DAY_AFTER)
        self.assertFalse(self.contract.renewal_ids)

    def test_once_however_often_it_is_called(self):
        for _time in range(3):
            self._run_on(DAY_AFTER)
        self.assertEqual(len(self.automatic.renewal_ids), 1)

    def test_the_day_is_that_of_the_company(self):
        self.company.partner_id.tz = "Pacific/Kiritimati"  # 14 hours ahead
        self._run_on(LAST_DAY, "09:59:00")
        self.assertFalse(self.automatic.renewal_ids)
        self._run_on(LAST_DAY, "10:01:00")
        self.assertTrue(self.automatic.renewal_ids)

    def test_missed_terms_are_caught_up(self):
        contract = self._create_running(
            auto_renew=True, date_end="2027-03-31", renewal_months=1
        )
        self._run_on("2027-05-15")
        ends = sorted(map(str, contract.renewal_ids.mapped("date_end")))
        self.assertEqual(ends, ["2027-04-30", "2027-05-31", "2027-06-30"])

    def test_after_a_long_silence_a_person_decides(self):
        contract = self._create_running(
            auto_renew=True, date_end="2027-03-31", renewal_months=1
        )
        self._run_on("2027-08-15")
        self.assertFalse(contract.renewal_ids)
        self.assertEqual(contract.state, "to_renew")
        self.assertIn("More than 3 terms", contract.renewal_problem)
        self.assertEqual(self._get_activities(contract).user_id, self.clerk)

    def test_each_company_by_itself(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        contract = self.env["postsale.contract"].create(
            {
                "company_id": other.id,
                "partner_id": self.customer.id,
                "date_start": "2027-01-01",
                "date_end": "2027-12-31",
                "auto_renew": True,
            }
        )
        contract.action_activate()
        self._run_on(DAY_AFTER)
        self.assertEqual(contract.renewal_ids.company_id, other)
        self.assertTrue(self.automatic.renewal_ids)

    # === WHAT FOLLOWS === #

    def test_the_responsible_makes_the_order(self):
        self._run_on(DAY_AFTER)
        activity = self._get_activities(self.automatic)
        self.assertEqual(activity.user_id, self.clerk)
        self.assertIn("order", activity.summary)
        self.assertFalse(self.automatic.renewal_ids.sale_order_id)

    def test_or_the_company_has_it_made(self):
        self.config.renewal_order_automatic = True
        self._run_on(DAY_AFTER)
        order = self.automatic.renewal_ids.sale_order_id
        self.assertEqual((order.state, order.amount_untaxed), ("draft", 100.0))
        self.assertFalse(self._get_activities(self.automatic))

    def test_the_contract_tells_that_it_was_renewed(self):
        self._run_on(DAY_AFTER)
        notes = " ".join(self.automatic.message_ids.mapped("body"))
        self.assertIn("Renewed automatically until 12/31/2028", notes)

    def test_without_a_responsible_it_is_noted(self):
        self.automatic.user_id = False
        self._run_on(DAY_AFTER)
        self.assertFalse(self._get_activities(self.automatic))
        notes = " ".join(self.automatic.message_ids.mapped("body"))
        self.assertIn("Make the order of the renewal", notes)

    # === TROUBLE === #

    def _fail_for(self, bad, error):
        """The renewing of one contract fails."""
        prepare = PostsaleContractRenewalMixin._prepare_renewal

        def fail(contract, costs):
            if contract.id == bad.id:
                raise error
            return prepare(contract, costs)

        return patch.object(PostsaleContractRenewalMixin, "_prepare_renewal", fail)

    def test_one_that_fails_harms_no_other_and_is_tried_again(self):
        others = self.automatic | self._create_running(auto_renew=True)
        bad = self._create_running(auto_renew=True)
        with self._fail_for(bad, UserError("The pen is empty")):
            self._run_on(DAY_AFTER)
        self.assertEqual(len(others.renewal_ids), 2)
        self.assertFalse(bad.renewal_ids)
        self.assertEqual(bad.renewal_problem, "The pen is empty")
        self.assertEqual(len(self._get_activities(bad)), 1)
        self._run_on(DAY_AFTER)
        self.assertFalse(bad.renewal_ids, "tried again tomorrow")
        self._run_on("2027-12-03")
        self.assertTrue(bad.renewal_ids)
        self.assertFalse(bad.renewal_problem)

    @mute_logger(ENGINE)
    def test_the_responsible_is_told_once(self):
        with self._fail_for(self.automatic, ValueError("broken")):
            self._run_on(DAY_AFTER)
            self._run_on("2027-12-03")
        self.assertEqual(len(self._get_activities(self.automatic)), 1)
        self.assertIn("ValueError", self.automatic.renewal_problem)

    def test_a_problem_that_is_over_leaves_no_activity(self):
        with self._fail_for(self.automatic, UserError("The pen is empty")):
            self._run_on(DAY_AFTER)
        self.automatic.action_renew()
        self.assertFalse(self._get_activities(self.automatic))

    @mute_logger(ENGINE)
    def test_not_even_the_telling_stops_it(self):
        with (
            self._fail_for(self.automatic, UserError("The pen is empty")),
            patch.object(
                PostsaleContractRenewalMixin,
                "_tell_responsible",
                side_effect=ValueError,
            ),
        ):
            self._run_on(DAY_AFTER)
        self.assertFalse(self.automatic.renewal_ids)

    def test_a_stale_snapshot_is_nobodys_fault(self):
        with self._fail_for(self.automatic, SerializationFailure()):
            self._run_on(DAY_AFTER)
        self.assertFalse(self.automatic.renewal_problem)
        self._run_on(DAY_AFTER)
        self.assertTrue(self.automatic.renewal_ids)

    def test_without_the_index_nothing_is_renewed(self):
        for guard, kind in (
            ("postsale_renewal_term_uniq", "INDEX"),
            ("postsale_renewal_notice_once", "INDEX"),
        ):
            with self.subTest(guard=guard), self.cr.savepoint(flush=False) as point:
                self.env.cr.execute(f"DROP {kind} {guard}")
                with self.assertRaisesRegex(UserError, guard):
                    self.env["postsale.renewal.engine"]._cron_contracts()
                point.rollback()
        self.env.cr.execute(
            "ALTER TABLE postsale_renewal DROP CONSTRAINT postsale_renewal_terms_apart"
        )
        with self.assertRaisesRegex(UserError, "postsale_renewal_terms_apart"):
            self.env["postsale.renewal.engine"]._cron_contracts()

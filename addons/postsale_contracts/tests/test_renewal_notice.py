"""The customer is told before his contract goes on, and there is proof of it."""

import psycopg2

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tools import mute_logger

from .renewal_common import DAY_AFTER, LAST_DAY, RenewalCommon

#: 20 days before notice is due for a contract over the year 2027.
TOLD = "2027-11-11"


class TestRenewalNotice(RenewalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_running(
            auto_renew=True, customer_cost=100.0, renewal_customer_notice_days=20
        )

    def _tell(self, contract=None):
        self._run_on(TOLD)
        return (contract or self.contract).renewal_notice_ids

    # === WHEN === #

    def test_so_many_days_before_his_notice_is_due(self):
        self._run_on("2027-11-10")
        self.assertFalse(self.contract.renewal_notice_ids)
        notice = self._tell()
        self.assertTerm(notice, "2028-01-01", "2028-12-31")
        self.assertEqual(str(notice.decide_before), LAST_DAY)
        self.assertEqual(notice.cost, 100.0)
        delivery = self._get_deliveries(notice)
        self.assertEqual(delivery.state, "queued")
        self.assertEqual(delivery.partner_id, self.customer)

    def test_once_for_each_term(self):
        for day in (TOLD, TOLD, "2027-11-12", LAST_DAY, DAY_AFTER):
            self._run_on(day)
        self.assertEqual(len(self.contract.renewal_notice_ids), 1)
        self._run_on("2028-11-11")
        starts = self.contract.renewal_notice_ids.mapped("date_start")
        self.assertEqual(list(map(str, starts)), ["2029-01-01", "2028-01-01"])

    def test_the_database_takes_a_term_once(self):
        notice = self._tell().sudo()
        with (
            self.assertRaises(psycopg2.errors.UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            notice.copy()

    def test_not_when_it_is_too_late_to_answer(self):
        self._run_on(DAY_AFTER)
        self.assertFalse(self.contract.renewal_notice_ids)

    def test_only_of_what_goes_on_by_itself(self):
        by_hand = self._create_running(renewal_customer_notice_days=20)
        untold = self._create_running(auto_renew=True)
        ended = self._create_running(auto_renew=True, renewal_customer_notice_days=20)
        ended.action_give_notice()
        cancelled = self._create_running(
            auto_renew=True, renewal_customer_notice_days=20
        )
        cancelled.action_cancel()
        self._tell()
        others = by_hand | untold | ended | cancelled
        self.assertFalse(others.renewal_notice_ids)

    def test_new_contracts_follow_the_company(self):
        self.config.renewal_customer_notice_days = 45
        contract = self._create_contract()
        self.assertEqual(contract.renewal_customer_notice_days, 45)

    # === THE MAIL === #

    def _make_mail(self):
        with self.enter_registry_test_mode():
            self.send_cron.method_direct_trigger()
        self.env.invalidate_all()

    def test_the_mail_says_what_happens_and_until_when_to_answer(self):
        notice = self._tell()
        self._make_mail()
        mail = self._get_deliveries(notice).mail_mail_id
        self.assertIn(self.contract.name, mail.subject)
        for text in ("01/01/2028", "12/31/2028", "12/01/2027", "100.00"):
            self.assertIn(text, mail.body_html)
        self.assertIn("alma@example.com", mail.email_to)

    def test_it_is_looked_at_again_before_it_leaves(self):
        sender = self.env["document.sender.renewal"]
        notice = self._tell()
        self._make_mail()
        delivery = self._get_deliveries(notice)
        self.assertIsNone(sender._get_objection(delivery))
        changes = (
            lambda: self.contract.action_give_notice(),
            lambda: self.contract.write({"auto_renew": False}),
            lambda: self.contract.action_cancel(),
            lambda: self.contract.action_renew(),
        )
        for change in changes:
            with self.cr.savepoint() as point:
                change()
                self.assertEqual(sender._get_objection(delivery)[0], "cancel")
                point.rollback()
            self.env.invalidate_all()

    def test_one_that_is_not_true_any_more_never_leaves_and_may_be_made_anew(self):
        notice = self._tell()
        self.contract.auto_renew = False
        self._make_mail()
        self.assertEqual(self._get_deliveries(notice).state, "cancelled")
        self.assertTrue(notice.is_void)
        self.contract.auto_renew = True
        self._run_on("2027-11-12")
        self.assertEqual(self.contract.renewal_notice_ids.mapped("is_void").count(0), 1)

    def test_where_it_cannot_arrive_the_responsible_is_told(self):
        self.customer.email = False
        self._tell()
        activity = self._get_activities(self.contract)
        self.assertEqual(activity.user_id, self.clerk)
        self.assertIn("not told", activity.summary)

    # === PROOF === #

    def test_the_clerk_sees_state_and_time_without_rights_on_other_mails(self):
        notice = self._tell()
        self._deliver(notice)
        seen = notice.with_user(self.technician)
        self.assertEqual(seen.mail_delivery_state, "sent")
        self.assertEqual(str(seen.accepted_date), f"{TOLD} 10:00:00")
        self._run_on(DAY_AFTER)
        renewal = self.contract.renewal_ids.with_user(self.clerk)
        self.assertEqual(renewal.notice_id, notice)
        self.assertEqual(renewal.notice_state, "sent")
        found = seen.search([("mail_delivery_state", "=", "sent")])
        self.assertEqual(found, notice)

    def test_nobody_changes_a_proof(self):
        notice = self._tell().with_user(self.clerk)
        with self.assertRaises(AccessError):
            notice.write({"date": "2027-01-01"})
        with self.assertRaises(AccessError):
            notice.unlink()
        with self.assertRaises(AccessError):
            notice.create({"contract_id": self.contract.id})

    def test_other_companies_do_not_see_it(self):
        notice = self._tell()
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.clerk.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        self.assertFalse(notice.with_user(self.clerk).search([]))


class TestRenewalNeedsNotice(RenewalCommon):
    """A company that wants proof before anything renews by itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.config.renewal_needs_notice = True
        cls.contract = cls._create_running(
            auto_renew=True, renewal_customer_notice_days=20
        )

    def _get_reason(self):
        """Why it is not renewed on the day; nothing where it was."""
        self._run_on(DAY_AFTER)
        if self.contract.renewal_ids:
            self.assertFalse(self.contract.renewal_problem)
            return ""
        self.assertEqual(self._get_activities(self.contract).user_id, self.clerk)
        return self.contract.renewal_problem

    def test_a_delivered_notice_lets_it_go_on(self):
        self._run_on(TOLD)
        self._deliver(self.contract.renewal_notice_ids)
        self.assertEqual(self._get_reason(), "")

    def test_without_notice_it_does_not(self):
        self.assertIn("was not told before 12/01/2027", self._get_reason())

    def test_nor_with_one_that_did_not_get_through(self):
        self._run_on(TOLD)
        self.assertIn("was not delivered", self._get_reason())

    def test_nor_with_one_that_came_too_late(self):
        self._run_on(TOLD)
        self.clock.move_to("2027-12-02 00:01:00")
        self._deliver(self.contract.renewal_notice_ids)
        self.assertIn("was not delivered", self._get_reason())

    def test_a_person_can_renew_it_nevertheless(self):
        self.assertTrue(self._get_reason())
        self.contract.action_renew()
        self.assertTrue(self.contract.renewal_ids)
        self.assertFalse(self.contract.renewal_problem)

    def test_otherwise_it_ends_with_its_term(self):
        self._run_on("2028-01-01")
        self.assertEqual(self.contract.state, "expired")

    def test_others_do_not_wait_for_proof(self):
        self.config.renewal_needs_notice = False
        self.assertEqual(self._get_reason(), "")

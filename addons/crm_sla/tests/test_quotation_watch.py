"""The salesperson is told once that nobody opened a quotation, if the company wants."""

from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.tests import tagged
from odoo.tools import mute_logger

from .tracking_common import FrozenTrackingCommon


@tagged("post_install", "-at_install")
class TestQuotationWatch(FrozenTrackingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_quotations()
        cls.cron = cls.env.ref("crm_sla.ir_cron_quotation_watch")
        cls.company.quotation_reminder_days = 3

    def setUp(self):
        super().setUp()
        self._note(self.order, "sent")

    def _watch_on(self, day, **kwargs):
        self.clock.move_to(f"2027-03-{day} 10:00:00")
        self.env.invalidate_all()
        with self.enter_registry_test_mode():
            self.cron.method_direct_trigger()
        return self._get_activities()

    def _get_activities(self, orders=None):
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", "sale.order"),
                ("res_id", "in", (orders or self.order).ids),
            ]
        )

    def test_off_until_somebody_switches_it_on(self):
        self.company.quotation_reminder_days = 0
        self.assertFalse(self._watch_on(25))

    def test_a_new_company_is_left_in_peace(self):
        company = self.env["res.company"].create({"name": "New"})
        self.assertFalse(company.quotation_reminder_days)
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT quotation_reminder_days FROM res_company WHERE id = %s",
            [company.id],
        )
        self.assertIn(self.env.cr.fetchone()[0], (None, 0))

    def test_days_are_not_negative(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.company.quotation_reminder_days = -1
            self.env.flush_all()

    def test_nobody_is_told_too_early(self):
        self.assertFalse(self._watch_on(17))

    def test_the_salesperson_gets_a_call_to_make(self):
        activity = self._watch_on(18)
        self.assertEqual(activity.user_id, self.seller)
        self.assertEqual(activity.activity_category, "phonecall")
        self.assertEqual(activity.summary, "Not opened for 3 days")
        self.assertEqual(str(activity.date_deadline), "2027-03-18")
        self.assertTrue(activity.automated)

    def test_once_for_each_sending(self):
        self.assertEqual(len(self._watch_on(18)), 1)
        self.assertEqual(len(self._watch_on(19)), 1)
        self._note(self.order, "sent", occasion="again")
        self.assertEqual(len(self._watch_on(21)), 1)
        self.assertEqual(len(self._watch_on(22)), 2)

    def test_not_what_was_opened(self):
        self.clock.tick(60)
        self._open(self.order)
        self.assertFalse(self._watch_on(25))

    def test_not_what_is_decided(self):
        self.order.action_confirm()
        self.assertFalse(self._watch_on(25))

    def test_not_what_has_expired(self):
        self.order.validity_date = "2027-03-17"
        self.assertFalse(self._watch_on(18))

    def test_not_what_is_old_already(self):
        self.clock.move_to("2027-06-01 10:00:00")
        self.env.invalidate_all()
        with self.enter_registry_test_mode():
            self.cron.method_direct_trigger()
        self.assertFalse(self._get_activities())

    def test_not_who_has_left(self):
        self.seller.active = False
        self.assertFalse(self._watch_on(18))

    def test_what_did_not_arrive_says_so(self):
        order = self._create_quotations()
        self._set_delivery(self._send(order), "bounce", "mail_bounce")
        self._watch_on(18)
        activity = self._get_activities(order)
        self.assertEqual(activity.summary, "Not delivered: check the e-mail address")

    def test_no_mail_for_each_activity(self):
        before = self.env["mail.mail"].search_count([])
        self._watch_on(18)
        self.assertEqual(self.env["mail.mail"].search_count([]), before)

    @mute_logger("odoo.addons.crm_sla.models.sale_quotation_watch")
    def test_one_that_fails_does_not_stop_the_others(self):
        bad, good = self._create_quotations(2)
        for order in bad | good:
            self._note(order, "sent")
        Watch = type(self.env["sale.quotation.watch"])
        prepare = Watch._prepare_activity

        def fail(watch, order, call):
            if order == bad:
                raise ValueError("broken")
            return prepare(watch, order, call)

        with patch.object(Watch, "_prepare_activity", fail):
            self._watch_on(18)
        self.assertFalse(self._get_activities(bad))
        self.assertEqual(len(self._get_activities(good)), 1)
        self.assertEqual(len(self._get_activities()), 1)

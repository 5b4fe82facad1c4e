"""Contracts over the year 2027, and the scheduled action on a day of one's choice."""

from odoo import fields

from .common import PostsaleCommon

#: Last day on which notice can be given for a contract over the year 2027.
LAST_DAY = "2027-12-01"
DAY_AFTER = "2027-12-02"


class RenewalCommon(PostsaleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cron = cls.env.ref("postsale_contracts.ir_cron_contracts")
        cls.send_cron = cls.env.ref("recurring_billing.ir_cron_send")

    @classmethod
    def _create_running(cls, **values):
        """An active contract over the year 2027, of the clerk."""
        contract = cls._create_contract(user_id=cls.clerk.id, **values)
        contract.action_activate()
        return contract

    def _run_on(self, day, hour="10:00:00"):
        """The scheduled action, as on this day."""
        self.clock.move_to(f"{day} {hour}")
        self.env.invalidate_all()
        with self.enter_registry_test_mode():
            self.cron.method_direct_trigger()
        self.env.invalidate_all()

    def _get_activities(self, contract):
        return self.env["mail.activity"].search(
            [("res_model", "=", "postsale.contract"), ("res_id", "in", contract.ids)]
        )

    def _get_deliveries(self, notices):
        return (
            self.env["document.delivery"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "postsale.renewal.notice"),
                    ("res_id", "in", notices.ids),
                ]
            )
        )

    def _deliver(self, notices):
        """The mail server has just taken the mails."""
        rows = self._get_deliveries(notices)
        rows._update_state(("queued",), "sending")
        rows._update_state(("sending",), "sent", sent_date=fields.Datetime.now())
        self.env.invalidate_all()

    def assertTerm(self, renewal, start, end):
        self.assertEqual((str(renewal.date_start), str(renewal.date_end)), (start, end))

"""The watchdog of recurring billing looks at our scheduled actions, too."""

from odoo.tests import tagged

from .common import PostsaleCommon


@tagged("post_install", "-at_install")
class TestRecurringWatchdog(PostsaleCommon):
    def test_renewals_and_escalations_are_watched(self):
        watchdog = self.env["recurring.watchdog"]
        watchdog.sudo()._get_watched_actions().write(
            {"active": True, "nextcall": "2028-01-01 00:00:00"}
        )
        self.assertEqual(watchdog._find_idle_actions(self.env.company), [])
        for name in (
            "postsale_contracts.ir_cron_contracts",
            "crm_sla.ir_cron_sla_warning",
        ):
            action = self.env.ref(name)
            action.active = False
            (finding,) = watchdog._find_idle_actions(self.env.company)
            self.assertIn(action.name, finding["text"])
            action.active = True

"""What happens after the sale by itself waits in a restored copy, too."""

from odoo.tests import tagged

from odoo.addons.recurring_billing.models.recurring_copy_guard import HOME

from .erp_common import ErpCommon
from .renewal_common import RenewalCommon


@tagged("post_install", "-at_install")
class TestCopyGuardErp(ErpCommon):
    def test_nothing_is_handed_over_to_the_erp(self):
        order = self._create_confirmed()
        order.action_send_to_erp()
        self.env["ir.config_parameter"].set_param(HOME, "of another database")
        self._run_cron()
        self.assertFalse(self.receiver.got)
        self.assertEqual(order.erp_state, "queued")
        dialogue = self.env["recurring.copy.release"].new({})
        self.assertIn("for the ERP that wait: 1", dialogue.waiting)
        self.env["recurring.copy.guard"]._settle()
        self._run_cron()
        self.assertEqual(len(self.receiver.got), 1)


@tagged("post_install", "-at_install")
class TestCopyGuardRenewals(RenewalCommon):
    def test_no_contract_renews_or_ends(self):
        contract = self._create_running(auto_renew=True)
        self.env["ir.config_parameter"].set_param(HOME, "of another database")
        self._run_on("2028-01-02")
        self.assertEqual((contract.state, len(contract.renewal_ids)), ("active", 0))

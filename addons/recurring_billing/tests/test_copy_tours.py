"""A manager reads that this database was restored, and lets it go on."""

from odoo import Command
from odoo.tests import tagged

from ..models.recurring_copy_guard import HOME
from .test_tours import TourCase


class CopyTourCase(TourCase):
    def _release(self):
        manager = self.env.ref("recurring_billing.group_manager")
        self.biller.group_ids = [Command.link(manager.id)]
        self.env["ir.config_parameter"].set_param(HOME, "of another database")
        guard = self.env["recurring.copy.guard"]
        self.assertTrue(guard._is_held())
        self.start_tour(
            "/odoo/recurring-tasks", "recurring_billing_copy", login="tour_biller"
        )
        self.assertFalse(guard._is_held())


@tagged("post_install", "-at_install", "tour")
class TestCopyDesktop(CopyTourCase):
    browser_size = "1366x768"

    def test_a_restored_database_is_released(self):
        self._release()


@tagged("post_install", "-at_install", "tour")
class TestCopyPhone(CopyTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_a_restored_database_is_released(self):
        self._release()

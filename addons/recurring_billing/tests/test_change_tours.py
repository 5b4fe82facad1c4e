"""What changed as people use it: settings, documents that wait, the report."""

from odoo import Command, fields
from odoo.tests import tagged

from .test_tours import TourCase


class ChangeTourCase(TourCase):
    def _choose_what_waits(self):
        self.biller.group_ids |= self.env.ref("base.group_system") | self.env.ref(
            "recurring_billing.group_manager"
        )
        self.start_tour(
            "/odoo/action-recurring_billing.res_config_settings_action",
            "recurring_billing_change_settings",
            login="tour_biller",
        )
        company = self.biller.company_id
        self.assertEqual(company._get_change_limits(), (15, 0))
        self.assertEqual(company._get_held_changes(), {"vat"})

    def _hold_two(self):
        """Two customers whose next document costs more; a third one who is paused."""
        customers = self.customer + self.env["res.partner"].create(
            [{"name": "2 Tour Customer"}, {"name": "3 Tour Customer"}]
        )
        task = self.env["recurring.task"].create(
            {
                "name": "Tour task",
                "completion": "confirm",
                "user_id": self.biller.id,
                "date_start": fields.Date.add(fields.Date.today(), days=9),
                "line_ids": [Command.create({"product_id": self.product.id})],
                "recipient_ids": [
                    Command.create({"partner_id": customer.id})
                    for customer in customers
                ],
            }
        )
        task.action_start()
        task.action_run_now()
        # as if that had been yesterday
        rows = task.occurrence_ids
        rows.document_date = fields.Date.add(fields.Date.today(), days=-1)
        self.biller.company_id.recurring_change_growth = 15
        task.line_ids.price_unit = 65
        task.recipient_ids[2].action_pause()
        task.action_run_now()
        held = task.occurrence_ids - rows
        self.assertEqual(held.mapped("state"), ["held", "held"])
        return held

    def _approve(self, path, tour):
        held = self._hold_two()
        self.start_tour(path.format(run=held.run_id.id), tour, login="tour_biller")
        self.assertEqual(held.mapped("state"), ["generated", "generated"])
        self.assertEqual(held.mapped("amount_untaxed"), [65, 65])


@tagged("post_install", "-at_install", "tour")
class TestChangeDesktop(ChangeTourCase):
    browser_size = "1366x768"

    def test_a_manager_chooses_what_waits(self):
        self._choose_what_waits()

    def test_two_are_approved_in_the_list(self):
        self._approve("/odoo/recurring-documents", "recurring_billing_change_desktop")


@tagged("post_install", "-at_install", "tour")
class TestChangePhone(ChangeTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_a_manager_chooses_what_waits(self):
        self._choose_what_waits()

    def test_two_are_approved_from_the_run(self):
        self._approve("/odoo/recurring-runs/{run}", "recurring_billing_change_phone")

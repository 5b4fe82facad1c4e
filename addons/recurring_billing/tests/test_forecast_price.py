"""Prices of the forecast: when they follow, and what they cost to keep."""

from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from ..models import recurring_forecast_price
from .forecast_common import ForecastCommon


@tagged("post_install", "-at_install")
class TestForecastPrice(ForecastCommon):
    def _get_amount(self, task):
        return self._get_forecast(task)[0].amount_untaxed

    def _run_forecast_cron(self, moment=None):
        if moment:
            self.clock.move_to(moment)
        with self.enter_registry_test_mode():
            self.env.ref("recurring_billing.ir_cron_forecast").method_direct_trigger()
        self.env.invalidate_all()

    def test_prices_are_there_when_the_start_is_saved(self):
        task = self._start_task()
        self.assertEqual(
            (self._get_amount(task), self._get_forecast(task)[0].priced_on), (0, False)
        )
        self.cr.flush()
        self.assertEqual(self._get_amount(task), 100)

    def test_they_follow_every_change_that_counts(self):
        task = self._start_priced()
        line = task.line_ids
        more = [Command.create({"product_id": self.other_product.id})]
        changes = (
            (120, lambda: line.write({"price_unit": 120})),
            (240, lambda: line.write({"quantity": 2})),
            (120, lambda: line.write({"discount": 50})),
            (160, lambda: task.write({"line_ids": more})),
            (40, line.unlink),
        )
        for amount, change in changes:
            change()
            self._settle()
            self.assertEqual(self._get_amount(task), amount)

    def test_a_change_that_does_not_count_costs_nothing(self):
        task = self._start_priced()
        task.write({"name": "Other", "description": "Text"})
        task.recipient_ids.write({"mail_greeting": "Hello"})
        self.assertNotIn(recurring_forecast_price.CHANGED, self.cr.precommit.data)

    def test_somebody_who_joins_is_priced(self):
        task = self._start_priced()
        task._add_recipients(self.other_customer)
        self._settle()
        rows = self._get_forecast(task).filtered(
            lambda r: r.partner_id == self.other_customer
        )
        self.assertEqual(rows[0].amount_untaxed, 100)

    def test_many_customers_are_left_to_the_scheduled_action(self):
        with patch.object(recurring_forecast_price, "AT_ONCE", 1):
            task = self._start_priced(customers=self.customer + self.other_customer)
            self.assertEqual(self._get_amount(task), 0)
            self._run_forecast_cron()
            self.assertEqual(self._get_amount(task), 100)
            task.line_ids.price_unit = 150
            self._settle()
            self.assertEqual(self._get_amount(task), 100)
            self.assertTrue(self._get_forecast(task)[0].priced_on)
            self._run_forecast_cron()
        self.assertEqual(set(self._get_forecast(task).mapped("amount_untaxed")), {150})

    def test_after_a_run_the_prices_are_those_of_its_day(self):
        task = self._start_priced(price_mode="pricelist")
        self.product.list_price = 110
        self._run_cron("2027-04-01 08:00:00")
        self.assertEqual(self._get_amount(task), 100)
        self._run_forecast_cron("2027-04-01 09:00:00")
        self.assertEqual(self._get_amount(task), 110)
        self.assertEqual(str(self._get_forecast(task)[0].priced_on), "2027-04-01")
        self.assertFalse(self.env["recurring.forecast.price"]._get_outdated())

    def test_one_who_cannot_be_priced_does_not_stop_the_others(self):
        pricing = type(self.env["recurring.pricing"])
        genuine = pricing._get_untaxed

        def fail(model, slot):
            if slot.recipient.partner_id == self.customer:
                raise ZeroDivisionError
            return genuine(model, slot)

        self.other_customer.property_product_pricelist = self.env[
            "product.pricelist"
        ].create({"name": "Own"})
        with patch.object(pricing, "_get_untaxed", fail):
            task = self._start_priced(customers=self.customer + self.other_customer)
        amounts = {r.partner_id: r.amount_untaxed for r in self._get_forecast(task)}
        self.assertEqual(amounts, {self.customer: 0, self.other_customer: 100})

    def test_a_hundred_cost_as_much_as_ten(self):
        customers = self._create_customers(112)
        prices, counts = self.env["recurring.forecast.price"].sudo(), []
        for members in (customers[:2], customers[2:12], customers[12:]):
            task = self._start_task(customers=members)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            prices._work_out(task.sudo().recipient_ids)
            counts.append(self.cr.sql_log_count - before)
            self.assertEqual(self._get_amount(task), 100)
        self.assertLessEqual((counts[2] - counts[1]) / 90, 1.5, counts)

"""Periodic billing of a contract: one task, made once, kept in step."""

from datetime import date
from itertools import islice

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form
from odoo.tools import mute_logger

from odoo.addons.recurring_billing.models.recurring_planner import Slot

from .common import PostsaleCommon


class TestContractBilling(PostsaleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.env["account.journal"].search_count([("type", "=", "sale")]):
            cls.env["account.chart.template"].try_loading(
                "generic_coa", cls.company, install_demo=False
            )
        cls.product.taxes_id = False
        cls.contract = cls._create_contract(customer_cost=1200)
        cls.contract.action_activate()
        cls.clerk.group_ids |= cls.env.ref("recurring_billing.group_billing")

    def _open_dialogue(self):
        action = self.contract.action_bill_periodically()
        Dialogue = self.env[action["res_model"]].with_user(self.clerk)
        return Form(Dialogue.with_context(**action["context"]))

    def _bill(self, **values):
        form = self._open_dialogue()
        for name, value in values.items():
            setattr(form, name, value)
        form.save().action_confirm()
        return self.contract.sudo().billing_task_id

    def test_the_price_is_the_cost_of_the_term_spread_over_its_periods(self):
        with self._open_dialogue() as form:
            self.assertEqual(form.price, 100)
            self.assertIn("12 invoices", form.summary)
            self.assertIn("3 of these periods have begun", form.summary)
            form.cycle = "quarterly"
            self.assertEqual(form.price, 300)

    def test_the_task_bills_the_contract_until_its_end(self):
        self.contract.date_end = "2027-11-30"
        task = self._bill()
        self.assertEqual(task.state, "running")
        self.assertEqual(task.document_type, "invoice")
        self.assertEqual(task.postsale_contract_id, self.contract)
        self.assertEqual(task.recipient_ids.partner_id, self.customer)
        self.assertEqual(task.line_ids.product_id, self.product)
        self.assertAlmostEqual(task.line_ids.price_unit, 1200 / 11, 2)
        self.assertEqual((task.cycle, str(task.date_start)), ("monthly", "2027-01-01"))
        self.assertEqual(str(task.date_end), "2027-11-30")
        self.assertEqual(str(task.recipient_ids.date_next), "2027-01-01")

    def test_a_later_start_and_another_price_are_taken_as_they_are(self):
        task = self._bill(cycle="quarterly", date_first="2027-04-01", price=310)
        self.assertEqual(task.line_ids.price_unit, 310)
        self.assertEqual(str(task.recipient_ids.date_next), "2027-04-01")

    def test_without_a_cost_the_list_price_is_proposed(self):
        self.contract.customer_cost = 0
        with self._open_dialogue() as form:
            self.assertEqual(form.price, 10)

    def test_a_contract_has_one_task(self):
        self._bill()
        with self.assertRaisesRegex(UserError, "billed periodically already"):
            self.contract.action_bill_periodically()

    def test_the_database_takes_one_task_for_a_contract(self):
        task = self._bill()
        other = task.copy()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.env.cr.execute(
                "UPDATE recurring_task SET postsale_contract_id = %s WHERE id = %s",
                [self.contract.id, other.id],
            )

    def test_a_term_is_billed_in_one_way(self):
        self._bill()
        with self.assertRaisesRegex(UserError, "billed periodically by"):
            self.contract.action_new_order()
        order = self.env["sale.order"].create({"partner_id": self.customer.id})
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.env.cr.execute(
                "UPDATE postsale_contract SET sale_order_id = %s WHERE id = %s",
                [order.id, self.contract.id],
            )

    def test_a_contract_with_an_order_is_not_billed_periodically(self):
        self.contract.action_new_order()
        with self.assertRaisesRegex(UserError, "bills this term"):
            self.contract.action_bill_periodically()
        self.contract.sudo().sale_order_id._action_cancel()
        self.assertTrue(self._bill())

    def test_the_cancelled_contract_stops_it(self):
        task = self._bill()
        self.contract.action_cancel()
        self.assertEqual(task.state, "done")
        self.assertIn(self.contract.name, task.stop_reason)

    def test_the_end_follows_the_contract(self):
        task = self._bill()
        self.contract.date_end = "2027-09-30"
        self.assertEqual(str(task.date_end), "2027-09-30")

    def test_a_task_that_ran_out_goes_on_with_the_renewal(self):
        self.contract.date_end = "2027-03-31"
        task = self._bill()
        task.recipient_ids._skip_passed("Billed elsewhere")
        task._finish_if_over()
        self.assertEqual(task.state, "done")
        self.contract.date_end = "2028-03-31"
        self.assertEqual(task.state, "running")
        self.assertEqual(str(task.recipient_ids.date_next), "2027-04-01")

    def test_a_task_that_somebody_stopped_stays_stopped(self):
        task = self._bill()
        task.with_user(self.clerk).action_stop()
        self.contract.date_end = "2028-12-31"
        self.assertEqual(task.state, "done")

    def test_the_periods_of_a_renewal_cost_what_the_renewal_costs(self):
        task = self._bill(price=110)  # 10 % more than the contract says
        self.env["postsale.renewal"].create(
            {
                "contract_id": self.contract.id,
                "date_start": "2028-01-01",
                "date_end": "2028-12-31",
                "cost": 1500,
            }
        )
        self.contract.sudo().date_end = "2028-12-31"
        schedule = task._get_schedule()
        prices = {
            period.start: self._get_price(task, period)
            for period in islice(schedule.periods(), 24)
        }
        self.assertAlmostEqual(prices[date(2027, 12, 1)], 110)
        self.assertAlmostEqual(prices[date(2028, 1, 1)], 137.5)
        self.assertAlmostEqual(prices[date(2028, 12, 1)], 137.5)

    def _get_price(self, task, period):
        slot = Slot(task.recipient_ids, period, period.start, period.start)
        (price,) = self.env["recurring.pricing"]._get_prices(slot).values()
        return price.price_unit

    def test_a_price_without_sense_is_refused(self):
        with self.assertRaisesRegex(UserError, "price of a period"):
            self._bill(price=0)
        with self.assertRaisesRegex(UserError, "between the start and the end"):
            self._bill(date_first="2028-01-01", price=10)

    def test_it_takes_rights_on_both_sides(self):
        self.clerk.group_ids -= self.env.ref("recurring_billing.group_billing")
        with self.assertRaises(AccessError):
            self.contract.action_bill_periodically()
        self.technician.group_ids |= self.env.ref("recurring_billing.group_billing")
        with self.assertRaises(AccessError):
            self.contract.with_user(self.technician).action_bill_periodically()
        dialogue = self.env["postsale.contract.billing"].with_user(self.technician)
        with self.assertRaises(AccessError):
            dialogue.create(
                {"contract_id": self.contract.id, "price": 1}
            ).action_confirm()

    def test_the_link_has_one_door(self):
        task = self._bill().with_user(self.clerk)
        with self.assertRaises(AccessError):
            task.postsale_contract_id = False
        with self.assertRaises(AccessError):
            self.contract.billing_task_id = False
        values = {
            "name": "Mine",
            "line_ids": [Command.create({"product_id": self.product.id})],
        }
        other = self._create_contract()
        with self.assertRaises(AccessError):
            task.with_context(default_postsale_contract_id=other.id).create(values)
        with self.assertRaises(AccessError):
            self.contract.with_context(default_billing_task_id=task.id).create(
                {
                    "partner_id": self.customer.id,
                    "date_start": "2027-01-01",
                    "date_end": "2027-12-31",
                }
            )

"""From closed activities to orders: what they say, what they cost, never twice."""

from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from .intervention_common import InterventionCommon


class TestActivityBilling(InterventionCommon):
    people = ("seller", "stranger", "portal")

    # === WHAT AN ORDER SAYS === #

    def test_one_order_for_each_ticket_one_line_for_each_activity(self):
        second = self._create_ticket(name="The tap drips")
        for ticket in (self.ticket, second):
            self._create_activity(ticket)
            self._create_activity(ticket, name="Drove there")
        orders = self._bill(self.ticket | second)
        self.assertEqual(len(orders), 2)
        self.assertEqual([len(order.order_line) for order in orders], [2, 2])
        self.assertEqual(orders.partner_id, self.customer)
        self.assertEqual(set(orders.mapped("deal_subject")), {"Work on a ticket"})
        self.assertEqual(orders.create_uid, self.clerk)

    def test_a_line_says_when_what_and_who(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.customer.lang = "es_ES"
        self._create_activity()
        text = self._bill().order_line.name
        self.assertIn("10/03/2027", text)
        self.assertIn("Changed the pump", text)
        self.assertIn(self.technician.name, text)

    def test_what_is_not_billable_stays_out(self):
        self._create_activity()
        self._create_activity(stage_id=self.open_stage.id)
        self._create_activity(stage_id=self.cancelled_stage.id)
        self._create_activity(condition_id=self.covered.id)
        self._create_activity(condition_id=False)
        self.assertEqual(len(self._bill().order_line), 1)

    def test_nothing_to_bill_says_why(self):
        self._create_activity(stage_id=self.open_stage.id)
        with self.assertRaisesRegex(UserError, "Changed the pump.*: Not Closed"):
            self._bill()

    def test_assets_of_the_ticket_are_on_the_order(self):
        boiler = self._create_asset()
        self.ticket.asset_ids = boiler
        self._create_activity()
        self.assertEqual(self._bill().asset_ids, boiler)

    def test_the_settings_say_whether_it_is_an_order(self):
        self.config.activity_order_kind = "order"
        self._create_activity()
        self.assertEqual(self._bill().state, "sale")

    # === PRODUCT, QUANTITY, PRICE === #

    def _get_line(self, **values):
        activity = self._create_activity(user=self.clerk, **values)
        self._bill()
        return activity.sudo().sale_line_id

    def test_the_product_of_the_activity_then_condition_then_settings(self):
        drill, hour = self._create_product("Drill", 5), self._create_product("Hour", 6)
        self.assertEqual(self._get_line().product_id, self.work)
        self.billed.product_id = hour
        self.assertEqual(self._get_line().product_id, hour)
        self.assertEqual(self._get_line(product_id=drill.id).product_id, drill)

    def test_the_quantity_or_the_duration(self):
        line = self._get_line(quantity=3, duration=1.5)
        self.assertEqual(line.product_uom_qty, 3)
        self.billed.quantity_rule = "duration"
        hours = self.env.ref("uom.product_uom_hour")
        pieces = self._get_line(quantity=3, duration=1.5)
        self.assertEqual((pieces.product_uom_qty, pieces.price_unit), (1.5, 60))
        self.work.uom_id = self.env.ref("uom.product_uom_day")
        line = self._get_line(duration=4)
        self.assertEqual((line.product_uom_qty, line.product_uom_id), (4, hours))
        self.assertEqual(line.price_subtotal, 30)  # half a day

    def test_the_price_entered_then_the_fixed_one_then_the_list(self):
        self.assertEqual(self._get_line().price_unit, 60)
        self.billed.write({"price_rule": "fixed", "price_unit": 45})
        self.assertEqual(self._get_line().price_unit, 45)
        line = self._get_line(price_unit=50, quantity=2)
        self.assertEqual(line.price_subtotal, 100)

    def test_a_fixed_price_in_another_currency_is_converted(self):
        currency = self.env["res.currency"].create(
            {
                "name": "PSX",
                "symbol": "X",
                "rate_ids": [Command.create({"name": "2027-01-01", "rate": 2.0})],
            }
        )
        self.billed.write(
            {"price_rule": "fixed", "price_unit": 90, "currency_id": currency.id}
        )
        self.assertEqual(self._get_line().price_unit, 45)

    # === WHO === #

    def test_a_clerk_without_a_right_in_sales_makes_orders(self):
        self.assertFalse(self.clerk.has_group("sales_team.group_sale_salesman"))
        self._create_activity()
        notice = self.ticket.with_user(self.clerk).action_create_order()
        self.assertEqual(notice["tag"], "postsale_contracts.order_notice")

    def test_others_do_not(self):
        self._create_activity()
        people = (self.technician, self.seller, self.stranger, self.portal)
        for person in people:
            for name in ("action_create_order", "action_bill_activities"):
                with (
                    self.subTest(person=person.name, method=name),
                    self.assertRaises(AccessError),
                ):
                    getattr(self.ticket.with_user(person), name)()

    def test_nor_of_tickets_they_may_not_write(self):
        self._create_activity()
        self.project.privacy_visibility = "followers"
        with self.assertRaises(AccessError):
            self._bill()

    # === ONCE === #

    def test_pressed_twice_bills_once(self):
        activity = self._create_activity()
        order = self._bill()
        with self.assertRaisesRegex(UserError, "Billed"):
            self._bill()
        self.assertEqual(activity.sudo().sale_line_id.order_id, order)

    def test_the_database_refuses_a_second_activity_on_a_line(self):
        line = self._get_line()
        other = self._create_activity()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            other.sudo().sale_line_id = line
            self.env.flush_all()

    def test_what_comes_later_is_billed_on_another_order(self):
        self._create_activity()
        first = self._bill()
        self._create_activity(name="Came back")
        self.assertEqual(len(self._bill() - first), 1)

    # === ORDERS THAT END === #

    def test_a_cancelled_order_frees_its_activities(self):
        activity = self._create_activity()
        self._bill().action_cancel()
        self.assertTrue(activity.billable)
        self.assertEqual(len(self._bill()), 1)

    def test_a_deleted_order_or_line_frees_them_too(self):
        activity = self._create_activity()
        self._bill().unlink()
        self.assertTrue(activity.billable)
        self._bill().order_line.unlink()
        self.assertTrue(activity.billable)

    def test_a_quotation_again_takes_them_back(self):
        activity = self._create_activity()
        order = self._bill()
        order.action_cancel()
        order.action_draft()
        self.assertFalse(activity.billable)
        with self.assertRaises(UserError):
            self._bill()

    def test_unless_another_order_bills_them_meanwhile(self):
        self._create_activity()
        first = self._bill()
        first.action_cancel()
        second = self._bill()
        with self.assertRaisesRegex(UserError, f"billed on {second.name}"):
            first.action_draft()

    def test_an_order_handed_over_frees_them_when_the_receiver_says_so(self):
        activity = self._create_activity()
        order = self._bill()
        model = type(self.env["sale.order"])
        with patch.object(model, "_is_cancellation_accepted", lambda order: False):
            order.action_cancel()
            self.assertFalse(activity.billable)
            for record in (order.order_line, order):
                with self.assertRaisesRegex(UserError, "not accepted yet"):
                    record.unlink()
        order._free_activities()
        self.assertTrue(activity.billable)

    def test_a_copy_of_an_order_bills_no_activity(self):
        self._create_activity()
        copy = self._bill().copy()
        self.assertFalse(copy.order_line.intervention_id)

    # === ONE FAILS, THE OTHERS GO ON === #

    def test_a_ticket_that_fails_is_told_and_the_others_go_on(self):
        nobody = self._create_ticket(partner_id=False)
        self._create_activity(nobody)
        broken = self._create_ticket(name="Broken")
        self._create_activity(broken, name="Breaks")
        self._create_activity()
        maker = type(self.env["postsale.order.maker"])
        prepare = maker._prepare_line

        def _break(maker, request, order, line):
            if "Breaks" in line.name:
                raise UserError(maker.env._("The pricelist is broken."))
            return prepare(maker, request, order, line)

        tickets = self.ticket | nobody | broken
        with patch.object(maker, "_prepare_line", _break):
            notice = tickets.with_user(self.clerk).action_create_order()
        self.assertEqual(len(self._get_orders(tickets)), 1)
        self.assertIn("“Broken”", notice["params"]["message"])
        self.assertEqual(notice["params"]["type"], "warning")

    # === FIGURES ON THE TICKET === #

    def test_the_ticket_says_what_is_to_bill(self):
        self.billed.write({"price_rule": "fixed", "price_unit": 45})
        self._create_activity(quantity=2)
        self._create_activity(user=self.clerk, price_unit=10)
        self._create_activity(condition_id=self.covered.id)
        ticket = self.ticket.with_user(self.clerk)
        self.assertEqual((ticket.to_bill_count, ticket.to_bill_amount), (2, 100))
        found = self.env["project.task"].search(
            [("intervention_ids.billable", "=", True)]
        )
        self.assertEqual(found, self.ticket)
        order = self._bill()
        self.env.invalidate_all()
        self.assertEqual((ticket.to_bill_count, ticket.to_bill_amount), (0, 0))
        self.assertEqual(order.amount_untaxed, 100)
        self.assertEqual(self.ticket.with_user(self.seller).activity_order_count, 1)

    def test_the_estimate_is_what_the_order_says(self):
        tax = self.env["account.tax"].create(
            {
                "name": "Within the price",
                "amount": 20,
                "price_include_override": "tax_included",
            }
        )
        self.work.taxes_id = tax
        self._create_activity(quantity=3)
        estimate = self.ticket.with_user(self.clerk).to_bill_amount
        self.assertEqual(estimate, 150)
        self.assertEqual(self._bill().amount_untaxed, estimate)

    def test_by_month(self):
        self._create_activity(date="2027-02-28")
        month = [("billable", "=", True), ("date", ">=", "today =1d")]
        domain = [("intervention_ids", "any", month)]
        tickets = self.env["project.task"].with_user(self.clerk)
        self.assertFalse(tickets.search(domain))
        self._create_activity(date="2027-03-01")
        self.assertEqual(tickets.search(domain), self.ticket)

"""Renewing by hand: terms, cost, order, cancelling, and who may do it."""

from unittest.mock import patch

import psycopg2

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

from .renewal_common import RenewalCommon


class TestRenewal(RenewalCommon):
    people = ("portal", "stranger")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._create_running(customer_cost=100.0)

    def _renew(self, contract=None):
        action = (contract or self.contract).action_renew()
        renewal = self.env["postsale.renewal"].browse(action["res_id"])
        return renewal.with_user(self.clerk)

    # === TERMS === #

    def test_the_next_term_follows_the_current_one(self):
        action = self.contract.action_renew()
        renewal = self.contract.renewal_ids
        self.assertTerm(renewal, "2028-01-01", "2028-12-31")
        self.assertEqual(str(self.contract.date_end), "2028-12-31")
        self.assertEqual(renewal.state, "confirmed")
        self.assertFalse(renewal.is_automatic)
        self.assertEqual(
            (action["res_model"], action["res_id"]), (renewal._name, renewal.id)
        )

    def test_renewing_makes_a_contract_active_again(self):
        for state in ("to_renew", "expired"):
            contract = self._create_running()
            contract.sudo()._update_state(("active",), state)
            self._renew(contract)
            self.assertEqual(contract.state, "active")

    def test_several_are_renewed_at_once(self):
        contracts = self.contract | self._create_running()
        action = contracts.action_renew()
        self.assertEqual(len(contracts.renewal_ids), 2)
        renewals = self.env["postsale.renewal"].search(action["domain"])
        self.assertEqual(renewals, contracts.renewal_ids)

    def test_month_ends_do_not_drift(self):
        contract = self._create_running(date_end="2027-03-30", renewal_months=1)
        for today in ("2027-03-15", "2027-04-15", "2027-05-15", "2027-06-15"):
            self.clock.move_to(f"{today} 10:00:00")
            self._renew(contract)
        self.assertEqual(
            [str(row.date_start) for row in contract.renewal_ids.sorted("id")],
            ["2027-03-31", "2027-04-30", "2027-05-31", "2027-06-30"],
        )

    def test_a_second_click_says_that_it_is_renewed(self):
        self._renew()
        with self.assertRaisesRegex(UserError, "renewed until 12/31/2028 already"):
            self.contract.action_renew()

    def test_drafts_and_cancelled_ones_are_not_renewed(self):
        draft = self._create_contract()
        cancelled = self._create_running()
        cancelled.action_cancel()
        for contract in draft | cancelled:
            with self.assertRaisesRegex(UserError, "cannot be done now"):
                contract.action_renew()

    def test_the_database_takes_a_term_once(self):
        renewal = self._renew().sudo()
        for start in ("2028-01-01", "2028-06-01"):
            with (
                self.assertRaises(psycopg2.IntegrityError),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                renewal.copy({"date_start": start})

    # === COST === #

    def test_the_first_renewal_costs_what_the_contract_does(self):
        self.assertEqual(self.contract.next_cost, 100.0)
        self.assertEqual(self._renew().cost, 100.0)

    def test_later_ones_cost_what_the_last_one_did(self):
        renewal = self._renew()
        renewal.with_user(self.clerk).cost = 130.0
        self.clock.move_to("2028-03-15 10:00:00")
        self.assertEqual(self._renew().cost, 130.0)

    def test_by_list_price_the_cost_is_left_to_the_order(self):
        self.config.renewal_price = "list_price"
        self.env.invalidate_all()
        self.assertEqual(self.contract.next_cost, 0.0)
        self.assertEqual(self._renew().cost, 0.0)

    def test_a_company_without_settings_goes_by_the_last_cost(self):
        self.config.unlink()
        self.assertEqual(self._renew().cost, 100.0)

    # === ORDER === #

    def test_new_order_takes_the_cost_and_the_settings(self):
        renewal = self._renew()
        action = renewal.action_new_order()
        order = renewal.sudo().sale_order_id
        self.assertEqual(order.amount_untaxed, 100.0)
        self.assertEqual(order.order_line.product_id, self.product)
        self.assertEqual(order.deal_subject, "Renewal of the service contract")
        self.assertEqual(order.create_uid, self.clerk)
        self.assertIn("postsale_contracts.order_notice", action["tag"])

    def test_without_cost_the_customer_pays_his_list_price_and_it_is_noted(self):
        renewal = self._renew(self._create_running())
        renewal.action_new_order()
        self.assertEqual(renewal.sudo().sale_order_id.amount_untaxed, 120.0)
        self.assertEqual(renewal.cost, 120.0)

    def test_the_product_and_the_assets_are_those_of_the_contract(self):
        asset = self._create_asset()
        contract = self._create_running(product_id=self.work.id)
        contract.sudo().asset_ids = asset
        renewal = self._renew(contract)
        renewal.action_new_order()
        order = renewal.sudo().sale_order_id
        self.assertEqual(order.order_line.product_id, self.work)
        self.assertEqual(order.asset_ids, asset)

    def test_an_existing_order_is_known_by_the_internal_number(self):
        order = self.env["sale.order"].create({"partner_id": self.customer.id})
        renewal = self._renew().sudo()
        renewal.sale_order_id = order
        self.assertEqual(
            renewal._fields["sale_order_id"]._description_string(self.env),
            "Internal No.",
        )
        with self.assertRaisesRegex(UserError, "Internal No."):
            renewal.action_new_order()

    def test_periodic_billing_goes_on_and_leaves_no_order_to_make(self):
        task = self.contract._create_billing_task(
            "monthly", self.contract.date_start, 10.0, "draft"
        )
        renewal = self._renew()
        self.assertEqual(renewal.billing_task_id, task)
        self.assertEqual(task.date_end, renewal.date_end)
        with self.assertRaisesRegex(UserError, "billed periodically"):
            renewal.action_new_order()

    # === CANCELLING === #

    def test_cancelling_frees_the_term(self):
        renewal = self._renew()
        renewal.action_cancel()
        self.assertEqual(renewal.state, "cancelled")
        self.assertEqual(str(self.contract.date_end), "2027-12-31")
        self.assertTerm(self._renew(), "2028-01-01", "2028-12-31")

    def test_a_contract_whose_decision_is_due_waits_for_it_again(self):
        self.clock.move_to("2027-12-15 10:00:00")
        self._renew().action_cancel()
        self.assertEqual(self.contract.state, "to_renew")

    def test_only_the_last_renewal_is_cancelled(self):
        first = self._renew()
        self.clock.move_to("2028-03-15 10:00:00")
        second = self._renew()
        with self.assertRaisesRegex(UserError, "cancel that first"):
            first.action_cancel()
        (first | second).action_cancel()
        self.assertEqual(str(self.contract.date_end), "2027-12-31")

    def test_not_while_its_order_is_confirmed(self):
        renewal = self._renew()
        renewal.action_new_order()
        order = renewal.sudo().sale_order_id
        order.action_confirm()
        with self.assertRaisesRegex(UserError, f"confirmed order {order.name}"):
            renewal.action_cancel()
        order._action_cancel()
        renewal.action_cancel()
        self.assertEqual(renewal.state, "cancelled")

    def test_whoever_has_the_quotation_learns_of_it(self):
        renewal = self._renew()
        renewal.action_new_order()
        renewal.action_cancel()
        notes = renewal.sudo().sale_order_id.message_ids.mapped("body")
        self.assertIn("is cancelled", notes[0])

    def test_a_cancelled_one_is_over(self):
        renewal = self._renew()
        renewal.action_cancel()
        for action in (renewal.action_cancel, renewal.action_new_order):
            with self.assertRaisesRegex(UserError, "cannot be done now"):
                action()

    def test_what_a_person_cancelled_does_not_come_back_by_itself(self):
        self.contract.auto_renew = True
        self.clock.move_to("2027-12-15 10:00:00")
        self._renew().action_cancel()
        self._run_on("2027-12-16")
        self.assertEqual(self.contract.renewal_ids.mapped("state"), ["cancelled"])

    def test_until_the_notice_is_withdrawn(self):
        self.contract.auto_renew = True
        self.clock.move_to("2027-12-15 10:00:00")
        self._renew().action_cancel()
        self.contract.action_withdraw_notice()
        self._run_on("2027-12-16")
        states = self.contract.renewal_ids.sorted("id").mapped("state")
        self.assertEqual(states, ["cancelled", "confirmed"])

    # === NOTICE GIVEN === #

    def test_notice_ends_the_contract_with_its_term(self):
        self.contract.action_give_notice()
        self.assertEqual(str(self.contract.notice_given_date), "2027-03-15")
        self.contract.action_withdraw_notice()
        self.assertFalse(self.contract.notice_given_date)

    def test_late_notice_is_noted(self):
        self.clock.move_to("2027-12-15 10:00:00")
        self.contract.action_give_notice()
        self.assertIn("after 12/01/2027", self.contract.message_ids[:1].body)

    def test_renewing_nevertheless_takes_the_notice_back(self):
        self.contract.action_give_notice()
        self._renew()
        self.assertFalse(self.contract.notice_given_date)

    # === RIGHTS === #

    def test_only_users_of_post_sale_renew(self):
        renewal = self._renew()
        calls = [
            (self.contract, "action_renew"),
            (self.contract, "action_give_notice"),
            (self.contract, "action_withdraw_notice"),
            (renewal, "action_cancel"),
            (renewal, "action_new_order"),
        ]
        for user in (self.technician, self.stranger, self.portal):
            for record, method in calls:
                with (
                    self.subTest(user=user.login, method=method),
                    self.assertRaises(AccessError),
                ):
                    getattr(record.with_user(user), method)()

    def test_nor_do_users_of_another_company(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.clerk.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        with self.assertRaises(AccessError):
            self.contract.with_user(self.clerk).action_renew()

    def test_nobody_makes_or_rewrites_renewals_by_hand(self):
        renewal = self._renew()
        values = {
            "contract_id": self.contract.id,
            "date_start": "2029-01-01",
            "date_end": "2029-12-31",
        }
        with self.assertRaises(AccessError):
            renewal.create(values)
        for name, value in {**values, "state": "cancelled", "months": 1}.items():
            with self.subTest(field=name), self.assertRaises(AccessError):
                renewal.write({name: value})
        with self.assertRaises(AccessError):
            renewal.unlink()
        with self.assertRaisesRegex(UserError, "history"):
            renewal.sudo().unlink()

    def test_nobody_writes_what_the_buttons_do(self):
        for name in ("notice_given_date", "renewal_retry_date"):
            with self.subTest(field=name):
                with self.assertRaises(AccessError):
                    self.contract.with_user(self.clerk).write({name: "2027-01-01"})
                with self.assertRaises(AccessError):
                    self._create_contract(**{name: "2027-01-01"})
                context = {f"default_{name}": "2027-01-01"}
                draft = self.contract.with_context(**context).create(
                    {
                        "partner_id": self.customer.id,
                        "date_start": "2027-01-01",
                        "date_end": "2027-12-31",
                    }
                )
                self.assertFalse(draft[name])

    def test_a_copy_starts_anew(self):
        self.contract.action_give_notice()
        self.assertFalse(self.contract.copy().notice_given_date)

    def test_two_clicks_wait_for_each_other(self):
        mixin = "odoo.addons.postsale_contracts.models.postsale_contract_renewal_mixin"
        with patch(f"{mixin}.wait_for_others") as wait:
            self._renew()
        wait.assert_called_once_with(self.contract)

"""Contracts: number, life, what is protected."""

from ast import literal_eval

from lxml import etree
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form
from odoo.tools import mute_logger

from .common import PostsaleCommon


class TestContract(PostsaleCommon):
    people = ("manager", "portal", "stranger")

    def test_numbers_follow_each_other(self):
        first, second = self._create_contract(), self._create_contract()
        self.assertRegex(first.name, r"^PS/2027/\d{4}$")
        self.assertEqual(int(second.name[-4:]), int(first.name[-4:]) + 1)

    def test_each_company_has_its_own_numbers(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.clerk.company_ids |= other
        contract = self._create_contract(company_id=other.id)
        self.assertEqual(contract.name, "PS/2027/0001")
        for company in (self.company, other):
            same = self._create_contract(company_id=company.id, name="Same")
            self.assertEqual(same.name, "Same")

    def test_a_number_is_given_once(self):
        contract = self._create_contract()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._create_contract(name=contract.name)

    def test_the_first_term_is_as_long_as_the_others(self):
        form = Form(self.env["postsale.contract"].with_user(self.clerk))
        form.partner_id = self.customer
        form.date_start = "2027-02-15"
        form.renewal_months = 6
        contract = form.save()
        self.assertEqual(str(contract.date_end), "2027-08-14")

    def test_a_contract_ends_after_it_starts(self):
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self._create_contract(date_end="2026-12-31")

    def test_its_life(self):
        contract = self._create_contract()
        self.assertEqual(contract.state, "draft")
        contract.action_activate()
        self.assertEqual(contract.state, "active")
        contract.action_cancel()
        self.assertEqual(contract.state, "cancelled")
        contract.action_draft()
        self.assertEqual(contract.state, "draft")

    def test_a_button_pressed_twice_does_no_harm(self):
        contract = self._create_contract()
        contract.action_activate()
        contract.action_activate()
        self.assertEqual(contract.state, "active")

    def test_a_state_that_does_not_follow_is_refused(self):
        contract = self._create_contract()
        contract.action_activate()
        with self.assertRaisesRegex(UserError, f"{contract.name} is “Active”"):
            contract.action_draft()

    def test_an_expired_contract_is_not_activated_again(self):
        contract = self._create_contract()
        contract.sudo()._update_state(("draft",), "expired")
        with self.assertRaisesRegex(UserError, "Expired"):
            contract.action_activate()

    def test_the_state_has_one_door(self):
        contract = self._create_contract()
        with self.assertRaises(AccessError):
            contract.state = "active"
        with self.assertRaises(AccessError):
            self._create_contract(state="active")
        with self.assertRaises(AccessError):
            contract.with_context(default_state="active").create(
                {
                    "partner_id": self.customer.id,
                    "date_start": "2027-01-01",
                    "date_end": "2027-12-31",
                }
            )
        contract.action_activate()
        self.assertEqual(contract.copy().state, "draft")

    def test_buttons_are_for_clerks(self):
        contract = self._create_contract()
        for name in ("action_activate", "action_cancel", "action_draft"):
            for user in (self.technician, self.stranger, self.portal):
                with (
                    self.subTest(button=name, user=user.login),
                    self.assertRaises(AccessError),
                ):
                    getattr(contract.with_user(user), name)()
        self.assertEqual(contract.state, "draft")

    def test_what_was_agreed_stays(self):
        other = self._create_customer("Bela Cars")
        contract = self._create_contract()
        contract.partner_id = other  # still a draft
        contract.action_activate()
        contract.write({"partner_id": other.id, "customer_cost": 80})  # no change
        for values in (
            {"partner_id": self.customer.id},
            {"date_start": "2027-02-01"},
            {"currency_id": self.env.ref("base.JPY").id},
        ):
            with self.subTest(**values), self.assertRaisesRegex(UserError, "stays"):
                contract.write(values)
        contract.date_end = "2028-06-30"

    def test_the_end_of_a_renewed_contract_is_that_of_its_renewal(self):
        contract = self._create_contract()
        contract.action_activate()
        self._renew(contract)
        with self.assertRaisesRegex(UserError, "was renewed"):
            contract.date_end = "2029-06-30"
        contract.action_cancel()
        with self.assertRaisesRegex(UserError, "was renewed"):
            contract.action_draft()

    def _renew(self, contract):
        self.env["postsale.renewal"].create(
            {
                "contract_id": contract.id,
                "date_start": "2028-01-01",
                "date_end": "2028-12-31",
            }
        )

    def test_only_drafts_without_a_history_are_deleted(self):
        draft, active = self._create_contract(), self._create_contract()
        draft.unlink()
        active.action_activate()
        with self.assertRaisesRegex(UserError, "archive"):
            active.unlink()

    def test_another_company_does_not_see_it(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        contract = self._create_contract().sudo()
        contract.company_id = other
        with self.assertRaises(AccessError):
            contract.with_user(self.clerk).read(["name"])

    def test_those_that_end_soon_and_those_without_order_are_found(self):
        soon = self._create_contract(date_end="2027-05-10")
        late = self._create_contract(date_end="2027-05-20")
        (soon | late).action_activate()
        view = self.env["postsale.contract"].get_view(view_type="search")["arch"]
        found = self._apply_filter(view, "ends_soon")
        self.assertIn(soon, found)
        self.assertNotIn(late, found)
        self.assertIn(late, self._apply_filter(view, "without_order"))
        late.action_new_order()
        self.assertNotIn(late, self._apply_filter(view, "without_order"))

    def _apply_filter(self, view, name):
        node = etree.fromstring(view).find(f".//filter[@name='{name}']")
        return self.env["postsale.contract"].search(literal_eval(node.get("domain")))

"""Coming renewals in the forecast, for whoever may see the contracts."""

from odoo import Command
from odoo.tests import new_test_user, tagged

from .renewal_common import RenewalCommon


@tagged("post_install", "-at_install")
class TestContractForecast(RenewalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        reader = cls.env.ref("recurring_billing.group_user")
        cls.clerk.group_ids = [Command.link(reader.id)]

    def _get_rows(self, contract, user=None):
        self.env.invalidate_all()
        rows = self.env["recurring.forecast"].with_user(user or self.clerk)
        return rows.search([("source", "=", "contract")]).filtered(
            lambda row: row.contract_id == contract
        )

    def assertTerms(self, contract, *expected):
        """Coming terms begin on these days, at these costs."""
        rows = self._get_rows(contract)
        actual = [(str(row.date), row.amount_untaxed) for row in rows]
        self.assertEqual(actual, list(expected))

    def test_all_terms_of_a_contract_that_goes_on_by_itself(self):
        contract = self._create_running(
            auto_renew=True, renewal_months=6, customer_cost=300
        )
        self.assertTerms(
            contract, ("2028-01-01", 300), ("2028-07-01", 300), ("2029-01-01", 300)
        )
        row = self._get_rows(contract)[0]
        self.assertEqual((row.partner_id, row.user_id), (self.customer, self.clerk))
        self.assertEqual(row.action_open_task()["res_model"], "postsale.contract")

    def test_terms_are_counted_from_the_first_one(self):
        contract = self._create_running(
            auto_renew=True, renewal_months=1, customer_cost=10, date_end="2027-03-30"
        )
        contract.action_renew()
        terms = [str(row.date) for row in self._get_rows(contract)[:4]]
        renewals = contract._get_renewals()
        self.assertEqual(terms, [str(renewals.get_next(n).start) for n in range(1, 5)])
        self.assertEqual(terms[0], "2027-04-30")

    def test_of_one_that_waits_for_a_decision_the_next_term(self):
        contract = self._create_running(renewal_months=6, customer_cost=300)
        self.assertTerms(contract)
        contract.sudo().state = "to_renew"
        self.assertTerms(contract, ("2028-01-01", 300))

    def test_the_last_renewal_tells_the_cost_else_the_product(self):
        contract = self._create_running(auto_renew=True, customer_cost=300)
        contract.action_renew().get("res_id")
        contract.renewal_ids.cost = 350
        self.assertTerms(contract, ("2029-01-01", 350))
        self.config.renewal_price = "list_price"
        self.assertTerms(contract, ("2029-01-01", 120))

    def test_without_any_cost_the_list_price_counts(self):
        self.assertTerms(
            self._create_running(auto_renew=True),
            *[("2028-01-01", 120), ("2029-01-01", 120)],
        )

    def test_other_currencies_are_converted(self):
        currency = self.env["res.currency"].create({"name": "XFC", "symbol": "x"})
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "name": "2027-01-01", "rate": 4.0}
        )
        contract = self._create_running(
            auto_renew=True, customer_cost=300, currency_id=currency.id
        )
        self.assertEqual(self._get_rows(contract)[0].amount_untaxed, 75)

    def test_what_ends_or_is_billed_periodically_is_not_expected(self):
        contract = self._create_running(auto_renew=True)
        contract.action_give_notice()
        self.assertTerms(contract)
        task = self.env["recurring.task"].create(
            {"name": "Billing", "date_start": "2027-04-01"}
        )
        billed = self._create_running(auto_renew=True)
        billed.sudo().billing_task_id = task
        self.assertTerms(billed)
        self.assertTerms(self._create_contract(auto_renew=True))  # a draft

    def test_who_may_not_see_contracts_sees_none_here(self):
        contract = self._create_running(auto_renew=True)
        reader = new_test_user(
            self.env, "forecast_reader", "recurring_billing.group_user"
        )
        self.assertFalse(self._get_rows(contract, reader))

    def test_by_product_too(self):
        self._create_running(auto_renew=True)
        rows = self.env["recurring.forecast.line"].with_user(self.clerk)
        row = rows.search([("source", "=", "contract")])[0]
        self.assertEqual((row.product_id, row.amount_untaxed), (self.product, 120))

"""What a customer owes: his whole commercial entity, currency by currency."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .used_balance_common import UsedBalanceCommon


@tagged("post_install", "-at_install")
class TestOutstandingBalance(UsedBalanceCommon):
    people = ("reader",)

    def _get_balances(self, partner=None):
        """Amounts by the currency's name."""
        partner = partner or self.customer
        balances = partner._get_outstanding_balances()
        self.assertEqual(list(balances), [partner.commercial_partner_id])
        own = balances[partner.commercial_partner_id]
        return {currency.name: amount for currency, amount in own.items()}

    def test_nothing_owed(self):
        self.assertEqual(self._get_balances(), {})

    def test_open_part_of_posted_invoices(self):
        self._create_move(100)
        self._register(self._create_move(60), amount=45)
        self._create_move(1000, post=False)
        # 100 + 60 - 45
        self.assertEqual(self._get_balances(), {"EUR": 115})

    def test_currencies_are_never_added_up(self):
        self._create_move(100)
        self._create_move(30, currency_id=self.dollar.id)
        self.assertEqual(self._get_balances(), {"EUR": 100, "USD": 30})

    def test_credit_that_is_not_applied_reduces_it(self):
        invoice = self._create_move(100)
        credit_note = self._create_credit_note(30)
        self._pay_on_account(20)
        self.assertEqual(self._get_balances(), {"EUR": 50})
        self._apply(invoice, credit_note)
        self.assertEqual(self._get_balances(), {"EUR": 50})

    def test_more_credit_than_debt(self):
        self._create_credit_note(30)
        self.assertEqual(self._get_balances(), {"EUR": -30})

    def test_debt_and_credit_that_balance_are_no_balance(self):
        self._create_move(30)
        self._create_credit_note(30)
        self.assertEqual(self._get_balances(), {})

    def test_what_we_owe_him_is_not_in_it(self):
        self._create_move(100)
        self._create_move(40, move_type="in_invoice")
        self.assertEqual(self._get_balances(), {"EUR": 100})

    def test_contacts_and_addresses_of_the_customer(self):
        self.customer.sudo().is_company = True
        parent = {"parent_id": self.customer.id}
        contacts = self.env["res.partner"].create(
            [
                {"name": "Shop", "type": "invoice", **parent},
                {"name": "Ann", "active": False, **parent},
            ]
        )
        self._create_move(100)
        self._create_move(10, partner_id=contacts[0].id)
        items = ("asset_receivable", 5, contacts[1]), ("equity", -5)
        self._create_entry(*items)
        for partner in self.customer + contacts:
            self.assertEqual(self._get_balances(partner), {"EUR": 115})

    def test_others_are_not_in_it(self):
        self._create_move(100)
        self._create_move(10, partner_id=self.other_customer.id)
        balances = (self.customer + self.other_customer)._get_outstanding_balances()
        self.assertEqual(balances[self.customer], {self.euro: 100})
        self.assertEqual(balances[self.other_customer], {self.euro: 10})

    def test_only_companies_the_user_works_in(self):
        self._create_move(100)
        company = self._create_billing_company(name="Other Co")
        elsewhere = self.customer.with_env(self._get_company_env(company))
        self.assertEqual(self._get_balances(elsewhere), {})

    def test_whole_sum_for_who_sees_the_customer(self):
        self._create_move(100)
        self.assertEqual(
            self._get_balances(self.customer.with_user(self.reader)), {"EUR": 100}
        )

    def test_nothing_for_who_does_not_see_the_customer(self):
        portal = self._create_user("portal", "base.group_portal")
        with self.assertRaises(AccessError):
            self.customer.with_user(portal)._get_outstanding_balances()

    def test_as_many_statements_for_any_number_of_customers(self):
        customers = self._create_customers(100)
        self._create_move(10, partner_id=customers[0].id)
        counts = []
        for some in (customers[:10], customers):
            with self.counting() as counted:
                some._get_outstanding_balances()
            counts.append(counted.statements)
        # customers, their entities, the sums, the currency
        self.assertLessEqual(counts[0], 4)
        self.assertLessEqual(counts[1], counts[0])

    # === TEXT === #

    def assertText(self, balances, expected, **context):
        customer = self.customer.with_context(**context)
        text = customer._format_balances(balances)
        self.assertEqual(text.replace("\N{NO-BREAK SPACE}", " "), expected)

    def test_text(self):
        balances = {self.dollar: 300.0, self.euro: 1200.0}
        self.assertText(balances, "1,200.00 € · $ 300.00")

    def test_text_of_nothing(self):
        self.assertText({}, "0.00 €")

    def test_text_in_the_users_language(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.assertText({self.euro: 1200.0}, "1.200,00 €", lang="es_ES")

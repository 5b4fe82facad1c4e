from odoo.tests import freeze_time

from .payment_common import PaymentCommon


class TestOnlinePayment(PaymentCommon):
    """A customer pays with a provider; core tells us when it has processed it.

    The way through the browser is in tests/test_online_payment.py of the suite.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._create_rule()
        cls.provider = cls.env["payment.provider"].create(
            {
                "name": "Card",
                "state": "test",
                "is_published": True,
                "company_id": cls.company.id,
            }
        )
        line = cls.bank.inbound_payment_method_line_ids[:1]
        line.payment_provider_id = cls.provider

    def _pay_online(self, order, amount):
        methods = self.env["payment.method"].with_context(active_test=False)
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": methods.search([], limit=1).id,
                "reference": f"{order.name}-{amount}",
                "amount": amount,
                "currency_id": order.currency_id.id,
                "partner_id": self.customer.id,
                "sale_order_ids": order.ids,
            }
        )
        transaction._set_done()
        transaction._post_process()
        return transaction

    def test_it_makes_invoice_and_contract(self):
        order = self._create_proforma()
        self._pay_online(order, 1210.0)
        self.assertPaidOnce(order)
        self.assertEqual(order.sudo().payment_confirmation_ids.source, "online")

    def test_told_twice_it_counts_once(self):
        order = self._create_proforma()
        self._pay_online(order, 1210.0)._post_process()
        self.assertPaidOnce(order)
        self.assertEqual(len(order.sudo().proforma_payment_ids), 1)

    def test_who_pays_the_quotation_is_not_asked_to_pay(self):
        """Core confirms the order before it books the money."""
        self.rule.trigger = "confirm"
        order = self._create_order(require_payment=True)
        self._pay_online(order, 1210.0)
        self.assertPaidOnce(order)
        self.assertFalse(order.proforma_number)
        self.assertFalse(self._get_deliveries(order))

    def test_who_pays_a_deposit_is_asked_for_the_rest(self):
        self.rule.trigger = "confirm"
        order = self._create_order(require_payment=True, prepayment_percent=0.5)
        self._pay_online(order, 605.0)
        self.assertNothingIssued(order)
        self.assertEqual(order.state, "sale")
        self.assertTrue(order.proforma_number)
        self.assertEqual(order.proforma_missing_amount, 605.0)

    def test_the_first_instalment_is_enough_to_confirm(self):
        """Core's page refuses less than what a quotation needs to be confirmed."""
        order = self._create_order(require_payment=True, instalment_count=3)
        self.assertEqual(order._get_prepayment_required_amount(), 1210.0)
        order.action_issue_proforma()
        self.assertEqual(order._get_prepayment_required_amount(), 403.33)

    def test_what_is_missing_is_enough_to_confirm(self):
        order = self._create_proforma(require_payment=True)
        self._confirm(order, amount=1000.0)
        self.assertEqual(order._get_prepayment_required_amount(), 210.0)

    def test_a_deposit_stays_what_it_is(self):
        order = self._create_proforma(require_payment=True, prepayment_percent=0.1)
        self.assertEqual(order._get_prepayment_required_amount(), 121.0)

    def test_the_link_asks_for_what_is_missing(self):
        order = self._create_proforma()
        self._confirm(order, amount=1000.0)
        self.assertIn("payment_amount=210.0", order._get_online_payment_url())

    def test_no_link_to_an_offer_that_has_ended(self):
        """Core's page shows it without any form to pay."""
        order = self._create_proforma(validity_date="2027-03-20")
        self.assertTrue(order._get_online_payment_url())
        with freeze_time("2027-03-21 12:00:00"):
            order.invalidate_recordset(["is_expired"])
            self.assertFalse(order._get_online_payment_url())

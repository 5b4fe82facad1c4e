from odoo.exceptions import AccessError, UserError

from .payment_common import PaymentCommon


class TestPaymentProposal(PaymentCommon):
    """Lines of bank statements that seem to pay a pro-forma are proposed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_rule()

    def _create_line(self, ref, amount=1210.0, partner=None, **values):
        return self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "date": "2027-03-14",
                "amount": amount,
                "payment_ref": ref,
                "partner_id": partner and partner.id,
                **values,
            }
        )

    def _get_proposals(self, line):
        self.env.flush_all()
        return (
            self.env["payment.proposal"]
            .with_user(self.biller)
            .search([("statement_line_id", "=", line.id)])
        )

    def test_by_the_number_of_the_proforma(self):
        order = self._create_proforma()
        proposal = self._get_proposals(
            self._create_line("transf. pf/2027/0001 POP ANA")
        )
        self.assertEqual(proposal.order_id, order)
        self.assertEqual(proposal.reason, "proforma")

    def test_by_the_number_of_the_order(self):
        order = self._create_proforma()
        proposal = self._get_proposals(self._create_line(f"({order.name})"))
        self.assertEqual(proposal.reason, "order")

    def test_by_customer_and_amount(self):
        order = self._create_proforma()
        proposal = self._get_proposals(
            self._create_line("Thanks", partner=self.customer)
        )
        self.assertEqual((proposal.order_id, proposal.reason), (order, "amount"))

    def test_a_longer_number_is_another_number(self):
        self._create_proforma()
        self.assertFalse(self._get_proposals(self._create_line("PF/2027/00019")))

    def test_money_that_goes_out_is_none(self):
        self._create_proforma()
        line = self._create_line("PF/2027/0001", amount=-1210.0)
        self.assertFalse(self._get_proposals(line))

    def test_a_paid_proforma_is_left_alone(self):
        self._confirm(self._create_proforma())
        self.assertFalse(self._get_proposals(self._create_line("PF/2027/0001")))

    def test_taken(self):
        order = self._create_proforma()
        line = self._create_line("PF/2027/0001")
        self._get_proposals(line).action_confirm()
        self.assertPaidOnce(order)
        self.assertTrue(line.is_reconciled)
        self.assertFalse(order.sudo().proforma_payment_ids)

    def test_two_parts_make_a_whole(self):
        order = self._create_proforma()
        self._get_proposals(self._create_line("PF/2027/0001", 1000.0)).action_confirm()
        self.assertNothingIssued(order)
        self._get_proposals(self._create_line("PF/2027/0001", 210.0)).action_confirm()
        self.assertPaidOnce(order)

    def test_a_transfer_in_another_currency_counts_with_its_own_amount(self):
        """1,000 dollars arrived as 500 euros: at 2 dollars for a euro that is 500."""
        order = self._create_proforma()
        dollars = self._enable_currency("USD")
        self.env["res.currency.rate"].create(
            {
                "currency_id": dollars.id,
                "name": "2027-01-01",
                "rate": 2.0,
                "company_id": self.company.id,
            }
        )
        line = self._create_line(
            "PF/2027/0001",
            500.0,
            foreign_currency_id=dollars.id,
            amount_currency=1000.0,
        )
        self._get_proposals(line).action_confirm()
        self.assertEqual(order.proforma_missing_amount, 710.0)

    def test_one_line_pays_one_proforma(self):
        self._create_proforma()
        self._create_proforma()
        proposals = self._get_proposals(self._create_line("PF/2027/0001 PF/2027/0002"))
        with self.assertRaisesRegex(UserError, "Choose one"):
            proposals.action_confirm()

    def test_settled_meanwhile(self):
        self._create_proforma()
        line = self._create_line("PF/2027/0001")
        proposal = self._get_proposals(line)
        proposal.action_confirm()
        with self.assertRaisesRegex(UserError, "already settled"):
            line._pay_proforma(self._create_proforma())

    def test_readers_of_tasks_see_none(self):
        reader = self._create_user("bank_reader", "recurring_billing.group_user")
        with self.assertRaises(AccessError):
            self.env["payment.proposal"].with_user(reader).search([])

    def test_another_companys_bank_stays_hidden(self):
        order = self._create_proforma()
        self._create_line("PF/2027/0001")
        company = self._create_billing_company(name="Other Co")
        clerk = self._create_user(
            "other_clerk", "recurring_billing.group_billing", company=company
        )
        self.env.flush_all()
        found = (
            self._get_company_env(company)["payment.proposal"]
            .with_user(clerk)
            .search([])
        )
        self.assertNotIn(order, found.sudo().order_id)

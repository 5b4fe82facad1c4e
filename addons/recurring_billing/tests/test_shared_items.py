"""Equal invoices share what was worked out for the first of them."""

from datetime import date

from odoo.tests import tagged

from .test_invoice_items import ItemsCase


@tagged("post_install", "-at_install", "slow")
class TestSharedItems(ItemsCase):
    def test_equal_invoices_are_worked_out_once(self):
        items = self.env["recurring.invoice.items"]
        many = [
            self._prepare(partner_id=customer.id)
            for customer in self._create_customers(10)
        ]
        asked = []
        original = type(items)._get_items

        def note(model, vals):
            asked.append(vals)
            return original(model, vals)

        self.patch(type(items), "_get_items", note)
        self.assertEqual(len(items._create(many)), 10)
        self.assertEqual(len(asked), 1)

    def test_the_order_of_the_values_is_kept(self):
        prices = (1, 2, 1, 3, 2)
        many = [self._prepare({"price_unit": price}) for price in prices]
        moves = self.env["recurring.invoice.items"]._create(many)
        self.assertEqual(
            [move.invoice_line_ids.price_unit for move in moves], list(prices)
        )

    def test_only_equals_of_a_proven_invoice_skip_the_corrections(self):
        many = [self._prepare({"price_unit": price}) for price in (1, 1, 1, 2)]
        skipped = []
        original = type(self.env["account.move"]).create

        def note(model, vals_list):
            skipped.append(
                (len(vals_list), bool(model.env.context.get("skip_invoice_sync")))
            )
            return original(model, vals_list)

        self.patch(type(self.env["account.move"]), "create", note)
        self.env["recurring.invoice.items"]._create(many)
        self.assertEqual([call for call in skipped if call[0]], [(2, False), (2, True)])

    def test_wording_is_each_customers_own(self):
        both = [self._prepare({"name": name}) for name in ("March", "Marzo")]
        both[1]["partner_id"] = self.other_customer.id
        moves = self.env["recurring.invoice.items"]._create(both)
        self.assertEqual(moves.invoice_line_ids.mapped("name"), ["March", "Marzo"])
        self.assertEqual(moves.line_ids.partner_id, self.customer + self.other_customer)

    def test_a_date_with_another_rate_is_worked_out_apart(self):
        dollar = self._enable_currency("USD")
        self.env["res.currency.rate"].create(
            [
                {
                    "name": day,
                    "rate": rate,
                    "currency_id": dollar.id,
                    "company_id": self.company.id,
                }
                for day, rate in (("2027-01-01", 2.0), ("2027-02-15", 4.0))
            ]
        )
        both = [
            self._prepare(currency_id=dollar.id, day=day)
            for day in (date(2027, 2, 1), date(2027, 3, 1))
        ]
        moves = self.env["recurring.invoice.items"]._create(both)
        balances = [sum(move.invoice_line_ids.mapped("balance")) for move in moves]
        self.assertAlmostEqual(balances[0], 2 * balances[1], places=1)

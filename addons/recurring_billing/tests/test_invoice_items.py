"""The quick way to make invoices gives what the invoice form would have given.

Every stored field of the invoice and of its journal items is compared, in cases that
core treats differently, and a wrong hint costs time, never money.
"""

from datetime import date

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import RecurringCommon

#: Identity, number and time differ between any two invoices.
OF_THE_RECORD = {"id", "create_date", "write_date", "create_uid", "write_uid"}
OF_THE_INVOICE = OF_THE_RECORD | {
    "name",
    "sequence_number",
    "payment_reference",
    "access_token",
    "message_main_attachment_id",
}
OF_THE_ITEM = OF_THE_RECORD | {"move_id", "move_name"}
#: The form chooses these by itself.
NOT_TYPED = {"move_type", "company_id", "journal_id", "invoice_line_ids"}
DAY = date(2027, 3, 1)


class ItemsCase(RecurringCommon):
    """Makes an invoice in the form and in the quick way, and compares them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids |= cls.quick_ref("account.group_account_manager")
        cls.env.user.group_ids |= cls.quick_ref("account.group_cash_rounding")
        cls.env.user.group_ids |= cls.quick_ref("analytic.group_analytic_accounting")
        cls.env.user.group_ids |= cls.quick_ref("base.group_multi_currency")
        cls.account = cls.env["account.account"].search([("code", "=", "477000")])

    # === THE TWO WAYS === #

    def _create_by_form(self, vals):
        kind = {"default_move_type": vals["move_type"]}
        form = Form(self.env["account.move"].with_context(**kind))
        for name, value in vals.items():
            if name not in NOT_TYPED:
                self._set(form, name, value)
        for _command, _id, line in vals["invoice_line_ids"]:
            with form.invoice_line_ids.new() as row:
                for name, value in line.items():
                    self._set(row, name, value)
        return form.save()

    def _set(self, form, name, value):
        field = form._record._fields[name]
        if field.type == "many2one":
            setattr(form, name, self.env[field.comodel_name].browse(value))
        elif field.type == "many2many":
            proxy = getattr(form, name)
            proxy.set(self.env[field.comodel_name].browse(value[0][2]))
        else:
            setattr(form, name, value)

    def _create_quickly(self, vals):
        """The second of two equal ones: the first is made with core's corrections."""
        return self.env["recurring.invoice.items"]._create([vals, vals])[1]

    # === COMPARISON === #

    def _get_image(self, record, ignored):
        image = {}
        for name, field in record._fields.items():
            if name in ignored or not field.store or field.type == "one2many":
                continue
            value = record[name]
            image[name] = sorted(value.ids) if field.relational else value
        return image

    def _get_images(self, move):
        self.env.flush_all()
        self.env.invalidate_all()
        items = [self._get_image(line, OF_THE_ITEM) for line in move.line_ids]
        for item in items:
            if move.payment_reference and item["name"]:
                item["name"] = item["name"].replace(move.payment_reference, "…")
        order = sorted(
            items, key=lambda i: (i["display_type"], i["balance"], i["sequence"])
        )
        analytic = [
            (line.amount, line._get_analytic_accounts(), line.general_account_id)
            for line in move.line_ids.analytic_line_ids.sorted("amount")
        ]
        return self._get_image(move, OF_THE_INVOICE), order, analytic

    def _compare(self, expected, actual):
        """All differences between two invoices, as text."""
        one, other = self._get_images(expected), self._get_images(actual)
        found = [
            f"{name}: {one[0][name]!r} -> {other[0][name]!r}"
            for name in one[0]
            if one[0][name] != other[0][name]
        ]
        if len(one[1]) != len(other[1]):
            return [*found, f"items: {len(one[1])} -> {len(other[1])}"]
        for before, after in zip(one[1], other[1], strict=True):
            found += [
                f"{before['display_type']}.{name}: {before[name]!r} -> {after[name]!r}"
                for name in before
                if before[name] != after[name]
            ]
        if one[2] != other[2]:
            found.append(f"analytic: {one[2]} -> {other[2]}")
        return found

    # === CASES === #

    def _prepare(self, *lines, day=DAY, **values):
        """Values of an invoice as the engine prepares them."""
        lines = lines or ({}, {"quantity": 3, "price_unit": 49.9})
        return {
            "move_type": "out_invoice",
            "company_id": self.company.id,
            "journal_id": self.journal.id,
            "partner_id": self.customer.id,
            "currency_id": self.company.currency_id.id,
            **values,
            "invoice_date": day,  # typed last: the form derives the due date from it
            "invoice_line_ids": [
                Command.create(
                    {
                        "product_id": self.product.id,
                        "name": "Support",
                        "quantity": 1.0,
                        "price_unit": 100.05,
                        "discount": 0.0,
                        "tax_ids": [Command.set(self.tax.ids)],
                        **line,
                    }
                )
                for line in lines
            ],
        }

    def assertSame(self, *lines, **values):
        vals = self._prepare(*lines, **values)
        expected = self._create_by_form(vals)
        actual = self._create_quickly(vals)
        expected._post(soft=False)
        actual._post_together()
        self.assertFalse(self._compare(expected, actual), "after posting")
        return actual

    def _taxed(self, *taxes, **values):
        tax_ids = self.env["account.tax"].concat(*taxes).ids
        return {"tax_ids": [Command.set(tax_ids)], **values}


@tagged("post_install", "-at_install", "slow")
class TestTaxesOfItems(ItemsCase):
    def test_one_tax(self):
        self.assertSame()

    def test_two_taxes(self):
        other = self._create_tax(name="Town", amount=1.4)
        self.assertSame(self._taxed(self.tax, other), {})

    def test_a_tax_included_in_the_price(self):
        tax = self._create_tax(
            name="In", amount=21, price_include_override="tax_included"
        )
        self.assertSame(self._taxed(tax, quantity=3), self._taxed(tax))

    def test_included_and_excluded_taxes(self):
        tax = self._create_tax(
            name="In", amount=10, price_include_override="tax_included"
        )
        self.assertSame(self._taxed(tax), {}, self._taxed(tax, price_unit=0.07))

    def test_a_fixed_tax_that_enters_the_base(self):
        fixed = self._create_tax(
            name="Eco",
            amount=1.5,
            amount_type="fixed",
            include_base_amount=True,
            sequence=1,
        )
        self.tax.sequence = 5
        self.assertSame(self._taxed(fixed, self.tax, quantity=2))

    def test_a_group_of_taxes(self):
        group = self._create_tax(
            name="Both",
            amount_type="group",
            children_tax_ids=[
                Command.set((self.tax + self._create_tax(name="More", amount=5.2)).ids)
            ],
            invoice_repartition_line_ids=[],
            refund_repartition_line_ids=[],
        )
        self.assertSame(self._taxed(group))

    def test_a_withholding(self):
        withheld = self._create_tax(name="Withheld", amount=-15)
        self.assertSame(self._taxed(self.tax, withheld))

    def test_no_tax(self):
        self.assertSame(self._taxed())

    def test_a_tax_of_zero(self):
        zero = self._create_tax(name="Zero", amount=0)
        self.assertSame(self._taxed(zero), {})

    def test_taxes_rounded_over_the_whole_invoice(self):
        self.company.tax_calculation_rounding_method = "round_globally"
        self.assertSame(*({"price_unit": 0.33} for _number in range(7)))

    def test_taxes_rounded_line_by_line(self):
        self.company.tax_calculation_rounding_method = "round_per_line"
        self.assertSame(*({"price_unit": 0.33} for _number in range(7)))

    def test_a_tax_due_on_payment(self):
        self.company.tax_exigibility = True
        waiting = self.account.copy({"code": "477100", "reconcile": True})
        tax = self._create_tax(
            name="Cash",
            amount=21,
            tax_exigibility="on_payment",
            cash_basis_transition_account_id=waiting.id,
        )
        self.assertSame(self._taxed(tax), {})

    def test_a_tax_with_tags_and_two_accounts(self):
        tags = self.env["account.account.tag"].create(
            [
                {"name": name, "applicability": "taxes", "country_id": country}
                for name, country in (
                    ("Base", self.company.country_id.id),
                    ("Tax", self.company.country_id.id),
                )
            ]
        )
        lines = [
            Command.create(
                {"repartition_type": "base", "tag_ids": [Command.set(tags[0].ids)]}
            ),
            Command.create(
                {
                    "repartition_type": "tax",
                    "factor_percent": 60,
                    "account_id": self.account.id,
                    "tag_ids": [Command.set(tags[1].ids)],
                }
            ),
            Command.create({"repartition_type": "tax", "factor_percent": 40}),
        ]
        tax = self._create_tax(
            name="Split",
            amount=21,
            invoice_repartition_line_ids=lines,
            refund_repartition_line_ids=lines,
        )
        self.assertSame(self._taxed(tax), {"price_unit": 0.05})

    def test_a_fiscal_position(self):
        """The engine maps the taxes first, and core maps the accounts."""
        export = self._create_tax(name="Export", amount=4)
        income = self.journal.default_account_id
        position = self.env["account.fiscal.position"].create(
            {
                "name": "Abroad",
                "company_id": self.company.id,
                "tax_ids": [Command.set(export.ids)],
                "account_ids": [
                    Command.create(
                        {
                            "account_src_id": income.id,
                            "account_dest_id": income.copy({"code": "705000"}).id,
                        }
                    )
                ],
            }
        )
        self.product.property_account_income_id = income
        move = self.assertSame(self._taxed(export), fiscal_position_id=position.id)
        self.assertIn("705000", move.line_ids.account_id.mapped("code"))


@tagged("post_install", "-at_install", "slow")
class TestAmountsOfItems(ItemsCase):
    def test_discounts(self):
        self.assertSame({"discount": 12.5}, {"discount": 100.0}, {"discount": 0.01})

    def test_a_free_line(self):
        self.assertSame({}, {"price_unit": 0.0})

    def test_a_negative_line(self):
        self.assertSame({}, {"price_unit": -20.0})

    def test_a_total_of_zero(self):
        self.assertSame({}, {"price_unit": -100.05})

    def test_a_credit_note(self):
        self.assertSame(move_type="out_refund")

    def test_quantities_with_decimals(self):
        self.assertSame({"quantity": 1.333, "price_unit": 9.99})

    def _enable_dollar(self):
        dollar = self._enable_currency("USD")
        self.env["res.currency.rate"].create(
            {
                "name": "2027-01-01",
                "rate": 1.0837,
                "currency_id": dollar.id,
                "company_id": self.company.id,
            }
        )
        return dollar

    def test_another_currency(self):
        self.assertSame({}, {"price_unit": 0.37}, currency_id=self._enable_dollar().id)

    def _create_term(self, **values):
        return self.env["account.payment.term"].create(
            {
                "name": "Term",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 30}),
                    Command.create(
                        {"value": "percent", "value_amount": 70, "nb_days": 45}
                    ),
                ],
                **values,
            }
        )

    def test_instalments(self):
        self.assertSame(invoice_payment_term_id=self._create_term().id)

    def _create_early_discount(self, computation):
        return self._create_term(
            line_ids=[Command.create({"value": "percent", "value_amount": 100})],
            early_discount=True,
            discount_percentage=2,
            discount_days=10,
            early_pay_discount_computation=computation,
        )

    def _set_discount_accounts(self):
        self.company.account_journal_early_pay_discount_loss_account_id = (
            self.journal.default_account_id.copy({"code": "706000"})
        )

    def test_early_discount_with_the_tax_reduced_at_once(self):
        self._set_discount_accounts()
        term = self._create_early_discount("mixed")
        self.assertSame(invoice_payment_term_id=term.id)

    def test_early_discount_with_the_tax_reduced_on_payment(self):
        self._set_discount_accounts()
        term = self._create_early_discount("included")
        self.assertSame(invoice_payment_term_id=term.id)

    def test_all_at_once_in_another_currency(self):
        other = self._create_tax(name="Town", amount=1.4)
        self.assertSame(
            self._taxed(self.tax, other, discount=7.5),
            {"quantity": 4},
            currency_id=self._enable_dollar().id,
            invoice_payment_term_id=self._create_term().id,
        )

    def _create_rounding(self, strategy):
        account = self.journal.default_account_id.copy({"code": "778000"})
        return self.env["account.cash.rounding"].create(
            {
                "name": "Coins",
                "rounding": 0.05,
                "strategy": strategy,
                "rounding_method": "HALF-UP",
                "profit_account_id": account.id,
                "loss_account_id": account.id,
            }
        )

    def test_cash_rounding_as_a_line(self):
        rounding = self._create_rounding("add_invoice_line")
        self.assertSame({"price_unit": 9.99}, invoice_cash_rounding_id=rounding.id)

    def test_cash_rounding_in_the_biggest_tax(self):
        rounding = self._create_rounding("biggest_tax")
        self.assertSame({"price_unit": 9.99}, invoice_cash_rounding_id=rounding.id)


@tagged("post_install", "-at_install", "slow")
class TestAccountsOfItems(ItemsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        plan = cls.env["account.analytic.plan"].create({"name": "Departments"})
        cls.departments = cls.env["account.analytic.account"].create(
            [{"name": name, "plan_id": plan.id} for name in ("North", "South")]
        )

    def _create_rule(self, account, **values):
        return self.env["account.analytic.distribution.model"].create(
            {"analytic_distribution": {str(account.id): 100}, **values}
        )

    def test_analytic_distribution_by_product(self):
        self._create_rule(self.departments[0], product_id=self.product.id)
        move = self.assertSame({}, {"product_id": self.other_product.id})
        analytic = move.line_ids.analytic_line_ids
        self.assertEqual(analytic._get_analytic_accounts(), self.departments[0])

    def test_analytic_distribution_of_a_tax(self):
        self.tax.analytic = True
        self._create_rule(self.departments[0], product_id=self.product.id)
        self.assertSame()

    def test_analytic_distribution_by_customer(self):
        for customer, account in zip(
            self.customer + self.other_customer, self.departments, strict=True
        ):
            self._create_rule(account, partner_id=customer.id)
        both = [
            self._prepare(partner_id=customer.id)
            for customer in (self.customer, self.other_customer)
        ]
        moves = self.env["recurring.invoice.items"]._create(both)
        self.assertEqual(
            [move.invoice_line_ids[0].analytic_distribution for move in moves],
            [{str(account.id): 100} for account in self.departments],
        )

    def test_the_customers_own_receivable_account(self):
        own = self.account.copy(
            {
                "code": "431000",
                "account_type": "asset_receivable",
                "reconcile": True,
            }
        )
        self.customer.property_account_receivable_id = own
        move = self.assertSame()
        self.assertIn(own, move.line_ids.account_id)

    def test_a_contact_of_the_customer(self):
        contact = self._create_customer(name="Ana", parent_id=self.customer.id)
        self.assertSame(partner_id=contact.id)

    def test_sections_and_notes_keep_their_place(self):
        vals = self._prepare({}, {"price_unit": 5.0})
        lines = vals["invoice_line_ids"]
        for place, kind in ((0, "line_section"), (2, "line_note")):
            lines.insert(place, Command.create({"display_type": kind, "name": kind}))
        for sequence, (_command, _id, line) in enumerate(lines):
            line["sequence"] = sequence
        expected = self.env["account.move"].create(vals)
        actual = self._create_quickly(vals)
        self.assertFalse(self._compare(expected, actual))
        self.assertEqual(
            actual.invoice_line_ids.mapped("display_type"),
            ["line_section", "product", "line_note", "product"],
        )

    def test_a_line_without_product(self):
        """Core takes the account used most often for the customer."""
        usual = self.journal.default_account_id.copy({"code": "709000"})
        free = {"product_id": False, "name": "Work", "account_id": usual.id}
        self.env["account.move"].create(self._prepare(free))._post(soft=False)
        self.env.flush_all()
        vals = self._prepare({"product_id": False, "name": "Work"})
        expected = self.env["account.move"].create(vals)
        actual = self._create_quickly(vals)
        self.assertFalse(self._compare(expected, actual))
        self.assertEqual(actual.invoice_line_ids.account_id, usual)


@tagged("post_install", "-at_install", "slow")
class TestWrongHints(ItemsCase):
    """Core works out taxes and amounts again and corrects what was handed over; a
    receivable item that does not fit is refused."""

    def _create_with_hints(self, change):
        """Two equal invoices when ``change(items)`` spoils what was prepared."""
        items = self.env["recurring.invoice.items"]
        original = type(items)._get_items_by_number

        def spoil(model, vals_list, groups):
            spoilt = original(model, vals_list, groups)
            for number, own in spoilt.items():
                spoilt[number] = [dict(item) for item in own]
                change(spoilt[number])
            return spoilt

        self.patch(type(items), "_get_items_by_number", spoil)
        return items._create([self._prepare(), self._prepare()])

    def assertCorrected(self, change):
        expected = self._create_by_form(self._prepare())
        for actual in self._create_with_hints(change):
            self.assertFalse(self._compare(expected, actual))

    def test_a_wrong_tax_is_corrected(self):
        self.assertCorrected(
            lambda items: self._get_item(items, "tax").update(balance=-1.0)
        )

    def test_wrong_amounts_of_a_line_are_corrected(self):
        def spoil(items):
            items[0]["balance"] += 10
            items[0]["amount_currency"] += 10

        self.assertCorrected(spoil)

    def test_a_missing_tax_is_added(self):
        self.assertCorrected(lambda items: items.remove(self._get_item(items, "tax")))

    def test_a_tax_too_many_is_removed(self):
        self.assertCorrected(
            lambda items: items.append(dict(self._get_item(items, "tax")))
        )

    def test_a_missing_receivable_is_added(self):
        self.assertCorrected(
            lambda items: items.remove(self._get_item(items, "payment_term"))
        )

    def test_a_wrong_receivable_makes_no_invoice(self):
        def spoil(items):
            item = self._get_item(items, "payment_term")
            item["balance"] += 0.01
            item["amount_currency"] += 0.01

        with self.assertRaisesRegex(UserError, "not balanced"):
            self._create_with_hints(spoil)

    def _get_item(self, items, kind):
        return next(item for item in items if item.get("display_type") == kind)

    def test_the_comparison_sees_one_cent(self):
        one = self._create_by_form(self._prepare())
        other = self._create_quickly(
            self._prepare({}, {"quantity": 3, "price_unit": 49.91})
        )
        self.assertGreater(len(self._compare(one, other)), 10)

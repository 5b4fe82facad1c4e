"""What the documents say: the task's values, else the customer's."""

from odoo import Command
from odoo.tests import tagged

from .common import RecurringCommon


class DocumentCase(RecurringCommon):
    def _issue(self, **values):
        """The documents of a task on 1 April 2027."""
        task = self._start_task(**values)
        self._run_cron("2027-04-01 08:00:00")
        self.assertRows(task, *["2027-04-01 generated"] * len(task.recipient_ids))
        return self._get_documents(task)


@tagged("post_install", "-at_install")
class TestInvoice(DocumentCase):
    def test_an_invoice_is_what_the_user_interface_would_have_made(self):
        invoice = self._issue()
        by_hand = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": "2027-04-01",
                "invoice_line_ids": [Command.create({"product_id": self.product.id})],
            }
        )
        by_hand.action_post()
        names = [
            "move_type", "company_id", "journal_id", "currency_id", "state", "date",
            "invoice_date", "invoice_date_due", "delivery_date", "partner_id",
            "commercial_partner_id", "partner_shipping_id", "fiscal_position_id",
            "invoice_payment_term_id", "preferred_payment_method_line_id",
            "partner_bank_id", "amount_untaxed", "amount_tax", "amount_total",
            "invoice_cash_rounding_id", "invoice_incoterm_id", "narration",
        ]  # fmt: skip
        self.assertEqual(self._read(invoice, names), self._read(by_hand, names))
        line_names = [
            "quantity", "price_unit", "discount", "account_id", "tax_ids",
            "product_id", "product_uom_id", "price_subtotal", "display_type",
        ]  # fmt: skip
        self.assertEqual(
            self._read(invoice.line_ids.sorted("balance"), line_names),
            self._read(by_hand.line_ids.sorted("balance"), line_names),
        )

    def _read(self, records, names):
        return [{name: record[name] for name in names} for record in records]

    def test_it_is_posted_and_numbered(self):
        invoice = self._issue()
        self.assertEqual(invoice.state, "posted")
        self.assertEqual(invoice.name, "INV/2027/00001")
        self.assertEqual(invoice.amount_total, 121.0)

    def test_a_draft_is_left_a_draft(self):
        invoice = self._issue(completion="draft")
        self.assertEqual(invoice.state, "draft")
        self.assertEqual(str(invoice.invoice_date), "2027-04-01")

    def test_it_goes_to_the_invoice_address(self):
        address = self._create_customer(
            name="Accounts", type="invoice", parent_id=self.customer.id
        )
        invoice = self._issue()
        self.assertEqual(invoice.partner_id, address)
        self.assertEqual(invoice.commercial_partner_id, self.customer)

    def test_an_address_chosen_by_hand_is_kept(self):
        task = self._create_task()
        task.recipient_ids.partner_invoice_id = self.other_customer
        task.action_start()
        self._run_cron("2027-04-01 08:00:00")
        self.assertEqual(self._get_documents(task).partner_id, self.other_customer)

    def test_terms_decide_when_it_is_due(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "30 days",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100, "nb_days": 30}
                    )
                ],
            }
        )
        invoice = self._issue(payment_term_id=term.id)
        self.assertEqual(invoice.invoice_payment_term_id, term)
        self.assertEqual(str(invoice.invoice_date_due), "2027-05-01")

    def test_sections_and_notes_keep_their_place(self):
        invoice = self._issue(
            lines=[
                {"display_type": "line_section", "name": "Services", "sequence": 1},
                {"product_id": self.product.id, "sequence": 2},
                {"display_type": "line_note", "name": "Thank you", "sequence": 3},
            ]
        )
        lines = invoice.invoice_line_ids.sorted("sequence")
        self.assertEqual(
            lines.mapped("display_type"), ["line_section", "product", "line_note"]
        )
        self.assertEqual(lines.mapped("name"), ["Services", "Support", "Thank you"])

    def test_quantity_unit_price_and_discount_of_the_line(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        invoice = self._issue(
            lines=[
                {
                    "product_id": self.product.id,
                    "product_uom_id": dozen.id,
                    "quantity": 2,
                    "price_unit": 90,
                    "discount": 10,
                }
            ]
        )
        line = invoice.invoice_line_ids
        self.assertEqual(line.product_uom_id, dozen)
        self.assertEqual((line.quantity, line.price_unit, line.discount), (2, 90, 10))
        self.assertEqual(invoice.amount_untaxed, 162)

    def test_a_line_without_product_is_billed(self):
        invoice = self._issue(lines=[{"name": "Consulting", "price_unit": 50}])
        self.assertEqual(invoice.invoice_line_ids.name, "Consulting")
        self.assertEqual(invoice.amount_untaxed, 50)

    def test_the_origin_names_the_task(self):
        self.assertEqual(self._issue().invoice_origin, "Support contracts")

    def test_a_foreign_currency_has_the_rate_of_the_documents_date(self):
        currency = self._enable_currency("CHF")
        currency.rate_ids.unlink()
        currency.rate_ids = [
            Command.create({"name": "2027-01-01", "rate": 2.0}),
            Command.create({"name": "2027-04-01", "rate": 4.0}),
        ]
        invoice = self._issue(currency_id=currency.id)
        self.assertEqual(invoice.currency_id, currency)
        self.assertEqual(invoice.amount_untaxed, 200.0)
        self.assertEqual(invoice.amount_untaxed_signed, 50.0)


@tagged("post_install", "-at_install", "alone")
class TestFixedOrAsOnTheCustomer(DocumentCase):
    """A4: each field is fixed on the task, or as on the customer's record."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own_term, cls.task_term = cls.env["account.payment.term"].create(
            [{"name": "Customer's"}, {"name": "Task's"}]
        )
        method = cls._get_journal("bank").inbound_payment_method_line_ids[:1]
        cls.own_method, cls.task_method = method, method.copy({"name": "Other"})
        cls.own_seller = cls._create_user("ana", "base.group_user")
        cls.task_seller = cls._create_user("teo", "base.group_user")
        cls.task_journal = cls.journal.copy(
            {
                "name": "Contracts",
                "code": "CON",
                "sequence": 99,
                "default_account_id": cls.journal.default_account_id.id,
            }
        )
        cls.customer.write(
            {
                "property_payment_term_id": cls.own_term.id,
                "property_inbound_payment_method_line_id": cls.own_method.id,
                "user_id": cls.own_seller.id,
            }
        )
        cls.fixed = {
            "payment_term_id": cls.task_term.id,
            "payment_method_line_id": cls.task_method.id,
            "salesperson_id": cls.task_seller.id,
            "journal_id": cls.task_journal.id,
        }

    def assertUsed(self, document, term, method, seller, journal):
        is_order = document._name == "sale.order"
        seller_name = "user_id" if is_order else "invoice_user_id"
        term_name = "payment_term_id" if is_order else "invoice_payment_term_id"
        self.assertEqual(document[term_name], term)
        self.assertEqual(document.preferred_payment_method_line_id, method)
        self.assertEqual(document[seller_name], seller)
        self.assertEqual(document.journal_id, journal)

    def test_an_invoice_as_on_the_customer(self):
        self.assertUsed(
            self._issue(), self.own_term, self.own_method, self.own_seller, self.journal
        )

    def test_an_invoice_fixed_on_the_task(self):
        self.assertUsed(
            self._issue(**self.fixed),
            self.task_term,
            self.task_method,
            self.task_seller,
            self.task_journal,
        )

    def test_an_order_as_on_the_customer(self):
        self.assertUsed(
            self._issue(document_type="order"),
            self.own_term,
            self.own_method,
            self.own_seller,
            self.env["account.journal"],
        )

    def test_an_order_fixed_on_the_task(self):
        self.assertUsed(
            self._issue(document_type="order", **self.fixed),
            self.task_term,
            self.task_method,
            self.task_seller,
            self.task_journal,
        )

    def test_the_customers_line_shows_what_will_be_used(self):
        recipient = self._create_task().recipient_ids
        self.assertEqual(recipient.payment_term_used_id, self.own_term)
        self.assertEqual(recipient.payment_method_used_id, self.own_method)
        self.assertEqual(recipient.salesperson_used_id, self.own_seller)
        recipient.task_id.write(self.fixed)
        self.assertEqual(recipient.payment_term_used_id, self.task_term)
        self.assertEqual(recipient.payment_method_used_id, self.task_method)
        self.assertEqual(recipient.salesperson_used_id, self.task_seller)

    def test_the_salesperson_of_a_contact_is_his_companys(self):
        contact = self._create_customer(name="Contact", parent_id=self.customer.id)
        invoice = self._issue(customers=contact)
        self.assertEqual(invoice.invoice_user_id, self.own_seller)


@tagged("post_install", "-at_install")
class TestTaxes(DocumentCase):
    """Taxes are those of the customer's fiscal position on that day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.position = cls.env["account.fiscal.position"].create({"name": "Abroad"})
        cls.customer.property_account_position_id = cls.position

    def _map(self, source, amount, **values):
        return self._create_tax(
            name=f"Mapped {amount}",
            amount=amount,
            fiscal_position_ids=[Command.set(self.position.ids)],
            original_tax_ids=[Command.set(source.ids)],
            **values,
        )

    def test_the_fiscal_position_replaces_the_tax(self):
        mapped = self._map(self.tax, 5)
        for kind in ("invoice", "order"):
            document = self._issue(document_type=kind)
            lines = document["order_line" if kind == "order" else "invoice_line_ids"]
            self.assertEqual(lines.tax_ids, mapped, kind)
            self.assertEqual(document.amount_total, 105.0, kind)
            self.assertEqual(document.fiscal_position_id, self.position, kind)
            self.clock.move_to("2027-03-15 10:00:00")

    def test_two_customers_of_one_run_have_their_own_taxes(self):
        self._map(self.tax, 5)
        invoices = self._issue(customers=self.customer + self.other_customer)
        self.assertEqual(invoices.mapped("amount_total"), [105.0, 121.0])

    def test_a_price_with_tax_included_is_mapped_to_one_without(self):
        included = self._create_tax(
            name="Included", amount=21, price_include_override="tax_included"
        )
        self._map(included, 0)
        line = {
            "product_id": self.product.id,
            "price_unit": 121.0,
            "tax_ids": [Command.set(included.ids)],
        }
        for kind in ("invoice", "order"):
            document = self._issue(document_type=kind, lines=[line])
            self.assertEqual(document.amount_untaxed, 100.0, kind)
            self.assertEqual(document.amount_total, 100.0, kind)
            self.clock.move_to("2027-03-15 10:00:00")

    def test_a_later_change_of_the_position_counts(self):
        task = self._start_task()
        self._map(self.tax, 5)
        self._run_cron("2027-04-01 08:00:00")
        self.customer.property_account_position_id = False
        self._run_cron("2027-05-01 08:00:00")
        self.assertEqual(self._get_documents(task).mapped("amount_total"), [105, 121])


@tagged("post_install", "-at_install")
class TestPrices(DocumentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pricelist = cls.env["product.pricelist"].create(
            {
                "name": "Friends",
                "currency_id": cls.company.currency_id.id,
                "item_ids": [
                    Command.create(
                        {
                            "compute_price": "fixed",
                            "fixed_price": 70,
                            "applied_on": "0_product_variant",
                            "product_id": cls.product.id,
                        }
                    )
                ],
            }
        )
        cls.customer.property_product_pricelist = cls.pricelist
        cls.kept = [{"product_id": cls.product.id, "price_unit": 77.0}]

    def test_keep_uses_the_price_of_the_line(self):
        for kind in ("invoice", "quotation", "order", "proforma"):
            document = self._issue(document_type=kind, lines=self.kept)
            self.assertEqual(document.amount_untaxed, 77.0, kind)
            self.clock.move_to("2027-03-15 10:00:00")

    def test_pricelist_uses_the_customers_price_of_the_day(self):
        for kind in ("invoice", "quotation", "order", "proforma"):
            document = self._issue(
                document_type=kind, lines=self.kept, price_mode="pricelist"
            )
            self.assertEqual(document.amount_untaxed, 70.0, kind)
            self.clock.move_to("2027-03-15 10:00:00")

    def test_a_special_price_that_begins_later_counts_from_then(self):
        self.pricelist.item_ids.date_start = "2027-04-15 00:00:00"
        for kind in ("invoice", "order"):
            task = self._start_task(document_type=kind, price_mode="pricelist")
            self._run_cron("2027-05-01 08:00:00")
            self.assertEqual(
                self._get_documents(task).mapped("amount_untaxed"), [100, 70], kind
            )
            self.clock.move_to("2027-03-15 10:00:00")

    def test_a_pricelist_fixed_on_the_task_comes_first(self):
        other = self.pricelist.copy({"name": "Fixed"})
        other.item_ids.fixed_price = 60
        for kind in ("invoice", "order"):
            document = self._issue(
                document_type=kind, price_mode="pricelist", pricelist_id=other.id
            )
            self.assertEqual(document.amount_untaxed, 60.0, kind)
            self.clock.move_to("2027-03-15 10:00:00")

    def test_a_pricelist_in_another_currency_decides_the_currency(self):
        currency = self._enable_currency("CHF")
        currency.rate_ids.unlink()
        currency.rate_ids = [Command.create({"name": "2027-01-01", "rate": 2.0})]
        self.pricelist.currency_id = currency
        for kind in ("invoice", "order"):
            document = self._issue(document_type=kind, price_mode="pricelist")
            self.assertEqual(document.currency_id, currency, kind)
            self.assertEqual(document.amount_untaxed, 70.0, kind)
            self.clock.move_to("2027-03-15 10:00:00")

    def test_kept_prices_in_another_currency_stay_in_it_on_orders(self):
        currency = self._enable_currency("CHF")
        currency.rate_ids.unlink()
        currency.rate_ids = [Command.create({"name": "2027-01-01", "rate": 2.0})]
        order = self._issue(
            document_type="order", currency_id=currency.id, lines=self.kept
        )
        self.assertEqual(order.currency_id, currency)
        self.assertEqual(order.amount_untaxed, 77.0)

    def test_a_kept_price_survives_a_later_change_of_the_quantity(self):
        for kind in ("quotation", "order"):
            order = self._issue(document_type=kind, lines=self.kept)
            order.order_line.product_uom_qty = 5
            self.assertEqual(order.order_line.price_unit, 77.0, kind)
            self.clock.move_to("2027-03-15 10:00:00")

    def test_even_when_it_equals_the_catalogues(self):
        line = {"product_id": self.product.id, "price_unit": 100.0}
        order = self._issue(document_type="quotation", lines=[line])
        order.order_line.product_uom_qty = 5
        self.assertEqual(order.order_line.price_unit, 100.0)

    def test_a_price_of_zero_is_kept_too(self):
        lines = [*self.kept, {"product_id": self.other_product.id, "price_unit": 0.0}]
        order = self._issue(document_type="quotation", lines=lines)
        order.order_line.product_uom_qty = 5
        self.assertEqual(order.order_line.mapped("price_unit"), [77.0, 0.0])

    def test_a_pricelist_price_follows_the_quantity(self):
        self.pricelist.item_ids.min_quantity = 5
        order = self._issue(document_type="quotation", price_mode="pricelist")
        self.assertEqual(order.order_line.price_unit, 100.0)
        order.order_line.product_uom_qty = 5
        self.assertEqual(order.order_line.price_unit, 70.0)

    def test_the_lines_discount_is_given_on_the_pricelists_price(self):
        line = {"product_id": self.product.id, "discount": 50}
        for kind in ("invoice", "order"):
            document = self._issue(
                document_type=kind, price_mode="pricelist", lines=[line]
            )
            self.assertEqual(document.amount_untaxed, 35.0, kind)
            self.clock.move_to("2027-03-15 10:00:00")


@tagged("post_install", "-at_install", "alone")
class TestSalesDocuments(DocumentCase):
    def test_a_quotation_stays_a_quotation(self):
        quotation = self._issue(document_type="quotation")
        self.assertEqual(quotation.state, "draft")
        self.assertEqual(quotation.partner_id, self.customer)
        self.assertEqual(quotation.amount_total, 121.0)

    def test_an_order_is_confirmed_on_its_date(self):
        order = self._issue(document_type="order")
        self.assertEqual(order.state, "sale")
        self.assertEqual(str(order.date_order.date()), "2027-04-01")

    def test_an_order_left_a_draft_is_a_quotation(self):
        order = self._issue(document_type="order", completion="draft")
        self.assertEqual(order.state, "draft")

    def test_a_late_order_keeps_its_own_date(self):
        task = self._start_task(document_type="order")
        self._run_cron("2027-05-03 08:00:00")
        dates = self._get_documents(task).mapped("date_order")
        self.assertEqual([str(d.date()) for d in dates], ["2027-04-01", "2027-05-01"])

    def test_a_proforma_is_not_an_accounting_document(self):
        proforma = self._issue(document_type="proforma")
        self.assertEqual(proforma._name, "sale.order")
        self.assertFalse(proforma.invoice_ids)

    def test_an_order_goes_to_customer_and_invoice_address(self):
        address = self._create_customer(
            name="Accounts", type="invoice", parent_id=self.customer.id
        )
        order = self._issue(document_type="order")
        self.assertEqual(order.partner_id, self.customer)
        self.assertEqual(order.partner_invoice_id, address)

    def test_sections_and_notes_keep_their_place(self):
        order = self._issue(
            document_type="order",
            lines=[
                {"display_type": "line_section", "name": "Services", "sequence": 1},
                {"product_id": self.product.id, "sequence": 2},
                {"display_type": "line_note", "name": "Thank you", "sequence": 3},
            ],
        )
        self.assertEqual(
            order.order_line.mapped("name"), ["Services", "Support", "Thank you"]
        )

    def test_an_order_can_be_invoiced_as_usual(self):
        order = self._issue(document_type="order")
        self.assertEqual(order._create_invoices().amount_total, 121.0)


@tagged("post_install", "-at_install")
class TestWords(DocumentCase):
    """Words in braces, languages and the hour."""

    def _describe(self, text, **values):
        line = {"product_id": self.product.id, "name": text}
        return self._issue(lines=[line], **values).invoice_line_ids.name

    def test_the_period_stands_in_the_text(self):
        self.assertEqual(
            self._describe("Support {period_start} - {period_end}"),
            "Support 04/01/2027 - 04/30/2027",
        )

    def test_month_year_and_number(self):
        self.assertEqual(
            self._describe("{month} {year}, no. {number}"), "April 2027, no. 1"
        )

    def test_the_number_counts_this_customers_documents(self):
        line = {"product_id": self.product.id, "name": "No. {number}"}
        task = self._start_task(lines=[line])
        self._run_cron("2027-06-01 08:00:00")
        self.assertEqual(
            self._get_documents(task).invoice_line_ids.mapped("name"),
            ["No. 1", "No. 2", "No. 3"],
        )

    def test_unknown_words_stay_as_they_were_typed(self):
        for text in ("{unknown}", "{", "{0}", "{month.__class__}", "100 % {{x}}"):
            self.assertEqual(self._describe(text), text)
            self.clock.move_to("2027-03-15 10:00:00")

    def test_texts_are_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.customer.lang = "fr_FR"
        self.product.with_context(lang="fr_FR").name = "Assistance"
        self.assertEqual(self._issue().invoice_line_ids.name, "Assistance")
        self.clock.move_to("2027-03-15 10:00:00")
        self.assertEqual(self._describe("{month}: {period_start}"), "avril: 01/04/2027")

    def test_a_language_fixed_on_the_task_comes_first(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.assertEqual(self._describe("{month}", lang="fr_FR"), "avril")

    def test_no_hour_and_midnight_are_two_things(self):
        self.assertFalse(self._issue().document_hour)
        self.clock.move_to("2027-03-15 10:00:00")
        midnight = self._issue(document_hour_set=True, document_hour=0.0)
        self.assertEqual(midnight.document_hour, "00:00")

    def test_the_hour_stands_on_every_kind(self):
        for kind in ("invoice", "order"):
            document = self._issue(
                document_type=kind, document_hour_set=True, document_hour=9.5
            )
            self.assertEqual(document.document_hour, "09:30")
            self.clock.move_to("2027-03-15 10:00:00")

    def test_the_last_minute_of_the_day_is_not_24_00(self):
        invoice = self._issue(document_hour_set=True, document_hour=23.999)
        self.assertEqual(invoice.document_hour, "23:59")

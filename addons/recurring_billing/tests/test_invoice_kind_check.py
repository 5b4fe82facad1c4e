"""What an invoice must hold, checked at posting where somebody switched it on."""

import logging

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .invoice_kind_common import InvoiceKindCommon

_logger = logging.getLogger(__name__)


class CheckCommon(InvoiceKindCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.check_invoice_kinds = True

    def assertRefused(self, moves, *patterns):
        """Posting is refused with a message that holds all ``patterns``."""
        with self.assertRaises(UserError) as caught:
            moves.action_post()
        for pattern in patterns:
            self.assertRegex(str(caught.exception), pattern)
        self.assertEqual(set(moves.mapped("state")), {"draft"})
        return str(caught.exception)


@tagged("post_install", "-at_install")
class TestInvoiceKindCheck(CheckCommon):
    def test_complete_invoices_are_posted(self):
        self.assertEqual(self._post_invoice().state, "posted")

    def test_nothing_is_checked_before_it_is_switched_on(self):
        self.company.check_invoice_kinds = False
        self.customer.write({"vat": False, "street": False})
        self.assertEqual(self._post_invoice().state, "posted")

    def test_the_customer_needs_address_and_tax_number(self):
        self.customer.write({"vat": False, "street": False, "city": False})
        self.assertRefused(
            self._create_invoice(), r"Alma Books: fill in Tax ID, Street, City\."
        )

    def test_a_slash_is_no_tax_number(self):
        self.customer.vat = "/"
        self.assertRefused(self._create_invoice(), "Tax ID")

    def test_the_company_needs_address_and_tax_number(self):
        self.company.partner_id.write({"vat": False, "city": False})
        self.assertRefused(
            self._create_invoice(), r"Recurring Co: fill in Tax ID, City\."
        )

    def test_every_line_needs_a_tax(self):
        invoice = self._create_invoice()
        invoice.invoice_line_ids.tax_ids = False
        self.assertRefused(invoice, "“Support” has no tax")

    def test_every_line_needs_a_description(self):
        invoice = self._create_invoice()
        invoice.invoice_line_ids.name = " "
        self.assertRefused(invoice, "Line 1 has no description")

    def test_one_message_lists_all_that_is_missing_of_all_documents(self):
        self.customer.vat = False
        self.other_customer.write({"is_company": True})
        self.company.partner_id.city = False
        invoices = self._create_invoice() | self._create_invoice(
            partner_id=self.other_customer.id
        )
        text = self.assertRefused(
            invoices,
            "Recurring Co: fill in City",
            "Alma Books: fill in Tax ID",
            "Borja Bikes: fill in Tax ID, Street, City, Country",
        )
        self.assertEqual(text.count("Recurring Co: fill in"), 1)

    def test_bills_of_suppliers_are_not_checked(self):
        self.customer.vat = False
        bill = self._create_invoice(move_type="in_invoice")
        bill.action_post()
        self.assertEqual(bill.state, "posted")

    def test_a_private_person_needs_a_tax_number_only_in_some_countries(self):
        self.customer.write({"vat": False, "is_company": False})
        self.assertRefused(self._create_invoice(), "Tax ID")
        self.company.account_fiscal_country_id = self.quick_ref("base.ro")
        check = self.env["invoice.kind.check"]
        self.assertFalse(check._get_customer_problems(self.customer, self.company))

    def test_another_company_that_did_not_switch_it_on_is_left_alone(self):
        other = self._create_billing_company(name="Other Co")
        move = self._create_invoice()
        self.assertFalse(other.check_invoice_kinds)
        self.customer.vat = False
        self.env["invoice.kind.check"]._check(move.browse())
        self.assertRefused(move, "Tax ID")


@tagged("post_install", "-at_install")
class TestCorrectiveCheck(CheckCommon):
    def test_a_correction_needs_a_reason(self):
        self.assertRefused(self._reverse(self._post_invoice()), "Give the reason")

    def test_a_credit_note_needs_the_invoice_that_it_corrects(self):
        note = self._create_invoice(
            move_type="out_refund", corrective_reason_code="data"
        )
        self.assertRefused(note, "Name the invoice that it corrects")
        note.corrected_move_id = self._post_invoice()
        note.action_post()
        self.assertEqual(note.state, "posted")

    def test_of_another_customer_nothing_is_corrected(self):
        note = self._create_invoice(
            move_type="out_refund", corrective_reason_code="data"
        )
        note.corrected_move_id = self._post_invoice()
        note.partner_id = self.other_customer
        self.assertRefused(note, "is of another customer")

    def test_what_is_no_longer_posted_is_not_corrected(self):
        original = self._post_invoice()
        note = self._create_invoice(
            corrected_move_id=original.id, corrective_reason_code="price"
        )
        original.button_draft()
        self.assertRefused(note, "is not posted")

    def test_the_last_day_of_four_years_is_in_time(self):
        invoice = self._post_invoice()
        self.clock.move_to("2031-03-15 10:00:00")
        note = self._reverse(invoice, date="2031-03-15", corrective_reason_code="price")
        note.action_post()
        self.assertEqual(note.state, "posted")

    def test_a_day_later_is_refused(self):
        invoice = self._post_invoice()
        self.clock.move_to("2031-03-16 10:00:00")
        note = self._reverse(invoice, date="2031-03-16", corrective_reason_code="price")
        self.assertRefused(note, "can no longer be corrected.*years: 4")

    def test_the_company_allows_fewer_years(self):
        self.company.corrective_years = 1
        invoice = self._post_invoice()
        self.clock.move_to("2028-03-16 10:00:00")
        note = self._reverse(invoice, date="2028-03-16", corrective_reason_code="price")
        self.assertRefused(note, "years: 1")

    def test_a_correction_is_not_older_than_what_it_corrects(self):
        note = self._reverse(
            self._post_invoice(), date="2027-03-14", corrective_reason_code="price"
        )
        self.assertRefused(note, "dated before")

    def test_a_correction_of_a_simplified_invoice_needs_no_more_data(self):
        self.customer.write({"vat": False, "street": False})
        invoice = self._post_invoice(chosen_kind="simplified")
        note = self._reverse(invoice, corrective_reason_code="returned")
        note.action_post()
        self.assertEqual(note.state, "posted")

    def test_limits_are_not_negative(self):
        with self.assertRaises(ValidationError):
            self.company.corrective_years = -1
        with self.assertRaises(ValidationError):
            self.company.simplified_invoice_limit = -1


@tagged("post_install", "-at_install")
class TestSimplifiedCheck(CheckCommon):
    def _bill(self, price, **values):
        invoice = self._create_invoice(chosen_kind="simplified", **values)
        invoice.invoice_line_ids.price_unit = price
        return invoice

    def test_it_needs_less_of_the_customer(self):
        self.customer.write({"vat": False, "street": False, "city": False})
        invoice = self._bill(100)
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")

    def test_up_to_3000_euros_with_taxes(self):
        self.tax.amount = 20
        invoice = self._bill(2500)
        invoice.action_post()
        self.assertEqual(invoice.amount_total, 3000)
        self.assertRefused(self._bill(2500.01), "simplified invoice comes to")

    def test_the_company_has_a_limit_of_its_own(self):
        self.company.simplified_invoice_limit = 400
        self.assertRefused(self._bill(400), "Its total is .*484")

    def test_the_limit_is_converted_at_the_date_of_the_invoice(self):
        leu = self._enable_currency("RON")
        self.env["res.currency.rate"].create(
            [
                {"currency_id": leu.id, "company_id": self.company.id, **values}
                for values in (
                    {"name": "2027-01-01", "rate": 5.0},
                    {"name": "2027-03-10", "rate": 4.0},
                )
            ]
        )
        invoice = self._bill(0, currency_id=leu.id, invoice_date="2027-03-09")
        invoice.invoice_line_ids.write({"price_unit": 15000, "tax_ids": False})
        check = self.env["invoice.kind.check"]
        self.assertFalse(check._get_simplified_problems(invoice, {}))
        invoice.invoice_date = "2027-03-10"  # 15,000 at 4.0 are 3,750 EUR
        self.assertTrue(check._get_simplified_problems(invoice, {}))

    def test_without_a_rate_of_the_euro_the_limit_is_unknown(self):
        leu = self._enable_currency("RON")
        company = self._create_billing_company(name="Cluj", currency_id=leu.id)
        self.env["res.currency.rate"].search(
            [("currency_id", "in", (leu | self.env.ref("base.EUR")).ids)]
        ).unlink()
        day = self.company.create_date.date()
        self.assertIsNone(company._get_simplified_limit(day))
        self.env["res.currency.rate"].create(
            {
                "currency_id": self.env.ref("base.EUR").id,
                "company_id": company.id,
                "name": "2020-01-01",
                "rate": 0.2,
            }
        )
        self.assertEqual(company._get_simplified_limit(day), 15000)


@tagged("post_install", "-at_install")
class TestCheckAhead(CheckCommon):
    """The ready mark of a recurring task tells what posting would refuse."""

    def _get_message(self, **values):
        task = self._create_task(**values)
        return task.recipient_ids.ready_message or ""

    def test_the_customers_data_are_asked_for_before_the_run(self):
        self.assertFalse(self._get_message())
        self.customer.city = False
        self.assertIn("fill in City", self._get_message())

    def test_so_is_the_company(self):
        self.company.partner_id.street = False
        self.assertIn("Recurring Co: fill in Street", self._get_message())

    def test_and_a_line_without_tax(self):
        lines = [{"name": "Work", "price_unit": 10, "tax_ids": False}]
        self.assertIn("“Work” has no tax", self._get_message(lines=lines))

    def test_drafts_and_orders_are_not_checked(self):
        self.customer.vat = False
        self.assertFalse(self._get_message(completion="draft"))
        self.assertFalse(self._get_message(document_type="order"))

    def test_the_run_fails_the_customer_alone_with_the_reason(self):
        self.other_customer.write(
            {
                "street": "Calle Menor 2",
                "city": "Madrid",
                "vat": self.customer.vat,
                "country_id": self.customer.country_id.id,
            }
        )
        self.customer.vat = False
        task = self._start_task(customers=self.customer | self.other_customer)
        self._run_cron("2027-04-01 08:00:00")
        rows = {row.partner_id: row for row in self._get_rows(task)}
        self.assertEqual(rows[self.customer].state, "failed")
        self.assertIn("Tax ID", rows[self.customer].error)
        self.assertEqual(rows[self.other_customer].state, "generated")


@tagged("post_install", "-at_install", "slow")
class TestCheckBudget(CheckCommon):
    #: Statements that checking may cost for each further document.
    BUDGET = 0.1

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls._create_customers(112)
        cls.customers.country_id = cls.customer.country_id
        cls.customers.write({n: cls.customer[n] for n in ("street", "city", "vat")})

    def _count(self, customers):
        moves = self.env["account.move"].create(
            [self._prepare_invoice(partner_id=c.id) for c in customers]
        )
        with self.counting() as counted:
            self.env["invoice.kind.check"]._check(moves)
        return counted.statements

    def test_the_check_costs_the_same_for_any_number_of_documents(self):
        self._count(self.customers[:2])  # caches of the server
        few, many = self._count(self.customers[2:12]), self._count(self.customers[12:])
        _logger.info("check of kinds: %s statements for 10, %s for 100", few, many)
        self.assertLessEqual((many - few) / 90, self.BUDGET)

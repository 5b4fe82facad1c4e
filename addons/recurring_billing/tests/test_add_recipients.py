"""Customers by the hundred: pasted, by tag, by filter."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import RecurringCommon


@tagged("post_install", "-at_install")
class TestAddRecipients(RecurringCommon):
    people = ("reader",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write({"ref": "C-1", "vat": "ESA12345674"})
        cls.task = cls._create_task(customers=[])

    def _open_wizard(self, user=None, **values):
        Wizard = self.env["recurring.task.add.recipients"].with_user(
            user or self.biller
        )
        return Wizard.create({"task_id": self.task.id, **values})

    def _paste(self, *lines):
        return self._open_wizard(source="paste", text="\n".join(lines))

    def test_names_addresses_tax_ids_and_references_are_found(self):
        for line in (
            "Alma Books",
            "alma books",
            "alma.books@example.com",
            "Alma <ALMA.BOOKS@example.com>",
            "ESA12345674",
            "ES A-12.345.674",
            "C-1",
            "  Alma Books  ",
        ):
            with self.subTest(line):
                self.assertEqual(self._paste(line).partner_ids, self.customer)

    def test_a_whole_list_is_added_once(self):
        wizard = self._paste("Alma Books", "", "C-1", "Borja Bikes", "Borja Bikes")
        self.assertEqual(wizard.found_count, 2)
        wizard.action_add()
        self.assertEqual(
            self.task.recipient_ids.partner_id, self.customer + self.other_customer
        )

    def test_unknown_lines_are_reported(self):
        wizard = self._paste("Alma Books", "Nobody Ltd", "nobody@example.com")
        self.assertEqual(wizard.unknown_text, "Nobody Ltd\nnobody@example.com")
        self.assertEqual(wizard.partner_ids, self.customer)

    def test_a_line_that_fits_several_is_not_guessed(self):
        self._create_customer(name="Alma Books", email="other@example.com")
        wizard = self._paste("Alma Books")
        self.assertFalse(wizard.partner_ids)
        self.assertEqual(wizard.unknown_text, "Alma Books")

    def test_by_tag(self):
        tag = self.env["res.partner.category"].create({"name": "Support"})
        self.other_customer.category_id = tag
        wizard = self._open_wizard(source="tag", category_ids=[(6, 0, tag.ids)])
        self.assertEqual(wizard.partner_ids, self.other_customer)

    def test_by_filter(self):
        domain = "[('name', '=like', 'Alma%')]"
        wizard = self._open_wizard(source="filter", domain=domain)
        self.assertEqual(wizard.partner_ids, self.customer)

    def test_an_empty_filter_does_not_mean_everybody(self):
        self.assertFalse(self._open_wizard(source="filter", domain="[]").partner_ids)

    def test_a_filter_that_is_none_is_refused_in_words(self):
        for domain in ("nonsense", "[('no_such_field', '=', 1)]", "[(", "[1, 2]"):
            with self.subTest(domain), self.assertRaisesRegex(UserError, "ilter"):
                self._open_wizard(source="filter", domain=domain).read(["partner_ids"])

    def test_who_is_on_the_task_already_is_counted_and_not_added(self):
        self._paste("Alma Books").action_add()
        wizard = self._paste("Alma Books", "Borja Bikes")
        self.assertEqual((wizard.found_count, wizard.already_count), (1, 1))
        wizard.action_add()
        self.assertEqual(len(self.task.recipient_ids), 2)

    def test_customers_of_other_companies_are_not_offered(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.other_customer.company_id = other
        self.assertFalse(self._paste("Borja Bikes").partner_ids)

    def test_nobody_found_is_said(self):
        with self.assertRaisesRegex(UserError, "Nobody new was found"):
            self._paste("Nobody Ltd").action_add()

    def test_readers_may_not(self):
        with self.assertRaises(AccessError):
            self._open_wizard(user=self.reader, source="paste", text="Alma Books")

    def test_hundreds_are_found_in_a_few_queries(self):
        customers = self._create_customers(300)
        wizard = self._paste(*customers.mapped("name"))
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.assertEqual(wizard.found_count, 300)
        self.assertLess(self.env.cr.sql_log_count - before, 20)

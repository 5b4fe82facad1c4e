"""Who is offered as recipient of which kind of document."""

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .contact_common import ContactCommon


@tagged("post_install", "-at_install")
class TestOfferedContacts(ContactCommon):
    people = ("stranger", "manager", "seller", "clerk")

    def _get_offered(self, code="invoice", customer=None, company=None, user=None):
        kind = self.env["recurring.document.kind"]._get_by_code(code)
        customer = (customer or self.customer).with_user(user or self.biller)
        return customer._get_offered_contacts(kind, company)

    def test_no_kinds_means_all_kinds(self):
        for code in ("quotation", "invoice", "report"):
            self.assertIn(self.anyone, self._get_offered(code))

    def test_kinds_limit(self):
        self.assertEqual(self._get_offered(), self.anyone | self.biller_there)
        self.assertEqual(self._get_offered("quotation"), self.anyone | self.buyer)

    def test_an_archived_kind_still_limits(self):
        self._get_kinds("invoice", "credit_note").active = False
        self.assertNotIn(self.biller_there, self._get_offered("quotation"))
        self.assertIn(self.biller_there, self._get_offered("invoice"))

    def test_asked_from_a_contact_it_is_the_same_customer(self):
        people = self._get_offered(customer=self.anyone)
        self.assertEqual(people, self.anyone | self.biller_there)

    def test_many_customers_in_one_search(self):
        customers = self.customer | self.other_customer
        self.assertEqual(
            self._get_offered(customer=customers),
            self.anyone | self.biller_there | self.foreigner,
        )

    def test_who_cannot_be_written_to_is_not_offered(self):
        self.anyone.email = False
        self.biller_there.active = False
        self.assertFalse(self._get_offered())

    def test_an_address_of_the_customer_is_offered(self):
        address = self._create_contact("Accounts", type="invoice")
        self.assertIn(address, self._get_offered())

    def test_people_of_a_daughter_company_belong_to_her(self):
        daughter = self._create_customer(
            name="Daughter", is_company=True, parent_id=self.customer.id
        )
        hers = self._create_contact("Dora", parent=daughter)
        self.assertFalse(self._get_offered() & (daughter | hers))
        self.assertEqual(self._get_offered(customer=daughter), hers)

    def test_contacts_of_another_company_do_not_appear(self):
        other = self._create_billing_company(name="Other Co")
        self.anyone.company_id = other
        self.assertNotIn(self.anyone, self._get_offered(user=self.biller))
        self.biller.company_ids |= other  # sees both: the document's company counts
        everybody = self.customer.with_user(self.biller).with_context(
            allowed_company_ids=(self.company | other).ids
        )
        kind = self._get_kinds("invoice")
        self.assertIn(self.anyone, everybody._get_offered_contacts(kind))
        self.assertNotIn(
            self.anyone, everybody._get_offered_contacts(kind, self.company)
        )

    def test_nobody_for_no_kind(self):
        none = self.env["recurring.document.kind"]
        self.assertFalse(self.customer._get_offered_contacts(none))

    # === KINDS === #

    def test_kind_of_documents(self):
        order = self._create_order()
        codes = [order._get_document_kind().code]
        codes.append(order.with_context(proforma=True)._get_document_kind().code)
        order.action_confirm()
        codes.append(order._get_document_kind().code)
        self.assertEqual(codes, ["quotation", "proforma", "order"])
        self.assertEqual(self._create_invoice()._get_document_kind().code, "invoice")
        credit_note = self._create_invoice(move_type="out_refund")
        self.assertEqual(credit_note._get_document_kind().code, "credit_note")

    def test_a_proforma_of_a_task_is_one_until_it_is_confirmed(self):
        task = self._start_task(document_type="proforma")
        self._run_cron("2027-04-01 08:00:00")
        order = self._get_documents(task).with_user(self.seller)
        self.assertEqual(order._get_document_kind().code, "proforma")
        order.action_confirm()
        self.assertEqual(order._get_document_kind().code, "order")

    def test_entries_have_no_kind(self):
        self.assertFalse(self.env["account.move"].new()._get_document_kind())

    def test_kinds_are_read_by_all_and_changed_by_managers(self):
        kind = self._get_kinds("report")
        self.assertTrue(kind.with_user(self.stranger).name)
        with self.assertRaises(AccessError):
            kind.with_user(self.biller).name = "Mine"
        kind.with_user(self.manager).name = "Statistics"
        with self.assertRaises(AccessError):
            kind.with_user(self.manager).unlink()

    def test_a_kind_that_comes_later_is_found(self):
        Kind = self.env["recurring.document.kind"]
        self.assertFalse(Kind._get_by_code("letter"))
        kind = Kind.create({"name": "Letter", "code": "letter"})
        self.assertEqual(Kind._get_by_code("letter"), kind)
        kind.unlink()
        self.assertFalse(Kind._get_by_code("letter"))

    # === NAMES IN THE LIST OF TICKS === #

    def test_name_says_who_it_is(self):
        self.anyone.write({"function": "Head", "department": "Purchasing"})
        label = "Ana Any · Head, Purchasing · ana.any@example.com"
        person = self.anyone.with_context(contact_choice="person")
        self.assertEqual(person.display_name, label)
        person = self.anyone.with_context(contact_choice="customer")
        self.assertEqual(person.display_name, f"Alma Books, {label}")
        self.assertEqual(self.anyone.display_name, "Alma Books, Ana Any")

    def test_the_list_of_ticks_is_complete(self):
        self.env["res.partner"].create(
            [{"name": f"P {n}", "parent_id": self.customer.id} for n in range(101)]
        )
        Partner = self.env["res.partner"].with_user(self.biller)
        domain = [("parent_id", "=", self.customer.id)]
        self.assertEqual(len(Partner.name_search("", domain)), 100)
        Partner = Partner.with_context(contact_choice="person")
        self.assertEqual(len(Partner.name_search("", domain)), 104)

    # === RECURRING TASKS === #

    def _get_proposed(self, line):
        domain = line._fields["contact_ids"]._description_domain(line.env)
        names = {
            "commercial_partner_id": line.commercial_partner_id.id,
            "partner_invoice_id": line.partner_invoice_id.id,
            "document_type": line.document_type,
        }
        return self.env["res.partner"].search(safe_eval(domain, names))

    def test_a_task_proposes_contacts_for_its_kind(self):
        line = self._create_task().recipient_ids
        self.assertEqual(self._get_proposed(line), self.anyone | self.biller_there)
        line.task_id.document_type = "quotation"
        self.assertEqual(self._get_proposed(line), self.anyone | self.buyer)

    def test_who_was_chosen_on_a_task_earlier_stays(self):
        line = self._create_task().recipient_ids
        line.contact_ids = self.biller_there
        self.biller_there.document_kind_ids = self._get_kinds("quotation")
        self.assertEqual(line._get_copy_partners(), self.biller_there)

    # === THE CONTACT'S PAGE === #

    def test_department_and_kinds_on_the_page(self):
        with Form(self.anyone.with_user(self.clerk)) as form:
            form.department = "Purchasing"
            form.document_kind_ids.add(self._get_kinds("invoice"))
        self.assertEqual(self.anyone.department, "Purchasing")
        self.assertEqual(self.anyone.document_kind_ids.code, "invoice")

    def test_wrong_entries_are_told_but_not_refused(self):
        form = Form(self.anyone.with_user(self.clerk))
        with self.assertLogs("odoo.tests.form", "WARNING") as caught:
            form.phone = "12"
            form.email = "ana@example"
        text = " ".join(caught.output)
        self.assertIn("“12” is not a phone number of Spain", text)
        self.assertIn("“ana@example” is not an e-mail address", text)
        form.save()
        self.assertEqual((self.anyone.phone, self.anyone.email), ("12", "ana@example"))

    def test_right_entries_are_not_remarked_upon(self):
        form = Form(self.anyone.with_user(self.clerk))
        with self.assertNoLogs("odoo.tests.form", "WARNING"):
            form.phone = "612 34 56 78"
            form.email = "ana@example.com, Ana <ana@home.example>"
        self.assertEqual(form.phone, "+34 612 34 56 78")

"""The dialogue "Add Contact" on a customer's page."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .contact_common import ContactCommon


@tagged("post_install", "-at_install")
class TestAddContact(ContactCommon):
    people = ("stranger", "clerk", "seller")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.loner = cls._create_customer(name="Lena Loner", phone="+34 612 34 56 78")

    def _open(self, person=None, customer=None, **values):
        customer = (customer or self.customer).with_user(self.clerk)
        action = customer.action_add_contact()
        form = Form(customer.env[action["res_model"]].with_context(**action["context"]))
        if person:
            form.partner_id = person
        for name, value in values.items():
            form[name] = value
        return form

    def _add(self, person=None, customer=None, **values):
        """Press the button; the contacts that came of it."""
        before = (customer or self.customer).child_ids
        self._open(person, customer, **values).save().action_add()
        return (customer or self.customer).child_ids - before

    def _refuse(self, *args, **values):
        with self.assertRaises(UserError) as caught:
            self._add(*args, **values)
        return str(caught.exception)

    # === A NEW PERSON === #

    def test_new_person(self):
        form = self._open(
            name="Nora New",
            email="Nora.New@Example.com",
            phone="612 34 56 78",
            function="Head",
            department="Purchasing",
        )
        form.document_kind_ids.add(self._get_kinds("invoice"))
        form.save().action_add()
        contact = self.customer.child_ids.filtered(lambda c: c.name == "Nora New")
        self.assertEqual(contact.email, "nora.new@example.com")
        self.assertEqual(contact.phone, "+34 612 34 56 78")
        self.assertEqual((contact.function, contact.department), ("Head", "Purchasing"))
        self.assertEqual(contact.document_kind_ids.code, "invoice")
        self.assertEqual((contact.type, contact.is_company), ("contact", False))
        self.assertEqual(contact.commercial_partner_id, self.customer)

    def test_the_contact_belongs_to_the_company_of_the_customer(self):
        self.customer.company_id = self.company
        self.assertEqual(self._add(name="Nora New").company_id, self.company)

    def test_the_phone_is_read_in_the_country_of_the_customer(self):
        self.customer.country_id = self.quick_ref("base.it")
        self.assertEqual(
            self._add(name="Nora New", phone="312 345 6789").phone, "+39 312 345 6789"
        )

    def test_a_wrong_phone_names_number_country_and_a_right_one(self):
        self.customer.country_id = self.quick_ref("base.it")
        text = self._refuse(name="Nora New", phone="12")
        self.assertIn("“12” is not a phone number of Italy", text)
        self.assertIn("+39 ", text)

    def test_a_wrong_email(self):
        text = self._refuse(name="Nora New", email="nora@example")
        self.assertIn("“nora@example” is not an e-mail address", text)

    # === SOMEBODY WHO IS THERE === #

    def test_someone_of_another_customer_stays_there(self):
        self.foreigner.write({"function": "Owner", "lang": "en_US"})
        form = self._open(self.foreigner)
        self.assertIn("belongs to Borja Bikes and stays there", form.outcome)
        contact = self._add(self.foreigner, department="Purchasing")
        self.assertEqual(self.foreigner.parent_id, self.other_customer)
        self.assertFalse(self.foreigner.department)
        self.assertEqual(contact.name, "Olga Other")
        self.assertEqual(contact.email, self.foreigner.email)
        self.assertEqual(contact.lang, "en_US")
        self.assertFalse(contact.function, "a job there says nothing about here")

    def test_added_twice_is_there_once(self):
        self.assertEqual(len(self._add(self.foreigner)), 1)
        form = self._open(self.foreigner)
        self.assertIn("is a contact of Alma Books already", form.outcome)
        self.assertFalse(self._add(self.foreigner, function="Adviser"))
        here = self.customer.child_ids.filtered(lambda c: c.name == "Olga Other")
        self.assertEqual(here.function, "Adviser")

    def test_someone_alone_is_linked(self):
        self.assertEqual(self._add(self.loner, department="Sales"), self.loner)
        self.assertEqual(self.loner.parent_id, self.customer)
        self.assertEqual(self.loner.department, "Sales")

    def assertStays(self, person):
        """A separate contact is made, and the person's record is as before."""
        before = (person.parent_id, person.street, person.vat, person.write_date)
        contact = self._add(person)
        self.assertEqual(contact.name, person.name)
        self.assertNotEqual(contact, person)
        after = (person.parent_id, person.street, person.vat, person.write_date)
        self.assertEqual(before, after)

    def test_a_user_stays(self):
        self.assertStays(self.seller.partner_id)

    def test_a_customer_with_orders_stays(self):
        self._create_order(self.loner)
        self.assertStays(self.loner)

    def test_a_customer_with_invoices_stays(self):
        self._create_invoice(self.loner)
        self.loner.customer_rank = 0
        self.assertStays(self.loner)

    def test_a_customer_of_a_task_stays(self):
        self._create_task(self.loner)
        self.assertStays(self.loner)

    def test_a_customer_by_mark_stays(self):
        self.loner.customer_rank = 1
        self.assertStays(self.loner)

    def test_someone_with_contacts_stays(self):
        self._create_contact("Child", parent=self.loner)
        self.assertStays(self.loner)

    def test_someone_with_an_address_of_his_own_keeps_it(self):
        """Linked, he would get the customer's address, or give the customer his."""
        self.loner.street = "Home Street 1"
        self.assertStays(self.loner)
        self.assertFalse(self.customer.street)

    def test_someone_of_a_company_stays_there(self):
        self.loner.company_id = self.company
        self.assertStays(self.loner)

    def test_the_customer_is_no_contact_of_his_own(self):
        wizard = self.env["res.partner.add.contact"].with_user(self.clerk)
        values = {"customer_id": self.customer.id, "partner_id": self.customer.id}
        with self.assertRaises(UserError) as caught:
            wizard.create(values).action_add()
        self.assertIn("is the customer", str(caught.exception))

    # === SOMEBODY WHO IS HERE === #

    def test_a_contact_is_updated(self):
        self.anyone.write({"function": "Clerk", "department": "Sales"})
        form = self._open(self.anyone)
        self.assertIn("is a contact of Alma Books already", form.outcome)
        self.assertEqual((form.function, form.department), ("Clerk", "Sales"))
        form.function = "Head"
        form.department = False
        form.save().action_add()
        self.assertEqual(
            (self.anyone.function, self.anyone.department), ("Head", False)
        )

    def test_typed_again_is_updated(self):
        self.anyone.write({"department": "Sales", "phone": "+34 612 34 56 78"})
        new = self._add(name="ana any", email="ANA.ANY@example.com", function="Head")
        self.assertFalse(new)
        self.assertEqual(self.anyone.function, "Head")
        self.assertEqual(self.anyone.department, "Sales", "it was not shown")
        self.assertEqual(self.anyone.phone, "+34 612 34 56 78")

    def test_kinds_that_are_no_longer_used_still_limit(self):
        kinds = self.biller_there.document_kind_ids
        kinds.active = False
        self._add(self.biller_there, function="Head")
        self.assertEqual(self.biller_there.document_kind_ids, kinds)

    def test_an_archived_contact_comes_back(self):
        self.anyone.active = False
        self._add(name="Ana Any", email="ana.any@example.com")
        self.assertTrue(self.anyone.active)

    def test_the_address_of_somebody_else_here(self):
        text = self._refuse(name="Anton New", email="ana.any@example.com")
        self.assertIn("is the address of Ana Any here already", text)
        self.assertEqual(self.anyone.name, "Ana Any")

    def test_namesakes_with_addresses_of_their_own(self):
        new = self._add(name="Ana Any", email="ana.2@example.com")
        self.assertEqual(len(new), 1)

    # === RIGHTS === #

    def test_only_who_may_create_partners(self):
        with self.assertRaises(AccessError):
            self.customer.with_user(self.stranger).action_add_contact()
        wizard = self.env["res.partner.add.contact"].with_user(self.stranger)
        wizard = wizard.create({"customer_id": self.anyone.id})
        with self.assertRaises(AccessError):  # before a word about the missing name
            wizard.action_add()

    def test_nobody_learns_of_people_of_other_companies(self):
        other = self._create_billing_company(name="Other Co")
        self.foreigner.company_id = other
        wizard = self.env["res.partner.add.contact"].with_user(self.clerk)
        with self.assertRaises(AccessError):
            wizard.create(
                {"customer_id": self.customer.id, "partner_id": self.foreigner.id}
            ).read(["name"])

    def test_no_contact_for_a_customer_of_another_company(self):
        other = self._create_billing_company(name="Other Co")
        self.customer.company_id = other
        wizard = self.env["res.partner.add.contact"].with_user(self.clerk)
        wizard = wizard.create({"customer_id": self.other_customer.id, "name": "Nora"})
        wizard.sudo().customer_id = self.customer
        with self.assertRaises(AccessError):
            wizard.action_add()

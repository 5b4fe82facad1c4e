"""Every dialogue that sends lists the offered contacts; ticked ones get the mail."""

from odoo import Command
from odoo.tests import tagged

from .contact_common import ContactCommon


@tagged("post_install", "-at_install", "slow")
class TestInvoiceDialogue(ContactCommon):
    def test_ticked_contact_gets_the_invoice(self):
        form = self._open_invoice(self._create_invoice())
        form.contact_ids.add(self.biller_there)
        self._send(form, "action_send_and_print")
        self.assertMailed(self.customer, self.biller_there)

    def test_nobody_is_ticked_and_the_addressee_stays(self):
        form = self._open_invoice(self._create_invoice())
        self.assertOffered(form, self.anyone, self.biller_there)
        self.assertFalse(form.contact_ids.ids)
        self._send(form, "action_send_and_print")
        self.assertMailed(self.customer)

    def test_without_contacts_nothing_is_listed(self):
        form = self._open_invoice(self._create_invoice(self._create_customer()))
        self.assertOffered(form)
        self.assertEqual(len(form.mail_partner_ids.ids), 1)

    def test_the_addressee_is_not_listed_again(self):
        form = self._open_invoice(self._create_invoice(self.anyone))
        self.assertOffered(form, self.biller_there)

    def test_a_tick_taken_away(self):
        form = self._open_invoice(self._create_invoice())
        form.contact_ids.add(self.anyone)
        self.assertIn(self.anyone.id, form.mail_partner_ids.ids)
        form.contact_ids.remove(self.anyone.id)
        self.assertEqual(form.mail_partner_ids.ids, self.customer.ids)

    def test_added_by_hand_is_ticked(self):
        form = self._open_invoice(self._create_invoice())
        form.mail_partner_ids.add(self.anyone)
        self.assertEqual(form.contact_ids.ids, self.anyone.ids)
        form.mail_partner_ids.add(self.foreigner)  # Odoo's list takes anybody
        self.assertEqual(form.contact_ids.ids, self.anyone.ids)
        self._send(form, "action_send_and_print")
        self.assertMailed(self.customer, self.anyone, self.foreigner)

    def test_credit_note(self):
        self.biller_there.document_kind_ids = self._get_kinds("credit_note")
        form = self._open_invoice(self._create_invoice(move_type="out_refund"))
        self.assertOffered(form, self.anyone, self.biller_there)
        form = self._open_invoice(self._create_invoice())
        self.assertOffered(form, self.anyone)

    def test_contacts_of_another_company_are_not_listed(self):
        self.anyone.company_id = self._create_billing_company(name="Other Co")
        form = self._open_invoice(self._create_invoice())
        self.assertOffered(form, self.biller_there)

    def test_only_offered_contacts_count(self):
        """Another program sends what it likes."""
        wizard = (
            self.env["account.move.send.wizard"]
            .with_user(self.biller)
            .create(
                {
                    "move_id": self._create_invoice().id,
                    "contact_ids": [
                        Command.set((self.foreigner | self.buyer | self.anyone).ids)
                    ],
                }
            )
        )
        with self.mock_mail_gateway():
            wizard.action_send_and_print()
        self.assertMailed(self.customer, self.anyone)

    def test_opening_costs_the_same_for_10_and_100_contacts(self):
        counts = []
        for many in (3, 10, 100):  # the first fills the server's caches
            customer = self._create_customer(name=f"Customer {many}", is_company=True)
            self.env["res.partner"].create(
                [
                    {
                        "name": f"Contact {n}",
                        "email": f"contact{n}@example.com",
                        "parent_id": customer.id,
                        "document_kind_ids": [
                            Command.set(self._get_kinds("invoice").ids)
                        ],
                    }
                    for n in range(many)
                ]
            )
            invoice = self._create_invoice(customer)
            with self.counting() as counted:
                form = self._open_invoice(invoice)
                names = self.env["res.partner"].with_context(contact_choice="person")
                names.name_search("", [("id", "in", form.offered_contact_ids.ids)])
            counts.append(counted.statements)
            self.assertEqual(len(form.offered_contact_ids.ids), many)
        self.assertEqual(counts[1], counts[2])


@tagged("post_install", "-at_install", "slow")
class TestManyInvoicesDialogue(ContactCommon):
    def setUp(self):
        super().setUp()
        self.invoices = self._create_invoice() | self._create_invoice(
            self.other_customer
        )

    def _open_many(self, *contacts):
        contacts = self.env["res.partner"].union(*contacts)
        wizard = self.env["account.move.send.batch.wizard"].with_user(self.biller)
        return wizard.create(
            {
                "move_ids": [Command.set(self.invoices.ids)],
                "contact_ids": [Command.set(contacts.ids)],
            }
        )

    def _run_queue(self):
        """Odoo's scheduled action for waiting invoices."""
        with self.mock_mail_gateway(), self.enter_registry_test_mode():
            self.env.ref("account.ir_cron_account_move_send").method_direct_trigger()

    def _get_mailed(self):
        """Whom each invoice was mailed to, in the order of the invoices."""
        mailed = dict.fromkeys(self.invoices, self.env["res.partner"])
        for mail in self._new_mails:
            mailed[self.env["account.move"].browse(mail.res_id)] |= mail.recipient_ids
        return [mailed[invoice] for invoice in self.invoices]

    def test_each_gets_the_invoices_of_his_own_customer(self):
        wizard = self._open_many(self.anyone, self.foreigner)
        wizard.action_send_and_print()
        self._run_queue()
        self.assertEqual(
            self._get_mailed(),
            [self.customer | self.anyone, self.other_customer | self.foreigner],
        )

    def test_at_once(self):
        wizard = self._open_many(self.anyone)
        with self.mock_mail_gateway():
            wizard.action_send_and_print(force_synchronous=True)
        self.assertEqual(
            self._get_mailed(), [self.customer | self.anyone, self.other_customer]
        )

    def test_nobody_is_ticked(self):
        wizard = self._open_many()
        self.assertOffered(wizard, self.anyone, self.biller_there, self.foreigner)
        wizard.action_send_and_print()
        self.assertNotIn("document_contact_ids", self.invoices[0].sending_data)
        self._run_queue()
        self.assertEqual(self._get_mailed(), [self.customer, self.other_customer])

    def test_only_offered_contacts_count(self):
        wizard = self._open_many(self.buyer)
        wizard.action_send_and_print()
        self._run_queue()
        self.assertEqual(self._get_mailed(), [self.customer, self.other_customer])

    def test_what_was_noted_on_the_invoice_is_asked_again(self):
        self._open_many(self.anyone).action_send_and_print()
        for invoice in self.invoices:
            invoice.sending_data = {
                **invoice.sending_data,
                "document_contact_ids": (self.anyone | self.buyer).ids,
            }
        self._run_queue()
        self.assertEqual(
            self._get_mailed(), [self.customer | self.anyone, self.other_customer]
        )

    def test_an_offer_for_one_kind_holds_for_that_kind(self):
        self.biller_there.document_kind_ids = self._get_kinds("credit_note")
        self.invoices |= self._create_invoice(move_type="out_refund")
        wizard = self._open_many(self.biller_there)
        wizard.action_send_and_print()
        self._run_queue()
        self.assertEqual(
            self._get_mailed(),
            [self.customer, self.other_customer, self.customer | self.biller_there],
        )

    def test_invoices_by_post_list_nobody(self):
        self.customer.with_company(self.company).invoice_sending_method = "manual"
        wizard = self._open_many()
        self.assertOffered(wizard, self.foreigner)


@tagged("post_install", "-at_install", "slow")
class TestComposer(ContactCommon):
    people = ("seller",)

    def test_ticked_contact_gets_the_quotation(self):
        form = self._open_composer(self._create_order())
        self.assertOffered(form, self.anyone, self.buyer)
        form.contact_ids.add(self.buyer)
        self._send(form, "action_send_mail")
        self.assertMailed(self.customer, self.buyer)

    def test_nobody_is_ticked_and_the_addressee_stays(self):
        form = self._open_composer(self._create_order())
        self.assertFalse(form.contact_ids.ids)
        self._send(form, "action_send_mail")
        self.assertMailed(self.customer)

    def test_without_contacts_nothing_is_listed(self):
        customer = self._create_customer()
        form = self._open_composer(self._create_order(customer))
        self.assertOffered(form)
        self._send(form, "action_send_mail")
        self.assertMailed(customer)

    def test_order(self):
        order = self._create_order()
        order.action_confirm()
        self.buyer.document_kind_ids = self._get_kinds("order")
        form = self._open_composer(order)
        self.assertOffered(form, self.anyone, self.buyer)
        form.contact_ids.add(self.buyer)
        self._send(form, "action_send_mail")
        self.assertMailed(self.customer, self.buyer)

    def test_proforma(self):
        self.anyone.document_kind_ids = self._get_kinds("quotation")
        form = self._open_composer(self._create_order(), proforma=True)
        self.assertOffered(form, self.buyer)
        form.contact_ids.add(self.buyer)
        self._send(form, "action_send_mail")
        self.assertMailed(self.customer, self.buyer)

    def test_only_offered_contacts_count(self):
        order = self._create_order().with_user(self.seller)
        context = order.action_quotation_send()["context"]
        everybody = self.foreigner | self.biller_there | self.anyone
        composer = (
            order.env["mail.compose.message"]
            .with_context(**context)
            .create({"contact_ids": [Command.set(everybody.ids)]})
        )
        with self.mock_mail_gateway():
            composer.action_send_mail()
        self.assertMailed(self.customer, self.anyone)

    def test_many_orders_list_nobody(self):
        orders = self._create_order() | self._create_order(self.other_customer)
        form = self._open_composer(orders)
        self.assertEqual(form.composition_mode, "mass_mail")
        self.assertOffered(form)

    def test_a_note_lists_nobody(self):
        composer = self.env["mail.compose.message"].new(
            {
                "model": "sale.order",
                "res_ids": str(self._create_order().ids),
                "composition_mode": "comment",
                "subtype_id": self.env.ref("mail.mt_note").id,
            }
        )
        self.assertFalse(composer.offered_contact_ids)

    def test_other_records_list_nobody_and_cost_nothing(self):
        composer = self.env["mail.compose.message"].create(
            {
                "model": "res.partner",
                "res_ids": str(self.customer.ids),
                "composition_mode": "comment",
                "partner_ids": [Command.set(self.anyone.ids)],
            }
        )
        self.env.flush_all()
        composer.read(["model", "res_ids", "composition_mode", "composition_batch"])
        with self.assertQueryCount(0):
            self.assertFalse(composer.offered_contact_ids)
            self.assertFalse(composer.contact_ids)
        self.assertEqual(composer.partner_ids, self.anyone)


@tagged("post_install", "-at_install", "slow")
class TestSendAgainDialogue(ContactCommon):
    def _open_again(self, documents, **values):
        action = documents.with_user(self.biller).action_send_again()
        wizard = self.env[action["res_model"]].with_user(self.biller)
        wizard = wizard.browse(action["res_id"])
        wizard.write(values)
        return wizard

    def _send_again(self, documents, *contacts, **values):
        contacts = self.env["res.partner"].union(*contacts)
        wizard = self._open_again(
            documents, contact_ids=[Command.set(contacts.ids)], **values
        )
        wizard.action_send()
        return self._get_rows_of(documents)

    def _get_rows_of(self, documents):
        rows = self.env["document.delivery"].sudo()
        rows = rows.search([("res_id", "in", documents.ids)], limit=len(documents))
        return rows.sorted(lambda row: documents.ids.index(row.res_id))

    def test_ticked_contact_is_in_copy(self):
        row = self._send_again(self._create_invoice(), self.anyone)
        self.assertEqual(row.partner_ids, self.customer | self.anyone)
        self.assertEqual(row.partner_cc_ids, self.anyone)
        self.assertIn("ana.any@example.com", row.email_cc)

    def test_nobody_is_ticked_and_the_addressee_stays(self):
        wizard = self._open_again(self._create_invoice())
        self.assertOffered(wizard, self.anyone, self.biller_there)
        self.assertFalse(wizard.contact_ids)
        row = self._send_again(self._create_invoice())
        self.assertEqual(row.partner_ids, self.customer)

    def test_to_other_addresses_as_well(self):
        row = self._send_again(
            self._create_invoice(),
            self.anyone,
            address_mode="other",
            partner_to_ids=[Command.set(self.foreigner.ids)],
        )
        self.assertEqual(row.partner_ids, self.foreigner | self.anyone)

    def test_who_gets_it_anyway_is_not_listed(self):
        invoice = self._create_invoice()
        self._send_again(invoice, self.anyone)
        wizard = self._open_again(invoice)
        self.assertOffered(wizard, self.biller_there)
        wizard.address_mode = "other"
        self.assertOffered(wizard, self.anyone, self.biller_there)

    def test_each_gets_the_documents_of_his_own_customer(self):
        invoices = self._create_invoice() | self._create_invoice(self.other_customer)
        rows = self._send_again(invoices, self.anyone, self.foreigner)
        self.assertEqual(rows[0].partner_ids, self.customer | self.anyone)
        self.assertEqual(rows[1].partner_ids, self.other_customer | self.foreigner)

    def test_only_offered_contacts_count(self):
        row = self._send_again(self._create_invoice(), self.buyer, self.foreigner)
        self.assertEqual(row.partner_ids, self.customer)

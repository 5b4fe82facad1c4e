from odoo import Command
from odoo.tests import new_test_user, tagged

from .delivery_common import DeliveryCommon


@tagged("post_install", "-at_install", "slow")
class TestDeliveryMail(DeliveryCommon):
    """What a customer finds in his mailbox."""

    def test_everybody_stands_in_one_mail(self):
        rows = self._issue(contact_ids=[Command.link(self.contact.id)])
        server = self._send(rows)
        self.assertEqual(len(server.received), 1)
        self.assertEqual(
            rows.mail_mail_id.email_to, '"Azure Interior" <office@azure.example>'
        )
        self.assertEqual(
            rows.mail_mail_id.email_cc, '"Brandon Freeman" <brandon@azure.example>'
        )
        addresses, text = server.received[0]
        self.assertEqual(addresses, ["office@azure.example", "brandon@azure.example"])
        self.assertIn(b'Cc: "Brandon Freeman" <brandon@azure.example>', text)
        self.assertEqual(text.count(b"brandon@azure.example"), 1)
        self.assertEqual(rows.state, "sent")
        self.assertEqual(rows.occurrence_id.state, "sent")

    def test_colleague_who_reads_in_odoo_gets_the_mail(self):
        colleague = new_test_user(
            self.env, "colleague", groups="base.group_user", email="c@supplier.example"
        )
        colleague.notification_type = "inbox"
        rows = self._issue(copy_user_ids=[Command.link(colleague.id)])
        server = self._send(rows)
        self.assertIn("c@supplier.example", server.received[0][0])
        notifications = rows.mail_message_id.notification_ids
        self.assertEqual(set(notifications.mapped("notification_type")), {"email"})
        self.assertEqual(
            notifications.res_partner_id, self.customer | colleague.partner_id
        )

    def test_follower_who_was_not_chosen_gets_nothing(self):
        invoice = self._make_invoice()
        follower = self.env["res.partner"].create(
            {"name": "Follower", "email": "follower@azure.example"}
        )
        invoice.message_subscribe(partner_ids=follower.ids)
        rows = self._issue(document=invoice)
        server = self._send(rows)
        self.assertEqual(
            [a for a, _text in server.received], [["office@azure.example"]]
        )
        self.assertEqual(
            rows.mail_message_id.notification_ids.res_partner_id, self.customer
        )

    def test_follower_who_was_chosen_is_in_the_same_mail(self):
        invoice = self._make_invoice()
        invoice.message_subscribe(partner_ids=(self.contact | self.customer).ids)
        rows = self._issue(
            document=invoice, contact_ids=[Command.link(self.contact.id)]
        )
        server = self._send(rows)
        self.assertEqual(len(server.received), 1)
        self.assertEqual(len(server.received[0][0]), 2)

    def test_two_customers_of_one_batch_keep_their_own_text_and_addresses(self):
        task = self._create_task(mail_greeting="Text of the task")
        other = self.env["res.partner"].create(
            {"name": "Deco", "email": "d@deco.example"}
        )
        rows = self._issue(task) | self._issue(
            task, other, mail_greeting="Text for Deco"
        )
        self._send(rows)
        bodies = {row.partner_id.name: row.mail_mail_id.body_html for row in rows}
        self.assertIn("Text of the task", bodies["Azure Interior"])
        self.assertNotIn("Deco", bodies["Azure Interior"])
        self.assertIn("Text for Deco", bodies["Deco"])
        self.assertEqual(rows.mapped("state"), ["sent", "sent"])

    def test_personal_text_stands_after_the_name_and_is_text(self):
        rows = self._issue(mail_greeting="We moved.\n<b>New</b> address")
        body = str(self._queue(rows).body_html)
        name, text = body.index("Azure Interior,"), body.index("We moved.")
        self.assertLess(name, text)
        self.assertLess(text, body.index("Here is"))
        self.assertIn("&lt;b&gt;New&lt;/b&gt; address", body)

    def test_mail_speaks_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.env.ref("account.email_template_edi_invoice")
        template.with_context(lang="fr_FR").subject = "Facture {{ object.name }}"
        self.customer.lang = "fr_FR"
        rows = self._issue(contact_ids=[Command.link(self.contact.id)])
        self.assertTrue(self._queue(rows).subject.startswith("Facture"))

    def test_subject_sender_and_answers_of_the_task(self):
        task = self._create_task(
            mail_subject="{company}: {number} for {customer} {{ 7*7 }}",
            email_from="Billing <billing@supplier.example>",
            reply_to="answers@supplier.example",
        )
        rows = self._issue(task)
        mail = self._queue(rows)
        name = rows.document_name
        self.assertEqual(
            mail.subject,
            f"{self.company.name}: {name} for Azure Interior {{{{ 7*7 }}}}",
        )
        self.assertIn("billing@supplier.example", mail.email_from)
        self.assertEqual(mail.reply_to, "answers@supplier.example")

    def test_attachments_are_those_chosen(self):
        terms = self.env["ir.attachment"].create({"name": "terms.pdf", "raw": b"terms"})
        with_pdf = self._issue(
            self._create_task(attachment_ids=[Command.link(terms.id)])
        )
        names = self._queue(with_pdf).attachment_ids.mapped("name")
        self.assertEqual(len(names), 2)
        self.assertIn("terms.pdf", names)
        without = self._issue(self._create_task(attach_pdf=False))
        self.assertFalse(self._queue(without).attachment_ids)
        self.assertEqual(terms.res_model, False)

    def test_quotation_goes_out_with_pdf_and_is_marked_as_sent(self):
        order = self._make_order()
        task = self._create_task(document_type="quotation", mail_greeting="Good news")
        rows = self._issue(
            task, document=order, contact_ids=[Command.link(self.contact.id)]
        )
        server = self._send(rows)
        self.assertEqual(rows.state, "sent", rows.reason)
        self.assertEqual(len(server.received), 1)
        self.assertEqual(order.state, "sent")
        body = str(rows.mail_mail_id.body_html)
        self.assertIn("Hello Azure Interior,", body)
        self.assertLess(body.index("Azure Interior,"), body.index("Good news"))
        self.assertEqual(len(rows.mail_mail_id.attachment_ids), 1)

    def test_link_in_a_shared_mail_lets_nobody_act_as_the_customer(self):
        rows = self._issue(contact_ids=[Command.link(self.contact.id)])
        body = str(self._queue(rows).body_html)
        self.assertIn("access_token=", body)
        self.assertNotIn("&amp;hash=", body)
        self.assertNotIn("signup_token", body)

    def test_mail_is_kept_after_it_was_sent(self):
        rows = self._issue()
        self._send(rows)
        self.assertTrue(rows.mail_mail_id.exists())
        self.assertFalse(rows.mail_mail_id.auto_delete)
        self.assertEqual(rows.subject, rows.mail_mail_id.subject)

    def test_person_asked_to_confirm_gets_a_message_of_his_own(self):
        rows = self._issue(ack_partner_ids=[Command.link(self.contact.id)])
        self.assertEqual(
            sorted(rows.mapped("purpose")), ["acknowledgement", "document"]
        )
        server = self._send(rows)
        self.assertEqual(
            sorted(addresses for addresses, _text in server.received),
            [["brandon@azure.example"], ["office@azure.example"]],
        )
        own = rows.filtered(lambda row: row.purpose == "acknowledgement")
        self.assertIn(own._get_acknowledge_url(), own.mail_mail_id.body_html)
        self.assertNotIn("/recurring/acknowledge/", (rows - own).mail_mail_id.body_html)

    def test_other_mails_take_their_usual_way(self):
        invoice = self._make_invoice()
        invoice.message_subscribe(partner_ids=self.contact.ids)
        message = invoice.with_context(mail_notify_force_send=False).message_post(
            body="Hello", partner_ids=self.customer.ids, subtype_xmlid="mail.mt_comment"
        )
        self.assertEqual(
            message.notification_ids.res_partner_id, self.customer | self.contact
        )

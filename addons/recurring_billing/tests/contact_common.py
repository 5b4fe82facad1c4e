"""Fixtures for the tests of contacts and sending dialogues; holds no tests."""

from odoo import Command
from odoo.tests import Form

from odoo.addons.mail.tests.common import MockEmail

from .common import RecurringCommon


class ContactCommon(RecurringCommon, MockEmail):
    """A customer with three people: one for all kinds, one for some, one for others."""

    GROUPS = {
        **RecurringCommon.GROUPS,
        "seller": "sales_team.group_sale_salesman_all_leads",
        "clerk": "base.group_user,base.group_partner_manager",
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.is_company = cls.other_customer.is_company = True
        cls.anyone = cls._create_contact("Ana Any")
        cls.biller_there = cls._create_contact("Ines Invoice", "invoice", "credit_note")
        cls.buyer = cls._create_contact("Quim Quote", "quotation", "proforma")
        cls.foreigner = cls._create_contact("Olga Other", parent=cls.other_customer)

    @classmethod
    def _create_contact(cls, name, *codes, parent=None, **values):
        """A contact of ``customer``, offered for the kinds with these codes."""
        return cls._create_customer(
            name=name,
            parent_id=(parent or cls.customer).id,
            document_kind_ids=[Command.set(cls._get_kinds(*codes).ids)],
            **values,
        )

    @classmethod
    def _get_kinds(cls, *codes):
        return cls.env["recurring.document.kind"].search([("code", "in", codes)])

    # === DOCUMENTS === #

    @classmethod
    def _create_invoice(cls, partner=None, move_type="out_invoice", company=None):
        env = cls._get_company_env(company or cls.company)
        move = env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": (partner or cls.customer).id,
                "invoice_date": "2027-03-01",
                "invoice_line_ids": [
                    Command.create({"name": "Service", "price_unit": 100})
                ],
            }
        )
        move.action_post()
        return move

    @classmethod
    def _create_order(cls, partner=None):
        return cls.env["sale.order"].create(
            {
                "partner_id": (partner or cls.customer).id,
                "user_id": False,  # Odoo would send him a copy
                "order_line": [Command.create({"product_id": cls.product.id})],
            }
        )

    # === DIALOGUES === #

    def _open_invoice(self, invoice, user=None):
        """The dialogue for one invoice as the screen shows it."""
        wizard = self.env["account.move.send.wizard"].with_user(user or self.biller)
        return Form(
            wizard.with_context(active_model="account.move", active_ids=invoice.ids)
        )

    def _open_composer(self, order, user=None, **context):
        """The dialogue behind "Send" on a quotation or order."""
        order = order.with_user(user or self.seller).with_context(**context)
        action = order.action_quotation_send()
        composer = order.env["mail.compose.message"].with_context(**action["context"])
        return Form(composer)

    def _send(self, form, method):
        """Press the button; note whom mails were made for."""
        dialogue = form.save()
        with self.mock_mail_gateway():
            getattr(dialogue, method)()
        return dialogue

    def assertMailed(self, *partners):
        """The mails that were just made go to these people and to nobody else."""
        expected = self.env["res.partner"].union(*partners)
        self.assertEqual(self._new_mails.recipient_ids, expected)
        addresses = {to for mail in self._mails for to in mail["email_to"]}
        self.assertEqual(addresses, set(expected.mapped("email_formatted")))

    def assertOffered(self, dialogue, *partners):
        offered = self.env["res.partner"].browse(dialogue.offered_contact_ids.ids)
        self.assertEqual(offered, self.env["res.partner"].union(*partners))

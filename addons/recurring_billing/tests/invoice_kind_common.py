"""Fixtures for kinds of invoice; holds no tests."""

from odoo import Command

from .common import RecurringCommon

ADDRESS = {"street": "Calle Mayor 1", "zip": "28013", "city": "Madrid"}
#: Numbers that pass core's check of the digits.
COMPANY_VAT = "ESA28017895"
CUSTOMER_VAT = "ESB83562488"


class InvoiceKindCommon(RecurringCommon):
    """A company and a customer with complete data, and invoices of theirs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["account.journal"].create(
            [
                {
                    "name": name,
                    "code": name[:4].upper(),
                    "type": kind,
                    "default_account_id": cls.journal.default_account_id.id,
                }
                for name, kind in (("Bills", "purchase"), ("Entries", "general"))
            ]
        )
        spain = cls.quick_ref("base.es").id
        cls.company.partner_id.write(
            {**ADDRESS, "vat": COMPANY_VAT, "country_id": spain}
        )
        cls.customer.write(
            {**ADDRESS, "vat": CUSTOMER_VAT, "country_id": spain, "is_company": True}
        )

    @classmethod
    def _prepare_invoice(cls, **values):
        return {
            "move_type": "out_invoice",
            "partner_id": cls.customer.id,
            "invoice_date": "2027-03-15",
            "invoice_line_ids": [Command.create({"product_id": cls.product.id})],
            **values,
        }

    @classmethod
    def _create_invoice(cls, **values):
        """A draft over 121.00 EUR, as the biller makes it."""
        return (
            cls.env["account.move"]
            .with_user(cls.biller)
            .create(cls._prepare_invoice(**values))
        )

    @classmethod
    def _post_invoice(cls, **values):
        invoice = cls._create_invoice(**values)
        invoice.action_post()
        return invoice

    def _reverse(self, invoice, **values):
        """The draft credit note that core's dialogue makes."""
        wizard = (
            self.env["account.move.reversal"]
            .with_user(self.biller)
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"journal_id": invoice.journal_id.id, **values})
        )
        wizard.refund_moves()
        return wizard.new_move_ids

    # === ORDERS === #

    @classmethod
    def _create_order(cls, day="2027-02-10", customer=None, **values):
        """A confirmed order of a day over one unit of ``product``, to invoice."""
        lines = values.pop("lines", [{"product_id": cls.product.id}])
        order = cls.env["sale.order"].create(
            {
                "partner_id": (customer or cls.customer).id,
                "order_line": [Command.create(line) for line in lines],
                **values,
            }
        )
        order.action_confirm()
        order.date_order = f"{day} 10:00:00"
        return order.with_user(cls.biller)

    def _open_wizard(self, records, **values):
        """The dialogue as its button opens it on ``records``."""
        action = records.action_recapitulative_invoice()
        return (
            self.env[action["res_model"]]
            .with_user(self.biller)
            .with_context(**action["context"])
            .create(values)
        )

    def _bill_together(self, records, **values):
        """The draft invoice that the dialogue makes of ``records``."""
        action = self._open_wizard(records, **values).action_create()
        return self.env["account.move"].with_user(self.biller).browse(action["res_id"])

    def _get_lines(self, invoice):
        """Type and first line of the text of each line, as printed."""
        lines = invoice.invoice_line_ids.sorted(lambda line: (line.sequence, line.id))
        return [
            (line.display_type.replace("line_", ""), line.name.splitlines()[0])
            for line in lines
        ]

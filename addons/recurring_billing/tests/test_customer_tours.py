"""The customer's page as people use it, on a desktop and on a phone."""

from odoo import Command
from odoo.tests import tagged

from .test_tours import TourCase


class CustomerTourCase(TourCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.is_company = True
        invoice = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": cls.customer.id,
                "invoice_line_ids": [Command.create({"product_id": cls.product.id})],
            }
        )
        invoice.action_post()
        cls._store_files(invoice)

    @classmethod
    def _store_files(cls, invoice):
        """The files that sending the invoice would have left."""
        for name, field, content in (
            ("invoice.pdf", "invoice_pdf_report_file", b"%PDF-1.4"),
            ("invoice.xml", "ubl_cii_xml_file", b"<Invoice/>"),
        ):
            cls.env["ir.attachment"].create(
                {
                    "name": name,
                    "raw": content,
                    "res_model": invoice._name,
                    "res_id": invoice.id,
                    "res_field": field,
                }
            )

    def _tour(self, name):
        self.start_tour(
            f"/odoo/res.partner/{self.customer.id}", name, login="tour_biller"
        )


@tagged("post_install", "-at_install", "tour")
class TestCustomerDesktop(CustomerTourCase):
    browser_size = "1366x768"

    def test_sales_are_read_downloaded_and_billed_periodically(self):
        self._tour("recurring_billing_customer_desktop")


@tagged("post_install", "-at_install", "tour")
class TestCustomerPhone(CustomerTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_sales_are_read_downloaded_and_billed_periodically(self):
        self._tour("recurring_billing_customer_phone")

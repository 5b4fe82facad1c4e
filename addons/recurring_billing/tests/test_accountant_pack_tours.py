"""The accountant's pack as people make it, on a desktop and on a phone."""

from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import tagged

from .test_tours import TourCase


class PackTourCase(TourCase):
    def setUp(self):
        super().setUp()
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": fields.Date.today(),
                "invoice_line_ids": [Command.create({"product_id": self.product.id})],
            }
        )
        invoice.action_post()
        self.startPatcher(
            patch.object(
                type(self.env["document.printer"]),
                "_print",
                lambda printer, report, moves: {
                    move.id: (f"{move.name}.pdf", b"%PDF-1.4") for move in moves
                },
            )
        )

    def _tour(self):
        self.start_tour(
            "/odoo/accountant-packs",
            "recurring_billing_accountant_pack",
            login="tour_biller",
        )
        pack = self.env["accountant.pack"].search([("user_id", "=", self.biller.id)])
        self.assertEqual((pack.state, pack.document_count), ("done", 1))


@tagged("post_install", "-at_install", "tour")
class TestPackDesktop(PackTourCase):
    browser_size = "1366x768"

    def test_a_pack_is_made_and_downloaded(self):
        self._tour()


@tagged("post_install", "-at_install", "tour")
class TestPackPhone(PackTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_a_pack_is_made_and_downloaded(self):
        self._tour()

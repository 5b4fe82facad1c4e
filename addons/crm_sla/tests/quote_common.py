"""A quotation to sign, and signatures to sign it with."""

import base64
import io

from PIL import Image, ImageDraw

from odoo import Command, fields

from ..signature_strokes import clean_strokes
from ..signing_facts import SigningFacts
from .common import SlaCommon

#: Two strokes, two seconds, pressed with half the force.
STROKES = [[[0, 0, 0, 0.5], [9, 9, 800, 0.5]], [[5, 5, 1500, 0.5], [6, 6, 2000, 0.5]]]


def draw_signature(width=300):
    """A PNG, in base64, as the browser sends it."""
    image = Image.new("RGBA", (width, 100))
    ImageDraw.Draw(image).line((10, 90, width - 10, 10), fill="black", width=2)
    file = io.BytesIO()
    image.save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


class QuoteCommon(SlaCommon):
    """One product at 100, without taxes; a customer with an e-mail address."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller.group_ids |= cls.env.ref("base.group_partner_manager")
        cls.customer.email = "customer@example.com"
        cls.product = cls._create_product("Printer", 100.0)
        cls.paper = cls._create_product("Paper", 5.0)
        cls.company.portal_confirmation_sign = True
        cls.company.portal_confirmation_pay = False
        cls.company.sale_order_template_id = False

    @classmethod
    def _create_product(cls, name, price, **values):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "list_price": price,
                "standard_price": 12.3456,
                "taxes_id": [Command.clear()],
                **values,
            }
        )

    def _create_quotation(self, **values):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "user_id": self.seller.id,
                "order_line": [
                    Command.create({"product_id": self.product.id, "name": "Printer"})
                ],
                **values,
            }
        )
        order._portal_ensure_token()
        return order

    def _sign_on_server(self, order, date=None, width=300):
        """What core's door does, without HTTP: the signature and its evidence."""
        facts = SigningFacts(
            document=order._get_signing_document(),
            is_document_shown=True,
            method="device",
            user_id=self.seller.id,
            ip_address="192.0.2.1",
            user_agent="A browser",
            strokes=clean_strokes(STROKES),
        )
        order.with_context(signing=facts).write(
            {
                "signature": draw_signature(width),
                "signed_by": "Ann Customer",
                "signed_on": date or fields.Datetime.now(),
            }
        )
        return order.signature_evidence_ids

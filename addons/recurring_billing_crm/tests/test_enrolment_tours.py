"""The card as people use it, on a desktop and on a phone."""

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.recurring_billing.tests.test_tours import TourCase


class CardTourCase(TourCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.biller.group_ids |= cls.env.ref("sales_team.group_sale_salesman_all_leads")
        cls.template = cls.env["sale.order.template"].create(
            {
                "name": "Course",
                "sale_order_template_line_ids": [
                    Command.create({"product_id": cls.product.id})
                ],
            }
        )
        cls.card = cls.env["crm.lead"].create(
            {
                "name": "Course, Ana Pop",
                "type": "opportunity",
                "contact_name": "Ana Pop",
                "email_from": "ana@example.com",
                "street": "Strada Lunga 1",
                "city": "Cluj",
                "country_id": cls.env.ref("base.ro").id,
                "user_id": cls.biller.id,
                "enrolment_template_id": cls.template.id,
            }
        )

    def _tour(self, name):
        self.start_tour(f"/odoo/crm/{self.card.id}", name, login="tour_biller")

    def _pay(self, name):
        self.card.action_enrol()
        self._tour(name)
        self.assertTrue(self.card.is_payment_confirmed)


@tagged("post_install", "-at_install", "tour")
class TestCardDesktop(CardTourCase):
    browser_size = "1366x768"

    def test_a_card_that_lacks_something_says_so(self):
        self.card.street = False
        with mute_logger("odoo.http"):  # notes each message about what is missing
            self._tour("recurring_billing_crm_card_desktop")
        self.assertFalse(self.card.enrolment_order_id)

    def test_the_payment_is_confirmed_on_the_card(self):
        self._pay("recurring_billing_crm_pay_desktop")


@tagged("post_install", "-at_install", "tour")
class TestCardPhone(CardTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_the_payment_is_confirmed_on_the_card(self):
        self._pay("recurring_billing_crm_pay_phone")

"""What is to be decided, renewed and ordered, on a desktop and on a phone."""

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.tests import tagged

from .test_contract_tours import ContractTourCase


class RenewalTourCase(ContractTourCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.config.write(
            {
                "renewal_product_id": cls.product.id,
                "renewal_order_kind": "quotation",
                "renewal_subject": "Tour renewal",
                "renewal_price": "last_cost",
            }
        )
        other = cls.env["res.partner"].create({"name": "2 Tour Customer"})
        today = fields.Date.today()
        cls.contract, cls.ended = cls.env["postsale.contract"].create(
            [
                {
                    "partner_id": customer.id,
                    "date_start": today - relativedelta(months=11),
                    "date_end": today + relativedelta(months=1),
                    "customer_cost": 480.0,
                }
                for customer in (cls.customer, other)
            ]
        )
        (cls.contract | cls.ended).action_activate()

    def _decide(self, tour):
        self.start_tour("/odoo/decide-before", tour, login="tour_postsale")
        renewal = self.contract.renewal_ids
        self.assertEqual(renewal.sale_order_id.amount_untaxed, 480)
        self.assertTrue(self.ended.notice_given_date)


@tagged("post_install", "-at_install", "tour")
class TestRenewalTourDesktop(RenewalTourCase):
    browser_size = "1366x768"

    def test_decide_renew_order(self):
        self._decide("postsale_decide_desktop")


@tagged("post_install", "-at_install", "tour")
class TestRenewalTourPhone(RenewalTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_decide_renew_order(self):
        self._decide("postsale_decide_phone")

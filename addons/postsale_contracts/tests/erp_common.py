"""A channel over HTTPS, orders of a seller, and a receiver that does as it is told."""

from unittest.mock import patch

from odoo import Command

from ..erp_client import Response
from ..models import postsale_erp_engine
from .common import PostsaleCommon

KEY = "secret-key-of-the-erp"
URL = "https://erp.example.com/orders"


class Receiver:
    """Stands in for the line: keeps what it gets, answers as it is told.

    ``answers``: (status, body) or exceptions, used one after the other; the last one
    stays.
    """

    def __init__(self):
        self.answers = [(201, b'{"number": "ERP-1"}')]
        self.headers = {}
        self.got = []

    def post(self, target, headers, body, timeout):
        self.got.append((target, headers, body, timeout))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return Response(answer[0], self.headers, answer[1])

    @property
    def keys(self):
        return [headers["Idempotency-Key"] for _t, headers, _b, _s in self.got]

    @property
    def bodies(self):
        return [body for _t, _h, body, _s in self.got]


class ErpCommon(PostsaleCommon):
    people = ("seller", "manager")
    channel_kind = "https"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["postsale.erp.channel"].search([]).active = False
        cls.channel = cls._create_channel(cls.channel_kind)
        cls.orders = cls.env["sale.order"].with_user(cls.seller)

    def setUp(self):
        super().setUp()
        self.receiver = Receiver()
        line = patch.object(postsale_erp_engine, "post", self.receiver.post)
        line.start()
        self.addCleanup(line.stop)

    @classmethod
    def _create_channel(cls, kind, **values):
        mailbox = cls._create_customer("Erp Mailbox") if kind == "email" else None
        by_kind = {
            "https": {"url": URL, "bearer_key": KEY},
            "email": {"partner_id": mailbox and mailbox.id},
            "odoo": {},
        }
        return (
            cls.env["postsale.erp.channel"]
            .with_user(cls.manager)
            .create({"name": "ERP", "kind": kind, **by_kind[kind], **values})
        )

    @classmethod
    def _create_order(cls, user=None, **values):
        """A quotation of the seller over one product."""
        user = user or cls.seller
        return (
            cls.env["sale.order"]
            .with_user(user)
            .sudo(user != cls.seller)
            .create(
                {
                    "partner_id": cls.customer.id,
                    "order_line": [Command.create({"product_id": cls.product.id})],
                    **values,
                }
            )
            .sudo(False)
        )

    @classmethod
    def _create_confirmed(cls, **values):
        order = cls._create_order(**values)
        order.action_confirm()
        return order

    def _run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("postsale_contracts.ir_cron_erp").method_direct_trigger()

    def _hand_over(self, order, *answers):
        """Send an order, and let the ERP answer."""
        if answers:
            self.receiver.answers = list(answers)
        order.action_send_to_erp()
        self._run_cron()
        return self._get_rows(order)

    def _get_rows(self, order):
        return order.sudo().erp_transmission_ids.sorted("version")

    def _fail(self, row, answer=(503, b"")):
        """Let the ERP refuse until nobody tries again."""
        self.receiver.answers = [answer]
        for _attempt in range(10):
            if row.state != "queued":
                break
            row.next_attempt = False
            self._run_cron()
        self.assertEqual(row.state, "failed")

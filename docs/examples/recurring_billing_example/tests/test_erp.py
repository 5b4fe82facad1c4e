"""A format of what is handed over to the ERP."""

import json

from odoo.tests import tagged

from odoo.addons.postsale_contracts.tests.erp_common import ErpCommon


@tagged("post_install", "-at_install")
class TestJson(ErpCommon):
    def test_orders_and_cancellations_go_as_json(self):
        self.channel.body_format = "json"
        order = self._create_confirmed()
        row = self._hand_over(order)
        self.assertEqual(order.erp_state, "sent", row.error)
        order._action_cancel()
        self._run_cron()
        sent, cancelled = map(json.loads, self.receiver.bodies)
        self.assertEqual((sent["number"], len(sent["lines"])), (order.name, 1))
        self.assertEqual(cancelled, {"cancels": order.name, "version": 2})
        for _target, headers, _body, _timeout in self.receiver.got:
            self.assertEqual(headers["Content-Type"], "application/json")

    def test_without_a_format_it_stays_ubl(self):
        self._hand_over(self._create_confirmed())
        ((_target, headers, body, _timeout),) = self.receiver.got
        self.assertEqual(headers["Content-Type"], "application/xml; charset=utf-8")
        self.assertIn(b"<Order", body)

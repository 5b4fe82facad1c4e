"""Lists, filters and groups say the same as each quotation does."""

import logging
import random
from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .tracking_common import FrozenTrackingCommon

_logger = logging.getLogger(__name__)

STATES = ("not_sent", "sent", "refused", "opened", "signed", "declined")


@tagged("post_install", "-at_install")
class TestTrackingSearch(FrozenTrackingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.orders = cls._create_quotations(30)
        chance = random.Random(2027)
        for order in cls.orders:
            cls._make_history(order, chance)
        cls.env.flush_all()
        cls.env.invalidate_all()

    @classmethod
    def _make_history(cls, order, chance):
        """Anything that may happen, in any order."""
        now = fields.Datetime.now()
        for number in range(chance.randrange(5)):
            date = now - timedelta(minutes=chance.randrange(14 * 24 * 60))
            kind = chance.choice(["sent", "sent", "opened", "document"])
            event = cls._note(order, kind, date, occasion=f"{kind} {number}")
            if kind == "sent" and chance.random() < 0.5:
                message = order.message_post(
                    body="Mail", partner_ids=cls.customer.ids, message_type="comment"
                )
                status = chance.choice(["sent", "bounce", "ready"])
                message.notification_ids.notification_status = status
                event.message_id = message
        what = chance.choice([*["nothing"] * 7, "sign", "decline", "cancel"])
        if what == "sign":
            order.signed_on = now
        elif what != "nothing":
            order._action_cancel()
            if what == "decline":
                cls._note(order, "declined")

    def _search(self, *terms):
        return self.orders.search([("id", "in", self.orders.ids), *terms])

    def test_all_states_occur(self):
        self.assertEqual(set(self.orders.mapped("tracking_state")), set(STATES))

    def test_searching_a_state_finds_what_reads_so(self):
        for state in STATES:
            expected = self.orders.filtered(lambda o, s=state: o.tracking_state == s)
            with self.subTest(state=state):
                self.assertEqual(self._search(("tracking_state", "=", state)), expected)
                self.assertEqual(
                    self._search(("tracking_state", "!=", state)),
                    self.orders - expected,
                )
                self.assertEqual(
                    self.orders.filtered_domain([("tracking_state", "=", state)]),
                    expected,
                )

    def test_searching_numbers_and_dates(self):
        limit = fields.Datetime.now() - timedelta(days=5)
        for name, operator, value, check in (
            ("sent_count", "=", 0, lambda v: v == 0),
            ("sent_count", ">", 1, lambda v: v > 1),
            ("opened_count", "!=", 1, lambda v: v != 1),
            ("document_count", ">=", 1, lambda v: v >= 1),
            ("opened_count", "=", False, lambda v: not v),
            ("last_sent_date", "<=", limit, lambda v: v and v <= limit),
            ("last_sent_date", "=", False, lambda v: not v),
            ("last_opened_date", "!=", False, lambda v: v),
            ("last_opened_date", ">", "2027-03-10 10:00:00", lambda v: v and v > limit),
        ):
            expected = self.orders.filtered(lambda o, n=name, c=check: c(o[n]))
            with self.subTest(name=name, operator=operator, value=value):
                self.assertTrue(expected)
                self.assertEqual(self._search((name, operator, value)), expected)

    def test_an_unknown_value_finds_nothing_and_breaks_nothing(self):
        self.assertFalse(self._search(("tracking_state", "=", "nonsense")))
        self.assertFalse(self._search(("tracking_state", "=", False)))
        self.assertFalse(self._search(("sent_count", "=", "x")))
        with self.assertRaises(UserError):
            self._search(("tracking_state", "ilike", "open"))

    def test_groups_count_what_reads_so(self):
        groups = self.orders._read_group(
            [("id", "in", self.orders.ids)], ["tracking_state"], ["__count"]
        )
        expected = {s: self.orders.mapped("tracking_state").count(s) for s in STATES}
        self.assertEqual(dict(groups), expected)

    def test_sorting_by_the_last_sending(self):
        found = self.orders.search(
            [("id", "in", self.orders.ids), ("last_sent_date", "!=", False)],
            order="last_sent_date desc, id",
        )
        dates = found.mapped(lambda o: o.last_sent_date)
        self.assertGreater(len(dates), 5)
        self.assertEqual(dates, sorted(dates, reverse=True))

    def test_two_facts_at_once(self):
        found = self._search(
            "|", ("tracking_state", "=", "opened"), ("sent_count", ">", 1)
        )
        expected = self.orders.filtered(
            lambda o: o.tracking_state == "opened" or o.sent_count > 1
        )
        self.assertEqual(found, expected)

    def _get_filter(self, name):
        view = self.env.ref("crm_sla.sale_order_tracking_view_search")
        arch = etree.fromstring(view.get_combined_arch())
        (node,) = arch.xpath(f"//filter[@name='{name}']")
        return safe_eval(node.get("domain"))

    def test_the_filters_of_the_list(self):
        limit = fields.Datetime.now() - timedelta(days=3)
        for name, check in {
            "not_opened_3_days": lambda o: (
                o.tracking_state == "sent"
                and o.last_sent_date
                and o.last_sent_date <= limit
            ),
            "opened_not_signed": lambda o: o.tracking_state == "opened",
            "refused": lambda o: o.tracking_state == "refused",
            "signed_not_confirmed": lambda o: o.signed_on,
        }.items():
            expected = self.orders.filtered(
                lambda o, c=check: (
                    c(o) and (name == "refused" or o.state in ("draft", "sent"))  # noqa: B023
                )
            )
            with self.subTest(name=name):
                self.assertTrue(expected)
                self.assertEqual(self._search(*self._get_filter(name)), expected)


@tagged("post_install", "-at_install", "slow")
class TestTrackingBudget(FrozenTrackingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.orders = cls._create_quotations(110)
        for order in cls.orders:
            cls._note(order, "sent")
            cls._note(order, "opened")

    def _count(self, work, *sets):
        """Statements of the same work on ten and on a hundred quotations."""
        work(self.orders[:2])  # caches of the server
        counts = [
            self._count_statements(work, orders)
            for orders in sets or (self.orders[:10], self.orders[10:])
        ]
        _logger.info("statements for 10 and 100: %s", counts)
        return counts

    def test_the_list_costs_the_same_for_any_number(self):
        names = ["tracking_state", "sent_count", "call_count", "last_opened_date"]
        few, many = self._count(lambda orders: orders.read(names))
        self.assertEqual(few, many)
        self.assertLessEqual(many, 10)

    def test_a_filter_is_one_statement(self):
        few, many = self._count(
            lambda orders: orders.search(
                [("id", "in", orders.ids), ("tracking_state", "=", "opened")]
            )
        )
        self.assertEqual(few, many)

    def test_the_history_costs_the_same_for_any_number(self):
        few, many = self._count(
            lambda orders: (
                self.env["sale.quotation.timeline"]
                .search([("order_id", "in", orders.ids)])
                .read(["kind", "who", "delivery_state"])
            )
        )
        self.assertEqual(few, many)

    def test_noting_many_sendings_costs_the_same_for_any_number(self):
        few, many = self._count(
            lambda orders: orders._track_sent(dict.fromkeys(orders.ids))
        )
        self.assertEqual(few, many)

    def test_reminding_costs_the_same_for_any_number(self):
        watch = self.env["sale.quotation.watch"]
        few, many = self._count(watch._remind)
        self.assertEqual(few, many)

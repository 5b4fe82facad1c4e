"""Figures: how far quotations come, and what salespeople do in a week."""

import logging
import time

from odoo.tests import tagged

from .tracking_common import FrozenTrackingCommon, TrackingCommon

_logger = logging.getLogger(__name__)


@tagged("post_install", "-at_install")
class TestQuotationReport(FrozenTrackingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.orders = cls._create_quotations(7)
        made, sent, opened, signed, confirmed, paid, lost = cls.orders
        for order in cls.orders - made:
            cls._note(order, "sent")
        for order in cls.orders - made - sent:
            cls._note(order, "opened")
        for order in signed | confirmed:
            order.signed_on = "2027-03-15"
        (confirmed | paid).action_confirm()
        cls._note(paid, "paid")
        lost._action_cancel()

    def _read(self, *aggregates, groupby=(), **context):
        self.env.flush_all()
        report = self.env["sale.quotation.report"].with_user(self.seller)
        return report.with_context(**context)._read_group(
            [("order_id", "in", self.orders.ids)], groupby, aggregates
        )

    def test_how_far_each_came(self):
        stages = ["made", "sent", "opened", "signed", "confirmed", "paid", "lost"]
        rows = self.env["sale.quotation.report"].search(
            [("order_id", "in", self.orders.ids)], order="id"
        )
        self.assertEqual(rows.mapped("stage"), stages)

    def test_the_funnel(self):
        names = ("sent", "opened", "signed", "confirmed", "paid")
        (row,) = self._read("__count", *(f"{name}:sum" for name in names))
        self.assertEqual(row, (7, 6, 5, 2, 2, 1))

    def test_shares(self):
        ((opened, confirmed),) = self._read("opened_share:avg", "confirmed_share:avg")
        self.assertAlmostEqual(opened, 100 * 5 / 6)  # of those that were sent
        self.assertAlmostEqual(confirmed, 100 * 2 / 7)

    def test_by_salesperson_and_month(self):
        rows = self._read("__count", groupby=("user_id", "date:month"))
        self.assertEqual([row[0] for row in rows], [self.seller])

    def test_amounts_in_the_company_s_currency(self):
        rate = 4.0
        currency = self.env["res.currency"].create(
            {
                "name": "XTS",
                "symbol": "X",
                "rate_ids": [(0, 0, {"name": "2027-01-01", "rate": rate})],
            }
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": currency.id}
        )
        order = self._create_quotations(pricelist_id=pricelist.id)
        self.assertEqual(order.amount_untaxed, 400.0)
        row = self.env["sale.quotation.report"].search([("order_id", "=", order.id)])
        self.assertEqual(row.currency_id, self.company.currency_id)
        self.assertAlmostEqual(row.amount, 100.0)

    def test_confirmed_amount(self):
        ((amount, confirmed),) = self._read("amount:sum", "confirmed_amount:sum")
        self.assertEqual((amount, confirmed), (700.0, 200.0))


@tagged("post_install", "-at_install")
class TestActivityReport(FrozenTrackingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_quotations()

    def _read(self, user, tz="UTC"):
        """{(week, what): how often} of a salesperson, as a manager sees it."""
        self.env.flush_all()
        report = self.env["sale.activity.report"].with_user(self.sales_manager)
        rows = report.with_context(tz=tz)._read_group(
            [("order_id", "=", self.order.id), ("user_id", "=", user.id)],
            ["week", "kind"],
            ["__count"],
        )
        return {(week, kind): count for week, kind, count in rows}

    def _get_kinds(self, user):
        return {kind: n for (_week, kind), n in self._read(user).items()}

    def test_a_quotation_counts_for_its_salesperson(self):
        self.assertEqual(self._get_kinds(self.seller), {"quotation": 1})

    def test_a_sending_counts_for_who_sent_it_and_as_e_mail(self):
        self._send(self.order, self.sales_manager)
        self.assertEqual(self._get_kinds(self.sales_manager), {"sent": 1, "email": 1})

    def test_a_sending_without_the_dialogue_is_an_e_mail_too(self):
        order = self.order.with_user(self.seller)
        order._send_order_notification_mail(order._find_mail_template())
        self.assertEqual(
            self._get_kinds(self.seller), {"quotation": 1, "sent": 1, "email": 1}
        )

    def test_calls_and_meetings_count_for_who_had_them(self):
        for what in ("call", "meeting", "todo"):
            self.order.with_user(self.seller).activity_schedule(
                f"mail.mail_activity_data_{what}"
            ).action_done()
        self.assertEqual(
            self._get_kinds(self.seller), {"quotation": 1, "call": 1, "meeting": 1}
        )

    def test_a_note_is_no_e_mail(self):
        self.order.with_user(self.seller).message_post(body="Only for us")
        self.assertNotIn("email", self._get_kinds(self.seller))

    def test_an_e_mail_among_colleagues_does_not_count(self):
        self.sales_manager.notification_type = "email"
        self.order.with_user(self.seller).message_post(
            body="Look", partner_ids=self.sales_manager.partner_id.ids
        )
        self.assertNotIn("email", self._get_kinds(self.seller))

    def test_the_customer_s_answer_is_not_ours(self):
        self.order.message_post(
            body="Yes", author_id=self.customer.id, message_type="email"
        )
        self.assertEqual(self._get_kinds(self.seller), {"quotation": 1})

    def test_weeks_begin_on_monday_in_the_user_s_time_zone(self):
        self._note(self.order, "sent", "2027-01-03 23:30:00", user_id=self.seller.id)
        weeks = [
            [week for week, kind in self._read(self.seller, tz) if kind == "sent"]
            for tz in ("UTC", "Europe/Madrid")
        ]
        self.assertEqual(weeks, [["2026-W53"], ["2027-W01"]])


@tagged("post_install", "-at_install", "slow", "release")
class TestManyQuotations(TrackingCommon):
    """Ten thousand quotations, copied by the database, read as a salesperson does."""

    COUNT = 10_000
    #: Seconds that a screen may take; a busy machine is given some.
    MOST = 2.0

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_quotations()
        cls._note(cls.order, "sent")
        cls.env.flush_all()
        cls._copy_rows("sale_order", f"id = {cls.order.id}", cls.COUNT)
        cls.env.cr.execute(
            """UPDATE sale_order SET state = CASE id %% 3 WHEN 0 THEN 'sale' ELSE 'sent'
                END, create_date = create_date - id %% 365 * interval '1 day'
            WHERE name = %s""",
            [cls.order.name],
        )
        for kind in ("sent", "opened", "opened"):
            cls.env.cr.execute(
                """INSERT INTO sale_quotation_event
                    (order_id, company_id, user_id, kind, date, date_last, times, visit,
                     occasion)
                SELECT id, company_id, user_id, %(kind)s, create_date, create_date, 1,
                    1, random()::text
                FROM sale_order WHERE name = %(name)s AND id %% 4 <> 0""",
                {"kind": kind, "name": cls.order.name},
            )
        cls._mail_each()
        for table in ("sale_order", "mail_message", "mail_notification"):
            cls.env.cr.execute(f"ANALYZE {table}")
        cls.env.cr.execute("ANALYZE sale_quotation_event")
        cls.env.invalidate_all()

    @classmethod
    def _mail_each(cls):
        """Each sending has its e-mail, and each e-mail its recipient."""
        cls.env.cr.execute(
            """INSERT INTO mail_message (model, res_id, date, author_id, message_type)
            SELECT 'sale.order', id, create_date, %(author)s, 'comment'
            FROM sale_order WHERE name = %(name)s;
            INSERT INTO mail_notification (mail_message_id, res_partner_id,
                notification_type, notification_status)
            SELECT m.id, %(customer)s, 'email', 'sent'
            FROM mail_message m JOIN sale_order s ON s.id = m.res_id
            WHERE m.model = 'sale.order' AND s.name = %(name)s AND m.body IS NULL;
            UPDATE sale_quotation_event e SET message_id = m.id
            FROM mail_message m
            WHERE m.model = 'sale.order' AND m.res_id = e.order_id
                AND m.body IS NULL AND e.kind = 'sent'""",
            {
                "author": cls.seller.partner_id.id,
                "customer": cls.customer.id,
                "name": cls.order.name,
            },
        )

    @classmethod
    def _copy_rows(cls, table, where, count):
        cls.env.cr.execute(
            "SELECT string_agg(quote_ident(column_name), ', ')"
            " FROM information_schema.columns"
            " WHERE table_name = %s AND column_name NOT IN ('id', 'access_token')",
            [table],
        )
        columns = cls.env.cr.fetchone()[0]
        cls.env.cr.execute(
            f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table},"
            f" generate_series(1, {count}) WHERE {where}"
        )

    def _time(self, what, work):
        self.env.invalidate_all()
        start = time.perf_counter()
        result = work()
        seconds = time.perf_counter() - start
        _logger.info("%s of %s quotations: %.3f s", what, self.COUNT, seconds)
        self.assertLess(seconds, self.MOST)
        return result

    def test_the_list_and_its_filters(self):
        orders = self.env["sale.order"].with_user(self.seller)
        fields = {"tracking_state": {}, "sent_count": {}, "call_count": {}}
        self._time("list", lambda: orders.web_search_read([], fields, limit=80))
        found = self._time(
            "filter", lambda: orders.search_count([("tracking_state", "=", "opened")])
        )
        self.assertGreater(found, self.COUNT / 2)
        self._time(
            "sorting", lambda: orders.search([], order="last_sent_date", limit=80)
        )
        groups = self._time(
            "groups", lambda: orders._read_group([], ["tracking_state"], ["__count"])
        )
        self.assertGreater(sum(count for _state, count in groups), self.COUNT)

    def test_the_figures(self):
        report = self.env["sale.quotation.report"].with_user(self.seller)
        rows = self._time(
            "conversion",
            lambda: report._read_group(
                [],
                ["user_id", "date:month"],
                ["sent:sum", "opened:sum", "paid:sum", "confirmed_share:avg"],
            ),
        )
        self.assertGreater(sum(row[2] for row in rows), self.COUNT / 2)
        activity = self.env["sale.activity.report"].with_user(self.seller)
        rows = self._time(
            "activity",
            lambda: activity._read_group([], ["user_id", "week", "kind"], ["__count"]),
        )
        mails = sum(count for _user, _week, kind, count in rows if kind == "email")
        self.assertGreater(mails, self.COUNT / 2)

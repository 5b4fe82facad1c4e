"""What is known of a quotation's way: sent, delivered, opened, answered."""

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .tracking_common import FrozenTrackingCommon


@tagged("post_install", "-at_install")
class TestSending(FrozenTrackingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_quotations()

    def _get_sent(self):
        return self.order.quotation_event_ids.filtered(lambda e: e.kind == "sent")

    def test_a_new_quotation_is_not_sent(self):
        self.assertEqual(self.order.tracking_state, "not_sent")
        self.assertEqual(self.order.sent_count, 0)

    def test_sending_is_noted_with_who_sent_it_and_its_e_mail(self):
        event = self._send(self.order)
        self.assertEqual((event.kind, event.origin), ("sent", "email"))
        self.assertEqual(event.user_id, self.seller)
        self.assertEqual(event.message_id.res_id, self.order.id)
        self.assertEqual(event.company_id, self.order.company_id)
        self.assertEqual(self.order.tracking_state, "sent")
        self.assertEqual(self.order.sent_count, 1)
        self.assertEqual(self.order.last_sent_date, event.date)

    def test_sending_again_counts_again(self):
        self._send(self.order)
        self.clock.tick(30)
        self._send(self.order)
        self.assertEqual(self.order.sent_count, 2)

    def test_marked_by_hand_counts(self):
        self.order.with_user(self.seller).action_quotation_sent()
        self.assertEqual(self._get_sent().origin, "hand")
        self.assertFalse(self._get_sent().delivery_state)
        self.assertEqual(self.order.tracking_state, "sent")

    def test_marked_and_mailed_in_one_go_counts_once_as_mailed(self):
        self.order.with_user(self.seller).action_quotation_sent()
        self._send(self.order)
        self.assertEqual(self._get_sent().origin, "email")
        self.assertTrue(self._get_sent().message_id)

    def test_mailed_and_marked_in_one_go_counts_once(self):
        order = self.order.with_user(self.seller)
        order._track_sent()
        order.action_quotation_sent()
        self.assertEqual(len(self._get_sent()), 1)

    def test_what_core_marks_while_the_customer_pays_was_not_sent(self):
        self.order.sudo().with_user(self.portal).sudo().action_quotation_sent()
        self.assertFalse(self._get_sent())

    def test_an_ordinary_message_is_no_sending(self):
        self.order.with_user(self.seller).message_post(
            body="Hello",
            partner_ids=self.customer.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertFalse(self._get_sent())

    def test_mailing_a_confirmed_order_is_no_sending_of_a_quotation(self):
        self.order.action_confirm()
        self._send(self.order)
        self.assertFalse(self._get_sent())

    def test_the_quotation_template_counts_without_the_dialogue(self):
        order = self.order.with_user(self.seller)
        order._send_order_notification_mail(order._find_mail_template())
        self.assertEqual(len(self._get_sent()), 1)

    def test_another_template_without_the_dialogue_does_not(self):
        template = self.env.ref("sale.mail_template_sale_payment_executed")
        self.order.with_user(self.seller)._send_order_notification_mail(template)
        self.assertFalse(self._get_sent())

    def test_what_the_server_sends_counts_for_the_salesperson(self):
        robot = self.order.with_user(self.env.ref("base.user_root"))
        robot._send_order_notification_mail(robot._find_mail_template())
        self.assertEqual(self._get_sent().user_id, self.seller)

    def test_many_in_one_go_are_noted_one_by_one(self):
        orders = self._create_quotations(3)
        events = self._send(orders)
        self.assertEqual(events.order_id, orders)
        self.assertEqual(len(events.message_id), 3)

    def test_a_copy_starts_afresh(self):
        self._send(self.order)
        self.assertEqual(self.order.copy().tracking_state, "not_sent")


@tagged("post_install", "-at_install")
class TestDelivery(FrozenTrackingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_quotations()

    def test_the_mail_server_s_answer_is_read_not_copied(self):
        event = self._send(self.order)
        for status, failure, expected in (
            ("ready", False, "waiting"),
            ("process", False, "waiting"),
            ("sent", False, "accepted"),
            ("bounce", "mail_bounce", "refused"),
            ("exception", "mail_smtp", "refused"),
            ("canceled", "mail_bl", "refused"),
            ("exception", "mail_email_invalid", "no_address"),
        ):
            with self.subTest(status=status, failure=failure):
                self._set_delivery(event, status, failure)
                self.assertEqual(event.delivery_state, expected)

    def test_a_refused_quotation_is_not_delivered(self):
        event = self._send(self.order)
        self._set_delivery(event, "bounce", "mail_bounce")
        self.assertEqual(self.order.tracking_state, "refused")

    def test_one_refusal_among_several_recipients_counts(self):
        self.order.message_subscribe(
            self.env["res.partner"].create({"name": "B", "email": "b@example.com"}).ids
        )
        event = self._send(self.order)
        notifications = event.message_id.notification_ids.filtered(
            lambda n: n.res_partner_id.partner_share
        )
        self.assertEqual(len(notifications), 2)
        notifications[0].notification_status = "sent"
        notifications[1].write(
            {"notification_status": "bounce", "failure_type": "mail_bounce"}
        )
        event.invalidate_recordset()
        self.assertEqual(event.delivery_state, "refused")

    def test_the_copy_of_a_colleague_says_nothing(self):
        self.order.message_subscribe(self.sales_manager.partner_id.ids)
        self.sales_manager.notification_type = "email"
        event = self._send(self.order)
        notifications = event.message_id.notification_ids
        ours = notifications.filtered(
            lambda n: n.res_partner_id == self.sales_manager.partner_id
        )
        self.assertTrue(ours)
        (notifications - ours).notification_status = "sent"
        ours.write({"notification_status": "bounce", "failure_type": "mail_bounce"})
        event.invalidate_recordset()
        self.assertEqual(event.delivery_state, "accepted")

    def test_a_refusal_counts_until_the_next_sending(self):
        self._set_delivery(self._send(self.order), "bounce", "mail_bounce")
        self.clock.tick(3600)
        last = self._send(self.order).sorted("date")[-1]
        self._set_delivery(last, "sent")
        self.assertEqual(self.order.tracking_state, "sent")

    def test_who_opened_it_has_got_it_all_the_same(self):
        self._set_delivery(self._send(self.order), "bounce", "mail_bounce")
        self._open(self.order)
        self.assertEqual(self.order.tracking_state, "opened")

    def test_without_its_message_nothing_is_known(self):
        event = self._send(self.order)
        event.message_id.sudo().unlink()
        event.invalidate_recordset()
        self.assertFalse(event.delivery_state)
        self.assertEqual(self.order.sent_count, 1)


@tagged("post_install", "-at_install", "alone")
class TestOpening(FrozenTrackingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_quotations()
        cls._note(cls.order, "sent")

    def test_opened(self):
        self._open(self.order)
        self.assertEqual(self.order.tracking_state, "opened")
        self.assertEqual(self.order.opened_count, 1)
        self.assertEqual(str(self.order.last_opened_date), "2027-03-15 10:00:00")

    def test_looking_again_soon_is_the_same_opening(self):
        self._open(self.order)
        for _minute in range(3):
            self.clock.tick(29 * 60)
            self._open(self.order)
        event = self.order.quotation_event_ids.filtered(lambda e: e.kind == "opened")
        self.assertEqual(event.times, 4)
        self.assertEqual(str(event.date), "2027-03-15 10:00:00")
        self.assertEqual(str(event.date_last), "2027-03-15 11:27:00")

    def test_looking_again_later_is_another_opening(self):
        self._open(self.order)
        self.clock.tick(31 * 60)
        self._open(self.order)
        self.assertEqual(self.order.opened_count, 2)

    def test_another_visitor_is_another_opening(self):
        self._open(self.order)
        self._open(self.order, "somebody else")
        self.assertEqual(self.order.opened_count, 2)

    def test_the_document_counts_apart(self):
        self._open(self.order, kind="document")
        self.assertEqual(self.order.opened_count, 0)
        self.assertEqual(self.order.document_count, 1)
        self.assertEqual(self.order.tracking_state, "opened")

    @mute_logger("odoo.sql_db")
    def test_the_database_lets_one_of_two_equal_openings_through(self):
        self._open(self.order)
        event = self.order.quotation_event_ids.filtered(lambda e: e.kind == "opened")
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self._note(self.order, "opened", occasion=event.occasion)

    def test_sent_again_means_unread_again(self):
        self._open(self.order)
        self.clock.tick(3600)
        self._note(self.order, "sent")
        self.assertEqual(self.order.tracking_state, "sent")
        self.clock.tick(60)
        self._open(self.order)
        self.assertEqual(self.order.tracking_state, "opened")

    def test_a_page_left_open_over_the_next_sending_counts_as_read(self):
        self._open(self.order)
        self.clock.tick(600)
        self._note(self.order, "sent")
        self.clock.tick(600)
        self._open(self.order)
        self.assertEqual(self.order.opened_count, 1)
        self.assertEqual(self.order.tracking_state, "opened")

    def test_opened_without_ever_being_sent(self):
        order = self._create_quotations()
        self._open(order)
        self.assertEqual(order.tracking_state, "opened")


@tagged("post_install", "-at_install")
class TestAnswer(FrozenTrackingCommon):
    PIXEL = b"R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_quotations()
        cls._note(cls.order, "sent")

    def _sign(self):
        self.order.write(
            {"signature": self.PIXEL, "signed_by": "Ana", "signed_on": "2027-03-15"}
        )

    def test_a_signature_is_noted_with_its_name(self):
        self._sign()
        event = self.order.quotation_event_ids.filtered(lambda e: e.kind == "signed")
        self.assertEqual(event.who, "Ana")
        self.assertEqual(self.order.tracking_state, "signed")

    def test_back_to_draft_the_signature_stays_in_the_history(self):
        self._sign()
        self.order.action_cancel()
        self.order.action_draft()
        self.assertEqual(self.order.tracking_state, "sent")
        self.assertIn("signed", self.order.quotation_event_ids.mapped("kind"))

    def test_declined_while_cancelled(self):
        self.order._action_cancel()
        self.assertEqual(self.order.tracking_state, "sent")
        self._note(self.order, "declined")
        self.assertEqual(self.order.tracking_state, "declined")
        self.order.action_draft()
        self.assertEqual(self.order.tracking_state, "sent")

    def test_calls_and_meetings_count_once_they_are_done(self):
        order = self.order.with_user(self.seller)
        call = order.activity_schedule("mail.mail_activity_data_call")
        meeting = order.activity_schedule("mail.mail_activity_data_meeting")
        order.activity_schedule("mail.mail_activity_data_todo").action_done()
        self.assertEqual((order.call_count, order.meeting_count), (0, 0))
        call.action_done()
        meeting.action_done()
        order.invalidate_recordset()
        self.assertEqual((order.call_count, order.meeting_count), (1, 1))

    def test_log_a_call_opens_core_s_dialogue_with_a_call(self):
        order = self.order.with_user(self.seller)
        action = order.action_log_call()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.seller)
            .with_context(**action["context"])
            .create({})
        )
        self.assertEqual(wizard.activity_category, "phonecall")
        wizard.action_schedule_activities_done()
        order.invalidate_recordset()
        self.assertEqual(order.call_count, 1)

    def test_the_history_holds_everything_in_its_order(self):
        self.clock.tick(600)
        self._open(self.order)
        self.clock.tick(600)
        order = self.order.with_user(self.seller)
        order.activity_schedule("mail.mail_activity_data_call").action_done()
        self.clock.tick(600)
        self._sign()
        action = order.action_open_tracking()
        rows = self.env[action["res_model"]].with_user(self.seller)
        rows = rows.search(action["domain"])
        self.assertEqual(rows.mapped("kind"), ["signed", "call", "opened", "sent"])
        self.assertEqual(rows[0].who, "Ana")
        self.assertEqual(rows[1].user_id, self.seller)

    def test_the_history_says_to_whom_it_was_sent(self):
        order = self._create_quotations()
        self._set_delivery(self._send(order), "sent")
        row = self.env["sale.quotation.timeline"].search([("order_id", "=", order.id)])
        self.assertEqual(row.who, "Customer")
        self.assertEqual(row.delivery_state, "accepted")


@tagged("post_install", "-at_install")
class TestTrackingRights(FrozenTrackingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_quotations()
        cls.others_order = cls._create_quotations(user_id=cls.other_seller.id)
        cls.orders = cls.order | cls.others_order
        for order in cls.orders:
            cls._note(order, "sent", user_id=order.user_id.id)
        cls.MODELS = (
            "sale.quotation.event",
            "sale.quotation.timeline",
            "sale.quotation.report",
            "sale.activity.report",
        )

    def _get_orders(self, model, user):
        rows = self.env[model].with_user(user).search([])
        return rows.order_id & self.orders

    def test_own_documents_means_own_history_and_figures(self):
        for model in self.MODELS:
            with self.subTest(model=model):
                self.assertEqual(self._get_orders(model, self.seller), self.order)

    def test_a_manager_sees_those_of_all(self):
        for model in self.MODELS:
            with self.subTest(model=model):
                found = self._get_orders(model, self.sales_manager)
                self.assertEqual(found, self.orders)

    def test_company_walls(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.sales_manager.company_ids |= company
        for model in self.MODELS:
            rows = self.env[model].with_user(self.sales_manager)
            rows = rows.with_context(allowed_company_ids=company.ids).search([])
            with self.subTest(model=model):
                self.assertFalse(rows)

    def test_nobody_writes_the_journal(self):
        event = self.order.quotation_event_ids.with_user(self.sales_manager)
        with self.assertRaises(AccessError):
            event.write({"kind": "opened"})
        with self.assertRaises(AccessError):
            event.unlink()
        with self.assertRaises(AccessError):
            event.create(
                {"order_id": self.order.id, "kind": "opened", "occasion": "me"}
            )

    def test_the_customer_sees_nothing_of_it(self):
        self.order.partner_id = self.portal.partner_id
        order = self.order.with_user(self.portal)
        self.assertTrue(order.name)
        for name in ("tracking_state", "opened_count", "call_count"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                order.read([name])
        with self.assertRaises(AccessError):
            order.search([("opened_count", ">", 0)])
        for method in ("action_open_tracking", "action_log_call"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(order, method)()

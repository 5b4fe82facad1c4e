from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from ..models.document_delivery_outcome import RETRY_MINUTES
from .delivery_common import HUNG_UP, SmtpCase


@tagged("post_install", "-at_install", "slow")
class TestDeliverySmtp(SmtpCase):
    """What the mail server answers, and what the clerk reads."""

    def _try(self, rows=None, **answers):
        rows = rows or self._issue()
        server = self._send(rows, **answers)
        return rows, server

    def test_final_refusal(self):
        for stage in ("rcpt", "data", "body", "mail"):
            with self.subTest(stage=stage):
                rows, _server = self._try(**{stage: (550, b"No such user")})
                self.assertEqual(rows.state, "refused")
                self.assertIn("550 No such user", rows.reason)
                self.assertEqual(rows.mail_mail_id.state, "exception")

    def test_temporary_refusal_is_tried_again(self):
        for stage in ("rcpt", "data", "body", "mail"):
            with self.subTest(stage=stage):
                rows, _server = self._try(**{stage: (451, b"Greylisted")})
                self.assertEqual(rows.state, "deferred")
                self.assertIn("451 Greylisted", rows.reason)
                self.assertEqual(rows.mail_mail_id.state, "outgoing")
                self.assertEqual(rows.mail_mail_id.scheduled_date, rows.next_attempt)
                self.assertGreater(rows.next_attempt, datetime.now())

    def test_server_that_closes_down(self):
        rows, _server = self._try(rcpt=(421, b"Closing"))
        self.assertEqual(rows.state, "deferred")

    def test_line_broken_before_the_text(self):
        for stage in ("mail", "rcpt", "data"):
            with self.subTest(stage=stage):
                rows, _server = self._try(**{stage: HUNG_UP})
                self.assertEqual(rows.state, "deferred")

    def test_line_broken_after_the_text_is_not_sent_twice(self):
        rows, server = self._try(body=HUNG_UP)
        self.assertEqual(rows.state, "unknown")
        self.assertEqual(len(server.received), 1)
        _rows, server = self._try(rows)
        self.assertFalse(server.received)
        self.assertEqual(rows.state, "unknown")

    def test_no_connection(self):
        rows, server = self._try(connect=(421, b"Too busy"))
        self.assertEqual((rows.state, rows.attempts), ("deferred", 1))
        self.assertIn("Too busy", rows.reason)
        self.assertEqual(rows.mail_mail_id.state, "outgoing")
        self._try(rows)
        self.assertEqual((rows.state, rows.attempts), ("sent", 2))

    def test_one_broken_mail_does_not_stop_the_others(self):
        rows = self._issue()
        for number in range(3):
            partner = self.env["res.partner"].create(
                {"name": f"P{number}", "email": f"p{number}@deco.example"}
            )
            rows |= self._issue(partner=partner)
        _rows, server = self._try(rows, **{"rcpt:office@azure.example": HUNG_UP})
        by_partner = {row.partner_id.name: row.state for row in rows}
        self.assertEqual(by_partner.pop("Azure Interior"), "deferred")
        self.assertEqual(set(by_partner.values()), {"sent"})
        self.assertEqual(len(server.received), 3)

    def test_server_that_hangs_up_always_is_left_alone(self):
        rows = self.Delivery
        for number in range(6):
            partner = self.env["res.partner"].create(
                {"name": f"P{number}", "email": f"p{number}@deco.example"}
            )
            rows |= self._issue(partner=partner)
        _rows, server = self._try(rows, rcpt=HUNG_UP)
        self.assertEqual(set(rows.mapped("state")), {"deferred"})
        self.assertEqual(server.connections, 3)

    def test_pauses_grow_and_end(self):
        rows = self._issue()
        for minutes in RETRY_MINUTES:
            self._try(rows, rcpt=(451, b"Later"))
            pause = rows.next_attempt - rows.state_date
            self.assertEqual(pause, timedelta(minutes=minutes))
            self.assertEqual(rows.state, "deferred")
        self._try(rows, rcpt=(451, b"Later"))
        self.assertEqual(rows.state, "refused")
        self.assertIn("Given up after 7 attempts", rows.reason)
        self.assertIn("451 Later", rows.reason)

    def test_second_attempt_is_the_same_message(self):
        rows, _server = self._try(data=(451, b"Later"))
        message_id = rows.mail_mail_id.message_id
        _rows, server = self._try(rows)
        self.assertIn(message_id.encode(), server.received[0][1])
        self.assertEqual(rows.state, "sent")
        self.assertFalse(rows.reason)

    def test_person_who_tries_again_sends_the_same_message_sooner(self):
        rows, _server = self._try(data=(451, b"Later"))
        mail = rows.mail_mail_id
        rows.with_user(self.biller).action_retry()
        self.assertEqual(rows.mail_mail_id, mail)
        self.assertFalse(mail.scheduled_date)
        self._try(rows)
        self.assertEqual((rows.state, rows.attempts), ("sent", 2))

    def test_refused_copy_is_named_and_the_mail_counts_as_accepted(self):
        rows = self._issue(contact_ids=[Command.link(self.contact.id)])
        self._try(rows, **{"rcpt:brandon@azure.example": (550, b"Left the company")})
        self.assertEqual(rows.state, "sent")
        self.assertIn("brandon@azure.example: 550 Left the company", rows.reason)
        red = rows.mail_message_id.notification_ids.filtered(
            lambda n: n.notification_status == "exception"
        )
        self.assertEqual(red.res_partner_id, self.contact)

    def test_refused_addressee_counts_although_the_copy_was_accepted(self):
        rows = self._issue(contact_ids=[Command.link(self.contact.id)])
        self._try(rows, **{"rcpt:office@azure.example": (550, b"Unknown")})
        self.assertEqual(rows.state, "refused")

    def test_waiting_address_is_tried_again_alone(self):
        rows = self._issue(contact_ids=[Command.link(self.contact.id)])
        _rows, first = self._try(
            rows, **{"rcpt:brandon@azure.example": (451, b"Greylisted")}
        )
        self.assertEqual(first.received[0][0], ["office@azure.example"])
        self.assertEqual(rows.state, "deferred")
        _rows, second = self._try(rows)
        self.assertEqual(second.received[0][0], ["brandon@azure.example"])
        self.assertEqual(rows.state, "sent")
        self.assertFalse(rows.reason)

    def test_crash_while_sending_becomes_unknown_and_is_not_repeated(self):
        rows = self._issue()
        mail = self._queue(rows)
        rows._update_state(("queued",), "sending")
        _rows, server = self._try(rows)
        self.assertFalse(server.received)
        self.assertEqual(rows.state, "unknown")
        self.assertEqual(mail.state, "exception")

    def test_scheduled_action_finds_what_a_crash_left(self):
        rows = self._issue()
        self._queue(rows)
        rows._update_state(("queued",), "sending")
        self.Delivery._recover_interrupted()
        self.assertEqual(rows.state, "unknown")
        self.assertIn("interrupted", rows.reason)

    def test_sending_is_noted_before_the_first_word(self):
        rows = self._issue()
        self._queue(rows)
        seen = []
        with patch.object(
            type(self.env["mail.mail"]),
            "_talk",
            lambda mail, delivery, *args: seen.append(delivery.state),
        ):
            self._try(rows)
        self.assertEqual(seen, ["sending"])

    def test_mail_outside_the_queue_waits_for_the_queue(self):
        rows = self._issue()
        mail = self._queue(rows)
        with (
            self._mail_server() as server,
            patch("odoo.modules.module.current_test", False),
        ):
            mail.send()
        self.assertFalse(server.received)
        self.assertEqual((mail.state, rows.state), ("outgoing", "queued"))

    def test_document_cancelled_after_queueing_is_not_sent(self):
        invoice = self._make_invoice()
        rows = self._issue(document=invoice)
        mail = self._queue(rows)
        invoice.sudo().state = "cancel"
        _rows, server = self._try(rows)
        self.assertFalse(server.received)
        self.assertEqual((rows.state, mail.state), ("cancelled", "cancel"))

    def test_returned_mail_turns_accepted_into_refused(self):
        rows, _server = self._try()
        self.Delivery._record_bounce(
            rows.mail_message_id, "office@azure.example", "<p>User unknown</p>"
        )
        self.assertEqual(rows.state, "refused")
        self.assertIn("User unknown", rows.reason)

    def test_returned_copy_is_named_only(self):
        rows = self._issue(contact_ids=[Command.link(self.contact.id)])
        self._try(rows)
        self.Delivery._record_bounce(
            rows.mail_message_id, "brandon@azure.example", "User unknown"
        )
        self.assertEqual(rows.state, "sent")
        self.assertIn("brandon@azure.example", rows.reason)

    def test_returned_mail_comes_in_through_the_mail_gateway(self):
        rows, _server = self._try()
        self.env["mail.thread"]._routing_handle_bounce(
            None,
            {
                "bounced_email": "office@azure.example",
                "bounced_partner": self.customer,
                "bounced_msg_ids": [rows.mail_mail_id.message_id],
                "bounced_message": rows.mail_message_id,
                "email_from": "MAILER-DAEMON@azure.example",
                "to": "bounce@supplier.example",
                "message_id": "<x@azure.example>",
                "body": "Mailbox full",
            },
        )
        self.assertEqual(rows.state, "refused")

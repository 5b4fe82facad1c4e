import smtplib
import time
from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.document_delivery_outcome import RETRY_MINUTES
from ..smtp_outcome import DEFERRED, UNKNOWN, Attempt
from .delivery_common import HANGS, HUNG_UP, SmtpCase


@tagged("post_install", "-at_install", "slow")
class TestDeliveryHanging(SmtpCase):
    """A mail server that is slow, silent or odd costs neither hours nor mails."""

    def _issue_many(self, count):
        rows = self.Delivery
        for number in range(count):
            partner = self.env["res.partner"].create(
                {"name": f"P{number}", "email": f"p{number}@deco.example"}
            )
            rows |= self._issue(partner=partner)
        return rows

    def _get_minutes(self, row):
        return round((row.next_attempt - row.state_date).total_seconds() / 60)

    def test_a_server_that_hangs_is_waited_for_once(self):
        for stage in ("mail", "rcpt", "data"):
            with self.subTest(stage=stage):
                rows = self._issue_many(4)
                server = self._send(rows, **{stage: HANGS})
                self.assertEqual(server.connections, 1)
                self.assertEqual(set(rows.mapped("state")), {"deferred"})

    def test_a_hang_after_the_text_leaves_one_mail_unknown(self):
        rows = self._issue_many(4)
        server = self._send(rows, body=HANGS)
        self.assertEqual(len(server.received), 1)
        self.assertEqual(
            rows.mapped("state"), ["unknown", "deferred", "deferred", "deferred"]
        )

    def test_a_server_that_hangs_at_the_greeting_is_called_once(self):
        rows = self._issue_many(3)
        mails = self._queue(rows)
        for number, mail in enumerate(mails):  # each sender has its own session
            mail.email_from = f"seller{number}@supplier.example"
        server = self._send(rows, connect=HANGS)
        self.assertEqual(server.connections, 1)
        self.assertEqual(set(rows.mapped("state")), {"deferred"})
        self.assertEqual(set(mails.mapped("state")), {"outgoing"})

    def test_the_mail_over_which_the_line_broke_lets_the_others_go_first(self):
        for fault in (HANGS, HUNG_UP):
            with self.subTest(fault=fault):
                rows = self._issue_many(5)
                blame = {
                    f"rcpt:{p}": fault for p in rows[:3].partner_id.mapped("email")
                }
                self._send(rows, **blame)
                number = 1 if fault == HANGS else 3
                short, long = RETRY_MINUTES[:2]
                self.assertEqual(
                    [self._get_minutes(row) for row in rows],
                    [long] * number + [short] * (5 - number),
                )

    def test_a_crash_before_the_server_went_down_stays_unknown(self):
        rows = self._issue()
        self._queue(rows)
        rows._update_state(("queued",), "sending")
        self._send(rows, connect=HANGS)
        self.Delivery._recover_interrupted()
        self.assertEqual(rows.state, "unknown")

    def test_no_connection_is_written_down_at_once(self):
        """Not only when the last mail server of the round has answered."""
        rows = self._issue()
        mail = self._queue(rows)
        mail.write({"state": "exception", "failure_reason": "timed out"})
        mail._postprocess_sent_message([], [], failure_type="mail_smtp")
        self.assertEqual((rows.state, mail.state), ("deferred", "outgoing"))
        self.assertIn("timed out", rows.reason)

    def test_a_slow_server_does_not_use_up_the_time_of_the_scheduled_action(self):
        rows = self._issue_many(3)
        mails = self._queue(rows)
        finished = []
        with (
            mute_logger(*self.LOGGERS),
            self._mail_server() as server,
            patch.object(self.env.cr, "commit", self.env.flush_all),
            patch.object(type(self.Delivery), "_wake_mail_queue") as wake,
        ):
            mails.with_context(cron_end_time=time.monotonic() - 1).send(
                auto_commit=True, post_send_callback=finished.extend
            )
        self.assertEqual(len(server.received), 1)
        self.assertEqual(set(finished), set(mails[:1].ids))
        self.assertEqual(rows.mapped("state"), ["sent", "queued", "queued"])
        wake.assert_called_once_with()

    def test_a_server_that_hangs_is_not_called_again_when_the_time_is_up(self):
        rows = self._issue_many(3)
        mails = self._queue(rows)
        late = mails.with_context(cron_end_time=time.monotonic() - 1)
        with (
            mute_logger(*self.LOGGERS),
            self._mail_server(rcpt=HANGS),
            patch.object(self.env.cr, "commit", self.env.flush_all),
        ):
            late.send(auto_commit=True)
        self.assertEqual(set(rows.mapped("state")), {"deferred"})

    def test_the_queue_goes_on_with_what_its_round_did_not_take(self):
        rows = self._issue_many(3)
        mails = self._queue(rows)
        for taken, is_woken in ((mails[0], True), (mails[1:], False)):
            with (
                mute_logger(*self.LOGGERS),
                self._mail_server(),
                patch.object(type(self.Delivery), "_wake_mail_queue") as wake,
            ):
                self.env["mail.mail"].process_email_queue(taken.ids)
                self.assertEqual(wake.called, is_woken)

    def test_another_mail_that_breaks_the_line_holds_nothing_up(self):
        rows = self._issue_many(2)
        mails = self._queue(rows)
        other = self.env["mail.mail"].create(
            {
                "subject": "Newsletter",
                "body_html": "<p>News</p>",
                "email_from": mails[0].email_from,
                "email_to": "reader@elsewhere.example",
            }
        )
        blame = {"rcpt:reader@elsewhere.example": HUNG_UP}
        with mute_logger(*self.LOGGERS), self._mail_server(**blame) as server:
            self.env["mail.mail"].process_email_queue([*other.ids, *mails.ids])
        self.assertEqual(set(rows.mapped("state")), {"sent"})
        self.assertEqual(len(server.received), 2)

    def test_an_answer_that_no_standard_knows(self):
        strange = smtplib.SMTPDataError(-1, b"what?")
        self.assertEqual(Attempt(phase="body", error=strange).state, UNKNOWN)
        self.assertEqual(Attempt(error=strange).state, DEFERRED)

    def test_given_up_for_a_copy_the_addressee_has_it(self):
        rows = self._issue(contact_ids=[Command.link(self.contact.id)])
        later = {"rcpt:brandon@azure.example": (451, b"Greylisted")}
        for _attempt in range(len(RETRY_MINUTES) + 1):
            self._send(rows, **later)
        self.assertEqual(rows.state, "sent")
        self.assertIn("brandon@azure.example: 451 Greylisted", rows.reason)

    def test_given_up_for_the_addressee_although_a_copy_was_taken(self):
        rows = self._issue(contact_ids=[Command.link(self.contact.id)])
        later = {"rcpt:office@azure.example": (451, b"Greylisted")}
        for _attempt in range(len(RETRY_MINUTES) + 1):
            self._send(rows, **later)
        self.assertEqual(rows.state, "refused")

    def test_try_again_asks_the_server_again_at_the_same_address(self):
        rows = self._issue(contact_ids=[Command.link(self.contact.id)])
        self._send(rows, **{"rcpt:office@azure.example": (550, b"Mailbox full")})
        self.assertEqual(rows.state, "refused")
        rows.with_user(self.biller).action_retry()
        server = self._send(rows)
        self.assertEqual(rows.state, "sent", rows.reason)
        # the copy got it the first time
        self.assertEqual(server.received[0][0], ["office@azure.example"])

from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools.mail import email_normalize_all, html2plaintext

from ..failpoint import failpoint
from ..smtp_outcome import (
    DEFERRED,
    REFUSED,
    SENT,
    UNKNOWN,
    Attempt,
    format_reply,
    is_temporary,
)

#: Pauses before the second, third ... attempt; after the last one it is given up.
RETRY_MINUTES = (5, 15, 60, 240, 720, 1440)
MAIL_STATES = {
    SENT: "sent",
    DEFERRED: "outgoing",
    REFUSED: "exception",
    UNKNOWN: "exception",
}


class DocumentDeliveryOutcome(models.AbstractModel):
    """What became of a mail: the part of the delivery that ``mail.mail`` talks to."""

    _name = "document.delivery.outcome"
    _description = "Part of the delivery: outcome"

    def _begin_sending(self, commit):
        """Note, before the first word to the mail server, that sending begins.

        :param bool commit: make the note survive a crash; not possible in tests
        :return: whether the mail may be sent now
        """
        row = self.try_lock_for_update(allow_referencing=True)
        if not row or not row._check_sendable():
            return False
        row._update_state(("queued", "deferred"), "sending", attempts=row.attempts + 1)
        if not commit:
            return row._is_still_wanted()
        # A crash between the server's "250" and our commit must not send twice: the
        # note has to be in the database before the conversation begins.
        self.env.cr.commit()  # pylint: disable=invalid-commit
        # Locked again, so that nobody takes a living conversation for a dead one.
        row = self.try_lock_for_update(allow_referencing=True)
        return bool(row) and row.state == "sending" and row._is_still_wanted()

    def _is_still_wanted(self):
        """Asked after the note is committed, so with a fresh view of the database,
        right before the first word to the mail server: is what the mail says true?

        A mail that is not is taken back: for good, or to be made anew.
        """
        sender = self.env["document.sender"]._get_sender(self.res_model)
        objection = sender._get_objection(self)
        if not objection:
            return True
        action, reason = objection
        mail, message = self.mail_mail_id, self.mail_message_id
        values = {"reason": reason, "attempts": self.attempts - 1}
        if action == "renew":
            values |= {"mail_mail_id": False, "next_attempt": False}
        target = "queued" if action == "renew" else "cancelled"
        self._update_state(("sending",), target, **values)
        mail.cancel()
        message.notification_ids.write({"notification_status": "canceled"})
        self._wake_sender()
        return False

    def _check_sendable(self):
        self.ensure_one()
        if self.state == "sending":
            self._record_interrupted()
            return False
        if self.state in ("queued", "deferred"):
            self._cancel_dead()
        if self.state not in ("queued", "deferred"):
            self.mail_mail_id.filtered(lambda m: m.state == "outgoing").cancel()
            return False
        return True

    def _record_interrupted(self):
        rows = self._update_state(
            ("sending",),
            UNKNOWN,
            reason=self.env._(
                "The sending was interrupted while the mail server had the mail. "
                "It may have arrived: ask the customer, or send it again."
            ),
        )
        rows.mail_mail_id.write(
            {
                "state": "exception",
                "failure_type": "unknown",
                "failure_reason": rows[:1].reason,
            }
        )

    # === ATTEMPTS === #

    def _record_attempt(self, attempt, failure=""):
        """Write down what the mail server answered.

        :param Attempt attempt: the conversation
        :param str failure: what Odoo says, where the server said nothing
        """
        self.ensure_one()
        failpoint("mail:after_data")
        replies = self._merge_replies(attempt)
        state, reason = self._judge(attempt, replies, failure)
        values = {"reason": reason, "address_replies": replies, "next_attempt": False}
        if state == DEFERRED and self.attempts > len(RETRY_MINUTES):
            # Whoever waits for an answer may be a copy only.
            state = SENT if self._is_accepted(replies) else REFUSED
            values["reason"] = self.env._(
                "Given up after %(count)s attempts. The last answer: %(answer)s",
                count=self.attempts,
                answer=reason,
            )
        if state == DEFERRED:
            values["next_attempt"] = self._get_next_attempt(attempt)
        if state == SENT:
            values["sent_date"] = fields.Datetime.now()
        self._update_state(("sending",), state, **values)
        self._update_mail(state, values)
        self._update_notifications(state, replies)

    def _get_next_attempt(self, attempt):
        """When to try again. The mail over which the line broke lets those go first
        that had no turn because of it: next time it holds nobody up."""
        step = max(self.attempts, 1) - 1 + attempt.broke_line
        minutes = RETRY_MINUTES[min(step, len(RETRY_MINUTES) - 1)]
        return fields.Datetime.now() + timedelta(minutes=minutes)

    def _is_accepted(self, replies):
        """Whether the mail was taken for every addressee, copies aside."""
        addressees = set(email_normalize_all(self.email_to or ""))
        return bool(addressees) and addressees <= set(replies["accepted"])

    def _merge_replies(self, attempt):
        """Answers by address over all attempts; a later answer replaces a refusal."""
        known = self.address_replies or {}
        accepted = set(known.get("accepted", ()))
        refused = dict(known.get("refused", {}))
        state = attempt.state  # also fills in the refusals
        for address, reply in attempt.refused.items():
            refused[address] = [reply[0], format_reply(reply)]
        if state == SENT:
            taken = set(attempt.addresses) - set(attempt.refused)
            accepted |= taken
            refused = {who: reply for who, reply in refused.items() if who not in taken}
        return {"accepted": sorted(accepted), "refused": refused}

    def _judge(self, attempt, replies, failure):
        """State and reason; the address that counts is the addressee's."""
        state = attempt.state
        refused = replies["refused"]
        refused_text = "\n".join(
            f"{who}: {text}" for who, (_c, text) in refused.items()
        )
        if state == SENT and refused:
            if any(is_temporary(reply) for reply in refused.values()):
                state = DEFERRED
            elif set(email_normalize_all(self.email_to or "")) & set(refused):
                state = REFUSED
            return state, self.env._("Not accepted for:\n%s", refused_text)
        if state == SENT:
            return state, False
        if state == UNKNOWN:
            return state, self.env._(
                "The line broke after the mail was handed over (%s). It may have "
                "arrived: ask the customer, or send it again.",
                attempt.answer,
            )
        answer = attempt.answer if attempt.error else failure
        return state, refused_text or answer or self.env._("No answer.")

    def _get_settled_addresses(self):
        """Addresses that a further attempt leaves out: they had their answer."""
        replies = self.address_replies or {}
        final = [
            who
            for who, reply in replies.get("refused", {}).items()
            if not is_temporary(reply)
        ]
        return [*replies.get("accepted", ()), *final]

    def _update_mail(self, state, values):
        mail_values = {"state": MAIL_STATES[state]}
        if state != SENT:
            mail_values |= {
                "failure_type": "unknown",
                "failure_reason": values["reason"],
            }
        if state == DEFERRED:
            mail_values["scheduled_date"] = values["next_attempt"]
            self._wake_mail_queue(values["next_attempt"])
        self.mail_mail_id.write(mail_values)

    def _get_ripe_domain(self):
        """Rows whose mail the queue may hand over now."""
        no_pause = Domain("mail_mail_id.scheduled_date", "=", False)
        return (
            Domain("state", "in", ("queued", "deferred"))
            & Domain("mail_mail_id.state", "=", "outgoing")
            & (
                no_pause
                | Domain("mail_mail_id.scheduled_date", "<=", fields.Datetime.now())
            )
        )

    def _wake_mail_queue(self, at=None):
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger(at)

    def _update_notifications(self, state, replies):
        """Keep the envelope in the chatter true: red where an address was refused."""
        notifications = self.env["mail.notification"].search(
            [("mail_mail_id", "=", self.mail_mail_id.id)]
        )
        if state == DEFERRED:
            notifications.write({"notification_status": "ready", "failure_type": False})
        for notification in notifications:
            email = (
                notification.mail_email_address
                or notification.res_partner_id.email_normalized
            )
            if reply := replies["refused"].get(email):
                notification.write(
                    {
                        "notification_status": "exception",
                        "failure_type": "mail_email_invalid",
                        "failure_reason": reply[1],
                    }
                )

    def _record_no_connection(self, reason):
        """The mail server could not be reached; nothing was said about this mail."""
        answer = " ".join((reason or "").split())
        text = self.env._("The mail server cannot be reached. %s", answer).strip()
        for row in self:
            if row.state != "sending":
                row._update_state(
                    ("queued", "deferred"), "sending", attempts=row.attempts + 1
                )
            row._record_attempt(Attempt(), text)

    # === LATER NEWS === #

    def _record_bounce(self, message, email, body):
        """A mail came back after the mail server had taken it."""
        rows = self.search(
            [
                ("mail_message_id", "in", message.ids),
                ("state", "in", ("sent", "unknown", "deferred")),
            ]
        )
        text = " ".join(html2plaintext(body or "").split())[:500]
        for row in rows:
            reason = self.env._(
                "The mail came back from %(address)s: %(text)s",
                address=email or self.env._("the mail server"),
                text=text,
            )
            if email and email not in email_normalize_all(row.email_to or ""):
                row.write({"reason": "\n".join(filter(None, (row.reason, reason)))})
                continue
            row._update_state((row.state,), REFUSED, reason=reason, next_attempt=False)
            row.mail_mail_id.filtered(lambda m: m.state == "outgoing").cancel()

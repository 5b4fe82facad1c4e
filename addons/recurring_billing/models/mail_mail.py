import logging
import math
import smtplib
import time

import psycopg2

from odoo import api, models, modules
from odoo.fields import Domain

from ..failpoint import failpoint
from ..rehearsal import get_rehearsal
from ..smtp_outcome import SENT, Attempt
from ..smtp_session import SmtpSessions

_logger = logging.getLogger(__name__)


class MailMail(models.Model):
    """Sends the mails of deliveries one by one and writes down the outcome of each.

    All other mails take Odoo's own way, unchanged.
    """

    _inherit = "mail.mail"

    def _get_deliveries(self):
        """Deliveries of these mails, by mail; none while :meth:`_talk` sends one."""
        if "delivery_attempt" in self.env.context:
            return {}
        rows = (
            self.env["document.delivery"]
            .sudo()
            .search([("mail_mail_id", "in", self.ids)])
        )
        by_mail = {
            row.mail_mail_id: row.with_context(
                # The reason is for the person in charge.
                lang=row.author_id.lang or row.company_id.partner_id.lang
            )
            for row in rows
        }
        return {mail: by_mail[mail] for mail in self if mail in by_mail}

    def cancel(self):
        self._cancel_deliveries()
        return super().cancel()

    def unlink(self):
        self._cancel_deliveries()
        return super().unlink()

    def _cancel_deliveries(self):
        """Whoever takes a mail out of the queue does not want it sent."""
        for delivery in self._get_deliveries().values():
            if delivery.state in ("queued", "deferred"):
                delivery._cancel_waiting(
                    self.env._("Taken out of the queue by %s.", self.env.user.name)
                )

    def send(self, auto_commit=False, raise_exception=False, post_send_callback=None):
        if get_rehearsal(self.env):
            return True  # no mail leaves a simulation, whoever wants to send it
        deliveries = self._get_deliveries()
        mails = self
        if deliveries and self._must_wait(auto_commit):
            tracked = self.browse(mail.id for mail in deliveries)
            mails, deliveries = self - tracked, {}
            if not mails:
                return True
        if deliveries:
            mails = mails.with_context(delivery_hung_servers={})
        result = super(MailMail, mails).send(
            auto_commit=auto_commit,
            raise_exception=raise_exception,
            post_send_callback=post_send_callback,
        )
        if deliveries:
            # The report of a run waits for the last of its mails.
            self.env.ref("recurring_billing.ir_cron_send").sudo()._trigger()
            self._wake_queue_for_others()
        return result

    @api.model
    def _must_wait(self, auto_commit):
        """Whether mails of deliveries stay in the queue for now.

        They do in a database that may be a copy. And inside somebody's transaction the
        beginning cannot be committed, without which a crash would send twice: the queue
        does it at once.
        """
        if self.env["recurring.copy.guard"]._is_held():
            return True
        if auto_commit or modules.module.current_test:
            return False
        self.env["document.delivery"]._wake_mail_queue()
        return True

    def _wake_queue_for_others(self):
        """Have the queue go on at once with mails that are due beyond these.

        Odoo takes a thousand in a round, and a round an hour.
        """
        Delivery = self.env["document.delivery"].sudo()
        domain = (
            Domain("mail_mail_id", "not in", self.ids) & Delivery._get_ripe_domain()
        )
        if Delivery.search_count(domain, limit=1):
            Delivery._wake_mail_queue()

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        result = super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason, failure_type
        )
        if failure_type == "mail_smtp":
            # Odoo could not connect and gives these mails up. Written down in the same
            # transaction, so that no crash leaves a mail that nobody tries again.
            for mail, delivery in self._get_deliveries().items():
                if delivery.state in ("queued", "deferred"):
                    delivery._record_no_connection(mail.failure_reason)
        return result

    def _send(
        self,
        auto_commit=False,
        raise_exception=False,
        smtp_session=None,
        alias_domain_id=False,
        mail_server=False,
        post_send_callback=None,
    ):
        deliveries = self._get_deliveries()
        options = {
            "raise_exception": raise_exception,
            "alias_domain_id": alias_domain_id,
            "mail_server": mail_server,
        }
        others = self.browse(mail.id for mail in self if mail not in deliveries)
        sessions = SmtpSessions(self.env, smtp_session, mail_server)
        lost = None
        try:
            super(MailMail, others)._send(
                auto_commit=auto_commit,
                smtp_session=smtp_session,
                post_send_callback=post_send_callback,
                **options,
            )
        except smtplib.SMTPServerDisconnected as error:
            # Odoo ends its round here; no reason to keep the documents waiting.
            sessions.note_lost(error)
            lost = error
        if deliveries and not self.env["ir.mail_server"]._disable_send():
            with sessions:
                done = self._send_deliveries(
                    deliveries, sessions, auto_commit, post_send_callback, options
                )
            if post_send_callback:
                post_send_callback([*others.ids, *done])
        if lost:
            raise lost
        return True

    def _send_deliveries(
        self, deliveries, sessions, auto_commit, post_send_callback, options
    ):
        """Hand over mail after mail, until all are done or the time is up.

        :return: ids of the mails that had their turn
        """
        options = {**options, "raise_exception": False}
        time_is_up = self.env.context.get("cron_end_time", math.inf)
        done = []
        for mail, delivery in deliveries.items():
            mail._send_delivery(delivery, sessions, auto_commit, options)
            done += mail.ids
            if auto_commit:
                if post_send_callback:
                    post_send_callback(mail.ids)
                # As Odoo does: what was sent must never be forgotten.
                self.env.cr.commit()  # pylint: disable=invalid-commit
                if time.monotonic() > time_is_up and not sessions.is_given_up:
                    # Odoo ends actions that take too long, in the middle of a mail.
                    delivery._wake_mail_queue()
                    break
        return done

    def _send_delivery(self, delivery, sessions, auto_commit, options):
        """Hand one mail to the mail server and note what it answers."""
        self.ensure_one()
        attempt = Attempt()
        try:
            # Where there is no line, a crash has nothing to hide: no commit.
            has_line = sessions.reopen_if_lost()
            if not delivery._begin_sending(commit=auto_commit and has_line):
                return
            if has_line:
                self._talk(delivery, sessions, attempt, options)
                delivery._record_attempt(attempt, self.failure_reason)
            else:
                delivery._record_no_connection(sessions.error)
        except psycopg2.Error:
            if not auto_commit:
                raise
            _logger.warning("%s: database error while sending", delivery, exc_info=True)
            self.env.cr.rollback()
            if delivery.state == "sending":
                # The conversation is in memory still: nothing has to be guessed.
                delivery._record_attempt(attempt, self.env._("The database was busy."))

    def _talk(self, delivery, sessions, attempt, options):
        failpoint("mail:before_smtp")
        mail = self.with_context(
            delivery_attempt=attempt,
            send_smtp_skip_to=delivery._get_settled_addresses(),
        )
        try:
            with attempt.watch(sessions.session):
                mail._send(auto_commit=False, smtp_session=sessions.session, **options)
        except smtplib.SMTPServerDisconnected as error:
            attempt.error = attempt.error or error
            sessions.note_lost(error)
        if self.state == "sent" and attempt.phase == "start":
            attempt.phase = "accepted"  # a session that cannot be watched
        elif attempt.state == SENT:
            sessions.note_worked()

import logging
import smtplib

import psycopg2

from odoo import models, modules

from ..failpoint import failpoint
from ..smtp_outcome import SENT, Attempt
from ..smtp_session import SmtpSessions

_logger = logging.getLogger(__name__)


class MailMail(models.Model):
    """Sends the mails of deliveries one by one and writes down the outcome of each.

    All other mails take Odoo's own way, unchanged.
    """

    _inherit = "mail.mail"

    def _get_deliveries(self):
        """Deliveries of these mails, by mail."""
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
        deliveries = self._get_deliveries()
        mails = self
        if deliveries and not auto_commit and not modules.module.current_test:
            # Inside somebody's transaction the beginning cannot be committed, and
            # without that a crash would send twice. The queue does it at once.
            tracked = self.browse(mail.id for mail in deliveries)
            self.env["document.delivery"]._wake_mail_queue()
            mails, deliveries = self - tracked, {}
            if not mails:
                return True
        result = super(MailMail, mails).send(
            auto_commit=auto_commit,
            raise_exception=raise_exception,
            post_send_callback=post_send_callback,
        )
        for mail, delivery in deliveries.items():
            # Odoo could not connect: it never came to _send.
            if mail.state == "exception" and delivery.state in ("queued", "deferred"):
                delivery._record_no_connection(mail.failure_reason)
        if deliveries:
            # The report of a run waits for the last of its mails.
            self.env.ref("recurring_billing.ir_cron_send").sudo()._trigger()
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
        if "delivery_attempt" in self.env.context:  # one mail, see _talk
            deliveries = {}
        else:
            deliveries = self._get_deliveries()
        options = {
            "raise_exception": raise_exception,
            "alias_domain_id": alias_domain_id,
            "mail_server": mail_server,
        }
        others = self.browse(mail.id for mail in self if mail not in deliveries)
        if others:
            super(MailMail, others)._send(
                auto_commit=auto_commit,
                smtp_session=smtp_session,
                post_send_callback=post_send_callback,
                **options,
            )
        if not deliveries or self.env["ir.mail_server"]._disable_send():
            return True
        options["raise_exception"] = False
        with SmtpSessions(self.env, smtp_session, mail_server) as sessions:
            for mail, delivery in deliveries.items():
                mail._send_delivery(delivery, sessions, auto_commit, options)
                if auto_commit:
                    if post_send_callback:
                        post_send_callback(mail.ids)
                    # As Odoo does: what was sent must never be forgotten.
                    self.env.cr.commit()  # pylint: disable=invalid-commit
        if post_send_callback:
            post_send_callback(self.ids)
        return True

    def _send_delivery(self, delivery, sessions, auto_commit, options):
        """Hand one mail to the mail server and note what it answers."""
        self.ensure_one()
        attempt = Attempt()
        try:
            if not delivery._begin_sending(commit=auto_commit):
                return
            if sessions.reopen_if_lost():
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
            sessions.note_lost()
        if self.state == "sent" and attempt.phase == "start":
            attempt.phase = "accepted"  # a session that cannot be watched
        elif attempt.state == SENT:
            sessions.note_worked()

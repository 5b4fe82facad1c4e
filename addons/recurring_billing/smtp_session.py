"""Keeps a conversation with the mail server going when one mail breaks it."""

import logging
import smtplib

from .smtp_outcome import is_time_out

_logger = logging.getLogger(__name__)

#: A server that hangs up on so many mails in a row is left alone for a while.
MAX_LOST = 3


class SmtpSessions:
    """The session that Odoo opened, and after a broken line a new one.

    :param env: an environment
    :param session: the open session
    :param mail_server: the ``ir.mail_server``, or False for the one in the settings
    """

    def __init__(self, env, session, mail_server):
        self.env = env
        self.session = session
        self.mail_server = mail_server
        self.smtp_from = getattr(session, "smtp_from", None)
        self.lost = 0
        self.error = ""
        self._own = None

    def __enter__(self):
        return self

    def __exit__(self, *exc_info):
        self._quit()

    def note_lost(self, error):
        """The line broke. One hang is enough: it takes Odoo's whole time-out of a
        minute, and a scheduled action is killed after two."""
        self.lost = MAX_LOST if is_time_out(error) else self.lost + 1
        self.error = str(error)

    def note_worked(self):
        self.lost = 0

    @property
    def is_given_up(self):
        """Whether the mail server is left alone: what is left is put off, quickly."""
        return self.lost >= MAX_LOST

    def reopen_if_lost(self):
        """Make sure that there is a line.

        :return: whether the mail server can be spoken to; else see ``error``
        """
        if getattr(self.session, "sock", True) is not None:
            return True
        if self.is_given_up:
            return False
        self._quit()
        try:
            self.session = self._own = self.env["ir.mail_server"]._connect__(
                mail_server_id=self.mail_server.id if self.mail_server else None,
                smtp_from=self.smtp_from,
            )
        except Exception as error:
            _logger.info("The mail server cannot be reached again: %s", error)
            self.lost, self.error = MAX_LOST, str(error)
            return False
        return True

    def _quit(self):
        if self._own is None:
            return
        try:
            self._own.quit()
        except (smtplib.SMTPException, OSError):
            _logger.debug("The mail server had hung up already")
        self._own = None

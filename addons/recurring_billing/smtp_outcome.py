"""What became of one attempt to hand a mail to the mail server. Pure: no Odoo.

Odoo keeps only "sent" or "exception". What may be tried again, what was refused for
good and what nobody can know differs by *when* the conversation broke, so the session
is watched while it talks.
"""

import smtplib
from contextlib import contextmanager
from dataclasses import dataclass, field

SENT, DEFERRED, REFUSED, UNKNOWN = "sent", "deferred", "refused", "unknown"


@dataclass
class Attempt:
    """One conversation with a mail server.

    ``phase`` is ``start`` (nothing said, or only addresses), ``body`` (the server
    asked for the text: from here on only its answer tells whether it took the mail)
    or ``accepted``.
    """

    phase: str = "start"
    addresses: list = field(default_factory=list)
    refused: dict = field(default_factory=dict)
    error: BaseException | None = None
    in_data: bool = field(default=False, repr=False)

    @contextmanager
    def watch(self, session):
        """Listen to a session; the session behaves as before."""
        names = ("send_message", "data", "getreply")
        wrapped = [name for name in names if hasattr(session, name)]
        for name in wrapped:
            setattr(session, name, self._wrap(name, getattr(session, name)))
        try:
            yield session
        finally:
            for name in wrapped:
                vars(session).pop(name, None)

    def _wrap(self, name, original):
        def send_message(message, smtp_from, smtp_to_list, *args, **kwargs):
            self.addresses = list(smtp_to_list)
            refused = original(message, smtp_from, smtp_to_list, *args, **kwargs)
            self.refused = dict(refused or {})
            self.phase = "accepted"
            return refused

        def data(message):
            self.in_data = True
            try:
                reply = original(message)
            finally:
                self.in_data = False
            if reply[0] == 250:
                self.phase = "accepted"
            return reply

        def getreply():
            reply = original()
            if self.in_data and reply[0] == 354:
                self.phase = "body"
            return reply

        return {"send_message": send_message, "data": data, "getreply": getreply}[name]

    @property
    def state(self):
        """The outcome, as far as the server's answers tell it."""
        if self.phase == "accepted":
            return SENT
        if self.error is None:
            return UNKNOWN if self.phase == "body" else DEFERRED
        return self._classify_error()

    def _classify_error(self):
        error = self.error
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            self.refused = dict(error.recipients)
            return (
                DEFERRED if any(map(is_temporary, self.refused.values())) else REFUSED
            )
        if isinstance(error, smtplib.SMTPResponseException) and (
            400 <= error.smtp_code < 600
        ):
            # Such an answer is certain, also after the text: not taken.
            return DEFERRED if is_temporary((error.smtp_code,)) else REFUSED
        if isinstance(error, AssertionError | UnicodeError | ValueError):
            return REFUSED  # the address or the text itself; no server was asked
        # The line broke, or the answer is none that the standard knows.
        return UNKNOWN if self.phase == "body" else DEFERRED

    @property
    def broke_line(self):
        """Whether the server hung up, or hung, over this mail."""
        return isinstance(self.error, smtplib.SMTPServerDisconnected)

    @property
    def answer(self):
        """The server's words, for a person to read."""
        error = self.error
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            return format_refused(error.recipients)
        if isinstance(error, smtplib.SMTPResponseException):
            return format_reply((error.smtp_code, error.smtp_error))
        if isinstance(error, AssertionError) and error.args:
            return str(error.args[-1])
        return str(error or "") or type(error).__name__


def is_temporary(reply):
    """4xx asks to try again later; 5xx is final (RFC 5321, section 4.2.1)."""
    return 400 <= reply[0] < 500


def is_time_out(error):
    """Whether the server kept us waiting until our patience ended."""
    return isinstance(error, TimeoutError) or isinstance(
        error.__context__, TimeoutError
    )


def format_reply(reply):
    code, text = reply
    text = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    return f"{code} {' '.join(text.split())}"


def format_refused(refused):
    """``address: 550 No such user``, one a line."""
    return "\n".join(f"{who}: {format_reply(reply)}" for who, reply in refused.items())

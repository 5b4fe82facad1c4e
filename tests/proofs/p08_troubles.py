"""The ways in which a mail server misbehaves, and what must become of the mails."""

from dataclasses import dataclass

#: Seconds that the server keeps silent: longer than our patience in these tests.
SILENCE = 30
#: Broken lines in a row after which the suite leaves a server alone.
BROKEN_LINES = 3


@dataclass(frozen=True)
class Trouble:
    """What the mail server does while the mails of one task are sent.

    stage, answer, options: a fault as ``SmtpSink.fault`` takes it; no stage, no fault
    is_down: nobody listens at its port
    pause: seconds between two bytes of each answer
    rounds: how often the mails are tried before the server recovers
    end: the state in which all mails are after that
    unknown: mails of which nobody can know whether they arrived, at most
    has_copy: each mail has a second addressee, in Cc
    told: part of the reason that stands on each delivery in the end
    """

    name: str
    stage: str = ""
    answer: str | None = None
    options: tuple = ()
    is_down: bool = False
    pause: float = 0.0
    rounds: int = 1
    end: str = "sent"
    unknown: int = 0
    has_copy: bool = False
    told: str = ""

    def begin(self, sink):
        """:return: the fault, which counts how often it was met; or None"""
        sink.pause = self.pause
        if self.is_down:
            sink.stop()
        if self.stage:
            return sink.fault(self.stage, self.answer, **dict(self.options))
        return None

    def end_it(self, sink):
        sink.heal()
        sink.start() if self.is_down else None

    @property
    def hangs(self):
        return "hang" in dict(self.options)


def _hang(name, stage, **more):
    return Trouble(name, stage, options=(("hang", SILENCE),), **more)


def _drop(name, stage, **more):
    return Trouble(name, stage, options=(("drop", True),), **more)


_COPY = (("match", "copy-"),)

TROUBLES = {
    trouble.name: trouble
    for trouble in (
        Trouble("connection refused", is_down=True, rounds=2),
        _hang("hangs at the greeting", "connect"),
        _hang("hangs at RCPT", "rcpt"),
        _hang("hangs at DATA", "before_data"),
        _hang("hangs after the text", "data", unknown=1),
        _hang("hangs after it took the text", "after_data", unknown=1),
        Trouble("421 at the greeting", "connect", "421 too many connections"),
        Trouble("421 at MAIL", "mail", "421 closing"),
        Trouble("451 at RCPT", "rcpt", "451 greylisted", rounds=2),
        Trouble("451 after the text", "data", "451 try again later", rounds=2),
        Trouble("550 at RCPT", "rcpt", "550 no such user", end="refused", told="550"),
        Trouble("552 after the text", "data", "552 full", end="refused", told="552"),
        _drop("drops at DATA", "before_data"),
        _drop("drops after it took the text", "after_data", unknown=BROKEN_LINES),
        Trouble("slow", pause=0.001),
        Trouble(
            "550 for one of two",
            "rcpt",
            "550 no such user",
            options=_COPY,
            has_copy=True,
            told="550 no such user",
        ),
        Trouble(
            "451 for one of two",
            "rcpt",
            "451 greylisted",
            options=_COPY,
            has_copy=True,
            rounds=2,
        ),
    )
}

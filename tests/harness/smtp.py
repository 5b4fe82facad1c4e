"""A mail server inside the test, which can be told to misbehave."""

import asyncio
import email
import email.policy
import html
import re
import threading
import time
from dataclasses import dataclass, field
from email.utils import getaddresses

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from suite.process import free_port

STAGES = ("connect", "ehlo", "mail", "rcpt", "before_data", "data", "after_data")


@dataclass
class Received:
    """One message as the mail server accepted it."""

    mail_from: str
    rcpt_tos: list
    raw: bytes
    time: float

    @property
    def message(self):
        return email.message_from_bytes(self.raw, policy=email.policy.default)

    def addresses(self, header):
        return [
            address for _name, address in getaddresses(self.message.get_all(header, []))
        ]

    @property
    def to(self):
        return self.addresses("To")

    @property
    def cc(self):
        return self.addresses("Cc")

    @property
    def subject(self):
        return str(self.message["Subject"])

    @property
    def html(self):
        part = self.message.get_body(("html",))
        return part.get_content() if part else ""

    @property
    def text(self):
        part = self.message.get_body(("plain",))
        return part.get_content() if part else ""

    def find_link(self, words):
        """Where a button of the message leads.

        :param words: part of what is written on it
        """
        for address, text in re.findall(
            r'<a\b[^>]*\bhref="([^"]+)"[^>]*>(.*?)</a>', self.html, re.S
        ):
            label = html.unescape(re.sub(r"<[^>]+>", " ", text))
            if words in " ".join(label.split()):
                return html.unescape(address)
        raise AssertionError(f"no button “{words}” in the e-mail:\n{self.text}")

    @property
    def attachments(self):
        """{file name: bytes}"""
        return {
            part.get_filename(): part.get_payload(decode=True)
            for part in self.message.iter_attachments()
        }


@dataclass
class Fault:
    """What goes wrong at a stage of the conversation.

    answer: the reply line, e.g. "451 try again later"; drop: break the connection;
    hang: wait so many seconds first; match: only for addresses that hold this text
    (stages mail and rcpt) or messages that do (data); times: how often, None = always.
    Stage before_data: instead of "354 go on"; data: when the text is there, which is
    not kept; after_data: the message is kept, then the fault happens instead of "250".
    """

    stage: str
    answer: str | None = None
    drop: bool = False
    hang: float = 0.0
    match: str | None = None
    times: int | None = None
    used: int = field(default=0, init=False)

    def applies(self, stage, text):
        if self.stage != stage or (self.times is not None and self.used >= self.times):
            return False
        return self.match is None or self.match in text


class _Server(SMTP):
    async def _handle_client(self):
        # Before the greeting, where no handler is asked.
        answer = await self.event_handler.meet("connect", "", self)
        if answer:
            await self.push(answer)
            self.transport.close()
            return
        await super()._handle_client()

    async def smtp_DATA(self, arg):
        # Before "354", where no handler is asked either.
        answer = await self.event_handler.meet("before_data", "", self)
        if answer:
            await self.push(answer)
            return
        await super().smtp_DATA(arg)

    async def push(self, status):
        pause = self.event_handler.pause
        if not pause:
            await super().push(status)
            return
        line = status.encode() if isinstance(status, str) else status
        for byte in line + b"\r\n":
            self._writer.write(bytes([byte]))
            await self._writer.drain()
            await asyncio.sleep(pause)


class SmtpSink:
    """Keeps what it accepts in `messages`; `fault(...)` adds a misbehaviour.

    `stop()` closes the port (connections are refused), `start()` opens the same again.
    `offered` holds every text that a client handed over, also what was refused then.
    `pause`: seconds between two bytes of an answer.
    """

    def __init__(self, host="127.0.0.1", port=None):
        self.host = host
        self.port = port or free_port()
        self.messages = []
        self.offered = []
        self.attempts = []
        self.pause = 0.0
        self.faults = []
        self._changed = threading.Condition()
        self._controller = None

    def start(self):
        self._controller = _Controller(self, hostname=self.host, port=self.port)
        self._controller.start()
        return self

    def stop(self):
        if self._controller:
            self._controller.stop()
            self._controller = None

    def __enter__(self):
        return self.start() if self._controller is None else self

    def __exit__(self, *_exc):
        self.stop()

    def fault(self, stage, answer=None, **options):
        if stage not in STAGES:
            raise ValueError(f"stage must be one of {STAGES}")
        self.faults.append(Fault(stage, answer, **options))
        return self.faults[-1]

    def heal(self):
        self.faults.clear()
        self.pause = 0.0

    def clear(self):
        self.messages.clear()
        self.offered.clear()
        self.attempts.clear()

    def wait_for(self, count, timeout=60.0):
        """Wait until `count` messages are there; returns them all."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self.messages) >= count, timeout):
                raise TimeoutError(
                    f"{len(self.messages)} of {count} messages after {timeout:.0f} s"
                )
            return list(self.messages)

    def wait_for_mail(self, address, subject, timeout=120):
        """The first message to this address whose subject holds these words."""
        deadline = time.time() + timeout
        while time.time() < deadline:
            for message in self.to(address):
                if subject in message.subject:
                    return message
            time.sleep(0.2)
        found = [message.subject for message in self.to(address)]
        raise TimeoutError(f"no “{subject}” for {address}, only {found}")

    def to(self, address):
        """The messages whose envelope holds this address."""
        return [item for item in self.messages if address in item.rcpt_tos]

    # What aiosmtpd calls, in its own thread.

    async def meet(self, stage, text, server):
        self.attempts.append((stage, text if len(text) < 200 else "", time.time()))
        for fault in list(self.faults):
            if not fault.applies(stage, text):
                continue
            fault.used += 1
            if fault.hang:
                await asyncio.sleep(fault.hang)
            if fault.drop and server.transport:
                server.transport.abort()
            if fault.answer or fault.drop:
                return fault.answer or "421 closing"
        return None

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        answer = await self.meet("ehlo", hostname, server)
        session.host_name = hostname
        return [answer] if answer else responses

    async def handle_MAIL(self, server, session, envelope, address, mail_options):
        answer = await self.meet("mail", address, server)
        if answer:
            return answer
        envelope.mail_from = address
        envelope.mail_options.extend(mail_options)
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        answer = await self.meet("rcpt", address, server)
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        text = envelope.content.decode("utf-8", "replace")
        item = Received(
            envelope.mail_from, list(envelope.rcpt_tos), envelope.content, time.time()
        )
        self.offered.append(item)
        answer = await self.meet("data", text, server)
        if answer:
            return answer
        with self._changed:
            self.messages.append(item)
            self._changed.notify_all()
        return await self.meet("after_data", text, server) or "250 OK"


class _Controller(Controller):
    def factory(self):
        return _Server(self.handler, data_size_limit=64 * 2**20, enable_SMTPUTF8=True)

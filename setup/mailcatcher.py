#!/usr/bin/env python3
"""A mail server for demonstrations: takes every e-mail, delivers none, shows them all.

    mailcatcher.py --smtp-port 1025 --http-port 8025 --folder DIR

Messages are files in DIR, so they outlive a restart. The pages need nothing from the
internet; the text of a message is shown in a frame without scripts and without network.
"""

import argparse
import email
import email.policy
import re
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from aiosmtpd.controller import Controller

sys.path.insert(0, str(Path(__file__).resolve().parent))
from suite import mail_pages  # noqa: E402

# No scripts at all; pictures from here and from the Odoo beside it, from nowhere else.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self';"
    " form-action 'none'; base-uri 'self';"
    " img-src 'self' data: http://127.0.0.1:* http://localhost:*"
)
SAFE_NAME = re.compile(r"^[0-9]{1,20}$")


class Store:
    """The messages: one file each, named after the moment it arrived."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)

    def add(self, content, envelope_to):
        name = f"{time.time_ns()}"
        head = f"X-Envelope-To: {', '.join(envelope_to)}\r\n".encode()
        partial = self.folder / f"{name}.tmp"
        partial.write_bytes(head + content)
        partial.rename(self.folder / f"{name}.eml")

    def all(self):
        names = sorted((path.stem for path in self.folder.glob("*.eml")), reverse=True)
        return [(name, self.get(name)) for name in names]

    def get(self, name):
        path = self.folder / f"{name}.eml"
        if not SAFE_NAME.match(name) or not path.is_file():
            return None
        return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)

    async def handle_DATA(self, _server, _session, envelope):
        """aiosmtpd calls this for every message."""
        self.add(envelope.content, envelope.rcpt_tos)
        return "250 OK, kept"


class Handler(BaseHTTPRequestHandler):
    """Read-only: the list, a mail, its text, its attachments."""

    store = None
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = urlsplit(self.path).path.strip("/")
        first, *rest = [unquote(part) for part in path.split("/")]
        if first == "":
            return self._html(mail_pages.list_page(self.store.all()))
        if first == "health":
            return self._send(b"ok", "text/plain")
        message = self.store.get(rest[0]) if first == "mail" and rest else None
        if message is None:
            return self._not_found("There is no such e-mail.")
        return self._mail(rest[0], message, rest[1:])

    do_HEAD = do_GET

    def _mail(self, name, message, rest):
        what, number = (*rest, "", "")[:2]
        if what == "":
            return self._html(mail_pages.mail_page(name, message))
        if what == "body":
            return self._html(mail_pages.body_page(name, message))
        if what == "raw":
            content = message.as_bytes()
            return self._download(f"{name}.eml", content, "message/rfc822")
        parts = {"file": mail_pages.attachments(message), "part": list(message.walk())}
        found = parts.get(what, [])
        if number.isdigit() and int(number) < len(found):
            return self._part(found[int(number)], inline=what == "part")
        return self._not_found("There is no such part.")

    def _part(self, part, inline):
        content = part.get_payload(decode=True) or b""
        kind = part.get_content_type()
        if inline and kind.startswith("image/") and kind != "image/svg+xml":
            return self._send(content, kind)
        return self._download(part.get_filename() or "part", content, kind)

    def _download(self, name, content, kind):
        # A PDF may be looked at in the browser; nothing else is worth the risk.
        how = "inline" if kind == "application/pdf" else "attachment"
        disposition = f"{how}; filename*=UTF-8''{quote(name, safe='')}"
        self._send(content, kind, {"Content-Disposition": disposition})

    def _not_found(self, text):
        self._html(mail_pages.page("Not found", f'<p class="card">{text}</p>'), 404)

    def _html(self, text, status=200):
        # A message may hold half a character; the page must still come.
        content = text.encode("utf-8", "replace")
        self._send(content, "text/html; charset=utf-8", status=status)

    def _send(self, content, kind, headers=None, status=200):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        if kind != "application/pdf":
            self.send_header("Content-Security-Policy", POLICY)
        for key, value in (headers or {}).items():
            self.send_header(key, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *_args):
        """Nobody reads an access log of a demo."""


def serve(folder, smtp_port, http_port, host):
    store = Store(folder)
    controller = Controller(
        store,
        hostname=host,
        port=smtp_port,
        data_size_limit=64 * 2**20,
        enable_SMTPUTF8=True,
    )
    controller.start()
    handler = type("BoundHandler", (Handler,), {"store": store})
    with ThreadingHTTPServer((host, http_port), handler) as server:
        try:
            server.serve_forever()
        finally:
            controller.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--smtp-port", type=int, default=1025)
    parser.add_argument("--http-port", type=int, default=8025)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--folder", required=True)
    options = parser.parse_args()
    try:
        serve(options.folder, options.smtp_port, options.http_port, options.host)
    except OSError as error:
        sys.exit(f"mail catcher: {error}")
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()

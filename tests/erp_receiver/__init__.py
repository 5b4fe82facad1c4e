"""A receiver of orders as docs/api.md asks for it, which can be told to misbehave.

    with ErpReceiver() as erp:
        erp.plan = lambda message: "slow"
        ...
    assert len(erp.booked) == 60

It books a message once, however often it gets it: `booked` holds the first of each key,
`attempts` all that came. To run it by itself: `python3 -m erp_receiver 8099`.
"""

import base64
import contextlib
import hashlib
import http.server
import json
import socket
import threading
import time
from collections import namedtuple
from urllib.parse import unquote

Message = namedtuple("Message", "key number version kind state body count")

#: What may go wrong, and whether the message is booked all the same.
FAULTS = {
    "late": True,  # booked, then silent until the sender gives up
    "drop_before": False,  # hangs up without having looked
    "drop_after": True,  # hangs up instead of answering
    "error_before": False,  # 503, nothing done
    "error_after": True,  # 500 after having booked
    "redirect": False,  # asks to go elsewhere
    "huge": True,  # an answer without end
    "garbage": True,  # 200 with something that is no JSON
    "slow": True,  # answers byte by byte, but in time
}


class ErpReceiver:
    """`plan(message)` names the fault of an attempt, None for none."""

    def __init__(self, key="", port=0):
        self.key = key
        self.plan = lambda message: None
        self.booked = {}
        self.attempts = []
        self.strangers = []
        self._lock = threading.Lock()
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", port), _Handler)
        self._server.daemon_threads = True
        self._server.erp = self

    @property
    def url(self):
        return f"http://127.0.0.1:{self._server.server_address[1]}/orders"

    def __enter__(self):
        threading.Thread(
            target=self._server.serve_forever, args=(0.05,), daemon=True
        ).start()
        return self

    def __exit__(self, *_exc):
        self._server.shutdown()
        self._server.server_close()

    def take(self, headers, body):
        """The message of a request, and how it is to be treated."""
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        if headers["Content-Digest"] != f"sha-256=:{digest}:":
            raise ValueError("the body is not what was sent")
        key = headers["Idempotency-Key"]
        with self._lock:
            count = sum(message.key == key for message in self.attempts)
            message = Message(
                key,
                unquote(headers["X-Order-Number"]),
                int(headers["X-Order-Version"]),
                headers["X-Message"],
                headers["X-Order-State"],
                body,
                count + 1,
            )
            self.attempts.append(message)
        return message, self.plan(message)

    def book(self, message):
        """Once for each key; the number that it has here."""
        with self._lock:
            if message.key not in self.booked:
                self.booked[message.key] = (f"ERP-{len(self.booked) + 1}", message)
            return self.booked[message.key][0]


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        erp = self.server.erp
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path != "/orders" or self.headers["Authorization"] != (
            f"Bearer {erp.key}"
        ):
            erp.strangers.append(self.path)
            self._answer(401, {"error": "who are you?"})
            return
        try:
            message, fault = erp.take(self.headers, body)
        except (KeyError, TypeError, ValueError) as error:
            self._answer(400, {"error": str(error)})
            return
        number = erp.book(message) if FAULTS.get(fault, True) else ""
        with contextlib.suppress(OSError):
            getattr(self, f"_answer_{fault}", self._answer_well)(number)

    def _answer_well(self, number):
        self._answer(201, {"number": number})

    def _answer_late(self, number):
        time.sleep(3)
        self._answer_well(number)

    def _answer_drop_before(self, _number):
        self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True

    _answer_drop_after = _answer_drop_before

    def _answer_error_before(self, _number):
        self._answer(503, {"error": "busy"}, {"Retry-After": "1"})

    def _answer_error_after(self, _number):
        self._answer(500, {"error": "booked, and then something broke"})

    def _answer_redirect(self, _number):
        self._answer(307, {}, {"Location": "/elsewhere"})

    def _answer_huge(self, number):
        self.send_response(201)
        self.send_header("X-ERP-Number", number)
        self.send_header("Content-Length", str(10**9))
        self.end_headers()
        for _block in range(64):
            self.wfile.write(b" " * 2**20)

    def _answer_garbage(self, number):
        self._answer(200, None, {"X-ERP-Number": number}, b"\xff{[<booked>")

    def _answer_slow(self, number):
        text = f"HTTP/1.1 201 Created\r\nX-ERP-Number: {number}\r\n"
        for byte in (text + "Content-Length: 0\r\n\r\n").encode():
            self.wfile.write(bytes([byte]))
            time.sleep(0.001)

    def _answer(self, status, data, headers=None, body=None):
        body = json.dumps(data).encode() if body is None else body
        self.send_response(status)
        sizes = {"Content-Length": str(len(body)), "Content-Type": "application/json"}
        for name, value in {**sizes, **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        """Quiet: the tests look at what was booked."""

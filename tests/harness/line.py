"""A line between browser and server that can be cut, and that can swallow an answer.

with Line(server.port) as line:
    browser.open(f"{line.url}/odoo")
    line.cut()
    line.mend()
    line.swallow("/postsale.field.entry/record")
"""

import contextlib
import http.client
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

#: Of one connection only; the line speaks for itself.
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}


class Line:
    """Passes requests on, one connection each.

    swallowed: paths of the requests whose answers were lost
    """

    def __init__(self, port):
        self.target = port
        self.is_cut = False
        self.swallowed = []
        self._to_swallow = []
        handler = type("Handler", (_Handler,), {"line": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self):
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def cut(self):
        """From now on every request fails, as without a connection."""
        self.is_cut = True

    def mend(self):
        self.is_cut = False

    def swallow(self, end):
        """The server gets the next request whose path ends so and does its work; its
        answer is lost."""
        self._to_swallow.append(end)

    def is_lost(self, path):
        """Whether an answer to this path gets lost."""
        for end in self._to_swallow:
            if path.endswith(end):
                self._to_swallow.remove(end)
                self.swallowed.append(path)
                return True
        return self.is_cut


class _Handler(BaseHTTPRequestHandler):
    line = None

    def handle_one_request(self):
        with contextlib.suppress(ConnectionError):
            super().handle_one_request()

    def do_GET(self):
        self._pass_on()

    def do_POST(self):
        self._pass_on()

    def _pass_on(self):
        size = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(size) if size else None
        if self.line.is_cut or self.path.startswith("/websocket"):
            self._hang_up()
            return
        answer, content = self._ask(body)
        if self.line.is_lost(self.path):
            self._hang_up()
            return
        self.send_response(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)

    def _ask(self, body):
        target = http.client.HTTPConnection("127.0.0.1", self.line.target, timeout=120)
        headers = {
            name: value
            for name, value in self.headers.items()
            if name.lower() not in HOP_BY_HOP
        }
        with contextlib.closing(target):
            target.request(self.command, self.path, body, headers)
            answer = target.getresponse()
            return answer, answer.read()

    def _hang_up(self):
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, *_arguments):
        """The server has a log."""

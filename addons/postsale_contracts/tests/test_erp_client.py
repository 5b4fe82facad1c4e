"""The HTTP client against a real server: what it refuses, and when it gives up."""

import contextlib
import datetime
import http.server
import socket
import ssl
import tempfile
import threading
import time
from pathlib import Path
from unittest.mock import patch

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from odoo.tests import BaseCase, tagged

from .. import erp_client
from ..erp_address import AddressRefused, parse_target
from ..erp_client import MAX_ANSWER, NotReached, post


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers as the path says, and notes who came."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, dict(self.headers), body))
        getattr(self, f"do_{self.path.strip('/').partition('/')[0]}")()

    do_GET = do_POST

    def do_take(self):
        self._answer(201, b'{"number": "A-1"}')

    def do_redirect(self):
        self._answer(307, b"", Location="/take", **{"Set-Cookie": "a=b"})

    def do_huge(self):
        size = 64 * MAX_ANSWER
        self.send_response(200)
        self.send_header("Content-Length", str(size))
        self.end_headers()
        self.server.written = 0
        with contextlib.suppress(OSError):
            while self.server.written < size:
                self.server.written += self.wfile.write(b"x" * 65536)

    def do_drip(self):
        with contextlib.suppress(OSError):
            for _second in range(50):
                self.wfile.write(b"HTTP/1.1 200 OK\r\n"[_second % 17 :][:1])
                time.sleep(0.1)

    def do_drop(self):
        self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True

    def do_nonsense(self):
        self.wfile.write(b"hello there\r\n\r\n")
        self.close_connection = True

    def _answer(self, status, body, **headers):
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        pass


@contextlib.contextmanager
def running(context=None):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.got = []
    server.daemon_threads = True
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def make_certificate(folder, name):
    """A certificate for ``name``, signed by itself; its file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime(2020, 1, 1)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(datetime.datetime(2100, 1, 1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    path = Path(folder, f"{name}.pem")
    path.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return str(path)


@tagged("post_install", "-at_install")
class TestErpClient(BaseCase):
    def _post(self, server, path="take", host="127.0.0.1", timeout=5, allowed=True):
        port = server.server_address[1]
        target = parse_target(f"http://{host}:{port}/{path}", host)
        if not allowed:
            target = parse_target(f"https://{host}:{port}/{path}")
        return post(target, {"X-Key": "k"}, b"<Order/>", timeout)

    def assertNotReached(self, code, is_uncertain, function, *args, **kwargs):
        with self.assertRaises(NotReached) as caught:
            function(*args, **kwargs)
        found = (caught.exception.code, caught.exception.is_uncertain)
        self.assertEqual(found, (code, is_uncertain))

    def test_a_message_and_its_answer(self):
        with running() as server:
            response = self._post(server)
        self.assertEqual((response.status, response.body), (201, b'{"number": "A-1"}'))
        ((path, headers, body),) = server.got
        self.assertEqual((path, body), ("/take", b"<Order/>"))
        self.assertEqual(headers["X-Key"], "k")
        self.assertEqual(headers["Host"], f"127.0.0.1:{server.server_address[1]}")

    def test_ones_own_network_is_not_even_connected_to(self):
        with running() as server:
            for host in ("127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1"):
                with self.subTest(host), self.assertRaises(AddressRefused):
                    self._post(server, host=host, allowed=False)
        self.assertEqual(server.got, [])

    def test_one_private_address_among_others_is_enough(self):
        found = [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))
            for address in ("8.8.8.8", "10.0.0.1")
        ]
        with (
            patch.object(socket, "getaddrinfo", return_value=found),
            patch.object(socket, "create_connection") as connect,
            self.assertRaises(AddressRefused),
        ):
            post(parse_target("https://erp.example.com/"), {}, b"", 5)
        connect.assert_not_called()

    def test_the_address_that_was_checked_is_connected_to(self):
        """A name server that says something else a moment later changes nothing."""
        asked = []

        def answer(host, port, *args, **kwargs):
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", port))]

        with (
            patch.object(socket, "getaddrinfo", answer),
            patch.object(socket, "create_connection", side_effect=OSError) as connect,
        ):
            target = parse_target("https://erp.example.com/")
            self.assertNotReached("connect", False, post, target, {}, b"", 5)
        self.assertEqual(asked, ["erp.example.com"])
        self.assertEqual(connect.call_args.args[0], ("8.8.8.8", 443))

    def test_no_redirects_no_cookies_no_proxies(self):
        proxies = {
            "http_proxy": "http://127.0.0.1:1",
            "HTTP_PROXY": "http://127.0.0.1:1",
        }
        with running() as server, patch.dict("os.environ", proxies):
            self.assertEqual(self._post(server, "redirect").status, 307)
            self._post(server)
        self.assertEqual([path for path, *_rest in server.got], ["/redirect", "/take"])
        self.assertNotIn("Cookie", server.got[-1][1])

    def test_a_huge_answer_is_not_read_to_its_end(self):
        with running() as server:
            response = self._post(server, "huge")
        self.assertEqual(response.status, 200)
        self.assertEqual(len(response.body), MAX_ANSWER)
        self.assertLess(server.written, 32 * MAX_ANSWER)

    def test_a_dripping_answer_ends_with_the_time_limit(self):
        began = time.monotonic()
        with running() as server:
            self.assertNotReached(
                "timeout", True, self._post, server, "drip", timeout=0.5
            )
        self.assertLess(time.monotonic() - began, 3)

    def test_whoever_got_the_message_may_have_taken_it(self):
        with running() as server:
            for path in ("drop", "nonsense"):
                with self.subTest(path):
                    self.assertNotReached("broken", True, self._post, server, path)

    def test_nobody_there(self):
        with running() as server:
            pass
        self.assertNotReached("connect", False, self._post, server)
        self.assertNotReached("name", False, self._post, server, host="erp.invalid")

    def test_the_certificate_has_to_be_that_of_the_name(self):
        with tempfile.TemporaryDirectory() as folder:
            file = make_certificate(folder, "erp.test")
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(file)
            with running(context) as server:
                port = server.server_address[1]
                right = parse_target(f"https://erp.test:{port}/take", "erp.test")
                wrong = parse_target(f"https://other.test:{port}/take", "other.test")
                with patch.object(erp_client, "resolve", return_value=["127.0.0.1"]):
                    refused = ("certificate", False, post)
                    self.assertNotReached(*refused, right, {}, b"x", 5)
                    with patch.object(
                        ssl,
                        "create_default_context",
                        lambda make=ssl.create_default_context: make(cafile=file),
                    ):
                        self.assertEqual(post(right, {}, b"x", 5).status, 201)
                        self.assertNotReached(*refused, wrong, {}, b"x", 5)
        self.assertEqual(len(server.got), 1)

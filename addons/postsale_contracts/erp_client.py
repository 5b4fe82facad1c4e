"""Posts one message to one receiver and reads its answer. No Odoo.

Python's own HTTP client instead of `requests`: it follows no redirects, sends no
cookies, knows no proxies of the environment and unpacks nothing, and it talks over the
connection it is given. So the address that was checked is the one that is connected to,
whatever the name server says a moment later, while the certificate is that of the name.
"""

import http.client
import socket
import ssl
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from .erp_address import check_address

#: Bytes of an answer that are read at most.
MAX_ANSWER = 1024 * 1024
#: Seconds for one address to take the connection.
CONNECT_TIMEOUT = 10.0


class NotReached(Exception):
    """No answer came.

    ``code``: ``name`` (no such host), ``connect``, ``certificate``, ``timeout`` or
    ``broken``; ``is_uncertain``: the receiver may have got the message.
    """

    def __init__(self, code, is_uncertain):
        super().__init__(code)
        self.code = code
        self.is_uncertain = is_uncertain


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    headers: Any
    body: bytes


def post(target, headers, body, timeout):
    """Post a message.

    :param Target target: where to
    :param dict headers: of the message
    :param bytes body: of the message
    :param float timeout: seconds for the whole conversation
    :rtype: Response
    :raises AddressRefused: when the name leads where nothing may be sent
    :raises NotReached:
    """
    end = time.monotonic() + timeout
    addresses = resolve(target)
    try:
        with _connect(target, addresses, end) as connection:
            return _talk(connection, target, headers, body, end)
    except ssl.SSLCertVerificationError as error:
        raise NotReached("certificate", False) from error
    except TimeoutError as error:
        raise NotReached("timeout", False) from error
    except OSError as error:
        raise NotReached("connect", False) from error


def resolve(target):
    """IP addresses of a target, all of them checked.

    :raises AddressRefused: when one of them may not be sent to: a name that mixes
        public and private addresses is up to no good
    """
    try:
        found = socket.getaddrinfo(
            target.host, target.port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP
        )
    except (OSError, UnicodeError) as error:
        raise NotReached("name", False) from error
    addresses = list(dict.fromkeys(info[4][0] for info in found))
    for address in addresses:
        check_address(address, target.is_allowed)
    return addresses


@contextmanager
def _connect(target, addresses, end):
    """A connection to one of the checked addresses, encrypted where it has to be."""
    raw = _open_socket(addresses, target.port, end)
    try:
        raw.settimeout(_get_rest(end))
        if target.scheme == "https":
            context = ssl.create_default_context()
            raw = context.wrap_socket(raw, server_hostname=target.host)
        yield raw
    finally:
        raw.close()


def _open_socket(addresses, port, end):
    error = OSError("no address")
    for address in addresses:
        try:
            wait = min(_get_rest(end), CONNECT_TIMEOUT)
            return socket.create_connection((address, port), timeout=wait)
        except OSError as problem:
            error = problem
    raise error


def _get_rest(end):
    rest = end - time.monotonic()
    if rest <= 0:
        raise TimeoutError
    return rest


def _talk(raw, target, headers, body, end):
    """From here on the receiver may have got the message, whatever goes wrong."""
    connection = http.client.HTTPConnection(target.host, target.port)
    connection.sock = raw
    # a receiver that sends a byte now and then would be listened to for ever
    watch = threading.Timer(max(end - time.monotonic(), 0), _hang_up, args=(raw,))
    watch.daemon = True
    watch.start()
    try:
        connection.request(
            "POST", target.path, body, {"Host": target.host_header, **headers}
        )
        answer = connection.getresponse()
        return Response(answer.status, answer.headers, _read(answer))
    except (OSError, http.client.HTTPException, ValueError) as error:
        is_late = isinstance(error, TimeoutError) or time.monotonic() >= end
        raise NotReached("timeout" if is_late else "broken", True) from error
    finally:
        watch.cancel()


def _read(answer):
    """As much of an answer as is worth reading; its status counts in any case."""
    try:
        return answer.read(MAX_ANSWER)
    except (OSError, http.client.HTTPException, ValueError):
        return b""


def _hang_up(raw):
    with suppress(OSError):  # it may be closed already
        socket.socket.shutdown(raw, socket.SHUT_RDWR)

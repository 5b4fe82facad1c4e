"""Where an order may be sent: rules for addresses. Pure: no Odoo, no network.

Odoo's server stands inside the company's network; without these rules whoever sets up a
channel could have it talk to machines that only the server can reach.
"""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

PORTS = {"https": 443, "http": 80}
#: Networks whose addresses hold an IPv4 address in their last 32 bits.
EMBEDDING = (
    ipaddress.ip_network("64:ff9b::/96"),  # NAT64, RFC 6052
    ipaddress.ip_network("::/96"),  # IPv4-compatible, RFC 4291
)
#: NAT64 of one's own network, RFC 8215: where it leads nobody knows from outside.
LOCAL_NAT64 = ipaddress.ip_network("64:ff9b:1::/48")


class AddressRefused(ValueError):
    """An address to which nothing is sent.

    ``code``: ``form`` (no usable address), ``scheme`` (not https), ``login`` (a user
    name or password in it), ``private`` (inside one's own network) or ``never`` (no
    machine at all, e.g. multicast).
    """

    def __init__(self, code):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Target:
    """One checked address of a receiver. ``is_allowed``: an administrator named it."""

    scheme: str
    host: str
    port: int
    path: str
    is_allowed: bool

    @property
    def host_header(self):
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self):
        """To whom a key belongs: scheme, host and port."""
        return (self.scheme, self.host, self.port)


def parse_target(url, allowed_host=""):
    """The target of a URL.

    :param str allowed_host: host that an administrator named: it may be private, and
        may be spoken to without encryption
    :raises AddressRefused:
    """
    url = url or ""
    if any(c.isspace() or ord(c) < 32 or c in '\\<>"' for c in url) or "#" in url:
        raise AddressRefused("form")
    try:
        parts = urlsplit(url)
        port = parts.port
        host = normalize_host(parts.hostname)
        allowed = normalize_host(allowed_host)
    except ValueError as error:
        raise AddressRefused("form") from error
    if parts.scheme not in PORTS:
        raise AddressRefused("scheme")
    if "@" in parts.netloc:
        raise AddressRefused("login")
    if not host or port == 0:
        raise AddressRefused("form")
    is_allowed = host == allowed
    if parts.scheme == "http" and not is_allowed:
        raise AddressRefused("scheme")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.isascii():
        raise AddressRefused("form")
    return Target(parts.scheme, host, port or PORTS[parts.scheme], path, is_allowed)


def normalize_host(host):
    """A host as it is compared: lower case, ASCII, no dot at the end.

    :raises ValueError: a name that cannot exist
    """
    host = (host or "").strip().strip("[]").lower().rstrip(".")
    if "%" in host:
        raise ValueError("zone")
    return host if host.isascii() else host.encode("idna").decode()


def check_address(address, is_allowed=False):
    """Refuse an IP address to which nothing may be sent.

    :param str address: as the name was resolved
    :param bool is_allowed: an administrator named the host
    :raises AddressRefused:
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError as error:
        raise AddressRefused("form") from error
    for each in {ip, *_get_embedded(ip)}:
        if each.is_multicast or each.is_unspecified or each.is_link_local:
            raise AddressRefused("never")
        if not is_allowed and not _is_public(each):
            raise AddressRefused("private")


def _is_public(ip):
    if ip.version == 6 and (ip.is_site_local or ip in LOCAL_NAT64):
        return False
    if _get_embedded(ip):  # it is the IPv4 address inside that counts
        return True
    return ip.is_global and not ip.is_reserved and not ip.is_loopback


def _get_embedded(ip):
    """IPv4 addresses that a gateway would make of an IPv6 address."""
    if ip.version == 4 or ip.is_loopback or ip.is_unspecified:
        return []
    found = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    if any(ip in network for network in EMBEDDING):
        found.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
    return [each for each in found if each is not None]

"""Tell machines that follow links from people who open them. Pure functions."""

#: Part of the names under which scanners of e-mails and plain programs fetch pages.
#: Core's own list of robots is asked besides.
MACHINES = (
    "aiohttp",
    "axios",
    "barracuda",
    "bitdefender",
    "cloudmark",
    "fireeye",
    "forcepoint",
    "go-http-client",
    "java/",
    "libwww",
    "mimecast",
    "okhttp",
    "proofpoint",
    "python-",
    "safelinks",
    "sophos",
    "symantec",
    "trendmicro",
    "urlcheck",
)

#: Headers by which browsers and chat programs say that nobody is looking yet.
AHEAD_HEADERS = ("Purpose", "X-Purpose", "Sec-Purpose", "X-Moz")
AHEAD_WORDS = ("prefetch", "prerender", "preview")


def is_machine(method, headers):
    """Whether a request shows that no person asked for the page.

    What cannot be known: a scanner that pretends to be a browser counts as a person,
    and a forwarded e-mail counts as its first recipient.

    :param str method: HTTP method
    :param headers: mapping of the request's headers
    """
    if method != "GET" or headers.get("Odoo-Link-Preview"):
        return True
    agent = headers.get("User-Agent", "").lower()
    if not agent or any(name in agent for name in MACHINES):
        return True
    return any(
        word in headers.get(header, "").lower()
        for header in AHEAD_HEADERS
        for word in AHEAD_WORDS
    )

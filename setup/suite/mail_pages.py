"""The pages of the mail catcher. Whatever comes from a message is escaped, or shown in
a frame without scripts."""

import time
from email.utils import parsedate_to_datetime
from html import escape
from urllib.parse import quote

STYLE = """
:root { color-scheme: light dark; --line: #d9d9e3; --soft: #f5f5fa; --ink: #222;
  --dim: #5c5c6b; --paper: #fff; --mark: #714b67; --on-mark: #fff }
@media (prefers-color-scheme: dark) {
  :root { --line: #3a3a46; --soft: #23232b; --ink: #eee; --dim: #a5a5b5;
    --paper: #1b1b21; --mark: #c9a4bf; --on-mark: #1b1b21 }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--soft); color: var(--ink);
  font: 16px/1.45 system-ui, "Segoe UI", Roboto, sans-serif }
header { background: var(--mark); color: var(--on-mark); padding: .8rem 1rem }
header a { color: inherit; text-decoration: none }
h1 { font-size: 1.15rem; margin: 0 }
main { max-width: 60rem; margin: 0 auto; padding: 1rem }
.card { background: var(--paper); border: 1px solid var(--line); border-radius: .6rem;
  margin-bottom: .7rem; padding: .8rem 1rem; overflow-wrap: anywhere }
a.card { display: block; color: inherit; text-decoration: none }
a.card:hover, a.card:focus { border-color: var(--mark) }
.subject { font-weight: 600; margin: 0 0 .4rem }
.dim { color: var(--dim); font-size: .9rem }
.row { display: flex; flex-wrap: wrap; gap: .2rem 1rem; justify-content: space-between }
iframe { width: 100%; height: 65vh; border: 0; border-radius: .3rem; background: #fff }
.file { display: inline-block; border: 1px solid var(--line); border-radius: 1rem;
  color: var(--mark); margin: .4rem .3rem 0 0; padding: .3rem .8rem;
  text-decoration: none }
pre { font-size: .85rem; margin: .5rem 0 0; white-space: pre-wrap;
  overflow-wrap: anywhere }
summary { cursor: pointer }
dl { display: grid; gap: .15rem .8rem; grid-template-columns: max-content 1fr;
  margin: 0 }
dt { color: var(--dim) }
dd { margin: 0 }
"""

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><style>{style}</style></head>
<body><header><h1><a href="/">E-mails of the demo</a></h1></header>
<main>{body}</main></body></html>"""

CARD = """<a class="card" href="/mail/{name}">
<div class="row"><span class="subject">{subject}</span>
<span class="dim">{note}</span></div>
<div>To: {to}</div>{copies}</a>"""

MAIL = """<div class="card"><p class="subject">{subject}</p>
<dl>{facts}</dl>{files}</div>
<div class="card"><iframe title="Text of the e-mail" src="/mail/{name}/body"
 sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe></div>
<details class="card"><summary>All headers</summary><pre>{raw}</pre></details>
<p><a class="file" href="/mail/{name}/raw">Download as .eml</a></p>"""


def header(message, name):
    """A header as text; a malformed one must not take the page down."""
    try:
        return str(message[name] or "")
    except (ValueError, IndexError, AttributeError):
        return str(dict(message.raw_items()).get(name, ""))


def subject(message):
    return header(message, "Subject").strip() or "(no subject)"


def arrived(message, name):
    """The date that the message gives itself, else that of its arrival."""
    try:
        moment = parsedate_to_datetime(header(message, "Date")).astimezone()
        return moment.strftime("%d %b %Y %H:%M:%S")
    except (TypeError, ValueError):
        return time.strftime("%d %b %Y %H:%M:%S", time.localtime(int(name) / 1e9))


def blind_copies(message):
    """Addresses of the envelope that no header names."""
    shown = f"{header(message, 'To')} {header(message, 'Cc')}".lower()
    envelope = header(message, "X-Envelope-To").split(",")
    return ", ".join(a.strip() for a in envelope if a.strip().lower() not in shown)


def attachments(message):
    return [part for part in message.walk() if part.get_filename()]


def page(title, body):
    return PAGE.format(title=escape(title), style=STYLE, body=body)


def list_page(mails):
    """`mails`: (name, message), the newest first."""
    cards = "".join(_card(name, message) for name, message in mails)
    count = f"{len(mails)} e-mail{'s' * (len(mails) != 1)}, newest first."
    intro = f'<p class="dim">{count} None of them left this machine.</p>'
    empty = '<p class="card">No e-mail has arrived yet. Reload this page later.</p>'
    return page("E-mails of the demo", intro + (cards or empty))


def _card(name, message):
    files = len(attachments(message))
    note = arrived(message, name)
    if files:
        note += f" · {files} attachment{'s' * (files > 1)}"
    copies = header(message, "Cc")
    return CARD.format(
        name=name,
        subject=escape(subject(message)),
        note=escape(note),
        to=escape(header(message, "To")),
        copies=f'<div class="dim">Cc: {escape(copies)}</div>' if copies else "",
    )


def mail_page(name, message):
    facts = {key: header(message, key) for key in ("From", "To", "Cc", "Reply-To")}
    facts["Bcc"] = blind_copies(message)
    facts["Date"] = arrived(message, name)
    raw = "\n".join(f"{key}: {value}" for key, value in message.raw_items())
    return page(
        subject(message),
        MAIL.format(
            name=name,
            subject=escape(subject(message)),
            facts="".join(
                f"<dt>{key}</dt><dd>{escape(value)}</dd>"
                for key, value in facts.items()
                if value
            ),
            files="".join(
                _file_link(name, number, part.get_filename())
                for number, part in enumerate(attachments(message))
            ),
            raw=escape(raw),
        ),
    )


def _file_link(name, number, file_name):
    target = f"/mail/{name}/file/{number}/{quote(file_name, safe='')}"
    return f'<a class="file" href="{target}">{escape(file_name)}</a>'


def body_page(name, message):
    """The text alone, as a mail program would show it."""
    start = '<!doctype html><meta charset="utf-8">'
    part = message.get_body(("html", "plain"))
    if part is None:
        return f"{start}<p>This e-mail has no text.</p>"
    text = part.get_content()
    if part.get_content_type() == "text/plain":
        return f'{start}<pre style="white-space: pre-wrap">{escape(text)}</pre>'
    # Pictures that travel with the message are called by their content id.
    for number, item in enumerate(message.walk()):
        content_id = (item.get("Content-ID") or "").strip("<> ")
        if content_id:
            text = text.replace(f"cid:{content_id}", f"/mail/{name}/part/{number}")
    # A link opens a tab of its own instead of a page inside the frame.
    return f'{start}<base target="_blank">{text}'

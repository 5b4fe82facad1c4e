"""Places a personal text into the HTML of an e-mail. Pure: no Odoo, no database."""

from lxml import html
from markupsafe import Markup, escape

#: Elements after which a reader sees a new line.
BLOCKS = {"p", "div", "td", "tr", "table", "li", "ul", "h1", "h2", "h3", "h4", "body"}
#: A longer first line is a sentence, not a greeting.
MAX_GREETING = 60
GREETING_ENDS = (",", "!", ":")


def insert_after_salutation(body, name, text, instead_of=""):
    """Place a plain text after the line that greets the addressee.

    The line that holds the name is the greeting. Where the first line is a greeting
    without a name ("Hello,"), the name is added ("Hello Azure Interior,"), since the
    text shall stand after it. Where there is no greeting, name and text open the mail.

    :param str body: rendered HTML of the mail
    :param str name: the addressee
    :param str text: plain text; line breaks are kept, markup is shown, not obeyed
    :param str instead_of: a name that the template greets although the mail goes to
        ``name``, e.g. the company's where a contact of it is addressed
    :rtype: Markup
    """
    text, name = (text or "").strip(), " ".join((name or "").split())
    if not text:
        return Markup(body or "")
    root = html.fragment_fromstring(str(body or ""), create_parent="div")
    line = _find_greeting(root, name)
    if line is None:
        return _personal(name, text) + Markup(body or "")
    if name not in line.text and not line.replace_name(instead_of, name):
        line.add_name(name)
    line.insert_after(text)
    return Markup(
        html.tostring(root, encoding="unicode")[len("<div>") : -len("</div>")]
    )


def to_html(text):
    """Plain text as HTML, line by line."""
    return Markup("<br/>").join(escape(line) for line in text.strip().splitlines())


def _personal(name, text):
    return Markup("<p>%s,<br/><br/>%s</p>") % (name, to_html(text))


class _Line:
    """One visible line: its text, the places it is made of, and what ends it."""

    def __init__(self):
        self.parts = []  # (element, "text" or "tail")
        self.end = None  # the <br/> or the block that closes the line

    @property
    def text(self):
        joined = "".join(getattr(element, slot) for element, slot in self.parts)
        return " ".join(joined.split())

    def add_name(self, name):
        """Write the name before the mark that ends the greeting."""
        element, slot = next(p for p in reversed(self.parts) if getattr(*p).strip())
        greeting = getattr(element, slot).rstrip()
        setattr(element, slot, f"{greeting[:-1]} {name}{greeting[-1]}")

    def replace_name(self, old, name):
        """Greet ``name`` where ``old`` stands; tells whether it stood there."""
        for element, slot in self.parts:
            if old and old in getattr(element, slot):
                setattr(element, slot, getattr(element, slot).replace(old, name))
                return True
        return False

    def insert_after(self, text):
        nodes = html.fragments_fromstring(f"<span>{to_html(text)}</span>")
        if self.end.tag == "br":
            holder = html.Element("span")
            holder.extend([html.Element("br"), *nodes, html.Element("br")])
        else:
            holder = html.Element("p")
            holder.extend(nodes)
        holder.tail, self.end.tail = self.end.tail, None
        self.end.addnext(holder)


def _find_greeting(root, name):
    """The line that greets, or None: one of the first three, or a short first one."""
    lines = [line for _, line in zip(range(3), _lines(root), strict=False)]
    for line in lines:
        if name and name in line.text:
            return line
    first = lines and lines[0]
    if first and len(first.text) <= MAX_GREETING and first.text.endswith(GREETING_ENDS):
        return first
    return None


def _lines(root):
    """Visible lines that are not empty, in reading order."""
    state = {"line": _Line()}

    def close(element):
        line, state["line"] = state["line"], _Line()
        line.end = element
        return [line] if line.text else []

    def walk(element):
        if element.tag == "br":
            yield from close(element)
        elif isinstance(element.tag, str):
            if element.text:
                state["line"].parts.append((element, "text"))
            for child in element:
                yield from walk(child)
                if child.tail:
                    state["line"].parts.append((child, "tail"))
            if element.tag in BLOCKS and element is not root:
                yield from close(element)

    yield from walk(root)

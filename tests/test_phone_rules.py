"""What a phone and the app's web view cannot do is nowhere in our files: a pointer that
hovers, a second window, a download that opens one.
"""

import ast
import re
from pathlib import Path

import pytest

ADDONS = Path(__file__).resolve().parent.parent / "addons"
#: What our screens are made of; e-mails and PDF files are read elsewhere.
SCREENS = [
    path
    for kind in ("js", "xml", "scss", "css", "html")
    for path in sorted(ADDONS.rglob(f"*.{kind}"))
    if not {"tests", "description", "i18n"} & set(path.relative_to(ADDONS).parts)
]
MODELS = [
    path
    for path in sorted(ADDONS.rglob("*.py"))
    if "tests" not in path.relative_to(ADDONS).parts
]

FORBIDDEN = {
    # a colour may change
    "shown while hovering": re.compile(
        r":hover[^{}]*\{[^{}]*(?:display|visibility|opacity|height|width)\s*:"
    ),
    "done while hovering": re.compile(
        r"t-on-mouse(?:enter|over)|onmouse(?:enter|over)"
    ),
    "a second window": re.compile(
        r"""target=["']_blank|["']target["']\s*,\s*["']_blank|"""
        r"""(?:window|browser)\.open\("""
    ),
}


def find_forbidden(text):
    return [name for name, pattern in FORBIDDEN.items() if pattern.search(text)]


def find_windows(source):
    """Lines of actions that the web client answers with a second window."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Dict):
            items = {
                key.value: getattr(value, "value", None)
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant)
            }
            is_url = items.get("type") == "ir.actions.act_url"
            if is_url and items.get("target") != "self":
                lines.append(node.lineno)
    return lines


def test_screens_work_without_pointer_and_windows():
    assert len(SCREENS) > 200
    found = {str(path): find_forbidden(path.read_text()) for path in SCREENS}
    assert not {path: names for path, names in found.items() if names}


def test_no_action_opens_a_window():
    found = {
        f"{path.relative_to(ADDONS)}:{line}"
        for path in MODELS
        for line in find_windows(path.read_text())
    }
    assert not found


@pytest.mark.parametrize(
    "text",
    [
        ".card .btn { color: red; } .card:hover .btn { display: block; }",
        '<button t-on-mouseenter="show"/>',
        '<a href="/my" target="_blank">',
        "window.open(url)",
        'link.setAttribute("target", "_blank")',
    ],
)
def test_what_a_phone_cannot_do_is_found(text):
    assert find_forbidden(text)


def test_colours_may_change():
    assert not find_forbidden(".card:hover { background-color: red; }")


def test_windows_of_actions_are_found():
    url = '{"type": "ir.actions.act_url", "url": "/x"%s}'
    assert find_windows(url % "")
    assert find_windows(url % ', "target": "download"')
    assert not find_windows(url % ', "target": "self"')

"""Every text is translated, keeps its placeholders and uses the glossary's words."""

import ast
import re
from pathlib import Path

import polib
import pytest

from suite.i18n import LANGUAGES, language_path, template_path
from suite.toml_files import load_toml

ROOT = Path(__file__).resolve().parent.parent
ADDONS = sorted(path.stem for path in ROOT.glob("addons/*/i18n/*.pot"))
GLOSSARY = load_toml(ROOT / "tests" / "glossary.toml")["term"]

each_addon = pytest.mark.parametrize("addon", ADDONS)
each_language = pytest.mark.parametrize("language", LANGUAGES)

#: What must come out of a translation as it went in. Of a tag its attributes that are
#: read by people may differ.
PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|%[sdf]|%%|\{\{.*?\}\}|\{\w*\}|<[^>]+>")
READ_BY_PEOPLE = re.compile(r'\s(?:title|aria-label|alt|placeholder|confirm)="[^"]*"')


def translations(addon, language):
    return polib.pofile(str(language_path(ROOT / "addons", addon, language)))


def placeholders(text):
    return sorted(READ_BY_PEOPLE.sub("", found) for found in PLACEHOLDER.findall(text))


def edges(text):
    """White space at both ends."""
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


@each_language
@each_addon
def test_complete(addon, language):
    template = polib.pofile(str(template_path(ROOT / "addons", addon)))
    texts = translations(addon, language)
    assert [entry.msgid for entry in texts] == [entry.msgid for entry in template]
    assert [entry.msgid for entry in texts if not entry.msgstr or entry.fuzzy] == []
    assert not texts.obsolete_entries()


@each_language
@each_addon
def test_placeholders_and_tags_are_kept(addon, language):
    broken = [
        (entry.msgid, entry.msgstr)
        for entry in translations(addon, language)
        if placeholders(entry.msgid) != placeholders(entry.msgstr)
        or edges(entry.msgid) != edges(entry.msgstr)
    ]
    assert broken == []


@each_language
def test_words_of_the_glossary(language):
    """A label that the glossary knows reads as it says there, in every add-on."""
    words = {term["en"].lower(): term[language] for term in GLOSSARY}
    seen, wrong = set(), []
    for addon in ADDONS:
        for entry in translations(addon, language):
            expected = words.get(entry.msgid.strip().lower())
            if expected is None:
                continue
            seen.add(entry.msgid.strip().lower())
            if entry.msgstr.strip().lower() != expected.lower():
                wrong.append((addon, entry.msgid, entry.msgstr, expected))
    assert wrong == []
    assert seen == set(words), "words of the glossary that nobody uses"


@each_language
def test_one_label_for_one_word(language):
    """The same short label reads the same in all add-ons."""
    found = {}
    for addon in ADDONS:
        for entry in translations(addon, language):
            if len(entry.msgid.split()) <= 3:
                found.setdefault(entry.msgid, set()).add(entry.msgstr)
    assert {key: words for key, words in found.items() if len(words) > 1} == {}


def test_romanian_has_commas_not_cedillas():
    for addon in ADDONS:
        text = language_path(ROOT / "addons", addon, "ro").read_text()
        assert not re.findall("[şţŞŢ]", text), addon


def test_the_export_sees_every_text_of_the_code():
    """It looks for calls of a name `_` with a literal text: another name for the
    function, or a text put together before, would stay English for ever."""
    unseen = []
    for path in ROOT.glob("addons/*/**/*.py"):
        if "tests" not in path.parts:
            unseen += [
                f"{path}:{line}" for line in _get_unseen(ast.parse(path.read_text()))
            ]
    assert unseen == []


def _get_unseen(tree):
    """Lines of uses of ``env._`` and ``_`` that the export would not see."""
    seen = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _is_translation(node.func):
            if node.args and isinstance(node.args[0], ast.Constant):
                seen.add(node.func)
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and _is_translation(node)
        and node not in seen
    ]


def _is_translation(node):
    return isinstance(node, ast.Attribute) and node.attr == "_"

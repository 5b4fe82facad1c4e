"""What a stranger reads first: icon, store page and README of each add-on."""

from pathlib import Path

import docutils.core
import lxml.etree
import lxml.html
import pytest
from docutils.utils import SystemMessage
from pictures import (
    FOLDER,
    MOST,
    get_folders,
    get_names,
    get_store_folder,
    load_pages,
    load_shots,
    load_store_shots,
)
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
ADDONS = sorted(
    path.parent.name for path in (ROOT / "addons").glob("*/__manifest__.py")
)
each_addon = pytest.mark.parametrize("addon", ADDONS)
each_page = pytest.mark.parametrize("addon", sorted(load_pages()))

#: What the apps store leaves alone.
TAGS = {"html", "head", "meta", "title", "body", "section", "div", "figure", "img"}
TAGS |= {"h1", "h2", "h3", "p", "b", "i", "a", "ul", "ol", "li", "figcaption"}
TAGS |= {"table", "tr", "th", "td"}
ATTRIBUTES = {"style", "class", "src", "alt", "width", "height", "href", "lang"}
META = {"charset", "name", "content"}
SECTIONS = ["Install", "Configure", "Use", "Known limits", "Credits"]
#: An apps store shows this many pictures well.
FEWEST, LARGEST = 3, 6


def read_page(addon):
    return (get_store_folder(addon) / "index.html").read_text()


def find_unsafe(text):
    """What the store, or Odoo's list of apps, would take out of a page or not show."""
    found = []
    for element in lxml.html.document_fromstring(text).iter():
        if element.tag not in TAGS:
            found.append(str(element.tag))
        allowed = META if element.tag == "meta" else ATTRIBUTES
        for name, value in element.attrib.items():
            outside = name in ("src", "href") and ("//" in value or ":" in value)
            if name not in allowed or outside or "url(" in value:
                found.append(f"{element.tag} {name}={value}")
    return found


def get_pictures(text):
    return [image.get("src") for image in lxml.html.fromstring(text).iter("img")]


@each_addon
def test_page_is_safe_and_complete(addon):
    text = read_page(addon)
    assert not find_unsafe(text)
    for words in ("Who may do what", "How to start", "Good to know", "LGPL-3"):
        assert words in text


@pytest.mark.parametrize(
    "wrong",
    [
        "<script>1</script>",
        '<p onclick="x()">1</p>',
        '<img src="https://example.com/x.png">',
        '<p style="background: url(x.png)">1</p>',
        '<a href="javascript:1">1</a>',
        "<form></form>",
    ],
)
def test_what_is_not_safe_is_found(wrong):
    assert find_unsafe(f"<html><body>{wrong}</body></html>")


@each_addon
def test_page_shows_its_pictures_and_no_others(addon):
    shown = get_pictures(read_page(addon))
    listed = load_pages().get(addon, [])
    kept = {path.name for path in get_store_folder(addon).glob("*.png")}
    assert shown == ["icon.png", *listed]
    assert kept == {"icon.png", *listed}


@each_page
def test_number_and_size_of_pictures(addon):
    names = load_pages()[addon]
    assert FEWEST <= len(names) <= LARGEST
    large = [n for n in names if (get_store_folder(addon) / n).stat().st_size > MOST]
    assert not large


def test_a_picture_is_the_same_wherever_it_is_shown():
    """Taken anew, it is copied to each page: ./tests/pictures.sh"""
    for name in {name for names in load_pages().values() for name in names}:
        folders = get_folders(name)
        assert len({(folder / name).read_bytes() for folder in folders}) == 1, name


def test_pictures_are_those_that_are_taken():
    own = {name for shot in load_store_shots() for name in get_names(shot)}
    guide = {name for shot in load_shots() for name in get_names(shot)}
    shown = {name for names in load_pages().values() for name in names}
    assert own <= shown <= own | guide
    assert not own & {path.name for path in FOLDER.glob("*")}


@each_addon
def test_icon(addon):
    folder = get_store_folder(addon)
    with Image.open(folder / "icon.png") as icon:
        assert (icon.format, icon.mode, icon.size) == ("PNG", "RGBA", (140, 140))
    drawing = lxml.etree.parse(folder / "icon.svg").getroot()
    assert drawing.get("viewBox") == "0 0 140 140"


def get_sections(text):
    """Headings of a README.

    :raises SystemMessage: it is not valid reStructuredText
    """
    settings = {"report_level": 5, "halt_level": 2, "file_insertion_enabled": False}
    tree = docutils.core.publish_doctree(text, settings_overrides=settings)
    return [node[0].astext() for node in tree if node.tagname == "section"]


@each_addon
def test_readme_is_valid_and_complete(addon):
    text = (ROOT / "addons" / addon / "README.rst").read_text()
    assert get_sections(text) == SECTIONS


def test_a_wrong_readme_is_found():
    with pytest.raises(SystemMessage):
        get_sections("Title\n===\n\n*emphasis without end\n")

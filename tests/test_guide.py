"""The documentation: its links lead somewhere, its pictures are there and are shown."""

import re
from pathlib import Path

import pytest
from pictures import FOLDER, MOST, get_names, load_shots

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
each_page = pytest.mark.parametrize(
    "page", PAGES, ids=lambda page: str(page.relative_to(ROOT))
)


def get_links(page):
    text = re.sub(r"```.*?```|`[^`]*`", "", page.read_text(), flags=re.DOTALL)
    return [link for link in LINK.findall(text) if "://" not in link]


def get_anchors(page):
    """Names that GitHub gives to the headings of a page."""
    headings = re.findall(r"^#+ +(.+?) *$", page.read_text(), flags=re.MULTILINE)
    words = [re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings]
    return {word.replace(" ", "-") for word in words}


def find_broken(page):
    broken = []
    for link in get_links(page):
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (anchor and anchor not in get_anchors(target)):
            broken.append(link)
    return broken


@each_page
def test_links_and_pictures_lead_somewhere(page):
    assert not find_broken(page)


def test_what_leads_nowhere_is_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# A Page\n[1](none.md) [2](#a-page) [3](#b) [4](https://x.org)\n")
    assert find_broken(page) == ["none.md", "#b"]


def test_pictures_of_the_guide_are_those_that_are_taken():
    taken = {name for shot in load_shots() for name in get_names(shot)}
    kept = {path.name for path in FOLDER.glob("*.png")}
    shown = {
        Path(link).name
        for page in PAGES
        for link in get_links(page)
        if (page.parent / link).parent.resolve() == FOLDER
    }
    assert taken == kept == shown


def test_pictures_are_small():
    large = [path.name for path in FOLDER.glob("*") if path.stat().st_size > MOST]
    assert not large


def test_names_of_pictures_are_not_used_twice():
    names = [shot["name"] for shot in load_shots()]
    assert len(names) == len(set(names))

"""Pictures of the user guide and of the store pages, taken from the running system.

`shots.toml` lists those of the guide, `store.toml` those of the store pages; a scene
(`scenes.py`) is the database they are taken from. `tests/test_guide.py` checks that the
guide shows them all, and no others; `tests/test_store_pages.py` the same of the pages.
"""

from pathlib import Path

from suite.toml_files import load_toml

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "docs" / "guide" / "images"

#: Width and height of a screen, and what its pictures' names end with.
SCREENS = {"desktop": (1366, 768, ""), "phone": (375, 740, "-phone")}
#: Bytes; more would make the guide slow to open.
MOST = 150_000


def load_shots():
    return load_toml(Path(__file__).with_name("shots.toml"))["shot"]


def get_names(shot):
    """Names of the files of a shot."""
    return [f"{shot['name']}{SCREENS[screen][2]}.png" for screen in shot["on"]]


def load_store_shots():
    """What only store pages show."""
    return load_toml(Path(__file__).with_name("store.toml"))["shot"]


def load_pages():
    """``{add-on: files of the pictures on its store page}``"""
    return load_toml(Path(__file__).with_name("store.toml"))["pages"]


def get_store_folder(addon):
    return ROOT / "addons" / addon / "static" / "description"


def get_folders(name):
    """Folders in which a picture is kept: the guide's, and those of store pages."""
    guide = {name for shot in load_shots() for name in get_names(shot)}
    pages = [addon for addon, names in load_pages().items() if name in names]
    return [FOLDER] * (name in guide) + [get_store_folder(addon) for addon in pages]

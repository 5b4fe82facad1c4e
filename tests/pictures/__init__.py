"""Pictures of the user guide, taken from the running system.

`shots.toml` lists them; a scene (`scenes.py`) is the database they are taken from.
`tests/test_guide.py` checks that the guide shows them all, and no others.
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

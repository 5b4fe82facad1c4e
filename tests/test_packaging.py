"""Every add-on can be built and installed from a package registry."""

import ast
import re
import sys
from pathlib import Path

import pytest

from suite.toml_files import load_toml

ROOT = Path(__file__).resolve().parent.parent
ADDONS = sorted(path.parent for path in (ROOT / "addons").glob("*/__manifest__.py"))
each_addon = pytest.mark.parametrize("addon", ADDONS, ids=lambda path: path.name)


def manifest(addon):
    return ast.literal_eval((addon / "__manifest__.py").read_text())


def test_there_are_add_ons():
    assert ADDONS


@each_addon
def test_built_by_whool(addon):
    system = load_toml(addon / "pyproject.toml")["build-system"]
    assert system["build-backend"] == "whool.buildapi"
    assert any(name.startswith("whool") for name in system["requires"])


@each_addon
def test_manifest(addon):
    values = manifest(addon)
    assert values["license"] == "LGPL-3"
    assert re.fullmatch(r"19\.0\.\d+\.\d+\.\d+", values["version"])
    assert values["summary"]
    assert (addon / "README.rst").is_file()


@each_addon
def test_every_data_file_is_in_the_manifest(addon):
    values = manifest(addon)
    named = {*values.get("data", []), *values.get("demo", [])}
    missing = [name for name in named if not (addon / name).is_file()]
    assert not missing
    folders = ("data", "demo", "report", "reports", "security", "views", "wizards")
    found = {
        str(path.relative_to(addon))
        for folder in folders
        for path in (addon / folder).glob("*")
        if path.suffix in {".xml", ".csv"}
    }
    assert found <= named, "these files are never loaded"


@each_addon
def test_every_test_file_is_imported(addon):
    init = addon / "tests" / "__init__.py"
    text = init.read_text() if init.exists() else ""
    names = [path.stem for path in (addon / "tests").glob("test_*.py")]
    assert [name for name in names if not re.search(rf"\b{name}\b", text)] == []


@each_addon
def test_python_dependencies_are_declared(addon):
    """Other packages than Odoo's own requirements are named in the manifest."""
    declared = set(manifest(addon).get("external_dependencies", {}).get("python", []))
    # What Odoo itself always brings along.
    odoo_own = {
        "babel",
        "dateutil",
        "lxml",
        "markupsafe",
        "psycopg2",
        "pytz",
        "werkzeug",
    }
    odoo_own |= {"requests", "PIL", "openpyxl", "reportlab", "xlsxwriter", "odoo"}
    for path in addon.rglob("*.py"):
        if "tests" in path.relative_to(addon).parts:
            continue
        foreign = _imported(path) - set(sys.stdlib_module_names) - odoo_own - declared
        assert not foreign, f"{path} imports {foreign}"


def _imported(path):
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(node.module.split(".")[0])
    return found

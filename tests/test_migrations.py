"""Migration scripts run when they should, and each is tested. Reads files, no database.

A script is addons/NAME/migrations/VERSION/{pre,post,end}-WHAT.py. Odoo runs it when a
database comes from a version below VERSION and the manifest is at VERSION or above.
"""

import ast
import re
from pathlib import Path

import pytest

from suite.toml_files import load_toml

ROOT = Path(__file__).resolve().parent.parent
VERSION = re.compile(r"19\.0\.\d+\.\d+\.\d+")
SCRIPT = re.compile(r"(pre|post|end)-[a-z0-9_]+\.py")
MIGRATE = "def migrate(cr, version):"


def _key(version):
    return [int(part) for part in version.split(".")]


def find_problems(addons):
    """What is wrong with the migrations of these add-ons, in words."""
    problems = []
    for manifest in sorted(addons.glob("*/__manifest__.py")):
        version = ast.literal_eval(manifest.read_text())["version"]
        if not VERSION.fullmatch(version):
            problems.append(f"{manifest.parent.name}: version {version}")
            continue
        for folder in sorted(manifest.parent.glob("migrations/*")):
            problems += _check_folder(manifest.parent, folder, version)
    return problems


def _check_folder(addon, folder, version):
    place = f"{addon.name}/migrations/{folder.name}"
    if not VERSION.fullmatch(folder.name):
        return [f"{place}: no version like 19.0.1.1.0"]
    problems = []
    if _key(folder.name) > _key(version):
        problems.append(f"{place}: never runs, the manifest is at {version}")
    scripts = sorted(folder.glob("*.py"))
    if not scripts:
        problems.append(f"{place}: no script")
    for script in scripts:
        if not SCRIPT.fullmatch(script.name):
            problems.append(f"{place}/{script.name}: not pre-, post- or end-")
        if MIGRATE not in script.read_text():
            problems.append(f"{place}/{script.name}: no {MIGRATE}")
    test = f"test_migration_{folder.name.replace('.', '_')}.py"
    if not (addon / "tests" / test).exists():
        problems.append(f"{place}: no tests/{test}")
    return problems


@pytest.fixture
def addon(tmp_path):
    """An add-on with one migration, as it should be."""
    addon = tmp_path / "some_addon"
    folder = addon / "migrations" / "19.0.1.1.0"
    folder.mkdir(parents=True)
    (addon / "__manifest__.py").write_text('{"version": "19.0.1.1.0"}')
    (folder / "post-dates.py").write_text(f"{MIGRATE}\n    pass\n")
    (addon / "tests").mkdir()
    (addon / "tests" / "test_migration_19_0_1_1_0.py").touch()
    return addon


def test_our_migrations_run_and_are_tested():
    assert find_problems(ROOT / "addons") == []


def test_one_that_is_right_is_not_complained_of(addon):
    assert find_problems(addon.parent) == []


def test_a_manifest_below_the_newest_migration_is_found(addon):
    (addon / "__manifest__.py").write_text('{"version": "19.0.1.0.9"}')
    assert "never runs" in find_problems(addon.parent)[0]


def test_a_migration_without_a_test_is_found(addon):
    (addon / "tests" / "test_migration_19_0_1_1_0.py").unlink()
    assert "no tests/test_migration_19_0_1_1_0.py" in find_problems(addon.parent)[0]


def test_a_script_that_odoo_would_not_run_is_found(addon):
    script = addon / "migrations" / "19.0.1.1.0" / "post-dates.py"
    script.rename(script.with_name("dates.py"))
    assert "not pre-, post- or end-" in find_problems(addon.parent)[0]


def test_a_folder_that_is_no_version_is_found(addon):
    (addon / "migrations" / "19.0.1.1.0").rename(addon / "migrations" / "1.1")
    assert "no version" in find_problems(addon.parent)[0]


def test_the_previous_release_is_named():
    """A tag of ours, or the whole hash of a commit: short ones become ambiguous."""
    commit = load_toml(ROOT / "tests" / "release" / "previous.toml")["commit"]
    assert re.fullmatch(r"v19\.0\.\d+\.\d+\.\d+|[0-9a-f]{40}", commit)

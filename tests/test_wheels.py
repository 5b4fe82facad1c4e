"""Wheels hold everything that an add-on needs, and Odoo finds it there."""

import fnmatch
import json
import os
import re
import subprocess

import pytest

from harness import wheels
from suite import databases, process

#: Run by Odoo's Python: what it knows of the add-ons below a folder, and which of some
#: names it loads from there.
LOOK = """
import importlib, json, sys
from odoo.tools import config

folder, names, *options = sys.argv[1:]
config.parse_config(["--config=/dev/null", *options])
from odoo.modules.module import Manifest, initialize_sys_path

initialize_sys_path()
known = {
    manifest.name: [manifest["installable"], manifest.icon]
    for manifest in Manifest.all_addon_manifests()
    if manifest.path.startswith(folder)
}
packages = [importlib.import_module(f"odoo.addons.{name}") for name in names.split(",")]
loaded = [p.__name__.split(".")[-1] for p in packages if p.__file__.startswith(folder)]
print(json.dumps([known, loaded]))
"""


@pytest.fixture(scope="module")
def built(settings, tmp_path_factory):
    return wheels.build(settings, tmp_path_factory.mktemp("wheels"))


@pytest.fixture(scope="module")
def site(built, tmp_path_factory):
    """A folder with all wheels installed."""
    folder = tmp_path_factory.mktemp("site")
    wheels.install(built.values(), folder)
    return folder


def get_known_files(addon):
    """What git knows of an add-on, as a wheel names it."""
    done = subprocess.run(
        ["git", "ls-files", "-z"], cwd=addon, capture_output=True, check=True
    )
    names = {name for name in done.stdout.decode().split("\0") if name}
    return {f"odoo/addons/{addon.name}/{name}" for name in names - {"pyproject.toml"}}


def get_needed_files(settings, addon):
    """Patterns of what Odoo and its list of apps ask of an add-on."""
    values = databases.manifest(settings, addon.name)
    bundles = values.get("assets", {}).values()
    assets = [path for bundle in bundles for path in bundle if isinstance(path, str)]
    own = [path.removeprefix(f"{addon.name}/") for path in assets]
    shown = ["README.rst", *(f"static/description/{n}" for n in ("icon.png",))]
    names = [*values.get("data", []), *values.get("demo", []), *own, *shown]
    return [f"odoo/addons/{addon.name}/{name}" for name in names]


def find_missing(patterns, files):
    """Patterns that match none of these files."""
    return [
        pattern
        for pattern in patterns
        if not fnmatch.filter(files, pattern.replace("**/*", "*"))
    ]


def test_there_is_a_wheel_for_each_add_on(settings, built):
    assert set(built) == {addon.name for addon in wheels.get_addons(settings)}


def test_a_wheel_holds_what_git_knows(settings, built):
    for addon in wheels.get_addons(settings):
        assert wheels.get_files(built[addon.name]) == get_known_files(addon)


def test_a_wheel_holds_what_odoo_asks_for(settings, built):
    for addon in wheels.get_addons(settings):
        files = wheels.get_files(built[addon.name])
        assert not find_missing(get_needed_files(settings, addon), files)


def test_what_is_missing_is_found():
    files = ["a/views/x.xml", "a/static/src/deep/y.js"]
    wanted = ["a/views/x.xml", "a/views/z.xml", "a/static/src/**/*", "a/static/css/*"]
    assert find_missing(wanted, files) == ["a/views/z.xml", "a/static/css/*"]


def test_a_wheel_says_what_it_needs(settings, built):
    """pip fetches Odoo's series and those of our add-ons that it depends on."""
    ours = set(built)
    for name, wheel in built.items():
        metadata = wheels.get_metadata(wheel)
        assert metadata["Version"].startswith("19.0.")
        needs = metadata.get_all("Requires-Dist")
        assert any(re.match(r"odoo[ (=]*==19\.0", need) for need in needs), needs
        for other in ours & set(databases.manifest(settings, name)["depends"]):
            wanted = rf"odoo-addon-{re.sub('_', '[-_]', other)}\b"
            assert any(re.match(wanted, need) for need in needs), (name, other)


@pytest.mark.release
@pytest.mark.parametrize("by", ["path", "python"])
def test_odoo_finds_them_and_can_load_them(settings, built, site, by):
    """On the add-ons path, or beside Odoo in the same Python without any path."""
    known, search = list(settings.core_addons), [str(settings.odoo_path)]
    if by == "path":
        known.append(str(site / "odoo" / "addons"))
    else:
        search.append(str(site))
    names = databases.our_addons(settings)
    options = [",".join(names), f"--addons-path={','.join(known)}"]
    env = {"PYTHONPATH": os.pathsep.join(search)}
    done = subprocess.run(
        [settings.odoo_python, "-c", LOOK, str(site), *options],
        capture_output=True,
        text=True,
        check=False,
        env=process.odoo_environment(settings, env),
    )
    assert done.returncode == 0, done.stderr[-3000:]
    seen, loaded = json.loads(done.stdout.splitlines()[-1])
    assert loaded == names
    assert seen == {
        name: [True, f"/{name}/static/description/icon.png"] for name in built
    }

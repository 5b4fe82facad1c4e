"""The add-ons as packages: built by whool, installed in a folder."""

import subprocess
import sys
import zipfile
from email.parser import HeaderParser
from pathlib import Path

PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input"]


def get_addons(settings):
    """Folders of all add-ons."""
    return sorted(path.parent for path in settings.addons.glob("*/__manifest__.py"))


def build(settings, folder):
    """Wheels of all add-ons: ``{name of the add-on: path of the wheel}``.

    Without a connection: whool is one of the tests' own requirements.
    """
    _run(
        *(*PIP, "wheel", "--quiet", "--no-index", "--no-deps"),
        *("--no-build-isolation", f"--wheel-dir={folder}"),
        *get_addons(settings),
    )
    return {get_addon(path): path for path in sorted(Path(folder).glob("*.whl"))}


def install(wheels, folder):
    """Install wheels in a folder of their own.

    :return: the folder in it that holds the add-ons
    """
    options = ("--quiet", "--no-index", "--no-deps", f"--target={folder}")
    _run(*PIP, "install", *options, *wheels)
    return Path(folder) / "odoo" / "addons"


def get_addon(wheel):
    """Name of the add-on in a wheel: of the one folder below ``odoo/addons``."""
    (name,) = {Path(file).parts[2] for file in get_files(wheel)}
    return name


def get_files(wheel):
    """Files of a wheel without those that describe it."""
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def get_metadata(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [n for n in archive.namelist() if n.endswith(".dist-info/METADATA")]
        return HeaderParser().parsestr(archive.read(name).decode())


def _run(*command):
    done = subprocess.run(
        list(map(str, command)), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{command[:5]} failed:\n{done.stdout}\n{done.stderr}")

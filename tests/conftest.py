"""Fixtures of the black-box tests; tests/harness/__init__.py shows how to use them."""

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "setup"), str(ROOT / "tests")]

from suite import databases, odoo_log  # noqa: E402
from suite.settings import Settings  # noqa: E402


@pytest.fixture(scope="session")
def settings():
    return Settings.from_env("test")


@pytest.fixture(scope="session")
def template(settings):
    """Name of the database that every test gets a copy of; never used itself.

    The engine stands alone there: the fewer modules, the quicker a server starts.
    """
    ignores = odoo_log.load_ignores(ROOT / "tests" / "log_ignore.toml")
    return databases.ensure_suite_template(
        settings, ignores, addons=["recurring_billing"]
    )


@pytest.fixture
def db(settings, template, request):
    """A fresh database with our add-ons; kept for a look when KEEP_DB is set."""
    from harness import Database

    label = "".join(c for c in request.node.name.lower() if c.isalnum())[:24]
    database = Database.fresh(settings, template, label)
    yield database
    if os.environ.get("KEEP_DB"):
        print(f"kept: {database.name}")
    else:
        database.drop()


@pytest.fixture
def smtp():
    """A mail server that accepts everything, until told otherwise."""
    from harness import SmtpSink

    with SmtpSink() as sink:
        yield sink


@pytest.fixture(scope="module")
def workbench(settings, template):
    """What the proofs need, see tests/proofs/workbench.py."""
    from proofs.workbench import Workbench

    return Workbench(settings, template)

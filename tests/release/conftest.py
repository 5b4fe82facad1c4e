"""Fixtures of the release tests; those of tests/conftest.py are here as well."""

import os

import pytest

from harness import Database
from suite import databases, odoo_log


@pytest.fixture(scope="session")
def ignores(settings):
    return odoo_log.load_ignores(settings.root / "tests" / "log_ignore.toml")


@pytest.fixture(scope="session")
def core(settings, ignores):
    """Name of a database with everything of core that ours need, and none of ours."""
    return databases.ensure_core_template(settings, ignores)


@pytest.fixture(scope="module")
def make_database(settings):
    """`make_database(template, label)`: a copy, dropped at the end unless KEEP_DB."""
    made = []

    def make(template, label):
        made.append(Database.fresh(settings, template, label))
        return made[-1]

    yield make
    for database in made:
        if os.environ.get("KEEP_DB"):
            print(f"kept: {database.name}")
            database.disconnect()
        else:
            database.drop()

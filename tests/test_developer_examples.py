"""docs/developer.md: its examples are those of the example add-on, and they work."""

import re
from pathlib import Path

import pytest

from harness import Database
from suite import databases, odoo_log, process

ROOT = Path(__file__).resolve().parent.parent
GUIDE = ROOT / "docs" / "developer.md"
EXAMPLES = ROOT / "docs" / "examples"
ADDON = EXAMPLES / "recurring_billing_example"
#: A line that names a file, then the block that quotes it.
QUOTE = re.compile(
    r"^\[`?([\w/.]+)`?\]\(examples/([\w/.]+)\):\n\n```\w+\n(.*?)^```", re.M | re.S
)


def get_quotes(text):
    """``{path: block}`` of a guide."""
    return {path: block for _name, path, block in QUOTE.findall(text)}


def get_differing(quotes):
    """Files that are quoted otherwise than they are."""
    return [
        path
        for path, block in quotes.items()
        if not (EXAMPLES / path).is_file() or (EXAMPLES / path).read_text() != block
    ]


def test_the_guide_quotes_the_files_as_they_are():
    quotes = get_quotes(GUIDE.read_text())
    assert quotes
    assert not get_differing(quotes)


def test_a_quote_that_differs_is_found():
    path = "recurring_billing_example/models/res_partner.py"
    text = f"[res_partner.py](examples/{path}):\n\n```python\nimport this\n```\n"
    assert get_differing(get_quotes(text)) == [path]


def test_every_example_is_in_the_guide():
    quoted = set(get_quotes(GUIDE.read_text()))
    models = {
        str(path.relative_to(EXAMPLES)) for path in (ADDON / "models").glob("[!_]*.py")
    }
    assert models <= quoted


@pytest.fixture(scope="module")
def ignores():
    return odoo_log.load_ignores(ROOT / "tests" / "log_ignore.toml")


@pytest.fixture(scope="module")
def examples(settings, ignores):
    """A database with the whole suite, that the example add-on is installed on."""
    template = databases.ensure_suite_template(settings, ignores)
    database = Database.fresh(settings, template, "examples")
    yield database
    database.drop()


@pytest.mark.release
def test_the_examples_work(settings, examples, ignores):
    """It is installed on the suite as it stands, and its own tests pass."""
    log = settings.log_dir / f"{examples.name}.log"
    code = process.run_odoo(
        settings,
        examples.name,
        f"--addons-path={settings.addons_path()},{EXAMPLES}",
        f"--init={ADDON.name}",
        f"--test-tags=/{ADDON.name}",
        "--max-cron-threads=0",
        "--stop-after-init",
        log=log,
    )
    with log.open(errors="replace") as stream:
        report = odoo_log.read_log(stream, ignores)
    problems = [entry.short(2000) for entry in report.complaints]
    assert (code, report.failed, problems) == (0, {}, [])
    assert report.passed == count_tests()


def count_tests():
    files = (ADDON / "tests").glob("test_*.py")
    return sum(path.read_text().count("\n    def test_") for path in files)

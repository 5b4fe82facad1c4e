"""Reads Odoo's log: what was tested, what failed, and what must not be there."""

import fnmatch
import re
from dataclasses import dataclass, field

from .toml_files import load_toml

LINE = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ "
    r"(?P<level>[A-Z]+) (?P<db>\S+) (?P<logger>\S+): (?P<message>.*)$"
)
BAD_LEVELS = {"WARNING", "ERROR", "CRITICAL"}
STARTING = re.compile(r"^Starting (?P<test>\S+) \.\.\.")
SKIPPED = re.compile(r"^skipped (?P<test>.+?) : (?P<reason>.*)")
FAILED = re.compile(r"^(?:FAIL|ERROR): (?:Subtest )?(?P<test>\S+)")
TOTAL = re.compile(
    r"^(?P<failed>\d+) failed, (?P<errors>\d+) error\(s\) of (?P<run>\d+) tests"
)


@dataclass(frozen=True)
class Ignore:
    """One known, harmless line of the log, and the reason why it is harmless."""

    logger: str
    message: str
    reason: str

    def matches(self, entry):
        return fnmatch.fnmatchcase(entry.logger, self.logger) and re.search(
            self.message, entry.text
        )


@dataclass
class Entry:
    level: str
    logger: str
    message: str
    more: list = field(default_factory=list)

    @property
    def text(self):
        return "\n".join([self.message, *self.more])

    def short(self, limit=600):
        text = f"{self.level} {self.logger}: {self.text}"
        return text if len(text) <= limit else f"{text[:limit]} ..."


@dataclass
class LogReport:
    """The outcome of one run of Odoo, as its log tells it."""

    started: list = field(default_factory=list)
    failed: dict = field(default_factory=dict)
    skipped: dict = field(default_factory=dict)
    complaints: list = field(default_factory=list)
    total: int | None = None

    @property
    def passed(self):
        broken = set(self.failed) | set(self.skipped)
        return len([name for name in self.started if name not in broken])


def load_ignores(path):
    rows = load_toml(path).get("ignore", [])
    for row in rows:
        if not row.get("reason"):
            raise ValueError(f"{path}: an ignored line needs a reason: {row}")
    return [Ignore(row["logger"], row["message"], row["reason"]) for row in rows]


def entries(lines):
    """Log entries; lines without a head (tracebacks) belong to the entry before."""
    current = None
    for raw in lines:
        line = raw.rstrip("\n")
        match = LINE.match(line)
        if match:
            if current:
                yield current
            current = Entry(match["level"], match["logger"], match["message"])
        elif current:
            current.more.append(line)
        elif "Traceback (most recent call last)" in line:
            current = Entry("CRITICAL", "stderr", line)
    if current:
        yield current


def read_log(lines, ignores=()):
    """Build the report of one log. A failed test is a failure, not also a complaint."""
    report = LogReport()
    for entry in entries(lines):
        _count(report, entry)
        if entry.level not in BAD_LEVELS:
            continue
        match = FAILED.match(entry.message)
        if match:
            report.failed.setdefault(match["test"], entry.text)
        elif not entry.message.startswith("Failed: ") and not _result_line(entry):
            if not any(ignore.matches(entry) for ignore in ignores):
                report.complaints.append(entry)
    return report


def _result_line(entry):
    """Odoo repeats at ERROR level how many tests failed; we count them ourselves."""
    return entry.logger == "odoo.tests.result" and TOTAL.match(entry.message)


def _count(report, entry):
    if match := STARTING.match(entry.message):
        report.started.append(match["test"])
    elif match := SKIPPED.match(entry.message):
        report.skipped[match["test"]] = match["reason"]
    elif match := TOTAL.match(entry.message):
        report.total = (report.total or 0) + int(match["run"])

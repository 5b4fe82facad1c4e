"""Rows of a measurement on disk: a file of JSON lines, so that a run that is stopped
half-way can be resumed."""

import json

KINDS = ("invoices", "sending", "selection")


class Kept:
    """Rows by kind, each with the job that it answers."""

    def __init__(self, path):
        self.path = path
        self._entries = []
        if path.exists():
            lines = path.read_text().splitlines()
            self._entries = [json.loads(line) for line in lines]

    def clear(self):
        self._entries = []
        self.path.unlink(missing_ok=True)

    def add(self, kind, row, job=None):
        entry = {"kind": kind, "job": job, **row}
        self._entries.append(entry)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a") as stream:
            stream.write(json.dumps(entry) + "\n")

    def get(self, kind):
        return [entry for entry in self._entries if entry["kind"] == kind]

    def has(self, kind, job):
        return any(entry["job"] == job for entry in self.get(kind))

    @property
    def conditions(self):
        return (self.get("conditions") or [{}])[-1]

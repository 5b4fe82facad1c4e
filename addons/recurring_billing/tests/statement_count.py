"""How many SQL statements something costs."""

from contextlib import contextmanager
from types import SimpleNamespace


class StatementCount:
    """For tests: counts what a piece of work costs, its own pending writes included."""

    @contextmanager
    def counting(self):
        """``with self.counting() as counted:`` …, then ``counted.statements``.

        Nothing is in memory at the start but what the server keeps for everybody.
        """
        self.env.flush_all()
        self.env.invalidate_all()
        counted = SimpleNamespace()
        before = self.cr.sql_log_count
        yield counted
        self.env.flush_all()
        counted.statements = self.cr.sql_log_count - before

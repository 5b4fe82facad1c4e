"""How long database sessions wait for locks that others hold, seen from outside."""

import re
import threading
import time
from collections import Counter

#: Seconds between two looks: waits are known to this precision.
INTERVAL = 0.03
WAITING = """
    SELECT a.application_name, l.pid, extract(epoch FROM l.waitstart), a.query
      FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
     WHERE NOT l.granted AND l.waitstart IS NOT NULL
       AND a.datname = current_database()"""
#: The table that a statement is about.
TABLE = re.compile(r'(?:UPDATE|INTO|FROM)\s+"?(\w+)')


class LockWaits(threading.Thread):
    """Looks at pg_locks again and again, in a session of its own."""

    def __init__(self, db):
        super().__init__(daemon=True)
        self._connection = db.connect()
        self._connection.autocommit = True
        self._stop_it = threading.Event()
        self._ends = {}
        self._tables = {}

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_exc):
        self._stop_it.set()
        self.join()
        self._connection.close()

    def run(self):
        with self._connection.cursor() as cursor:
            while not self._stop_it.wait(INTERVAL):
                cursor.execute(WAITING)
                now = time.time()
                for application, pid, start, query in cursor.fetchall():
                    wait = application, pid, float(start)
                    self._ends[wait] = now
                    self._tables[wait] = TABLE.findall(query)[:1]

    def of(self, application):
        """Waits of the sessions of one process as (start, end), by time."""
        return sorted(
            (start, end)
            for (name, _pid, start), end in self._ends.items()
            if name == application
        )

    def by_table(self, applications):
        """Seconds that these processes waited, by the table of the statement."""
        seconds = Counter()
        for wait, end in self._ends.items():
            if wait[0] in applications:
                seconds[" ".join(self._tables[wait])] += end - wait[2]
        return {table: round(spent, 1) for table, spent in seconds.most_common(4)}


def delays(operations, waits, period):
    """Seconds lost to locks, for each moment at which a person meant to do something.

    A person who has to wait does not do the next things either: those moments count
    with what is left of the wait. Otherwise one long wait would be one slow operation
    among hundreds of quick ones, and no percentile would show it.
    """
    found = []
    for operation in operations:
        moment = operation.start
        while moment < operation.end or moment == operation.start:
            found.append(
                sum(
                    max(min(end, operation.end) - max(start, moment), 0.0)
                    for start, end in waits
                )
            )
            moment += period
    return found


def percentile(values, share):
    """The value that this share of them does not exceed; 0 of none."""
    ordered = sorted(values)
    return ordered[max(-(-len(ordered) * share // 100) - 1, 0)] if ordered else 0.0

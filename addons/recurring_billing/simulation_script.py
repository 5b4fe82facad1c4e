"""What a simulation remembers from one batch to the next. Pure: no Odoo, no database.

Each batch is rolled back before the next one begins. So the ledger as it would stand
then is kept here, and set up anew for the customers of each batch.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time


@dataclass
class Script:
    """A simulation under way.

    start: the moment at which it began, naive UTC
    until: the last day that is simulated
    partners: customer of each line, by id of the line
    next_days: day of the next new document, by id of the line; not there: none is left
    rows: values of the ledger, by line and scheduled date
    stuck: lines that the engine did not touch although they were due
    """

    start: datetime
    until: date
    partners: dict = field(default_factory=dict)
    next_days: dict = field(default_factory=dict)
    rows: dict = field(default_factory=dict)
    stuck: set = field(default_factory=set)

    def get_due(self):
        """The next day with something to issue, and the lines that are due then.

        :return: ``(None, [])`` when everything up to the last day was played
        """
        day = min(self.next_days.values(), default=None)
        if day is None or day > self.until:
            return None, []
        return day, sorted(key for key, due in self.next_days.items() if due == day)

    def get_moment(self, day):
        """When the engine runs on a day: at noon UTC, when it is that day nearly
        everywhere, but never before the beginning."""
        return max(self.start, datetime.combine(day, time(12)))

    def get_rows(self, ids):
        """What happened so far to these lines and to others of the same customers."""
        partners = {self.partners.get(key) for key in ids}
        return [
            row
            for (line, _day), row in self.rows.items()
            if self.partners.get(line) in partners
        ]

    def note(self, rows, ids, next_days):
        """What a batch has done.

        :param rows: values of the ledger
        :param ids: lines of the batch
        :param dict next_days: when they are next
        """
        for row in rows:
            self.rows[row["recipient_id"], row["scheduled_date"]] = row
        for key in ids:
            self.next_days.pop(key, None)
        self.next_days |= next_days

    def drop_stuck(self, day, ids):
        """Whoever is still due on this day although he was played is left out."""
        stuck = {key for key in ids if self.next_days.get(key) == day}
        for key in stuck:
            del self.next_days[key]
        self.stuck |= stuck

from datetime import UTC

from odoo import models

from ..working_time import WorkingTime


class ResourceCalendar(models.Model):
    _inherit = "resource.calendar"

    def _get_sla_working_time(self, company):
        """Working time of the calendar, for a company: its own days off count, and
        those of the whole company, but not those of other companies.

        Reads on demand: make one per calendar and batch, not per task. A calendar
        with flexible hours has no intervals that a clock could walk along: like no
        calendar at all it gives no hours.
        """
        # A list: core adds its own conditions to it.
        days_off = [
            ("time_type", "=", "leave"),
            "|",
            ("calendar_id", "=", self.id),
            ("company_id", "in", [company.id, False]),
        ]

        def fetch(start, end):
            if not self or self.flexible_hours:
                return []
            intervals = self._work_intervals_batch(
                start.replace(tzinfo=UTC), end.replace(tzinfo=UTC), domain=days_off
            )[False]
            return [(_naive(begin), _naive(finish)) for begin, finish, _ in intervals]

        return WorkingTime(fetch)


def _naive(instant):
    return instant.astimezone(UTC).replace(tzinfo=None)

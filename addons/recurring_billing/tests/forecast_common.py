"""Fixtures of the forecast: what it says of a task."""

from odoo.tests import tagged

from .common import RecurringCommon


@tagged("post_install", "-at_install")
class ForecastCommon(RecurringCommon):
    def _settle(self):
        """What the end of a transaction does."""
        self.env["recurring.forecast.price"].sudo()._update_changed()

    def _start_priced(self, *args, **values):
        """A running task whose prices are worked out."""
        task = self._start_task(*args, **values)
        self._settle()
        return task

    def _get_forecast(self, task, user=None, model="recurring.forecast"):
        """Rows of the forecast, oldest first, as a clerk sees them."""
        self.env.invalidate_all()
        user = user or self.biller
        rows = self.env[model].with_user(user)
        rows = rows.with_context(allowed_company_ids=user.company_id.ids)
        return rows.search([("task_id", "in", task.ids)])

    def assertForecast(self, task, *expected, states=("coming",)):
        """The next rows of ``task`` with one of these states are on these dates."""
        rows = self._get_forecast(task).filtered(lambda r: r.status in states)
        dates = [str(row.date) for row in rows[: len(expected) or None]]
        self.assertEqual(dates, list(expected))

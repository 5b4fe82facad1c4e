"""Finding who is due reads the index, however many customers wait for their day."""

from odoo.tests import tagged

from .common import RecurringCommon


@tagged("post_install", "-at_install")
class TestDueSelection(RecurringCommon):
    def _explain(self):
        """The plan of the search, when PostgreSQL may choose an index."""
        engine = self.env["recurring.engine"]
        query = self.env["recurring.task.recipient"]._search(engine._get_due_domain())
        self.env.flush_all()
        sql = query.select()
        self.cr.execute("SET LOCAL enable_seqscan = off")
        self.cr.execute("EXPLAIN " + sql.code, sql.params)
        return "\n".join(line for (line,) in self.cr.fetchall())

    def test_the_day_is_looked_up_in_the_index(self):
        self._start_task()
        self.assertIn("recurring_task_recipient_due_idx", self._explain())

    def test_zones_that_share_the_day_are_asked_for_together(self):
        for zone in ("Europe/Madrid", "Europe/Rome", "Europe/Bucharest"):
            self._start_task(tz=zone)
        domain = str(self.env["recurring.engine"]._get_due_domain())
        self.assertEqual(domain.count("date_next"), 1, domain)

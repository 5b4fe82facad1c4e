"""Finding who is due reads the index, however many customers wait for their day."""

from odoo.tests import tagged
from odoo.tools import SQL

from .common import RecurringCommon


@tagged("post_install", "-at_install")
class TestDueSelection(RecurringCommon):
    def _add_waiting_customers(self, task, count):
        """Many more customers of the task, whose day is far away.

        In a table of one page PostgreSQL has no reason to prefer any index.
        """
        recipient = task.recipient_ids[:1]
        self.env.flush_all()
        names = [
            field.name
            for field in recipient._fields.values()
            if field.store
            and field.column_type
            and field.name not in ("id", "date_next")
        ]
        columns = SQL(", ").join(SQL.identifier(name) for name in names)
        self.cr.execute(
            SQL(
                "INSERT INTO recurring_task_recipient (date_next, %s)"
                " SELECT '2099-12-31', %s FROM recurring_task_recipient,"
                " generate_series(1, %s) WHERE id = %s",
                columns,
                columns,
                count,
                recipient.id,
            )
        )
        self.cr.execute("ANALYZE recurring_task_recipient")

    def _explain(self):
        """The plan of the search, as PostgreSQL chooses it."""
        engine = self.env["recurring.engine"]
        query = self.env["recurring.task.recipient"]._search(engine._get_due_domain())
        self.env.flush_all()
        sql = query.select()
        self.cr.execute("EXPLAIN " + sql.code, sql.params)
        return "\n".join(line for (line,) in self.cr.fetchall())

    def test_the_day_is_looked_up_in_the_index(self):
        self._add_waiting_customers(self._start_task(), 5000)
        self.assertIn("recurring_task_recipient_due_idx", self._explain())

    def test_zones_that_share_the_day_are_asked_for_together(self):
        for zone in ("Europe/Madrid", "Europe/Rome", "Europe/Bucharest"):
            self._start_task(tz=zone)
        domain = str(self.env["recurring.engine"]._get_due_domain())
        self.assertEqual(domain.count("date_next"), 1, domain)

"""What the add-on takes along; tests/release/test_uninstall.py removes it."""

from odoo.tests import tagged

from ..hooks import uninstall_hook
from .common import RecurringCommon


@tagged("post_install", "-at_install", "alone")
class TestUninstall(RecurringCommon):
    def test_series_of_numbers_go_with_their_counters(self):
        codes = [code for code, _n, _p in self.company._get_document_sequences()]
        series = self.env["ir.sequence"].search([("code", "in", codes)])
        series[0].next_by_id()
        year = series[0].date_range_ids
        counters = [f"ir_sequence_{number:03d}" for number in series.ids]
        counters.append(f"ir_sequence_{series[0].id:03d}_{year.id:03d}")
        self.assertEqual(self._count_counters(counters), len(counters))
        uninstall_hook(self.env)
        self.assertFalse(series.exists())
        self.assertFalse(year.exists())
        self.assertEqual(self._count_counters(counters), 0)

    def _count_counters(self, names):
        self.env.cr.execute(
            "SELECT count(*) FROM pg_sequences WHERE sequencename IN %s", [tuple(names)]
        )
        return self.env.cr.fetchone()[0]

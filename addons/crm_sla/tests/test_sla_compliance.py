"""The report: how many tasks met their SLA, by month, customer, reason, manager."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .sla_case import SlaCase


@tagged("post_install", "-at_install")
class TestSlaCompliance(SlaCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.partner"].create({"name": "Zoo"})
        met, late = cls._create_tasks(2, partner_id=cls.customer.id)
        running = cls._create_tasks(partner_id=cls.other.id)
        cls.clock.move_to("2026-11-02 12:00:00")
        met.stage_id = cls.solved
        cls.clock.move_to("2026-11-04 12:00:00")
        late.stage_id = cls.solved
        cls.tasks = met + late + running

    def setUp(self):
        super().setUp()
        self._at("2026-12-05 12:00:00")

    def _create_report(self, user=None, **values):
        reports = self.env["crm.sla.compliance"].with_user(user or self.planner)
        return reports.create(
            {"date_from": "2026-11-01", "date_to": "2026-11-30", **values}
        )

    def _get_figures(self, report):
        return [
            (row["name"], row["tasks"], row["met"], row["missed"], row["hours"])
            for row in report._get_rows()
        ]

    def test_by_customer(self):
        report = self._create_report(group_by="partner")
        # Three hours until solved; the other one 3 + 4, 8 and 4 on the third day.
        self.assertEqual(
            self._get_figures(report),
            [("Customer", 2, 1, 1, (3 + 7 + 8 + 4) / 2), ("Zoo", 1, 0, 1, None)],
        )
        total = report._get_total(report._get_rows())
        self.assertEqual((total["tasks"], total["met"]), (3, 1))
        self.assertAlmostEqual(total["share"], 1 / 3)

    def test_by_every_other_row(self):
        for group_by, name in (
            ("month", "November 2026"),
            ("reason", "(none)"),
            ("manager", "(none)"),
            ("policy", "Standard"),
            ("project", "Support"),
        ):
            report = self._create_report(group_by=group_by)
            ((found, tasks, *_rest),) = self._get_figures(report)
            self.assertEqual((found, tasks), (name, 3))

    def test_whole_days_of_the_reader(self):
        """The deadline is on the third at nine in the morning, UTC."""
        report = self._create_report(date_from="2026-11-03", date_to="2026-11-03")
        ahead = report.with_context(tz="Pacific/Kiritimati")  # by fourteen hours
        self.assertEqual(self._get_figures(ahead)[0][1], 3)
        behind = report.with_context(tz="Pacific/Pago_Pago")  # by eleven hours
        self.assertFalse(self._get_figures(behind))

    def test_nothing_of_tasks_that_the_reader_may_not_see(self):
        self.project.privacy_visibility = "followers"
        self.project.message_unsubscribe(self.sales_manager.partner_id.ids)
        self.assertFalse(self._get_figures(self._create_report(self.sales_manager)))

    def test_a_period_ends_after_it_begins(self):
        report = self._create_report(date_from="2026-12-01")
        with self.assertRaises(UserError):
            report.action_print()

    def test_the_printed_page(self):
        report = self._create_report(group_by="partner")
        action = report.action_print()
        self.assertEqual(action["report_name"], "crm_sla.report_crm_sla_compliance")
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(self.planner)
            ._render_qweb_html(action["report_name"], report.ids)
        )
        page = html.decode()
        for words in ("Zoo", "SLA Compliance", "50.0", "33.3", "11:00", "Total"):
            self.assertIn(words, page)

import contextlib
import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import format_datetime

_logger = logging.getLogger(__name__)

#: Hours after which a report leaves although deliveries are still open.
REPORT_PATIENCE_HOURS = 1


class RecurringRun(models.Model):
    """One run of the engine and its report."""

    _name = "recurring.run"
    _inherit = [
        "recurring.run.progress.mixin",
        "recurring.run.cancel.mixin",
        "recurring.run.comparison.mixin",
    ]
    _description = "Recurring Run"
    _order = "date_start desc, id desc"

    name = fields.Char(compute="_compute_name")
    date_start = fields.Datetime(
        string="Started", required=True, readonly=True, default=fields.Datetime.now
    )
    date_end = fields.Datetime(string="Ended", readonly=True)
    state = fields.Selection(
        selection=[("running", "Running"), ("done", "Done")],
        required=True,
        readonly=True,
        default="running",
        index=True,
    )
    trigger = fields.Selection(
        selection=[("schedule", "By schedule"), ("manual", "By hand")],
        required=True,
        readonly=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users", string="Started By", readonly=True
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, readonly=True, index=True
    )
    occurrence_ids = fields.One2many(
        comodel_name="recurring.occurrence", inverse_name="run_id", string="Documents"
    )
    report_date = fields.Datetime(
        string="Report Sent", readonly=True, help="Empty until the report has left."
    )
    follow_up_date = fields.Datetime(
        readonly=True, help="Refusals up to here have been told after the report."
    )
    summary = fields.Json(
        readonly=True, help="The figures as they were when the run ended."
    )
    planned_count = fields.Integer(string="Documents Due", compute="_compute_figures")
    generated_count = fields.Integer(string="Issued", compute="_compute_figures")
    failed_count = fields.Integer(string="Failed", compute="_compute_figures")
    skipped_count = fields.Integer(string="Skipped", compute="_compute_figures")
    held_count = fields.Integer(
        string="Waiting for Release", compute="_compute_figures"
    )
    waiting_count = fields.Integer(
        string="Still Waiting",
        compute="_compute_waiting_count",
        help="Documents that nobody has released or skipped yet.",
    )
    sent_count = fields.Integer(
        string="Accepted by the Mail Server", compute="_compute_sent_count"
    )

    report_html = fields.Html(string="Report", compute="_compute_report_html")

    # === COMPUTE METHODS === #

    @api.depends("occurrence_ids.state", "occurrence_ids.delivery_state", "state")
    @api.depends_context("lang", "tz")
    def _compute_report_html(self):
        """The report as it would be mailed now, in the reader's language."""
        report = self.env["recurring.run.report"]
        for run in self:
            figures = report._get_figures(run, run.occurrence_ids)
            figures |= report._get_comparison(run)
            run.report_html = report._render(run, run.occurrence_ids, figures)

    @api.depends("date_start", "trigger")
    @api.depends_context("lang", "tz")
    def _compute_name(self):
        for run in self:
            moment = format_datetime(run.env, run.date_start, dt_format="short")
            run.name = self.env._("Run of %s", moment)

    @api.depends("name")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        """Core does not know that `name` depends on the language."""
        return super()._compute_display_name()

    @api.depends("occurrence_ids.state", "summary")
    def _compute_figures(self):
        rows = self.env["recurring.occurrence"]._read_group(
            [("run_id", "in", self.ids)],
            ["run_id", "state"],
            ["__count"],
        )
        for run in self:
            own = [row[1:] for row in rows if row[0] == run]
            counts = run.summary or run._count_states(own)
            run.planned_count = sum(counts.values())
            run.generated_count = counts.get("generated", 0)
            run.failed_count = counts.get("failed", 0)
            run.skipped_count = counts.get("skipped", 0)
            run.held_count = counts.get("held", 0)

    @api.model
    def _count_states(self, rows):
        """Figures by outcome; a document that was mailed or voided was issued."""
        counts = dict.fromkeys(("generated", "failed", "skipped", "held"), 0)
        for state, count in rows:
            outcome = "generated" if state in ("sent", "void") else state
            counts[outcome] += count
        return counts

    @api.depends("occurrence_ids.delivery_state")
    def _compute_sent_count(self):
        counts = dict(
            self.env["recurring.occurrence"]._read_group(
                [("run_id", "in", self.ids), ("delivery_state", "=", "sent")],
                ["run_id"],
                ["__count"],
            )
        )
        for run in self:
            run.sent_count = counts.get(run, 0)

    @api.depends("occurrence_ids.state", "occurrence_ids.release_run_id")
    def _compute_waiting_count(self):
        Occurrence = self.env["recurring.occurrence"]
        counts = dict(
            Occurrence._read_group(
                Domain("run_id", "in", self.ids) & Occurrence._get_waiting_domain(),
                ["run_id"],
                ["__count"],
            )
        )
        for run in self:
            run.waiting_count = counts.get(run, 0)

    # === LIFE === #

    @api.model
    def _open(self, trigger, companies, user=None):
        """Runs for these companies: the open ones of the schedule, or new ones.

        A run that a crash left open is continued, so that its report is complete.

        :param str trigger: ``schedule`` or ``manual``
        :rtype: dict[res.company, recurring.run]
        """
        runs = {}
        if trigger == "schedule":
            runs = self.search(
                [
                    ("state", "=", "running"),
                    ("trigger", "=", "schedule"),
                    ("company_id", "in", companies.ids),
                ],
                order="id desc",
            ).grouped("company_id")
        new = companies.filtered(lambda company: company not in runs)
        created = self.create(
            [
                {"trigger": trigger, "company_id": c.id, "user_id": user and user.id}
                for c in new
            ]
        )
        found = {company: own[:1] for company, own in runs.items()}
        return found | created.grouped("company_id")

    @api.model
    def _close_finished(self):
        """End the open runs for which nothing is left to do."""
        for run in self.search([("state", "=", "running")]):
            run._close_if_finished()

    def _close_if_finished(self):
        self.ensure_one()
        if self.state == "done" or self._has_open_work():
            return
        self.write({"state": "done", "date_end": fields.Datetime.now()})
        rows = self.env["recurring.occurrence"]._read_group(
            [("run_id", "=", self.id)], ["state"], ["__count"]
        )
        self.summary = self._count_states(rows)
        self._freeze_comparison()

    def _has_open_work(self):
        self.ensure_one()
        released = self.env["recurring.runaway"]._get_released_domain()
        domain = released & Domain("release_run_id", "=", self.id)
        if self.env["recurring.occurrence"].search_count(domain, limit=1):
            return True
        domain = Domain("requested_run_id", "=", self.id)
        if self.trigger == "schedule":
            domain = (
                self.env["recurring.engine"]._get_due_domain()
                & Domain("company_id", "=", self.company_id.id)
                & Domain("requested_run_id", "=", False)
            )
        return bool(self.env["recurring.task.recipient"].search_count(domain, limit=1))

    # === REPORT === #

    @api.model
    def _send_due_reports(self):
        """Mail the reports of ended runs whose deliveries are final.

        After an hour they leave with what is still open named as such; a refusal
        that comes later is told in a mail of its own. Nothing due, nothing sent,
        unless the company asked for it.
        """
        self._open_silent_runs()
        now = fields.Datetime.now()
        limit = now - timedelta(hours=REPORT_PATIENCE_HOURS)
        report = self.env["recurring.run.report"]
        for run in self.search([("state", "=", "done"), ("report_date", "=", False)]):
            if run.date_end <= limit or not run._get_open_deliveries():
                with run._report_safely():
                    report._send(run)
                    run.report_date = now
        for run, deliveries in self._get_late_refusals().items():
            with run._report_safely():
                report._send_follow_up(run, deliveries)
                run.follow_up_date = now

    @contextlib.contextmanager
    def _report_safely(self):
        """A report that cannot be made does not hinder the next one.

        It stays due, and the server's log says why.
        """
        try:
            with self.env.cr.savepoint():
                yield
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:
            _logger.exception("Recurring billing: no report for %s", self)

    @api.model
    def _open_silent_runs(self):
        """A run without documents once a day, for companies that want one."""
        now = fields.Datetime.now()
        companies = self.env["res.company"].search(
            [("recurring_report_always", "=", True)]
        )
        recent = self.search(
            [
                ("company_id", "in", companies.ids),
                ("trigger", "=", "schedule"),
                ("date_start", ">", now - timedelta(days=1)),
            ]
        )
        for company in companies - recent.company_id:
            run = self._open("schedule", company)[company]
            run._close_if_finished()

    @api.model
    def _get_late_refusals(self):
        """Deliveries refused after the report of their run has left, by run."""
        refused = self.env["document.delivery"].search(
            [
                ("state", "in", ("refused", "unknown", "blocked")),
                ("occurrence_id.run_id.report_date", "!=", False),
                ("state_date", ">", fields.Datetime.now() - timedelta(days=30)),
            ]
        )
        late = refused.filtered(
            lambda d: d.state_date > (d.run_id.follow_up_date or d.run_id.report_date)
        )
        return late.grouped("run_id")

    def _get_open_deliveries(self):
        """Deliveries of this run that may still change by themselves."""
        self.ensure_one()
        return self.occurrence_ids.delivery_ids.filtered(
            lambda d: d.state in ("queued", "sending", "deferred")
        )

    def action_release(self):
        """Issue everything of these runs that waits for a release.

        :return: action that opens the new run
        """
        self.env["recurring.task"]._check_billing_rights()
        self.check_access("read")  # company walls
        Occurrence = self.env["recurring.occurrence"]
        domain = Domain("run_id", "in", self.ids) & Occurrence._get_waiting_domain()
        return Occurrence.search(domain).action_release()

    def action_view_documents(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recurring_billing.recurring_occurrence_action"
        )
        action["domain"] = [("run_id", "=", self.id)]
        return action

from datetime import UTC, datetime, time, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

#: What the printed table can have a row for: field to group by.
ROWS = {
    "month": "sla_deadline:month",
    "partner": "partner_id",
    "reason": "reason_id",
    "manager": "managed_by_user_id",
    "policy": "sla_policy_id",
    "project": "project_id",
}


class CrmSlaCompliance(models.TransientModel):
    """The printed report: how many tasks met their SLA, by month, customer, …"""

    _name = "crm.sla.compliance"
    _description = "SLA Compliance Report"

    date_from = fields.Date(
        required=True,
        default=lambda self: fields.Date.start_of(
            fields.Date.context_today(self), "year"
        ),
    )
    date_to = fields.Date(required=True, default=fields.Date.context_today)
    group_by = fields.Selection(
        [
            ("month", "Month of the Deadline"),
            ("partner", "Customer"),
            ("reason", "Reason"),
            ("manager", "Managed By"),
            ("policy", "SLA Policy"),
            ("project", "Project"),
        ],
        required=True,
        default="month",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )

    def action_print(self):
        """The PDF."""
        self.ensure_one()
        if self.date_to < self.date_from:
            raise UserError(self.env._("The period ends before it begins."))
        return self.env.ref("crm_sla.crm_sla_compliance_report").report_action(self)

    # === FIGURES === #
    def _get_domain(self):
        """Tasks whose deadline lies in the period: whole days of the reader."""
        return Domain.AND(
            [
                Domain("sla_deadline", ">=", self._get_midnight(self.date_from)),
                Domain(
                    "sla_deadline",
                    "<",
                    self._get_midnight(self.date_to + timedelta(days=1)),
                ),
                Domain("company_id", "in", [self.company_id.id, False]),
            ]
        )

    @api.model
    def _get_midnight(self, day):
        moment = self.env.tz.localize(datetime.combine(day, time.min))
        return moment.astimezone(UTC).replace(tzinfo=None)

    def _get_rows(self):
        """One row per value, and nothing but what the reader may see.

        :return: list of ``{name, tasks, met, missed, share, hours}``; ``share`` from 0
            to 1, ``hours`` of working time used on average by the tasks that reached,
            None if none did
        """
        field = ROWS[self.group_by]
        groups = self.env["project.task"]._read_group(
            self._get_domain(),
            [field, "meets_sla"],
            ["__count", "sla_hours_used:sum", "sla_reached_date:count"],
        )
        rows = {}
        for value, answer, count, hours, reached in groups:
            row = rows.setdefault(value, self._prepare_row(value))
            row["met" if answer == "yes" else "missed"] += count
            row["hours_sum"] += hours or 0
            row["reached"] += reached
        return [self._finish_row(row) for row in rows.values()]

    def _get_total(self, rows):
        total = self._prepare_row(self.env._("Total"))
        for row in rows:
            for name in ("met", "missed", "hours_sum", "reached"):
                total[name] += row[name]
        return self._finish_row(total)

    @api.model
    def _prepare_row(self, value):
        return {
            "name": self._get_row_name(value),
            **{"met": 0, "missed": 0, "hours_sum": 0.0, "reached": 0},
        }

    @api.model
    def _finish_row(self, row):
        tasks = row["met"] + row["missed"]
        return {
            **row,
            "tasks": tasks,
            "share": row["met"] / tasks if tasks else 0.0,
            "hours": row["hours_sum"] / row["reached"] if row["reached"] else None,
        }

    @api.model
    def _get_row_name(self, value):
        if not value:
            return self.env._("(none)")
        if isinstance(value, str):
            return value
        if isinstance(value, models.BaseModel):
            return value.display_name
        return format_date(self.env, value, date_format="MMMM y")

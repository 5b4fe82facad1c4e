from dataclasses import fields as get_fields

from odoo import api, fields, models

from ..run_comparison import Comparison, count_unknown, explain


class RecurringRunReportComparison(models.AbstractModel):
    """The part of a report that says what was expected, and what is missing of it."""

    _name = "recurring.run.report.comparison"
    _description = "Comparison in the report of a recurring run"

    @api.model
    def _get_comparison(self, run, user=None):
        """Figures of the comparison, of one responsible or of all; see the template.

        :rtype: dict
        """
        groups = run._get_comparison_groups(user)
        missing = [group for group in groups if group.outcome == "missing"]
        Currency = self.env["res.currency"]
        return {
            "comparisons": [
                self._prepare_comparison(Currency.browse(currency), own)
                for currency, own in sorted(explain(groups).items())
            ],
            "unknown_count": count_unknown(groups),
            "missing_count": sum(group.count for group in missing),
            "missing": self._get_missing_lines(run, user),
        }

    @api.model
    def _prepare_comparison(self, currency, comparison):
        """Steps from what was expected to what was issued: ``(words, amount)``.

        What comes to nothing is left out.
        """
        labels = {
            "first": self.env._("Not in the forecast"),
            "changed": self.env._("More or less than expected"),
            "failed": self.env._("Failed"),
            "held": self.env._("Waiting for release"),
            "skipped": self.env._("Skipped"),
            "missing": self.env._("Missing"),
        }
        amounts = {
            field.name: currency.round(getattr(comparison, field.name))
            for field in get_fields(Comparison)
        }
        steps = [
            (label, amounts[key] if key in ("first", "changed") else -amounts[key])
            for key, label in labels.items()
            if not currency.is_zero(amounts[key])
        ]
        return {
            "currency": currency,
            "expected": amounts["expected"],
            "issued": amounts["issued"],
            "steps": steps,
        }

    @api.model
    def _get_missing_lines(self, run, user):
        """Missing documents that are named: recipient, date and reason in words."""
        reasons = run.with_env(self.env)._get_missing_reasons()
        Recipient = self.env["recurring.task.recipient"]
        lines = []
        for one in run._get_missing(user):
            recipient = Recipient.browse(one["recipient"]).exists()
            if recipient:
                words = (reasons[one["reason"]], one["note"])
                day = fields.Date.to_date(one["date"])
                lines.append((recipient, day, " ".join(filter(None, words))))
        return lines

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import format_date

#: Months that the chart shows, the current one included.
CHART_MONTHS = 12
FORECAST = "recurring_billing.recurring_forecast_action"


class RecurringDashboard(models.AbstractModel):
    """The day at a glance: figures that are links, a chart, and what is wrong.

    Everything is worked out when somebody looks, with his rights and in the companies
    that he has chosen, by a number of queries that does not grow with the data.
    """

    _name = "recurring.dashboard"
    _inherit = "recurring.dashboard.figures"
    _description = "Dashboard of recurring billing"

    # === ENTRY POINTS === #

    @api.model
    def get_data(self):
        """What the dashboard shows, but for its chart.

        - ``findings``: what the watchdog has to say, see ``_get_findings``
        - ``groups``: figures, see ``_get_figure_groups``
        - ``currency_id``: the currency of all amounts, that of the current company
        - ``has_tasks``: whether there is any recurring task

        :rtype: dict
        :raises AccessError: for people who do not work with recurring billing
        """
        self._check_may_look()
        task = self.env["recurring.task"].with_context(active_test=False)
        return {
            "findings": self._get_findings(),
            "groups": self._get_figure_groups(),
            "currency_id": self.env.company.currency_id.id,
            "has_tasks": bool(task.search_count([], limit=1)),
        }

    @api.model
    def get_chart(self):
        """What is expected in the coming months, without taxes.

        Apart from the figures, which need not wait for it. The current month holds
        only what has not been issued yet.

        - ``months``: labels in the user's language
        - ``series``: by origin of the amounts ``key``, ``label`` and ``bars``, one for
          each month: ``amount`` in the currency of the current company and ``domain``
        - ``action`` opens the forecast; ``bar_action``, with the domain of a bar, the
          documents that it is made of

        :return: empty when there is no forecast, or nothing is expected
        :rtype: dict
        :raises AccessError: for people who do not work with recurring billing
        """
        self._check_may_look()
        if "recurring.forecast" not in self.env:
            return {}
        first = self._get_today().replace(day=1)
        starts = [first + relativedelta(months=n) for n in range(CHART_MONTHS + 1)]
        amounts = self._get_expected_amounts(first, starts[-1])
        if not amounts:
            return {}
        return {
            "months": [
                format_date(self.env, start, date_format="LLL yy")
                for start in starts[:-1]
            ],
            "series": self._prepare_series(amounts, starts),
            "action": self._get_window(FORECAST),
            "bar_action": self._get_window(FORECAST, domain=[]),
        }

    @api.model
    def _check_may_look(self):
        if not self.env.su and not self.env.user.has_group(
            "recurring_billing.group_billing"
        ):
            raise AccessError(
                self.env._(
                    "The dashboard is for people with the right “Recurring Billing: "
                    "Billing”. Ask your administrator."
                )
            )

    @api.model
    def _get_findings(self):
        """What the watchdog found in the chosen companies: dicts with ``key``,
        ``level`` (``warning`` or ``danger``), ``text`` and ``action``."""
        watchdog = self.env.get("recurring.watchdog")
        if watchdog is None:
            return []
        return watchdog._get_findings(self.env.companies)

    # === CHART === #

    @api.model
    def _get_expected_amounts(self, since, until):
        """``{(source, first day of the month): amount}`` of the days before ``until``.

        Amounts are in the currency of the current company.
        """
        groups = self.env["recurring.forecast"]._read_group(
            self._get_forecast_domain(since, until),
            ["source", "date:month", "company_id"],
            ["amount_untaxed:sum"],
        )
        amounts = {}
        for source, month, company, amount in groups:
            amount = self._convert(amount, company.currency_id)
            amounts[source, month] = amounts.get((source, month), 0.0) + amount
        return amounts

    @api.model
    def _get_forecast_domain(self, since, until):
        return (
            Domain("company_id", "in", self.env.companies.ids)
            & Domain("date", ">=", fields.Date.to_string(since))
            & Domain("date", "<", fields.Date.to_string(until))
        )

    @api.model
    def _prepare_series(self, amounts, starts):
        """Bars by origin of the amounts; without those of which nothing is expected."""
        sources = self.env["recurring.forecast"]._fields["source"]
        known = {source for source, _month in amounts}
        return [
            {
                "key": key,
                "label": label,
                "bars": self._prepare_bars(key, amounts, starts),
            }
            for key, label in sources._description_selection(self.env)
            if key in known
        ]

    @api.model
    def _prepare_bars(self, source, amounts, starts):
        return [
            {
                "amount": amounts.get((source, start), 0.0),
                "domain": list(
                    self._get_forecast_domain(start, end)
                    & Domain("source", "=", source)
                ),
            }
            for start, end in zip(starts, starts[1:], strict=False)
        ]

from odoo import api, models
from odoo.fields import Domain


class RecurringDashboard(models.AbstractModel):
    """What is to do after the sale, and with quotations: for whoever may see it."""

    _inherit = "recurring.dashboard"

    @api.model
    def _get_figure_groups(self):
        groups = super()._get_figure_groups()
        for group in (self._get_service_group(), self._get_quotation_group()):
            if group["figures"]:
                groups.append(group)
        return groups

    # === SERVICE === #

    @api.model
    def _get_service_group(self):
        figures = []
        if self.env["postsale.contract"].has_access("read"):
            figures += self._get_contract_figures()
        if self.env.user.has_group("project.group_project_user"):
            figures += self._get_sla_figures()
        return {"key": "service", "label": self.env._("Service"), "figures": figures}

    @api.model
    def _get_contract_figures(self):
        return [
            self._prepare_figure(
                "to_renew",
                self.env._("Contracts to Renew"),
                "postsale_contracts.postsale_contract_action",
                Domain("state", "=", "to_renew"),
                tone="warning",
            ),
            self._prepare_figure(
                "to_bill",
                self.env._("Service Activities to Bill"),
                "postsale_contracts.postsale_intervention_action",
                Domain("billable", "=", True),
            ),
        ]

    @api.model
    def _get_sla_figures(self):
        window = "crm_sla.project_task_search_action"
        tasks = (
            Domain("project_id", "!=", False)
            & Domain("has_template_ancestor", "=", False)
            & Domain("is_closed", "=", False)
        )
        return [
            self._prepare_figure(
                "sla_at_risk",
                self.env._("SLA at Risk"),
                window,
                tasks & Domain("sla_at_risk", "=", True),
                tone="warning",
            ),
            self._prepare_figure(
                "sla_missed",
                self.env._("Open and SLA Missed"),
                window,
                tasks & Domain("meets_sla", "=", "no"),
                tone="danger",
            ),
        ]

    # === QUOTATIONS === #

    @api.model
    def _get_quotation_group(self):
        group = {
            "key": "quotations",
            "label": self.env._("Quotations with Customers"),
            "figures": [],
        }
        if self.env.user.has_group("sales_team.group_sale_salesman"):
            window = "crm_sla.sale_order_tracking_action"
            group["figures"] = self._get_quotation_figures(window)
            group["action"] = self._get_window(window)
        return group

    @api.model
    def _get_quotation_figures(self, window):
        open_quotations = Domain("state", "in", ("draft", "sent"))
        counts = dict(
            self.env["sale.order"]._read_group(
                open_quotations, ["tracking_state"], ["__count"]
            )
        )
        labels = {
            "sent": self.env._("Not Opened"),
            "opened": self.env._("Opened, Not Answered"),
            "refused": self.env._("Not Delivered"),
        }
        tones = {"opened": "success", "refused": "danger"}
        return [
            self._prepare_figure(
                f"quotations_{state}",
                label,
                window,
                open_quotations & Domain("tracking_state", "=", state),
                counts.get(state, 0),
                tone=tones.get(state, ""),
            )
            for state, label in labels.items()
        ]

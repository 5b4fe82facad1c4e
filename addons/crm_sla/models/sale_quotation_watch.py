import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..halving import work_or_halve
from ..quotation_facts import QUOTATION_STATES

_logger = logging.getLogger(__name__)

BATCH = 200

#: What is older than this when it falls due is left in peace: switching the watch on
#: shall not fill everybody's list with quotations of last year.
STALE = timedelta(days=30)


class SaleQuotationWatch(models.AbstractModel):
    """Tell the salesperson, once for each sending, that nobody opened a quotation.

    Off for a company until it sets ``quotation_reminder_days``.
    """

    _name = "sale.quotation.watch"
    _description = "Watch over Quotations that Nobody Opens"

    @api.model
    def _cron_watch(self):
        commit = self.env["ir.cron"]._commit_progress
        companies = self.env["res.company"].search(
            [("quotation_reminder_days", ">", 0)], order="id"
        )
        for company in companies:
            watch = self.with_context(
                allowed_company_ids=company.ids, tz=company.partner_id.tz or "UTC"
            )
            orders = watch._get_unopened(company)
            commit(remaining=len(orders))
            for start in range(0, len(orders), BATCH):
                batch = orders[start : start + BATCH]
                work_or_halve(watch._remind, batch, watch._skip)
                if not commit(len(batch)):
                    return

    @api.model
    def _get_unopened(self, company):
        """Quotations of a company whose salesperson shall hear of them now."""
        now = fields.Datetime.now()
        due = now - timedelta(days=company.quotation_reminder_days)
        today = fields.Date.context_today(self)
        sending = (
            Domain("kind", "=", "sent")
            & Domain("date", "<=", due)
            & Domain("date", ">", due - STALE)
            & Domain("reminded_date", "=", False)
        )
        return self.env["sale.order"].search(
            Domain("company_id", "=", company.id)
            & Domain("state", "in", QUOTATION_STATES)
            & Domain("user_id.active", "=", True)
            & (
                Domain("validity_date", "=", False)
                | Domain("validity_date", ">=", today)
            )
            & Domain("quotation_event_ids", "any", sending)
            & Domain("tracking_state", "in", ("sent", "refused"))
            & Domain("last_sent_date", "<=", due),
            order="id",
        )

    @api.model
    def _skip(self, order, error):
        _logger.error("No reminder for quotation %s", order.id, exc_info=error)

    @api.model
    def _remind(self, orders):
        """One activity for each order, all in one go, without an e-mail for each."""
        activities = self.env["mail.activity"].with_context(
            mail_activity_quick_update=True
        )
        call = self.env.ref("mail.mail_activity_data_call", raise_if_not_found=False)
        activities.create([self._prepare_activity(order, call) for order in orders])
        orders.quotation_event_ids.filtered(
            lambda event: event.kind == "sent" and not event.reminded_date
        ).reminded_date = fields.Datetime.now()

    @api.model
    def _prepare_activity(self, order, call):
        user = order.user_id
        env = self.with_context(lang=user.lang or self.env.lang).env
        refused = order.tracking_state == "refused"
        days = (fields.Datetime.now() - order.last_sent_date).days
        return {
            "res_model_id": env["ir.model"]._get_id("sale.order"),
            "res_id": order.id,
            "activity_type_id": call.id if call else False,
            "user_id": user.id,
            "date_deadline": fields.Date.context_today(self.with_context(tz=user.tz)),
            "automated": True,
            "summary": env._("Not delivered: check the e-mail address")
            if refused
            else env._("Not opened for %s days", days),
        }

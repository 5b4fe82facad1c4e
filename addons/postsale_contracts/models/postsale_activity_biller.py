import logging
from dataclasses import dataclass, field
from typing import Any

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.crm_sla.halving import work_or_halve
from odoo.addons.recurring_billing.failpoint import failpoint
from odoo.addons.recurring_billing.row_lock import wait_for_others

from ..activity_decision import ActivityFacts, decide
from ..order_request import LineRequest, OrderRequest

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ActivityPlan:
    """What is billed for an activity, if ``decision`` is ``billable``.

    :param price_unit: untaxed, in the company's currency; None: what the pricelist says
    """

    decision: str
    product: Any
    quantity: float
    uom: Any
    price_unit: float | None


@dataclass(slots=True)
class BillingResult:
    """What became of tickets: their order, or why there is none."""

    orders: dict = field(default_factory=dict)
    failures: dict = field(default_factory=dict)


class PostsaleActivityBiller(models.AbstractModel):
    """Turns closed service activities into orders: one for each ticket.

    Callers have checked the user's rights; here everything is read and written as
    superuser, in the name of the user.
    """

    _name = "postsale.activity.biller"
    _description = "Billing of service activities"

    # === WHAT === #

    @api.model
    def _plan(self, activities):
        """Which activities are billed, and as what: ``{activity: ActivityPlan}``."""
        hour = self.env.ref("uom.product_uom_hour", raise_if_not_found=False)
        configs = self._get_configs(activities)
        return {
            activity: self._plan_one(
                activity.sudo(), configs[activity.sudo().company_id], hour
            )
            for activity in activities
        }

    @api.model
    def _get_configs(self, activities):
        """The settings of each company: ``{company: postsale.config}``."""
        Config = self.env["postsale.config"]
        companies = {activity.company_id for activity in activities.sudo()}
        return {company: Config._get_for_company(company) for company in companies}

    @api.model
    def _plan_one(self, activity, config, hour):
        condition = activity.condition_id
        product = (
            activity.product_id or condition.product_id or config.activity_product_id
        )
        quantity, uom = activity.quantity, product.uom_id
        if condition.quantity_rule == "duration":
            quantity = activity.duration
            if hour and uom._has_common_reference(hour):
                uom = hour
        facts = ActivityFacts(
            state=activity.state,
            is_billed=bool(activity.sale_line_id),
            has_condition=bool(condition),
            to_bill=condition.to_bill,
            coverage=condition.coverage,
            has_customer=bool(activity.task_id.partner_id),
            has_product=bool(product),
            quantity=quantity,
        )
        price = self._get_agreed_price(activity)
        return ActivityPlan(decide(facts), product, quantity, uom, price)

    @api.model
    def _get_agreed_price(self, activity):
        """The price entered, else the fixed one of the condition, else None."""
        condition = activity.condition_id
        if activity.price_unit:
            return activity.price_unit
        if condition.price_rule != "fixed":
            return None
        return condition.currency_id._convert(
            condition.price_unit,
            activity.currency_id,
            activity.company_id,
            fields.Date.context_today(self),
            round=False,
        )

    @api.model
    def _estimate(self, plans):
        """What billable activities will come to, without taxes, in the currency of
        their company: ``{activity: amount}``; the order says it to the cent.

        :param dict plans: see :meth:`_plan`
        """
        amounts, known = {}, {}
        for activity, plan in plans.items():
            if plan.decision != "billable":
                amounts[activity] = 0.0
                continue
            price = plan.price_unit
            if price is None:
                price = self._get_list_price(activity.sudo(), plan, known)
            currency = activity.sudo().currency_id
            amounts[activity] = currency.round(price * plan.quantity)
        return amounts

    @api.model
    def _get_list_price(self, activity, plan, known):
        """What the customer's pricelist gives today.

        :param dict known: prices that were asked for already
        """
        company = activity.company_id
        partner = activity.task_id.partner_id.with_company(company)
        pricelist = partner.property_product_pricelist
        key = (pricelist, plan.product, plan.quantity, plan.uom, company)
        if key not in known:
            product = plan.product.with_company(company)
            price = pricelist._get_product_price(
                product, plan.quantity, currency=company.currency_id, uom=plan.uom
            )
            taxes = product.taxes_id._filter_taxes_by_company(company)
            known[key] = self.env["account.tax"]._adapt_price_unit_to_another_taxes(
                price, product, taxes, taxes.browse(), product_uom=plan.uom
            )
        return known[key]

    # === ORDERS === #

    @api.model
    def _bill(self, tickets):
        """Make the orders of some tickets. A ticket that cannot be billed is set aside
        with its reason, the others go on.

        :rtype: BillingResult
        :raises psycopg2.errors.SerializationFailure: somebody else bills the same
            activities; the whole transaction is to be repeated
        """
        result = BillingResult()
        activities = self._get_activities(tickets).sudo()
        activities.flush_recordset()
        wait_for_others(activities)
        by_ticket = activities.grouped("task_id")
        work_or_halve(
            lambda members: result.orders.update(
                self._make_orders({ticket: by_ticket[ticket] for ticket in members})
            ),
            activities.task_id,
            lambda ticket, error: result.failures.update(
                {ticket: self._describe_error(ticket, error)}
            ),
        )
        return result

    @api.model
    def _get_activities(self, tickets):
        """The activities of tickets that the user may see, in the order of the lines.
        Searched: what is cached may be more than he may see."""
        return self.env["postsale.intervention"].search(
            [("task_id", "in", tickets.ids)], order="date, id"
        )

    @api.model
    def _make_orders(self, by_ticket):
        """``{ticket: order}`` for those with something to bill.

        :param dict by_ticket: the activities of each ticket
        """
        activities = self.env["postsale.intervention"].sudo()
        activities = activities.union(*by_ticket.values())
        plans, configs = self._plan(activities), self._get_configs(activities)
        requests = []
        for ticket, own in by_ticket.items():
            billable = own.filtered(lambda a: plans[a].decision == "billable")
            if billable:
                config = configs[billable[0].company_id]
                requests.append(self._prepare_request(ticket, config, billable, plans))
        orders = self.env["postsale.order.maker"]._create_orders(requests)
        failpoint("activities:orders_made")
        for line in orders.sudo().order_line.filtered("intervention_id"):
            line.intervention_id.sale_line_id = line
        self.env.flush_all()
        tickets = [request.source for request in requests]
        return dict(zip(tickets, orders, strict=True))

    @api.model
    def _prepare_request(self, ticket, config, billable, plans):
        """One company at a time: an order belongs to one."""
        company = billable[0].company_id
        return OrderRequest(
            source=ticket,
            settings=config._get_case("activity"),
            partner=ticket.partner_id,
            company=company,
            currency=company.currency_id,
            lines=[
                self._prepare_line(activity, plans[activity])
                for activity in billable
                if activity.company_id == company
            ],
            assets=ticket.asset_ids,
        )

    @api.model
    def _prepare_line(self, activity, plan):
        return LineRequest(
            product=plan.product,
            quantity=plan.quantity,
            price_unit=plan.price_unit,
            name=self._get_line_text(activity),
            uom=plan.uom,
            source=activity,
        )

    @api.model
    def _get_line_text(self, activity):
        """Day, what was done, who did it: in the customer's language."""
        biller = self.with_context(lang=activity.task_id.partner_id.lang)
        values = {
            "date": format_date(biller.env, activity.date),
            "text": activity.name,
            "technician": activity.user_id.name,
        }
        if not activity.user_id:
            return biller.env._("%(date)s: %(text)s", **values)
        return biller.env._("%(date)s: %(text)s (%(technician)s)", **values)

    @api.model
    def _describe_error(self, ticket, error):
        if isinstance(error, UserError):
            return str(error)
        _logger.error("%s cannot be billed", ticket, exc_info=error)
        return self.env._(
            "Something went wrong that is not your fault. Ask your administrator to "
            "look into the log of the server."
        )

from itertools import takewhile

from odoo import Command, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.recurring_billing.models.recurring_schedule_mixin import CYCLES
from odoo.addons.recurring_billing.row_lock import wait_for_others
from odoo.addons.recurring_billing.schedule import Schedule


class PostsaleContractBillingMixin(models.AbstractModel):
    """The periodic billing of a contract: one recurring task that follows it."""

    _name = "postsale.contract.billing.mixin"
    _description = "Periodic billing of a post-sale contract"

    def write(self, vals):
        result = super().write(vals)
        if {"date_end", "asset_ids"} & set(vals):
            self._follow_contract()
        return result

    # === MAKING IT === #

    def action_bill_periodically(self):
        """Open the dialogue that asks for cycle and price per period.

        :raises UserError: the contract is billed already, or not active
        """
        self.ensure_one()
        self._check_billing_rights()
        self._check_periodic_billing()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Bill Periodically"),
            "res_model": "postsale.contract.billing",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_contract_id": self.id},
        }

    def action_open_billing_task(self):
        """Open the recurring task, for whoever may see it."""
        self.ensure_one()
        return self.billing_task_id._get_records_action()

    def _check_billing_rights(self):
        """Invoices are made by people who work with recurring billing."""
        self.env["recurring.task"].check_access("create")
        self._check_order_rights()

    def _check_periodic_billing(self):
        self.ensure_one()
        order = self.sudo().sale_order_id
        problem = ""
        if self.state not in ("active", "to_renew"):
            problem = self.env._("it is not active. Activate it first.")
        elif self.billing_task_id:
            problem = self.env._("it is billed periodically already.")
        elif order and order.state != "cancel":
            problem = self.env._(
                "order %s bills this term. Cancel the order first, or take it out of "
                "the contract.",
                order.name,
            )
        if problem:
            raise UserError(
                self.env._(
                    "%(contract)s: %(problem)s",
                    contract=self.display_name,
                    problem=problem,
                )
            )

    def _create_billing_task(self, cycle, date_first, price, completion):
        """The task that bills this contract, started.

        Periods that have begun are billed within minutes: they are part of the term.

        :param str cycle: key of ``CYCLES``
        :param date date_first: first day of the first period
        :param float price: per period, untaxed, in the currency of the contract
        :param str completion: as on ``recurring.task``
        """
        self.ensure_one()
        wait_for_others(self)  # of two clicks, the second one finds the first one's
        self._check_periodic_billing()
        interval, unit = CYCLES[cycle]
        contract = self.sudo().with_company(self.company_id)
        Task = contract.env["recurring.task"]  # sudo: no default of the caller
        task = Task.with_context(mail_create_nosubscribe=True).create(
            {
                **contract._prepare_billing_task(price),
                "postsale_period_cost": contract._get_period_cost(cycle, date_first),
                "date_start": date_first,
                "interval": interval,
                "interval_unit": unit,
                "completion": completion,
            }
        )
        self._include_taxes(task.line_ids)
        contract.write({"sale_order_id": False, "billing_task_id": task.id})
        task._start_from_document()
        return task

    def _prepare_billing_task(self, price):
        """Values of the task; when it bills is added by the caller."""
        responsible = self.user_id or self.env.user
        return {
            "name": self.env._(
                "%(contract)s for %(customer)s",
                contract=self.name,
                customer=self.partner_id.display_name,
            ),
            "company_id": self.company_id.id,
            "user_id": responsible.id,
            "postsale_contract_id": self.id,
            "document_type": "invoice",
            "price_mode": "keep",
            "currency_id": self.currency_id.id,
            "tz": self.company_id.partner_id.tz or "UTC",
            "day_rule": "start",
            "date_end": self.date_end,
            "max_documents": 0,
            "catch_up": "all",
            "line_ids": [
                Command.create(
                    {
                        "product_id": self._get_billing_product().id,
                        "quantity": 1.0,
                        "price_unit": price,
                    }
                )
            ],
            "recipient_ids": [Command.create(self._prepare_billing_recipient())],
        }

    def _prepare_billing_recipient(self):
        return {"partner_id": self.partner_id.id, **self._prepare_billing_assets()}

    def _prepare_billing_assets(self):
        if "asset_ids" not in self.env["recurring.task.recipient"]._fields:
            return {}
        return {"asset_ids": [Command.set(self.asset_ids.ids)]}

    def _get_billing_product(self):
        return self.product_id or self.env["postsale.config"]._get_required_product(
            self.company_id, self._order_case
        )

    def _include_taxes(self, lines):
        """The price asked for is untaxed; some taxes are part of a unit price."""
        for line in lines.sudo():
            line.price_unit = self.env["postsale.order.maker"]._include_taxes(
                line.price_unit, line.product_id, line.tax_ids, line.product_uom_id
            )

    # === FIGURES FOR THE DIALOGUE === #

    def _get_term_start(self):
        """First day of the current term."""
        self.ensure_one()
        renewals = self.renewal_ids.filtered(lambda r: r.state != "cancelled")
        return max(renewals.mapped("date_start"), default=self.date_start)

    def _get_billing_starts(self, cycle, date_first):
        """First days of the periods up to the end of the contract.

        :rtype: list[date]
        """
        self.ensure_one()
        interval, unit = CYCLES[cycle]
        schedule = Schedule(date_first, interval, unit, end=self.date_end)
        return [period.start for period in schedule.periods()]

    def _get_term_cost(self):
        """What the current term costs: as agreed, else the customer's list price of
        today. Untaxed, in the currency of the contract."""
        self.ensure_one()
        if self.customer_cost > 0:
            return self.customer_cost
        partner = self.partner_id.with_company(self.company_id)
        pricelist = partner.property_product_pricelist
        return pricelist._get_product_price(
            self._get_billing_product().with_company(self.company_id),
            1.0,
            currency=self.currency_id,
            date=self.company_id._get_postsale_today(),
        )

    def _get_period_cost(self, cycle, date_first):
        """The cost of the current term spread over its periods, not rounded."""
        starts = self._get_billing_starts(cycle, date_first)
        return self._get_term_cost() / len(starts) if starts else 0.0

    def _describe_billing(self, cycle, date_first, price):
        """What the dialogue is about to do, in one or two sentences."""
        starts = self._get_billing_starts(cycle, date_first)
        today = self.company_id._get_postsale_today()
        begun = len(list(takewhile(lambda day: day <= today, starts)))
        text = self.env._(
            "%(count)s invoices of %(price)s make %(total)s until %(end)s, without "
            "taxes.",
            count=len(starts),
            price=self.currency_id.format(price),
            total=self.currency_id.format(price * len(starts)),
            end=format_date(self.env, self.date_end),
        )
        if begun:
            text += " " + self.env._(
                "%s of these periods have begun: they are billed at once.", begun
            )
        return text

    # === KEPT IN STEP === #

    def _follow_contract(self):
        """The task ends with the contract, also with a later end; it names its
        assets."""
        for contract in self.sudo().filtered("billing_task_id"):
            task = contract.billing_task_id
            recipients = task.recipient_ids
            ran_out = task.state == "done" and all(
                recipient.state == "done" for recipient in recipients
            )
            if assets := contract._prepare_billing_assets():
                recipients.write(assets)
            if task.date_end == contract.date_end:
                continue
            task.date_end = contract.date_end
            if ran_out and any(recipients.mapped("date_next")):
                task._update_state(("done",), "running")
                self.env.ref("recurring_billing.ir_cron_generate").sudo()._trigger()

    def _stop_billing(self):
        """What was issued stays, and is to be paid."""
        for contract in self.sudo().filtered("billing_task_id"):
            task = contract.billing_task_id
            if task.state != "done":
                reason = self.env._("Contract %s was cancelled.", contract.name)
                task._update_state(("draft", "running", "paused"), "done", reason)

    def _start_billing(self):
        """A contract that was cancelled is agreed anew: what passed meanwhile is not
        billed."""
        for contract in self.sudo().filtered("billing_task_id"):
            contract.billing_task_id._start_from_document()

from collections import defaultdict
from datetime import date

import pytz

from odoo import Command, api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ..calendar_month import first_of_month, last_of_month

#: Context keys of core's invoicing of orders: the month to invoice (first day), and the
#: ids of the sources chosen, by model, where not all of the month are meant.
MONTH = "recapitulative_month"
CHOSEN = "recapitulative_chosen"


class RecapitulativeInvoice(models.AbstractModel):
    """Orders of one customer and one calendar month on one invoice, block by block.

    Directive 2006/112/EC art. 223; Spain, art. 13 of RD 1619/2012. A *source* is what a
    block stands for: an order, or with the stock bridge one of its delivery notes. Core
    says what is left to invoice and makes the invoice; this model groups and arranges.
    """

    _name = "recapitulative.invoice"
    _description = "Recapitulative invoice"

    # === SOURCES === #

    @api.model
    def _get_open_orders(self, domain):
        """Confirmed orders with something left to invoice, oldest first."""
        return self.env["sale.order"].search(
            Domain("state", "=", "sale")
            & Domain("invoice_status", "=", "to invoice")
            & Domain(domain),
            order="date_order, id",
        )

    @api.model
    def _get_sources(self, orders, also_invoiced=False):
        """What can stand in a recapitulative invoice of these orders, and its day.

        :param bool also_invoiced: whatever the orders hold, not only what is left
        :rtype: dict[models.Model, date]
        """
        lines = orders.order_line.filtered(
            lambda line: (
                not line.display_type and (also_invoiced or line.qty_to_invoice)
            )
        )
        return {
            source: day
            for line in lines
            for source, day, _quantity in self._get_parts(line, also_invoiced)
        }

    @api.model
    def _get_parts(self, line, also_invoiced=False):
        """Which sources a line of an order is invoiced for, when, and how much of it.

        :rtype: list[tuple[models.Model, date, float | None]]
        :return: quantities in the unit of the line; None for all that core invoices
        """
        order = line.order_id
        return [(order, self._get_order_day(order), None)]

    @api.model
    def _get_order_day(self, order):
        """Day of the order where the company is."""
        return self._get_local_day(order.date_order, order.company_id)

    @api.model
    def _get_local_day(self, moment, company):
        zone = pytz.timezone(company.partner_id.tz or self.env.user.tz or "UTC")
        return pytz.utc.localize(moment).astimezone(zone).date()

    @api.model
    def _get_source_order(self, source):
        return source

    @api.model
    def _get_source_title(self, source, day):
        """Heading of a block, in the language of the environment."""
        return self.env._(
            "Order %(number)s of %(date)s",
            number=source.name,
            date=format_date(self.env, day),
        )

    # === WHAT FITS TOGETHER === #

    @api.model
    def _get_orders(self, sources):
        return self.env["sale.order"].union(
            *(self._get_source_order(source) for source in sources)
        )

    @api.model
    def _get_problems(self, sources):
        """Why these sources do not fit on one invoice; empty when they do.

        :param dict sources: with their days, see :meth:`_get_sources`
        """
        orders = self._get_orders(sources)
        months = {
            source: self._get_month_name(first_of_month(day))
            for source, day in sources.items()
        }
        checks = [
            (self.env._("different months"), months),
            (
                self.env._("different customers"),
                self._get_values(sources, "partner_invoice_id.commercial_partner_id"),
            ),
            (
                self.env._("different invoice addresses"),
                self._get_values(sources, "partner_invoice_id"),
            ),
            (
                self.env._("different currencies"),
                self._get_values(sources, "currency_id"),
            ),
            (
                self.env._("different companies"),
                self._get_values(sources, "company_id"),
            ),
            (
                self.env._("different fiscal positions"),
                self._get_values(sources, "fiscal_position_id"),
            ),
        ]
        if not orders:
            return [self.env._("Nothing is left to invoice.")]
        return [
            self._get_difference_text(what, values)
            for what, values in checks
            if len(set(values.values())) > 1
        ]

    @api.model
    def _get_values(self, sources, path):
        """Name of what each source has under ``path``."""
        found = {
            source: self._get_source_order(source).mapped(path) for source in sources
        }
        return {
            source: record.display_name or self.env._("none")
            for source, record in found.items()
        }

    @api.model
    def _get_month_name(self, month):
        return format_date(self.env, month, date_format="LLLL y")

    @api.model
    def _get_difference_text(self, what, values):
        groups = defaultdict(list)
        for source, value in values.items():
            groups[value].append(source.name)
        return self.env._(
            "They have %(what)s: %(groups)s.",
            what=what,
            groups="; ".join(
                f"{value} ({', '.join(names)})" for value, names in groups.items()
            ),
        )

    # === CREATING === #

    @api.model
    def _create(self, sources):
        """Draft invoices for these sources, one for each set that fits together.

        The sources lie in one month.

        :param dict sources: with their days
        :rtype: account.move
        """
        months = {first_of_month(day) for day in sources.values()}
        (month,) = months
        chosen = defaultdict(list)
        for source in sources:
            chosen[source._name].append(source.id)
        orders = self._get_orders(sources).with_context(
            **{MONTH: month, CHOSEN: dict(chosen)}
        )
        return orders._create_invoices(final=True)

    @api.model
    def _create_one(self, sources):
        """The draft invoice for these sources.

        :raises UserError: when they do not fit on one
        """
        if problems := self._get_problems(sources):
            raise UserError(
                self.env._(
                    "These cannot stand on one recapitulative invoice. %s",
                    " ".join(problems),
                )
            )
        return self._create(sources)

    # === ARRANGING, INSIDE CORE'S INVOICING === #

    @api.model
    def _is_running(self):
        return MONTH in self.env.context

    @api.model
    def _get_running_month(self):
        month = self.env.context[MONTH]
        return month if isinstance(month, date) else date.fromisoformat(month)

    @api.model
    def _is_chosen(self, source, day):
        """Whether a source belongs to the invoice that core is making."""
        chosen = self.env.context.get(CHOSEN, {})
        month = self._get_running_month()
        return first_of_month(day) == month and source.id in chosen.get(
            source._name, ()
        )

    @api.model
    def _arrange(self, vals_list):
        """Put the lines into blocks and mark the invoices; what nothing is left of is
        not made."""
        month = self._get_running_month()
        result = []
        for vals in vals_list:
            blocks = self._get_blocks(vals["invoice_line_ids"])
            if blocks:
                lines = self._prepare_lines(vals, blocks)
                result.append(
                    vals
                    | self._prepare_marks(month)
                    | {"invoice_line_ids": [Command.create(line) for line in lines]}
                )
        return result

    @api.model
    def _prepare_marks(self, month):
        marks = {"chosen_kind": "recapitulative", "recapitulative_month": month}
        period = {
            "l10n_es_invoicing_period_start_date": month,
            "l10n_es_invoicing_period_end_date": last_of_month(month),
        }
        known = self.env["account.move"]._fields
        return marks | {name: day for name, day in period.items() if name in known}

    @api.model
    def _get_blocks(self, commands):
        """Values of the lines by source and day, oldest source first."""
        blocks = defaultdict(list)
        key = None
        for *_command, vals in commands:
            line = self._get_order_line(vals)
            if line:
                parts = self._split(line, vals)
            else:  # core's heading of down payments
                parts = [(*key, vals)] if key else []
            for source, day, part in parts:
                if self._is_chosen(source, day):
                    key = source, day
                    blocks[key].append(part)
        filled = {
            key: lines
            for key, lines in blocks.items()
            if any(line["display_type"] == "product" for line in lines)
        }
        return dict(sorted(filled.items(), key=lambda i: (i[0][1], i[0][0].name or "")))

    @api.model
    def _get_order_line(self, vals):
        links = vals.get("sale_line_ids") or [(0, 0)]
        return self.env["sale.order.line"].browse(links[0][1] or [])

    @api.model
    def _split(self, line, vals):
        """Values of an invoice line for each source of the order's line."""
        return [
            (source, day, vals if quantity is None else vals | {"quantity": quantity})
            for source, day, quantity in self._get_parts(line)
        ]

    @api.model
    def _prepare_lines(self, vals, blocks):
        """All lines of an invoice in order, each block under its heading."""
        partner = self.env["res.partner"].browse(vals["partner_id"])
        localised = self.with_context(lang=partner.lang or self.env.lang)
        lines = []
        for (source, day), members in blocks.items():
            title = localised._get_source_title(source, day)
            lines.append({"display_type": "line_section", "name": title})
            for line in members:
                is_section = line["display_type"] == "line_section"
                lines.append(
                    line | {"display_type": "line_subsection"} if is_section else line
                )
        return [line | {"sequence": n} for n, line in enumerate(lines, start=1)]

from collections import defaultdict
from functools import partial

from odoo import Command, api, models
from odoo.tools import float_compare, frozendict

from .invoice_posting_mixin import SYNC, is_plain

#: What core's tax engine says about a tax item and the invoice fills in by itself.
_OF_THE_INVOICE = ("partner_id", "currency_id")


class RecurringInvoiceItems(models.AbstractModel):
    """Journal items of many equal invoices, worked out once.

    Core makes an invoice from its lines by writing amounts, accounts and tax items
    onto them one by one, and adds the receivable items last. Given complete items it
    has nothing to write and nothing to add, which takes a third of the time. They come
    from core's own tax engine and payment terms, asked once for each distinct set of
    lines. Early discounts and cash rounding are left to core.

    The first of equal invoices goes through all of core's corrections. Where they found
    nothing to correct, they would find nothing on the others: those skip them.
    """

    _name = "recurring.invoice.items"
    _description = "Journal items of recurring invoices"

    # === CREATE === #

    @api.model
    def _create(self, vals_list):
        """Drafts of customer invoices, in the order of the values.

        :param list vals_list: values for ``account.move.create`` with
            ``invoice_line_ids`` as create commands
        """
        groups = self._get_groups(vals_list)
        items = self._get_items_by_number(vals_list, groups)
        make = partial(self._create_moves, vals_list, items)
        moves = make([numbers[0] for numbers in groups])
        proven, others = [], []
        is_known = self._is_synced_by_core_alone()
        for first, *equals in groups:
            is_proven = is_known and self._is_as_given(moves[first], items[first])
            (proven if is_proven else others).extend(equals)
        moves |= make(proven, skip_invoice_sync=True, skip_invoice_line_sync=True)
        moves |= make(others)
        ids = [moves[number].id for number in range(len(vals_list))]
        return self.env["account.move"].browse(ids)

    @api.model
    def _create_moves(self, vals_list, items, numbers, **context):
        """Drafts of the values at these positions: ``{position: move}``."""
        complete = [
            {
                **{k: v for k, v in vals_list[n].items() if k != "invoice_line_ids"},
                "line_ids": [Command.create(dict(item)) for item in items[n]],
            }
            for n in numbers
        ]
        moves = self.env["account.move"].with_context(**context).create(complete)
        return dict(zip(numbers, moves, strict=True))

    @api.model
    def _is_synced_by_core_alone(self):
        """Whether no localisation adds corrections that are not among the items."""
        checked = (self.env["account.move"], self.env["account.move.line"])
        return all(is_plain(model, SYNC) for model in checked)

    @api.model
    def _is_as_given(self, move, items):
        """Whether core left all items of an invoice as they were handed over."""
        lines = move.line_ids.sorted("id")
        return len(lines) == len(items) and all(
            self._is_equal(line, name, value)
            for line, item in zip(lines, items, strict=True)
            for name, value in item.items()
        )

    @api.model
    def _is_equal(self, line, name, value):
        field = line._fields[name]
        if field.type == "many2many":
            return set(line[name].ids) == set(value[0][2] if value else ())
        current = field.convert_to_write(line[name], line)
        if field.type in ("float", "monetary"):
            return float_compare(current, value, precision_digits=6) == 0
        return (current or False) == (value or False)

    # === GROUPS === #

    @api.model
    def _get_groups(self, vals_list):
        """Positions of equal invoices: a list of lists."""
        groups = defaultdict(list)
        by_customer = self._depends_on_customer(vals_list)
        for number, vals in enumerate(vals_list):
            groups[self._get_key(vals, by_customer)].append(number)
        return list(groups.values())

    @api.model
    def _get_key(self, vals, by_customer):
        """What makes the amounts and accounts of two invoices equal: all but who
        gets it and how the lines are worded."""
        header = {name: vals.get(name) for name in self._get_key_fields()}
        if by_customer:
            header["partner_id"] = vals["partner_id"]
        lines = [
            {name: value for name, value in line.items() if name != "name"}
            for _command, _id, line in vals["invoice_line_ids"]
        ]
        return repr((sorted(header.items()), lines))

    @api.model
    def _get_key_fields(self):
        return (
            "company_id",
            "currency_id",
            "fiscal_position_id",
            "invoice_date",
            "invoice_payment_term_id",
            "journal_id",
            "move_type",
        )

    @api.model
    def _depends_on_customer(self, vals_list):
        """Whether core chooses accounts or analytic distributions by customer."""
        if any(
            not line.get("display_type", "product").startswith("line_")
            and not line.get("product_id")
            for vals in vals_list
            for _command, _id, line in vals["invoice_line_ids"]
        ):
            return True  # the account used most often for him
        rules = self.env["account.analytic.distribution.model"]
        return bool(
            rules.search_count(
                [
                    "|",
                    ("partner_id", "!=", False),
                    ("partner_category_id", "!=", False),
                ],
                limit=1,
            )
        )

    # === ITEMS === #

    @api.model
    def _get_items_by_number(self, vals_list, groups):
        """Complete items of each invoice: lists of values, by position."""
        result = {}
        for numbers in groups:
            hints, further = self._get_items(vals_list[numbers[0]])
            for number in numbers:
                commands = vals_list[number]["invoice_line_ids"]
                lines = zip(commands, hints, strict=True)
                result[number] = [{**line, **hint} for (_c, _i, line), hint in lines]
                result[number] += further
        return result

    @api.model
    def _get_items(self, vals):
        """What core would add to the lines of ``vals``, and its further items.

        :return: values for each line, in order; values of the tax and receivable items
        """
        move = self.env["account.move"].new(vals)
        base_lines, _tax_lines = move._get_rounded_base_and_tax_lines(
            round_from_tax_lines=False
        )
        Tax = self.env["account.tax"]
        Tax._add_accounting_data_in_base_lines_tax_details(
            base_lines, move.company_id, include_caba_tags=move.always_tax_exigible
        )
        items = Tax._prepare_tax_lines(base_lines, move.company_id)
        amounts = {
            base["record"]: values
            for base, values in items["base_lines_to_update"]
            if not base["special_type"]
        }
        hints = [
            amounts[line] | {"analytic_distribution": line.analytic_distribution}
            if line in amounts
            else {}
            for line in move.invoice_line_ids
        ]
        taxes = [self._prepare_tax_item(tax) for tax in items["tax_lines_to_add"]]
        return hints, taxes + self._get_term_items(move, list(amounts.values()), taxes)

    @api.model
    def _prepare_tax_item(self, values):
        values = {k: v for k, v in values.items() if k not in _OF_THE_INVOICE}
        return frozendict(values, display_type="tax")

    @api.model
    def _get_term_items(self, move, bases, taxes):
        """Receivable items, as ``account.move`` finds them needed.

        :param bases: items of the lines, with ``balance`` and ``amount_currency``
        :param taxes: tax items, likewise
        :return: values of the items; none where core has to work them out itself
        """
        term = move.invoice_payment_term_id
        if term.early_discount or move.invoice_cash_rounding_id:
            return []
        amounts = {
            f"{kind}_{suffix}": -sum(item[name] for item in items)
            for kind, items in (("untaxed", bases), ("tax", taxes))
            for suffix, name in (
                ("amount", "balance"),
                ("amount_currency", "amount_currency"),
            )
        }
        if not term:
            due = {
                "date": move.invoice_date_due,
                "company_amount": amounts["untaxed_amount"] + amounts["tax_amount"],
                "foreign_amount": amounts["untaxed_amount_currency"]
                + amounts["tax_amount_currency"],
            }
            return [self._prepare_term_item(due)]
        terms = term._compute_terms(
            date_ref=move.invoice_date,
            currency=move.currency_id,
            company=move.company_id,
            sign=1,
            **amounts,
        )
        dates = [due["date"] for due in terms["line_ids"]]
        if len(set(dates)) < len(dates):
            return []  # core puts what is due on one day into one item
        return [self._prepare_term_item(due) for due in terms["line_ids"]]

    @api.model
    def _prepare_term_item(self, due):
        return frozendict(
            display_type="payment_term",
            date_maturity=due["date"],
            balance=due["company_amount"],
            amount_currency=due["foreign_amount"],
            discount_date=False,
            discount_balance=0.0,
            discount_amount_currency=0.0,
        )

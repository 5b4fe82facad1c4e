"""Bare Odoo: no recurrence at all, only the invoices. What nobody can undercut."""

from unittest.mock import patch

from odoo import Command
from odoo.tools.misc import split_every

from odoo.addons.account.models.account_bank_statement_line import (
    AccountBankStatementLine,
)

BATCH = 200
#: No chatter about the making of an invoice; our engine does without it as well.
QUIET = {
    "tracking_disable": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "mail_auto_subscribe_no_notify": True,
}
#: What core's tax engine works out on each item, and what it needs for that.
ITEM_FIELDS = (
    "account_id",
    "amount_currency",
    "analytic_distribution",
    "balance",
    "display_type",
    "name",
    "tax_ids",
    "tax_tag_ids",
)
KIND_FIELDS = {
    "product": ("discount", "price_unit", "product_id", "product_uom_id", "quantity"),
    "tax": ("group_tax_id", "tax_base_amount", "tax_repartition_line_id"),
}


def seed(_env, _fixture, _n, _mode):
    """There is nothing that recurs."""


def generate(env, fixture, n, mode):
    {"ui": _one_by_one, "batch": _in_batches, "best": _prepared}[mode](env, fixture, n)


def _one_by_one(env, fixture, n):
    """What saving and confirming in the user interface does on the server."""
    for customer in fixture.get_customers(n):
        env["account.move"].create(fixture.get_invoice(customer)).action_post()
        _commit(env)


def _in_batches(env, fixture, n):
    _post_in_batches(env, map(fixture.get_invoice, fixture.get_customers(n)))


def _prepared(env, fixture, n):
    """The quickest way that gives the same invoices: core works out product and tax
    items once, all further invoices get them handed over. Payment terms stay core's."""
    customers = fixture.get_customers(n)
    undo = AccountBankStatementLine.action_undo_reconciliation
    with patch.object(
        AccountBankStatementLine,
        "action_undo_reconciliation",
        # Core calls it with nothing to undo for every journal item that is written.
        lambda lines: undo(lines) if lines else None,
    ):
        first = env["account.move"].with_context(**QUIET)
        first = first.create(fixture.get_invoice(customers[0]))
        first._post(soft=False)
        items = [
            _copy_item(item)
            for item in first.line_ids
            if item.display_type in KIND_FIELDS
        ]
        header = fixture.get_invoice(customers[0])
        del header["invoice_line_ids"]
        _post_in_batches(
            env,
            (
                {
                    **header,
                    "partner_id": customer.id,
                    "line_ids": [Command.create(dict(item)) for item in items],
                }
                for customer in customers[1:]
            ),
        )


def _copy_item(item):
    values = {}
    for name in ITEM_FIELDS + KIND_FIELDS[item.display_type]:
        value, field = item[name], item._fields[name]
        if field.type == "many2many":
            value = [Command.set(value.ids)]
        elif field.relational:
            value = value.id
        values[name] = value
    return values


def _post_in_batches(env, invoices):
    """
    :param invoices: iterable of values, one batch of which is in memory at a time
    """
    Move = env["account.move"].with_context(**QUIET)
    for batch in split_every(BATCH, invoices, list):
        Move.create(batch)._post(soft=False)
        _commit(env)


def _commit(env):
    env.flush_all()
    env.cr.commit()
    env.invalidate_all()

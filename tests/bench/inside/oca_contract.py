"""OCA's contract: one contract for each customer, its own scheduled action."""

from odoo import Command
from odoo.tools.misc import split_every

from .cron import run_cron


def seed(env, fixture, n, _mode):
    env.company.auto_post_contract_invoice = True
    due = {"date_start": fixture.today, "recurring_next_date": fixture.today}
    lines = [{**line, **due} for line in fixture.get_lines()]
    for line in lines:
        del line["tax_ids"]  # it takes those of the product
    Contract = env["contract.contract"].with_context(tracking_disable=True)
    for customers in split_every(500, fixture.get_customers(n), tuple):
        Contract.create(
            [
                {
                    **due,
                    "name": customer.name,
                    "partner_id": customer.id,
                    "contract_type": "sale",
                    "journal_id": fixture.journal.id,
                    "recurring_rule_type": "monthly",
                    "recurring_interval": 1,
                    "contract_line_ids": [Command.create(line) for line in lines],
                }
                for customer in customers
            ]
        )
        env.flush_all()
        env.invalidate_all()


def generate(env, _fixture, _n, _mode):
    run_cron(env, "contract.contract_cron_for_invoice")

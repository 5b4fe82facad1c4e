"""OCA's subscription_oca: one subscription for each customer, its scheduled action."""

from odoo import Command
from odoo.tools.misc import split_every

from .cron import run_cron


def seed(env, fixture, n, mode):
    """
    :param mode: "draft", or "invoice": posted, printed and mailed
    """
    template = env["sale.subscription.template"].create(
        {
            "name": "Bench",
            "code": "B",
            "recurring_rule_type": "months",
            "recurring_interval": 1,
            "invoicing_mode": mode,
            "invoice_mail_template_id": env.ref(
                "account.email_template_edi_invoice"
            ).id,
        }
    )
    # It asks the product alone for the account, which Odoo keeps on the company, and
    # without one every subscription of the run fails. So it gets a helping hand.
    fixture.products.property_account_income_id = env.company.income_account_id
    pricelist = env["product.pricelist"].create({"name": "Bench"})
    stage = env["sale.subscription.stage"].search(
        [("type", "=", "in_progress")], limit=1
    )
    lines = fixture.get_lines(quantity="product_uom_qty")
    Subscription = env["sale.subscription"].with_context(tracking_disable=True)
    for customers in split_every(500, fixture.get_customers(n), tuple):
        made = Subscription.create(
            [
                {
                    "partner_id": customer.id,
                    "template_id": template.id,
                    "pricelist_id": pricelist.id,
                    "journal_id": fixture.journal.id,
                    "sale_subscription_line_ids": [
                        Command.create(line) for line in lines
                    ],
                }
                for customer in customers
            ]
        )
        made.write({"stage_id": stage.id})
        made.write({"recurring_next_date": fixture.today})
        env.flush_all()
        env.invalidate_all()


def generate(env, _fixture, _n, _mode):
    run_cron(env, "subscription_oca.ir_cron_subscription_management")

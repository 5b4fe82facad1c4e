"""The same customers, products and tax for everybody."""

from functools import cached_property

from odoo import SUPERUSER_ID, Command, api, fields
from odoo.tools.misc import split_every

from ..figures import PRICES, QUANTITIES, TAX_PERCENT

TAX = f"Bench {TAX_PERCENT} %"
CODE = "bench-"


def make_fixture(registry, job):
    """Customers, products and a tax."""
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        country = env.company.account_fiscal_country_id or env.ref("base.us")
        _make_products(env, country)
        _make_customers(env, country, job["customers"])
    return {}


def _make_products(env, country):
    tax = env["account.tax"].create(
        {
            "name": TAX,
            "amount": TAX_PERCENT,
            "amount_type": "percent",
            "type_tax_use": "sale",
            "country_id": country.id,
        }
    )
    env["product.product"].create(
        [
            {
                "name": f"Bench service {number}",
                "default_code": f"{CODE}{number}",
                "type": "service",
                "invoice_policy": "order",
                "list_price": float(price),
                "taxes_id": [Command.set(tax.ids)],
            }
            for number, price in enumerate(PRICES)
        ]
    )


def _make_customers(env, country, count):
    Partner = env["res.partner"].with_context(tracking_disable=True)
    for numbers in split_every(1000, range(count)):
        Partner.create(
            [
                {
                    "name": f"Bench customer {number:05d}",
                    "ref": f"{CODE}{number:05d}",
                    "email": f"customer{number:05d}@bench.example",
                    "street": f"Bench street {number}",
                    "city": "Benchville",
                    "zip": "1000",
                    "country_id": country.id,
                    "is_company": True,
                }
                for number in numbers
            ]
        )
        env.flush_all()
        env.invalidate_all()


class Fixture:
    """The records of `make_fixture`, found again."""

    def __init__(self, env):
        self.env = env
        self.today = fields.Date.context_today(env["res.users"])
        self.products = env["product.product"].search(
            [("default_code", "=like", f"{CODE}%")], order="default_code"
        )
        self.tax = env["account.tax"].search([("name", "=", TAX)])
        self.journal = env["account.journal"].search(
            [("type", "=", "sale"), ("company_id", "=", env.company.id)], limit=1
        )

    def get_customers(self, n):
        customers = self.env["res.partner"].search(
            [("ref", "=like", f"{CODE}%")], order="ref", limit=n
        )
        if len(customers) < n:
            raise ValueError(f"{n} customers wanted, {len(customers)} are there")
        return customers

    def get_lines(self, quantity="quantity"):
        """The three lines; `quantity` is the field's name, which differs."""
        return [
            {
                "product_id": product.id,
                "name": product.name,
                quantity: number,
                "price_unit": float(price),
                "tax_ids": [Command.set(self.tax.ids)],
            }
            for product, number, price in zip(
                self.products, QUANTITIES, PRICES, strict=True
            )
        ]

    @cached_property
    def invoice_lines(self):
        return [Command.create(line) for line in self.get_lines()]

    def get_invoice(self, customer):
        """Values of the invoice that everybody makes."""
        return {
            "move_type": "out_invoice",
            "partner_id": customer.id,
            "journal_id": self.journal.id,
            "invoice_date": self.today,
            "invoice_origin": "Bench",
            "invoice_line_ids": self.invoice_lines,
        }

"""Fixtures of the add-on's tests: one small company, its people and its customers."""

from odoo import Command
from odoo.tests import freeze_time, new_test_user, tagged

from odoo.addons.base.tests.common import BaseCommon

from .statement_count import StatementCount

#: Moment at which every test begins: Monday 15 March 2027, 10:00 UTC.
NOW = "2027-03-15 10:00:00"

ACCOUNTS = {
    "income": "700000",
    "asset_receivable": "430000",
    "liability_payable": "400000",
    "liability_current": "477000",
}


@tagged("post_install", "-at_install")
class RecurringCommon(StatementCount, BaseCommon):
    """A company with the smallest chart of accounts that can post an invoice.

    Loading a real chart takes seconds for each class; these tests need one account of
    each kind. Tasks made by the helpers belong to ``biller``, the lowest role that may
    do the work. A class names the further people it needs in ``people``.
    """

    GROUPS = {
        "stranger": "base.group_user",
        "reader": "recurring_billing.group_user",
        "biller": "recurring_billing.group_billing",
        "manager": "recurring_billing.group_manager",
        "portal": "base.group_portal",
    }
    people = ()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        freezer = freeze_time(NOW)
        cls.clock = freezer.start()
        cls.addClassCleanup(freezer.stop)
        company = cls._create_billing_company(name="Recurring Co")
        cls.env = cls._get_company_env(company)
        cls.company = cls.env["res.company"].browse(company.id)
        cls.journal = cls._get_journal("sale")
        cls.tax = cls.company.account_sale_tax_id
        cls.product = cls._create_product(name="Support", list_price=100.0)
        cls.other_product = cls._create_product(name="Hosting", list_price=40.0)
        cls._create_people()
        cls.customer = cls._create_customer(name="Alma Books")
        cls.other_customer = cls._create_customer(name="Borja Bikes")

    def setUp(self):
        super().setUp()
        self.clock.move_to(NOW)

    # === COMPANIES === #

    @classmethod
    def _get_company_env(cls, company):
        context = {**cls.env.context, "allowed_company_ids": company.ids}
        return cls.env(context=context)

    @classmethod
    def _create_billing_company(cls, **values):
        """A company that can post an invoice with a tax of 21 %."""
        company = cls.env["res.company"].create(
            {
                "currency_id": cls._enable_currency("EUR").id,
                "country_id": cls.quick_ref("base.es").id,
                "email": "billing@example.com",
                **values,
            }
        )
        company.partner_id.tz = "Europe/Madrid"
        company.account_fiscal_country_id = company.country_id
        env = cls._get_company_env(company)
        accounts = {
            kind: env["account.account"].create(
                {"name": kind, "code": code, "account_type": kind}
            )
            for kind, code in ACCOUNTS.items()
        }
        for name, kind in (
            ("property_account_receivable_id", "asset_receivable"),
            ("property_account_payable_id", "liability_payable"),
        ):
            env["ir.default"].set(
                "res.partner", name, accounts[kind].id, company_id=company.id
            )
        env["account.journal"].create(
            [
                {
                    "name": "Sales",
                    "code": "INV",
                    "type": "sale",
                    "default_account_id": accounts["income"].id,
                },
                {"name": "Bank", "code": "BNK", "type": "bank"},
            ]
        )
        company.account_sale_tax_id = cls._create_tax(company, name="VAT 21", amount=21)
        return company

    @classmethod
    def _create_tax(cls, company=None, **values):
        env = cls._get_company_env(company or cls.company)
        country = env.company.country_id
        group = env["account.tax.group"].search(
            [("company_id", "=", env.company.id)], limit=1
        ) or env["account.tax.group"].create(
            {"name": "VAT", "company_id": env.company.id, "country_id": country.id}
        )
        account = env["account.account"].search([("code", "=", "477000")], limit=1)
        lines = [
            Command.create({"repartition_type": "base"}),
            Command.create({"repartition_type": "tax", "account_id": account.id}),
        ]
        return env["account.tax"].create(
            {
                "amount": 10,
                "type_tax_use": "sale",
                "tax_group_id": group.id,
                "country_id": country.id,
                "invoice_repartition_line_ids": lines,
                "refund_repartition_line_ids": lines,
                **values,
            }
        )

    @classmethod
    def _get_journal(cls, kind):
        return cls.env["account.journal"].search(
            [("type", "=", kind), ("company_id", "=", cls.env.company.id)], limit=1
        )

    @classmethod
    def _open_bank(cls, company):
        """Accounts that money needs on its way: the bank can book and reconcile."""
        env = cls._get_company_env(company)
        suspense, outstanding = env["account.account"].create(
            [
                {"name": "Suspense", "code": "572999", "account_type": "asset_current"},
                {
                    "name": "Outstanding",
                    "code": "432000",
                    "account_type": "asset_current",
                    "reconcile": True,
                },
            ]
        )
        bank = env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
        )
        bank.suspense_account_id = suspense
        lines = bank.inbound_payment_method_line_ids
        lines.payment_account_id = outstanding
        return bank

    # === PEOPLE === #

    @classmethod
    def _create_people(cls):
        for role in {"biller", *cls.people}:
            setattr(cls, role, cls._create_user(role, cls.GROUPS[role]))

    @classmethod
    def _create_user(cls, login, groups, company=None, **values):
        company = company or cls.company
        return new_test_user(
            cls.env,
            login=f"recurring_{login}",
            groups=groups,
            company_id=company.id,
            email=f"{login}@example.com",
            **values,
        )

    # === MASTER DATA === #

    @classmethod
    def _create_product(cls, **values):
        return cls.env["product.product"].create(
            {
                "type": "service",
                "taxes_id": [Command.set(cls.tax.ids)],
                "company_id": False,
                **values,
            }
        )

    @classmethod
    def _create_customer(cls, **values):
        name = values.get("name", "Customer")
        values.setdefault("email", f"{name.replace(' ', '.').lower()}@example.com")
        return cls.env["res.partner"].create({"name": name, **values})

    @classmethod
    def _create_customers(cls, count):
        return cls.env["res.partner"].create(
            [
                {"name": f"Customer {n:03}", "email": f"customer{n:03}@example.com"}
                for n in range(count)
            ]
        )

    # === TASKS === #

    @classmethod
    def _prepare_task(cls, customers=None, lines=None, **values):
        """Values of a monthly task from 1 April 2027 that issues and confirms.

        :param customers: partners; ``customer`` if absent
        :param list lines: values of each line; one line of ``product`` if absent
        """
        customers = cls.customer if customers is None else customers
        lines = [{"product_id": cls.product.id}] if lines is None else lines
        return {
            "name": "Support contracts",
            "date_start": "2027-04-01",
            "completion": "confirm",
            "line_ids": [Command.create(line) for line in lines],
            "recipient_ids": [
                Command.create({"partner_id": customer.id}) for customer in customers
            ],
            **values,
        }

    @classmethod
    def _create_task(cls, customers=None, lines=None, **values):
        """A task that is not started, see :meth:`_prepare_task`."""
        return (
            cls.env["recurring.task"]
            .with_user(cls.biller)
            .create(cls._prepare_task(customers, lines, **values))
        )

    @classmethod
    def _start_task(cls, customers=None, lines=None, **values):
        """A running task, see :meth:`_prepare_task`."""
        task = cls._create_task(customers, lines, **values)
        task.action_start()
        return task

    # === RUNNING === #

    def _run_cron(self, moment=None):
        """Let the scheduled action issue what is due.

        :param str moment: UTC; the clock stays there afterwards
        """
        if moment:
            self.clock.move_to(moment)
        cron = self.env.ref("recurring_billing.ir_cron_generate")
        with self.enter_registry_test_mode():
            self.assertIs(cron.method_direct_trigger(), True)

    def _get_rows(self, task):
        """Rows of the ledger, oldest first."""
        return task.sudo().occurrence_ids.sorted(lambda r: (r.scheduled_date, r.id))

    def _get_documents(self, task):
        rows = self._get_rows(task).filtered("res_id")
        return self.env[rows[:1].res_model or "account.move"].browse(
            rows.mapped("res_id")
        )

    def assertRows(self, task, *expected):
        """The ledger of ``task`` holds these ``"<date> <state>"``."""
        rows = self._get_rows(task)
        actual = [f"{row.scheduled_date} {row.state}" for row in rows]
        self.assertEqual(actual, list(expected), rows.mapped("error"))

    def assertDates(self, task, *expected, states=("generated", "sent")):
        """The ledger of ``task`` holds documents for these scheduled dates."""
        rows = self._get_rows(task).filtered(lambda row: row.state in states)
        self.assertEqual(
            [str(row.scheduled_date) for row in rows],
            list(expected),
            self._get_rows(task).mapped("error"),
        )

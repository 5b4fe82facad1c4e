"""Fixtures of the portfolio's tests; holds no tests."""

import base64
import io

import openpyxl

from odoo import Command
from odoo.tests import freeze_time, tagged

from .common import SlaCommon

#: Moment at which every test begins: Monday 15 March 2027, 10:00 UTC.
NOW = "2027-03-15 10:00:00"


@tagged("post_install", "-at_install")
class PortfolioCommon(SlaCommon):
    """A company that can post an invoice, and a running portfolio of 2027.

    ``sales_manager`` prepares, ``seller`` and ``other_seller`` are agents.
    """

    #: A browser waits for ever when the clock stands still.
    is_clock_frozen = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if cls.is_clock_frozen:
            freezer = freeze_time(NOW)
            freezer.start()
            cls.addClassCleanup(freezer.stop)
        cls.other_seller = cls._create_user(
            "other_seller", "sales_team.group_sale_salesman"
        )
        cls._set_up_accounting(cls.company)
        cls.alma = cls._create_customer("Alma Books", vat="ESA1", ref="C-1")
        cls.borja = cls._create_customer("Borja Bikes", ref="C-2")
        cls.carla = cls._create_customer("Carla Cakes")
        cls.portfolio = cls._create_portfolio()

    @classmethod
    def _set_up_accounting(cls, company):
        env = cls.env(context={**cls.env.context, "allowed_company_ids": company.ids})
        income, receivable = env["account.account"].create(
            [
                {"name": "Sales", "code": "700001", "account_type": "income"},
                {
                    "name": "Customers",
                    "code": "430001",
                    "account_type": "asset_receivable",
                    "reconcile": True,
                },
            ]
        )
        env["ir.default"].set(
            "res.partner",
            "property_account_receivable_id",
            receivable.id,
            company_id=company.id,
        )
        journal = env["account.journal"].create(
            {
                "name": "Portfolio sales",
                "code": "PFS",
                "type": "sale",
                "default_account_id": income.id,
                "company_id": company.id,
            }
        )
        return journal

    @classmethod
    def _create_customer(cls, name, **values):
        return cls.env["res.partner"].create(
            {"name": name, "is_company": True, **values}
        )

    @classmethod
    def _create_portfolio(cls, **values):
        return cls.env["crm.portfolio"].create(
            {
                "name": "Key accounts",
                "date_from": "2027-01-01",
                "date_to": "2027-12-31",
                "user_id": cls.sales_manager.id,
                **values,
            }
        )

    def _bill(self, customer, amount, day="2027-02-10", kind="out_invoice", **values):
        company = self.env["res.company"].browse(values.pop("company_id", False))
        company = company or self.company
        env = self.env(context={**self.env.context, "allowed_company_ids": company.ids})
        journal = env["account.journal"].search(
            [("code", "=", "PFS"), ("company_id", "=", company.id)]
        )
        invoice = env["account.move"].create(
            {
                "move_type": kind,
                "partner_id": customer.id,
                "invoice_date": day,
                "journal_id": journal.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Work",
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
                **values,
            }
        )
        invoice.action_post()
        return invoice

    def _add_line(self, customer=None, **values):
        return self.env["crm.portfolio.line"].create(
            {
                "portfolio_id": self.portfolio.id,
                "partner_id": (customer or self.alma).id,
                **values,
            }
        )

    # === FILES === #

    def _make_file(self, *rows):
        """An Excel file as a person would make it; written by another library."""
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        return self._save(book)

    def _save(self, book):
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    def _open(self, content):
        return openpyxl.load_workbook(io.BytesIO(content))

    def _get_template(self):
        return self.portfolio.with_user(self.sales_manager)._render_template()

    def _create_upload(self, content, user=None, **values):
        Upload = self.env["crm.portfolio.upload"].with_user(user or self.sales_manager)
        return Upload.create(
            {
                "portfolio_id": self.portfolio.id,
                "file": base64.b64encode(content),
                "filename": "list.xlsx",
                **values,
            }
        )

    def _upload(self, content, **values):
        upload = self._create_upload(content, **values)
        upload.action_upload()
        return upload

    def _run_upload_cron(self):
        cron = self.env.ref("crm_sla.ir_cron_portfolio_upload")
        with self.enter_registry_test_mode():
            self.assertIs(cron.method_direct_trigger(), True)
        self.env.invalidate_all()

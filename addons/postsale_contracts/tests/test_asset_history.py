"""Everything about an asset in one list, as far as one may see it."""

import logging

from odoo import Command
from odoo.tests import tagged

from .asset_common import AssetCommon

_logger = logging.getLogger(__name__)


@tagged("post_install", "-at_install")
class TestAssetHistory(AssetCommon):
    GROUPS = {**AssetCommon.GROUPS, "seller": "sales_team.group_sale_salesman"}
    people = ("technician", "clerk", "seller")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # somebody who may see everything
        cls.clerk.group_ids += cls.env.ref("sales_team.group_sale_salesman_all_leads")
        cls.clerk.group_ids += cls.env.ref("account.group_account_invoice")
        cls.clerk.group_ids += cls.env.ref("recurring_billing.group_user")
        cls.project = cls.env["project.project"].create(
            {
                "name": "Service Desk",
                "is_postsale": True,
                "privacy_visibility": "employees",
                "company_id": cls.company.id,
            }
        )
        cls.contract = cls.env["postsale.contract"].create(
            {
                "name": "C-1",
                "partner_id": cls.customer.id,
                "date_start": "2027-01-01",
                "date_end": "2027-12-31",
                "asset_ids": [Command.set(cls.boiler.ids)],
            }
        )
        cls.ticket = cls._create_work("It leaks", asset_ids=cls.boiler.ids)
        cls.order = cls._create_order(date_order="2027-03-10 12:00:00")
        cls.invoice = cls._create_invoice(invoice_date="2027-03-12")
        cls.visit = cls._create_work(
            "Yearly visit",
            is_work_order=True,
            visit_date="2027-03-20",
            asset_ids=cls.boiler.ids,
        )
        cls.task = cls._create_asset_task(cls.boiler)
        cls.env.flush_all()
        # the database's own clock stands in no test
        cls.env.cr.execute(
            "UPDATE project_task SET create_date = '2027-03-15 10:00' WHERE id = %s",
            [cls.ticket.id],
        )

    @classmethod
    def _create_work(cls, name, **values):
        return cls.env["project.task"].create(
            {
                "name": name,
                "project_id": cls.project.id,
                "partner_id": cls.customer.id,
                **values,
            }
        )

    def _get_history(self, asset, user):
        self.env.invalidate_all()
        return asset.with_user(user).history_ids

    def test_everything_stands_in_one_list_newest_first(self):
        rows = self._get_history(self.boiler, self.clerk)
        self.assertEqual(
            rows.mapped("name"),
            [
                "Support contracts",
                "Yearly visit",
                "It leaks",
                self.invoice.name,
                self.order.name,
                "C-1",
            ],
        )
        self.assertEqual(
            rows.mapped("kind"),
            ["recurring_task", "work_order", "ticket", "invoice", "order", "contract"],
        )
        self.assertFalse(self._get_history(self.pump, self.clerk))

    def test_a_row_says_how_far_it_is_and_what_it_came_to(self):
        rows = self._get_history(self.boiler, self.clerk)
        status = dict(zip(rows.mapped("kind"), rows.mapped("status"), strict=True))
        self.assertEqual(status["order"], "Quotation")
        self.assertEqual(status["contract"], "Draft")
        self.assertEqual(status["invoice"], "Posted")
        amounts = dict(
            zip(rows.mapped("kind"), rows.mapped("amount_total"), strict=True)
        )
        self.assertEqual(amounts["invoice"], self.invoice.amount_total)

    def test_a_row_opens_its_document(self):
        for row in self._get_history(self.boiler, self.clerk):
            action = row.action_open()
            self.assertEqual(
                self.env[action["res_model"]].browse(action["res_id"]).display_name,
                row._get_documents().display_name,
            )

    def test_what_one_may_not_see_is_neither_listed_nor_counted(self):
        rows = self._get_history(self.boiler, self.technician)
        kinds = set(rows.mapped("kind"))
        self.assertLessEqual({"contract", "ticket", "work_order"}, kinds)
        self.assertFalse({"invoice", "recurring_task"} & kinds)
        boiler = self.boiler.with_user(self.technician)
        self.assertEqual((boiler.recurring_task_count, boiler.invoice_count), (0, 0))
        self.assertEqual((boiler.ticket_count, boiler.contract_count), (1, 1))

    def test_of_orders_a_salesperson_sees_his_own(self):
        self.seller.group_ids += self.env.ref(
            "postsale_contracts.group_postsale_technician"
        )
        own = self._create_order(user_id=self.seller.id)
        self.order.user_id = self.clerk
        rows = self._get_history(self.boiler, self.seller)
        orders = rows.filtered(lambda row: row.kind == "order")
        self.assertEqual(orders.mapped("name"), own.mapped("name"))
        self.assertEqual(self.boiler.with_user(self.seller).order_count, 1)

    def test_documents_of_other_companies_are_not_there(self):
        other = self._create_billing_company(name="Elsewhere")
        self.boiler.company_id = False
        self.contract.asset_ids = False
        contract = self.contract.copy(
            {"company_id": other.id, "asset_ids": [Command.set(self.boiler.ids)]}
        )
        self.assertTrue(contract.asset_ids)
        rows = self._get_history(self.boiler, self.clerk)
        self.assertNotIn("contract", rows.mapped("kind"))

    def test_a_service_activity_brings_its_ticket_along(self):
        ticket = self._create_work("It hums")
        self.env["postsale.intervention"].create(
            {"task_id": ticket.id, "name": "Oiled", "asset_id": self.pump.id}
        )
        rows = self._get_history(self.pump, self.technician)
        self.assertEqual(rows.mapped("name"), ["It hums"])

    def test_the_buttons_count_by_kind_and_open_that_kind(self):
        boiler = self.boiler.with_user(self.clerk)
        for kind in (
            "contract",
            "ticket",
            "work_order",
            "order",
            "invoice",
            "recurring_task",
        ):
            with self.subTest(kind):
                self.assertEqual(boiler[f"{kind}_count"], 1)
                action = boiler.with_context(history_kind=kind).action_view_history()
                self.assertEqual(action["context"], {f"search_default_{kind}": 1})
                rows = self.env["asset.history"].with_user(self.clerk)
                found = rows.search([*action["domain"], ("kind", "=", kind)])
                self.assertEqual(len(found), 1)

    def test_a_row_names_the_assets_that_one_may_see(self):
        own = self._create_asset("Coffee machine", customer_id=False)
        self.order.asset_ids += self.pump + own
        row = self._get_history(self.pump, self.clerk)
        self.assertEqual(row.asset_ids, self.boiler + self.pump)

    def test_archived_assets_and_documents_keep_their_history(self):
        self.boiler.active = False
        self.contract.active = False
        rows = self._get_history(self.boiler, self.clerk)
        self.assertEqual(len(rows), 6)

    def test_counting_costs_the_same_for_any_number_of_assets(self):
        assets = self.env["maintenance.equipment"].create(
            [{"name": f"Fan {n}", "customer_id": self.customer.id} for n in range(110)]
        )
        self.env["sale.order"].create(
            [
                {
                    "partner_id": self.customer.id,
                    "asset_ids": [Command.set(asset.ids)],
                }
                for asset in assets
            ]
        )
        assets = assets.with_user(self.clerk)
        counts = []
        for some in (assets[:10], assets[10:]):
            with self.counting() as counted:
                self.assertEqual(set(some.mapped("order_count")), {1})
            counts.append(counted.statements)
        _logger.info("%s statements for 10 assets, %s for 100", *counts)
        self.assertLessEqual(counts[1], counts[0])

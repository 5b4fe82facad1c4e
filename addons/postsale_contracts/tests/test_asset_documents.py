"""Assets stand on every document that is made for them, and stay there."""

import logging

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .asset_common import AssetCommon

_logger = logging.getLogger(__name__)


@tagged("post_install", "-at_install")
class TestRecurringAssets(AssetCommon):
    """A recurring task says per customer's line what its documents are about."""

    def test_every_kind_of_document_carries_the_assets_of_its_line(self):
        for kind in ("invoice", "quotation", "order", "proforma"):
            with self.subTest(kind):
                task = self._create_asset_task(
                    self.boiler, self.boiler + self.pump, document_type=kind
                )
                task.action_start()
                task.action_run_now()
                documents = self._get_documents(task).sorted("id")
                self.assertEqual(documents[0].asset_ids, self.boiler)
                self.assertEqual(documents[1].asset_ids, self.boiler + self.pump)

    def test_equal_invoices_made_together_have_each_their_own(self):
        """The quick way of making invoices shares journal items, not assets."""
        assets = [self._create_asset(f"Fan {n}") for n in range(5)]
        task = self._create_asset_task(*assets)
        task.action_start()
        self._run_cron("2027-04-01 08:00:00")
        documents = self._get_documents(task)
        self.assertEqual(
            sorted(documents.mapped("asset_ids.name")), [f"Fan {n}" for n in range(5)]
        )
        self.assertTrue(all(len(move.asset_ids) == 1 for move in documents))

    def test_a_line_takes_assets_of_its_customer_only(self):
        task = self._create_asset_task(self.boiler)
        own = self._create_asset("Coffee machine", customer_id=False)
        for asset in (self.lift, own):
            with (
                self.subTest(asset=asset.name),
                self.assertRaisesRegex(ValidationError, "same customer"),
            ):
                task.sudo().recipient_ids.asset_ids = asset
        with self.assertRaisesRegex(ValidationError, "same customer"):
            task.recipient_ids.partner_id = self.other_customer

    def test_contacts_share_the_assets_of_their_company(self):
        shop = self._create_customer(name="Shop", parent_id=self.customer.id)
        task = self._create_task(
            recipient_ids=[self._prepare_recipient(self.boiler, shop)]
        )
        self.assertEqual(task.recipient_ids.asset_ids, self.boiler)

    def test_what_happened_to_an_asset_is_told_before_issuing(self):
        other = self._create_billing_company(name="Elsewhere")
        for text, values in (
            ("is archived", {"active": False}),
            ("another customer", {"customer_id": self.other_customer.id}),
            ("another company", {"company_id": other.id}),
        ):
            with self.subTest(text):
                asset = self._create_asset("Fan", company_id=False)
                task = self._create_asset_task(asset)
                self.assertTrue(task.recipient_ids.ready)
                asset.write(values)
                task.invalidate_recordset()
                self.assertFalse(task.recipient_ids.ready)
                self.assertIn(text, task.recipient_ids.ready_message)
                task.action_start()
                self._run_cron("2027-04-01 08:00:00")
                self.assertRows(task, "2027-04-01 failed")
                self.clock.move_to("2027-03-15 10:00:00")

    def test_lines_of_one_customer_are_told_apart(self):
        task = self._create_asset_task(self.boiler, self.pump)
        first, second = task.recipient_ids
        self.assertIn("(Boiler/B-1001)", first.display_name)
        self.assertIn("(Pump)", second.display_name)

    def test_a_copied_task_keeps_them(self):
        task = self._create_asset_task(self.boiler)
        self.assertEqual(task.copy().recipient_ids.asset_ids, self.boiler)


@tagged("post_install", "-at_install")
class TestDocumentAssets(AssetCommon):
    """From one document to the next."""

    people = ("seller",)

    def test_an_invoice_takes_those_of_its_order(self):
        order = self._create_order()
        order.action_confirm()
        self.assertEqual(order._create_invoices().asset_ids, self.boiler)

    def test_one_invoice_over_several_orders_takes_all(self):
        orders = self._create_order() + self._create_order(self.pump)
        orders.action_confirm()
        invoice = orders._create_invoices()
        self.assertEqual(len(invoice), 1)
        self.assertEqual(invoice.asset_ids, self.boiler + self.pump)

    def test_copies_and_credit_notes_keep_them(self):
        order, invoice = self._create_order(), self._create_invoice()
        self.assertEqual(order.copy().asset_ids, self.boiler)
        self.assertEqual(invoice.copy().asset_ids, self.boiler)
        self.assertEqual(invoice._reverse_moves().asset_ids, self.boiler)

    def test_an_archived_asset_stays_on_its_documents(self):
        invoice = self._create_invoice()
        self.boiler.active = False
        invoice.invalidate_recordset()
        self.assertEqual(invoice.asset_ids, self.boiler)

    def test_an_asset_that_changed_hands_stays_on_old_documents(self):
        order = self._create_order()
        self.boiler.customer_id = self.other_customer
        order.action_confirm()
        self.assertEqual(order._create_invoices().asset_ids, self.boiler)

    def test_an_invoice_that_repeats_is_about_the_same(self):
        invoice = self._create_invoice()
        invoice.with_user(self.biller).action_repeat_monthly()
        recipient = invoice._get_repeating_tasks().recipient_ids
        self.assertEqual(recipient.asset_ids, self.boiler)

    def test_an_order_billed_over_time_hands_them_on(self):
        order = self._create_order(
            order_line=[
                Command.create(
                    {"product_id": self.product.id, "billed_periodically": True}
                )
            ]
        )
        order.action_confirm()
        task = order.billing_task_id
        self.assertEqual(task.recipient_ids.asset_ids, self.boiler)
        self._run_cron("2027-05-02 08:00:00")
        self.assertEqual(self._get_documents(task)[:1].asset_ids, self.boiler)

    def test_an_order_of_somebody_who_gave_the_asset_away_is_confirmed_all_the_same(
        self,
    ):
        order = self._create_order(
            order_line=[
                Command.create(
                    {"product_id": self.product.id, "billed_periodically": True}
                )
            ]
        )
        self.boiler.customer_id = self.other_customer
        order.action_confirm()
        self.assertFalse(order.billing_task_id.recipient_ids.asset_ids)

    def test_assets_of_other_companies_are_refused(self):
        self.boiler.company_id = self._create_billing_company(name="Elsewhere")
        with self.assertRaises(UserError):
            self._create_order()
        with self.assertRaises(UserError):
            self._create_invoice()

    def test_the_form_offers_the_assets_of_the_customer_and_drops_others(self):
        with Form(self.env["sale.order"].with_user(self.seller)) as form:
            form.partner_id = self.customer
            form.asset_ids.add(self.boiler)
            form.partner_id = self.other_customer
            self.assertFalse(form.asset_ids[:])
            form.asset_ids.add(self.lift)

    def test_the_form_says_nothing_where_there_are_no_assets(self):
        nobody = self._create_customer(name="Nobody")
        order = self._create_order(self.boiler.browse(), partner_id=nobody.id)
        self.assertFalse(order.asset_customer_ids)
        order.partner_id = self.customer
        self.assertEqual(order.asset_customer_ids, self.customer)

    def test_orders_are_found_by_serial_number(self):
        order = self._create_order()
        found = self.env["sale.order"].with_user(self.seller)
        domain = [("asset_ids.serial_no", "ilike", "b-1001")]
        self.assertEqual(found.search(domain), order)


@tagged("post_install", "-at_install", "slow")
class TestAssetBudget(AssetCommon):
    """Assets cost nothing per document: statements are flat from 10 to 100."""

    #: As without assets, see ``TestQueryBudget`` of the add-on recurring_billing.
    BUDGET = 5

    def _count(self, assets):
        """Statements for an invoice about each of these assets."""
        lines = [self._prepare_recipient(asset, asset.customer_id) for asset in assets]
        task = self._start_task(recipient_ids=lines)
        self.clock.move_to("2027-04-01 08:00:00")
        engine = self.env["recurring.engine"].with_user(self.env.ref("base.user_root"))
        with self.counting() as counted:
            engine._run_batch(task.recipient_ids.ids)
        self.assertEqual(self._get_documents(task).asset_ids, assets)
        self.clock.move_to("2027-03-15 10:00:00")
        return counted.statements

    def test_invoices_with_assets(self):
        assets = self.env["maintenance.equipment"].create(
            [
                {"name": "Fan", "customer_id": customer.id}
                for customer in self._create_customers(112)
            ]
        )
        self._count(assets[:2])  # caches of the server
        few, many = self._count(assets[2:12]), self._count(assets[12:])
        slope = (many - few) / 90
        _logger.info("%s for 10, %s for 100, %.2f each", few, many, slope)
        self.assertLessEqual(slope, self.BUDGET)

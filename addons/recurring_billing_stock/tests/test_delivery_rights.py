"""Who may do what: a billing clerk needs no rights on the warehouse."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import DeliveryNoteCommon


@tagged("post_install", "-at_install")
class TestDeliveryRights(DeliveryNoteCommon):
    people = ("reader", "stranger")

    def setUp(self):
        super().setUp()
        self._put_in_stock(10)
        self.assertFalse(self.biller.has_group("stock.group_stock_user"))

    def test_a_clerk_issues_delivery_notes(self):
        task = self._start_task(delivery_validation="validate")
        task.with_user(self.biller).action_run_now()
        row = self._get_rows(task)
        self.assertEqual(row.state, "generated", row.error)
        self.assertEqual(row.transfer_status, "full")

    def test_a_clerk_reads_his_delivery_notes(self):
        order = self._issue().with_user(self.biller)
        self.assertEqual(order.delivery_note_ids.state, "assigned")
        self.assertTrue(order.picking_ids.name)

    def test_a_clerk_opens_them_from_the_ledger(self):
        order = self._issue()
        row = order.recurring_occurrence_id
        action = row.with_user(self.biller).action_view_delivery_notes()
        self.assertEqual(action["res_id"], order.picking_ids.id)
        with self.assertRaises(AccessError):
            row.with_user(self.reader).action_view_delivery_notes()

    def test_a_clerk_does_not_get_rights_on_the_warehouse(self):
        for model in ("stock.warehouse", "stock.quant", "stock.location"):
            with self.subTest(model):
                self.assertFalse(
                    self.env[model].with_user(self.biller).has_access("write")
                )

    def test_a_reader_sees_how_much_was_delivered_and_may_search_it(self):
        row = self._issue().recurring_occurrence_id.with_user(self.reader)
        self.assertEqual(row.transfer_status, "pending")
        domain = [("transfer_status", "in", ("pending", "started", "partial"))]
        self.assertEqual(row.search(domain), row)

    def test_a_reader_reads_the_task(self):
        task = self._start_task().with_user(self.reader)
        self.assertEqual(task.recipient_ids.warehouse_used_id, self.warehouse)
        self.assertEqual(task.delivery_validation, "ready")

    def test_a_reader_issues_nothing_again(self):
        row = self._issue().recurring_occurrence_id
        row.sale_order_id._action_cancel()
        with self.assertRaises(AccessError):
            row.with_user(self.reader).action_reissue()

    def test_a_reader_sends_nothing_again(self):
        transfer = self._issue(completion="send").picking_ids
        for user in (self.reader, self.stranger):
            with self.subTest(user.login), self.assertRaises(AccessError):
                transfer.with_user(user).action_send_again()

    def test_a_stranger_sees_no_mails(self):
        stock_user = self._create_user("packer", "stock.group_stock_user")
        transfer = self._issue(completion="send").picking_ids.with_user(stock_user)
        self.assertEqual(transfer.mail_delivery_count, 0)
        self.assertFalse(transfer.mail_delivery_state)

    def test_the_warehouse_works_on_transfers_of_tasks(self):
        """Whoever packs needs no rights on recurring billing."""
        stock_user = self._create_user("packer", "stock.group_stock_user")
        order = self._issue()
        order.picking_ids.with_user(stock_user).action_cancel()
        self.assertEqual(order.recurring_occurrence_id.state, "void")


@tagged("post_install", "-at_install")
class TestDeliveryCompanies(DeliveryNoteCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls._create_billing_company(name="Other Co")
        cls.other_warehouse = cls._get_warehouse(cls.other_company)

    def test_another_companys_warehouse_is_refused(self):
        with self.assertRaises(UserError):
            self.env["recurring.task"].create(
                self._prepare_task(warehouse_id=self.other_warehouse.id)
            )

    def test_the_goods_leave_from_the_tasks_company(self):
        """Also where the scheduled action begins with another company."""
        self._put_in_stock(10)
        order = self._issue(delivery_validation="validate")
        self.assertEqual(order.picking_ids.company_id, self.company)
        self.assertEqual(order.warehouse_id, self.warehouse)
        self.assertStates(order, "done")

    def test_nothing_of_another_company_is_reachable(self):
        order = self._issue()
        clerk = self._create_user(
            "other_clerk", "recurring_billing.group_billing", self.other_company
        )
        env = self.env(
            user=clerk, context={"allowed_company_ids": self.other_company.ids}
        )
        self.assertFalse(
            env["stock.picking"].search([("id", "in", order.picking_ids.ids)])
        )
        with self.assertRaises(AccessError):
            env["stock.picking"].browse(order.picking_ids.ids).action_send_again()

"""Fixtures for delivery notes; holds no tests."""

from odoo.tests import Form

from odoo.addons.recurring_billing.tests.common import RecurringCommon


class DeliveryNoteCommon(RecurringCommon):
    """The company of ``RecurringCommon`` with a warehouse, goods and a service."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse = cls._get_warehouse(cls.company)
        cls.shelf = cls.warehouse.lot_stock_id
        cls.goods = cls._create_goods(name="Paper", list_price=10.0)
        cls.service = cls.product

    # === STOCK === #

    @classmethod
    def _get_warehouse(cls, company):
        return cls.env["stock.warehouse"].search([("company_id", "=", company.id)])

    @classmethod
    def _create_goods(cls, **values):
        return cls._create_product(type="consu", **{"is_storable": True, **values})

    @classmethod
    def _create_lot(cls, product, name="L-1"):
        return cls.env["stock.lot"].create({"name": name, "product_id": product.id})

    @classmethod
    def _put_in_stock(cls, quantity, product=None, lot=None):
        cls.env["stock.quant"]._update_available_quantity(
            product or cls.goods, cls.shelf, quantity, lot_id=lot
        )

    def _get_stock(self, product=None):
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "=", (product or self.goods).id),
                ("location_id", "child_of", self.shelf.id),
            ]
        )
        return sum(quants.mapped("quantity"))

    @classmethod
    def _let_stock_go_negative(cls):
        cls.company.recurring_stock_missing = "negative"

    # === TASKS === #

    @classmethod
    def _prepare_task(cls, customers=None, lines=None, **values):
        """Delivery notes over two packets of paper."""
        lines = (
            [{"product_id": cls.goods.id, "quantity": 2}] if lines is None else lines
        )
        values = {"name": "Paper", "document_type": "delivery", **values}
        return super()._prepare_task(customers, lines, **values)

    def _issue(self, customers=None, lines=None, **values):
        """The orders that a task has made on its first date."""
        task = self._start_task(customers, lines, **values)
        self._run_cron("2027-04-01 08:00:00")
        return self._get_documents(task)

    def _get_mixed_lines(self):
        return [
            {"product_id": self.goods.id, "quantity": 2},
            {"product_id": self.service.id},
        ]

    # === TRANSFERS === #

    def _return(self, transfer):
        """Take all of a transfer back."""
        wizard = Form(
            self.env["stock.return.picking"].with_context(
                active_id=transfer.id, active_model="stock.picking"
            )
        ).save()
        wizard.product_return_moves.write({"quantity": 1.0})
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        back.move_ids.picked = True
        back.button_validate()
        return back

    def assertStates(self, order, *expected):
        self.assertEqual(order.picking_ids.sorted("id").mapped("state"), list(expected))

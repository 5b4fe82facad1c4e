"""Ground of the tests on assets: a company that can invoice, customers with assets."""

from odoo import Command

from odoo.addons.recurring_billing.tests.common import RecurringCommon


class AssetCommon(RecurringCommon):
    """``boiler`` and ``pump`` of one customer, ``lift`` of another one."""

    GROUPS = {
        **RecurringCommon.GROUPS,
        "clerk": "postsale_contracts.group_postsale_user",
        "technician": "postsale_contracts.group_postsale_technician",
        "seller": "sales_team.group_sale_salesman_all_leads",
        "accountant": "account.group_account_invoice",
        "keeper": "maintenance.group_equipment_manager",
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.invoice_policy = "order"
        cls.heating = cls.env["maintenance.equipment.category"].create(
            {"name": "Heating"}
        )
        cls.boiler = cls._create_asset(
            "Boiler",
            serial_no="B-1001",
            customer_location="Second floor",
            category_id=cls.heating.id,
        )
        cls.pump = cls._create_asset("Pump")
        cls.lift = cls._create_asset("Lift", customer_id=cls.other_customer.id)

    @classmethod
    def _create_asset(cls, name, **values):
        return cls.env["maintenance.equipment"].create(
            {"name": name, "customer_id": cls.customer.id, **values}
        )

    @classmethod
    def _create_order(cls, assets=None, **values):
        assets = cls.boiler if assets is None else assets
        return cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "asset_ids": [Command.set(assets.ids)],
                "order_line": [Command.create({"product_id": cls.product.id})],
                **values,
            }
        )

    @classmethod
    def _create_invoice(cls, assets=None, **values):
        """A posted invoice."""
        assets = cls.boiler if assets is None else assets
        invoice = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": cls.customer.id,
                "invoice_date": "2027-03-15",
                "asset_ids": [Command.set(assets.ids)],
                "invoice_line_ids": [Command.create({"product_id": cls.product.id})],
                **values,
            }
        )
        invoice.action_post()
        return invoice

    @classmethod
    def _prepare_recipient(cls, assets, customer=None):
        customer = customer or cls.customer
        return Command.create(
            {"partner_id": customer.id, "asset_ids": [Command.set(assets.ids)]}
        )

    @classmethod
    def _create_asset_task(cls, *assets, **values):
        """A task with a line for each group of assets of ``customer``."""
        lines = [cls._prepare_recipient(group) for group in assets]
        return cls._create_task(**{"recipient_ids": lines, **values})

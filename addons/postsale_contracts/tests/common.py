"""Common ground: a company with settings, users of each role, a customer, a project."""

from odoo import Command
from odoo.tests import TransactionCase, freeze_time, new_test_user, tagged

from odoo.addons.recurring_billing.tests.statement_count import StatementCount

#: Moment at which every test begins: Monday 15 March 2027, 10:00 UTC.
NOW = "2027-03-15 10:00:00"


@tagged("post_install", "-at_install")
class PostsaleCommon(StatementCount, TransactionCase):
    """Fixed dates, lowest rights, no demo data.

    A class names the further people it needs in ``people``; ``clerk`` and
    ``technician`` are always there.
    """

    GROUPS = {
        "clerk": "postsale_contracts.group_postsale_user",
        "technician": "postsale_contracts.group_postsale_technician",
        "manager": "postsale_contracts.group_postsale_manager",
        "configurer": "postsale_contracts.group_billing_config",
        "seller": "sales_team.group_sale_salesman_all_leads",
        "stranger": "base.group_user",
        "portal": "base.group_portal",
    }
    people = ()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        freezer = freeze_time(NOW)
        cls.clock = freezer.start()
        cls.addClassCleanup(freezer.stop)
        cls.env = cls.env(
            context=dict(
                cls.env.context,
                tracking_disable=True,
                mail_create_nosubscribe=True,
                mail_auto_subscribe_no_notify=True,
                no_reset_password=True,
            )
        )
        cls.company = cls.env.company
        for name in ("clerk", "technician", *cls.people):
            setattr(cls, name, cls._create_user(name))
        cls.customer = cls._create_customer("Alma Books")
        cls.product = cls._create_product("Service Contract", 120.0)
        cls.work = cls._create_product("Hour of Work", 60.0)
        cls.config = cls.env["postsale.config"].create(
            {
                "company_id": cls.company.id,
                "new_product_id": cls.product.id,
                "new_subject": "New service contract",
                "renewal_product_id": cls.product.id,
                "renewal_subject": "Renewal of the service contract",
                "activity_product_id": cls.work.id,
                "activity_subject": "Work on a ticket",
            }
        )
        cls.stages = cls.env["project.task.type"].create(
            [
                {"name": "Pending", "sequence": 1},
                {"name": "In Progress", "sequence": 2},
                {"name": "Done", "sequence": 3, "fold": True},
            ]
        )
        cls.project = cls.env["project.project"].create(
            {
                "name": "Service Desk",
                "is_postsale": True,
                "privacy_visibility": "employees",
                "company_id": cls.company.id,
                "type_ids": [Command.set(cls.stages.ids)],
            }
        )

    def setUp(self):
        super().setUp()
        self.clock.move_to(NOW)

    @classmethod
    def _create_user(cls, name, **values):
        login = f"postsale_{name}"
        return new_test_user(
            cls.env, login, cls.GROUPS[name], email=f"{login}@example.com", **values
        )

    @classmethod
    def _create_customer(cls, name, **values):
        email = f"{name.split()[0].lower()}@example.com"
        return cls.env["res.partner"].create(
            {"name": name, "email": email, "is_company": True, **values}
        )

    @classmethod
    def _create_product(cls, name, price, **values):
        return cls.env["product.product"].create(
            {"name": name, "list_price": price, "type": "service", **values}
        )

    @classmethod
    def _create_contract(cls, **values):
        """A contract over the year 2027, made by the clerk."""
        return (
            cls.env["postsale.contract"]
            .with_user(cls.clerk)
            .create(
                {
                    "partner_id": cls.customer.id,
                    "date_start": "2027-01-01",
                    "date_end": "2027-12-31",
                    **values,
                }
            )
        )

    @classmethod
    def _create_ticket(cls, **values):
        return cls.env["project.task"].create(
            {
                "name": "The boiler leaks",
                "project_id": cls.project.id,
                "partner_id": cls.customer.id,
                **values,
            }
        )

    @classmethod
    def _create_asset(cls, name="Boiler", **values):
        return cls.env["maintenance.equipment"].create(
            {"name": name, "customer_id": cls.customer.id, **values}
        )

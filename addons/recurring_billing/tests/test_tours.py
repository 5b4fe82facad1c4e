"""What people see and click, on a desktop and on a phone."""

from odoo import Command, fields
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger


class TourCase(HttpCase):
    """A company that can issue invoices, one biller, one product, one customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.env.company.chart_template:
            cls.env["account.chart.template"].try_loading(
                "generic_coa", cls.env.company, install_demo=False
            )
        cls.biller = new_test_user(
            cls.env,
            "tour_biller",
            groups="recurring_billing.group_billing",
            email="biller@example.com",
            lang="en_US",
        )
        cls.product = cls.env["product.product"].create(
            {
                "name": "Tour Service",
                "type": "service",
                "list_price": 50.0,
                "is_favorite": True,  # on the first page of a phone
            }
        )
        cls.customer = cls.env["res.partner"].create(
            {"name": "1 Tour Customer", "email": "tour@customer.example.com"}
        )

    def _add_contact(self):
        """A tour through the customer's page; what it did is in the database."""
        self.biller.group_ids |= self.env.ref("base.group_partner_manager")
        with mute_logger("odoo.http"):  # notes each message about a wrong number
            self.start_tour(
                f"/odoo/res.partner/{self.customer.id}",
                "recurring_billing_add_contact",
                login="tour_biller",
            )
        contact = self.customer.child_ids
        self.assertEqual(contact.phone, "+34 612 34 56 78")
        self.assertEqual((contact.function, contact.department), ("Head", "Purchasing"))
        self.assertEqual(
            contact.document_kind_ids.mapped("code"), ["invoice", "credit_note"]
        )

    def _check_outcome(self):
        """What the tour did is what the database holds."""
        task = self.env["recurring.task"].search([("name", "=", "Tour task")])
        self.assertEqual(task.state, "running")
        self.assertEqual((task.cycle, task.day_rule), ("quarterly", "month_end"))
        self.assertEqual(task.max_documents, 3)
        self.assertEqual(task.mail_subject, "Your document of the tour")
        invoice = task.occurrence_ids.move_id
        self.assertEqual(invoice.state, "posted")
        self.assertEqual(invoice.partner_id, self.customer)
        self.assertIn("Document 1 of the tour", invoice.invoice_line_ids.mapped("name"))
        return task


@tagged("post_install", "-at_install", "tour")
class TestTourDesktop(TourCase):
    browser_size = "1366x768"

    def test_a_task_goes_through_all_four_tabs(self):
        self.start_tour(
            "/odoo/recurring-tasks",
            "recurring_billing_task_desktop",
            login="tour_biller",
        )
        task = self._check_outcome()
        self.assertEqual(task.line_ids.mapped("display_type"), ["line_section", False])
        self.assertEqual(task.occurrence_ids.amount_untaxed, 100)

    def test_a_failed_document_is_retried_from_the_list(self):
        task = self.env["recurring.task"].create(
            {
                "name": "Tour task",
                "completion": "confirm",
                "date_start": fields.Date.add(fields.Date.today(), days=9),
                "line_ids": [Command.create({"product_id": self.product.id})],
                "recipient_ids": [Command.create({"partner_id": self.customer.id})],
            }
        )
        task.action_start()
        self.customer.active = False
        task.action_run_now()
        self.assertEqual(task.occurrence_ids.state, "failed")
        self.customer.active = True
        self.start_tour(
            "/odoo/recurring-documents",
            "recurring_billing_documents",
            login="tour_biller",
        )
        self.assertEqual(task.occurrence_ids.state, "generated")

    def test_a_contact_is_added_with_its_kinds(self):
        self._add_contact()


@tagged("post_install", "-at_install", "tour")
class TestTourPhone(TourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_a_task_goes_through_all_four_tabs(self):
        self.start_tour(
            "/odoo/recurring-tasks",
            "recurring_billing_task_phone",
            login="tour_biller",
        )
        self._check_outcome()

    def test_a_contact_is_added_with_its_kinds(self):
        self._add_contact()

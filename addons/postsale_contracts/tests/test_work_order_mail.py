"""The printed work order, on paper and by mail."""

import base64

from odoo import Command
from odoo.tests import tagged
from odoo.tools import file_open

from .work_order_common import WorkOrderCommon


@tagged("post_install", "-at_install")
class TestWorkOrderMail(WorkOrderCommon):
    def _mail(self, **values):
        order = self._issue(completion="send", **values)
        rows = order.recurring_occurrence_id.delivery_ids
        rows._run_batch()
        self.assertEqual(rows.state, "queued", rows.reason)
        return order, rows.mail_mail_id

    def _print(self, order, report="report_work_order"):
        report = f"postsale_contracts.{report}"
        return self.env["ir.actions.report"]._render_qweb_html(report, order.ids)[0]

    def test_the_customer_gets_the_printed_work_order(self):
        order, mail = self._mail()
        self.assertEqual(
            mail.attachment_ids.mapped("name"), ["Work Order - Boiler service.pdf"]
        )
        self.assertIn("alma.books@example.com", mail.email_to)
        self.assertIn("04/01/2027", mail.body_html)
        self.assertEqual(order.mail_delivery_state, "queued")
        self.assertEqual(order.recurring_occurrence_id.state, "sent")

    def test_the_customers_format_is_used(self):
        friendly = self.env.ref("postsale_contracts.action_report_friendly_work_order")
        self.customer.visit_report_id = friendly
        task = self._create_task()
        self.assertEqual(task.recipient_ids.report_used_id, friendly)
        _order, mail = self._mail()
        self.assertIn(b"We are coming to see you", mail.attachment_ids.raw)

    def test_a_cancelled_work_order_is_not_mailed(self):
        order = self._issue(completion="send")
        order.state = "1_canceled"
        rows = order.recurring_occurrence_id.delivery_ids
        rows._run_batch()
        self.assertEqual(rows.state, "cancelled")

    def test_the_print_tells_everything(self):
        self.customer.visit_access_notes = "Ring twice"
        order = self._issue(
            lines=[{"product_id": self.product.id}],
            assigned_user_ids=[Command.set(self.technician.ids)],
            checklist_template_ids=[Command.create({"name": "Filter cleaned"})],
        )
        order.asset_ids = self.env["maintenance.equipment"].create(
            {"name": "Boiler", "serial_no": "B-17", "customer_location": "Cellar"}
        )
        text = self._print(order).decode()
        for word in (
            "Alma Books",
            "Ring twice",
            self.technician.name,
            "B-17",
            "Cellar",
            "Filter cleaned",
            "Planned Work and Parts",
            "Support",
            "Signature of the Customer",
        ):
            with self.subTest(word):
                self.assertIn(word, text)
        self.assertNotIn("Work Done", text)
        self.assertNotIn("2.1 bar", text)  # the template's sample text

    def test_the_print_shows_work_and_signature(self):
        order = self._issue(lines=[{"product_id": self.product.id}])
        order.intervention_ids.stage_id = self.env[
            "postsale.intervention.stage"
        ].search([("type", "=", "closed")], limit=1)
        with file_open("base/static/img/avatar_grey.png", "rb") as image:
            order.work_signature = base64.b64encode(image.read())
        order.write({"work_signed_by": "Alma", "work_signed_on": "2027-04-01 09:00:00"})
        text = self._print(order, "friendly_work_order").decode()
        self.assertIn("Work Done", text)
        self.assertNotIn("Planned Work and Parts", text)
        self.assertIn("data:image", text)
        self.assertIn("Alma</div>", text)
        self.assertIn("Your Visit", text)

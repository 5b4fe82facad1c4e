"""Fixtures: a course that is sold, and the people who enrol for it."""

from odoo import Command
from odoo.tests import tagged

from .common import RecurringCommon


@tagged("post_install", "-at_install")
class PaymentCommon(RecurringCommon):
    people = ("salesperson", "manager")
    GROUPS = {
        **RecurringCommon.GROUPS,
        "salesperson": "sales_team.group_sale_salesman",
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write({"street": "Strada Lunga 1", "city": "Cluj"})
        cls.bank = cls._open_bank(cls.company)
        cls.course = cls._create_product(name="First aid course", list_price=1000.0)
        cls.template = cls.env["sale.order.template"].create(
            {
                "name": "First aid",
                "company_id": False,
                "sale_order_template_line_ids": [
                    Command.create({"product_id": cls.course.id})
                ],
            }
        )
        cls.contract_template = cls._create_contract_template()

    @classmethod
    def _create_contract_template(cls, body="<p>Contract with {}.</p>", **values):
        placeholder = '<t t-out="object.customer_name"/>'
        return cls.env["sale.contract.template"].create(
            {"name": "Course contract", "body": body.format(placeholder), **values}
        )

    @classmethod
    def _create_rule(cls, **values):
        return cls.env["payment.automation"].create(
            {
                "name": "Courses",
                "trigger": "manual",
                "template_ids": [Command.set(cls.template.ids)],
                "contract_template_id": cls.contract_template.id,
                **values,
            }
        )

    @classmethod
    def _create_order(cls, customer=None, lines=None, **values):
        """A quotation over 1,210.00 with taxes, from the template of the course."""
        lines = [{"product_id": cls.course.id}] if lines is None else lines
        return (
            cls.env["sale.order"]
            .with_user(cls.salesperson)
            .create(
                {
                    "partner_id": (customer or cls.customer).id,
                    "sale_order_template_id": cls.template.id,
                    "order_line": [Command.create(line) for line in lines],
                    **values,
                }
            )
        )

    @classmethod
    def _create_proforma(cls, **values):
        order = cls._create_order(**values)
        order.action_issue_proforma()
        return order

    def _confirm(self, order, **values):
        """What the button *Confirm Payment* does, pressed by a billing clerk."""
        return order.with_user(self.biller).action_confirm_payment(**values)

    def _register_payment(self, amount, post=True, **values):
        """Money that a clerk books by hand."""
        payment = (
            self.env["account.payment"]
            .with_user(self.biller)
            .create(
                {
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "partner_id": self.customer.id,
                    "amount": amount,
                    "journal_id": self.bank.id,
                    **values,
                }
            )
        )
        if post:
            payment.action_post()
        return payment

    def _get_invoice(self, order):
        return order.sudo().payment_confirmation_ids.move_id

    def _get_deliveries(self, document):
        return (
            self.env["document.delivery"]
            .sudo()
            .search(
                [("res_model", "=", document._name), ("res_id", "in", document.ids)]
            )
        )

    def assertNothingIssued(self, order):
        self.assertFalse(order.is_payment_confirmed)
        self.assertFalse(order.sudo().invoice_ids)
        self.assertFalse(order.sudo().contract_document_ids)

    def assertPaidOnce(self, order):
        """One invoice, posted and settled, and one contract."""
        invoices = order.sudo().invoice_ids
        self.assertEqual(len(invoices), 1)
        self.assertEqual(invoices.state, "posted")
        self.assertEqual(invoices.payment_state, "paid")
        self.assertEqual(len(order.sudo().contract_document_ids), 1)
        self.assertEqual(len(order.sudo().payment_confirmation_ids), 1)

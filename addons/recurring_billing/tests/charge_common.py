"""Fixtures of the tests of charged cards; holds no tests."""

from unittest.mock import patch

from odoo import Command

from .reminder_common import TODAY, ReminderCommon


class ChargeCommon(ReminderCommon):
    """A customer with a saved card who has agreed; the provider answers as told.

    Charging is on for everything due in 2027. What happens at a real provider's is
    core's matter: here its answer is what the test says.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.charge_from_date = "2027-01-01"
        cls.provider = cls._create_provider()
        cls.token = cls._create_token(cls.customer)
        cls.consent = cls.env["payment.charge.consent"]._give(cls.token)
        cls.Charge = cls.env["payment.charge"]

    def setUp(self):
        super().setUp()
        self.asked = []  # amount and card of each request
        self.answer = "done"

    @classmethod
    def _create_provider(cls, **values):
        bank = cls._open_bank(cls.company)
        provider = cls.env["payment.provider"].create(
            {
                "name": "Card",
                "state": "test",
                "is_published": True,
                "company_id": cls.company.id,
                **values,
            }
        )
        bank.inbound_payment_method_line_ids[:1].payment_provider_id = provider
        return provider

    @classmethod
    def _create_token(cls, partner):
        methods = cls.env["payment.method"].with_context(active_test=False)
        return cls.env["payment.token"].create(
            {
                "provider_id": cls.provider.id,
                "payment_method_id": methods.search([], limit=1).id,
                "partner_id": partner.id,
                "provider_ref": "secret",
                "payment_details": "1234",
            }
        )

    def _charge(self, date=TODAY, during=None):
        """Let the scheduled action work on a day.

        :param during: called while the provider is being asked
        """
        self.clock.move_to(f"{date} 10:00:00")
        test = self

        def send_payment_request(transaction):
            test.asked.append((transaction.amount, transaction.token_id.id))
            if during:
                during(transaction)
            if test.answer == "done":
                transaction._set_done()
            elif test.answer == "refused":
                transaction._set_error("Insufficient funds")

        cron = self.env.ref("recurring_billing.ir_cron_charge")
        model = type(self.env["payment.transaction"])
        with (
            patch.object(model, "_send_payment_request", send_payment_request),
            self.enter_registry_test_mode(),
        ):
            self.assertIs(cron.method_direct_trigger(), True)

    def _get_charges(self, invoice):
        return self.Charge.search([("move_id", "=", invoice.id)], order="date, id")

    def _get_warnings(self):
        """What a person is told, about this customer."""
        return self.env["mail.activity"].search(
            [("res_model", "=", "res.partner"), ("res_id", "=", self.customer.id)]
        )

    @classmethod
    def _create_due(cls, amount=100.0, **values):
        """An invoice that is due today."""
        return cls._create_invoice(0, amount=amount, **values)

    @classmethod
    def _create_credit_note(cls, amount):
        return cls._create_invoice(
            0,
            amount=amount,
            move_type="out_refund",
            invoice_line_ids=[
                Command.create(
                    {
                        "name": "Back",
                        "price_unit": amount,
                        "tax_ids": [Command.clear()],
                    }
                )
            ],
        )

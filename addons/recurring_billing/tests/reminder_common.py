"""Fixtures of the tests of payment reminders; holds no tests."""

from datetime import timedelta

from odoo import Command, fields

from .common import RecurringCommon
from .delivery_common import DeliveryCommon

#: The day on which every test begins, see common.NOW.
TODAY = fields.Date.to_date("2027-03-15")


class ReminderCommon(RecurringCommon):
    """A company with the standard ladder: 3 days, 15 days, and a call after 25.

    Reminders are on for everything due in 2027.
    """

    _mail_server = DeliveryCommon._mail_server

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.reminder_from_date = "2027-01-01"
        cls.company.reminder_user_id = cls.biller
        cls.first, cls.second, cls.call = cls.env[
            "payment.reminder.level"
        ]._get_standard(cls.company)
        cls.planner = cls.env["payment.reminder.planner"]
        cls.engine = cls.env["payment.reminder.engine"]
        cls.Reminder = cls.env["payment.reminder"]

    # === MASTER DATA === #

    @classmethod
    def _create_invoice(cls, days, partner=None, amount=100.0, **values):
        """A posted invoice that was due so many days ago."""
        due = TODAY - timedelta(days=days)
        line = {"name": "Work", "price_unit": amount, "tax_ids": [Command.clear()]}
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": (partner or cls.customer).id,
                "invoice_date": due - timedelta(days=30),
                "invoice_date_due": due,
                "invoice_line_ids": [Command.create(line)],
                **values,
            }
        )
        move.action_post()
        return move

    @classmethod
    def _create_invoices(cls, partners, days):
        line = {"name": "Work", "price_unit": 100.0, "tax_ids": [Command.clear()]}
        due = TODAY - timedelta(days=days)
        moves = cls.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": partner.id,
                    "invoice_date": due - timedelta(days=30),
                    "invoice_date_due": due,
                    "invoice_line_ids": [Command.create(line)],
                }
                for partner in partners
            ]
        )
        moves.action_post()
        return moves

    @classmethod
    def _create_credit(cls, amount, partner=None, day="2027-02-01"):
        """Money of the customer that no invoice has used."""
        account = cls.env["account.account"].search([("code", "=", "477000")], limit=1)
        receivable = (partner or cls.customer).property_account_receivable_id
        move = cls.env["account.move"].create(
            {
                "journal_id": cls._get_journal("bank").id,
                "date": day,
                "line_ids": [
                    Command.create({"account_id": account.id, "debit": amount}),
                    Command.create(
                        {
                            "account_id": receivable.id,
                            "partner_id": (partner or cls.customer).id,
                            "credit": amount,
                        }
                    ),
                ],
            }
        )
        move.action_post()
        return move

    @classmethod
    def _pay(cls, invoice, amount=None):
        credit = cls._create_credit(
            amount or invoice.amount_residual, invoice.partner_id
        )
        lines = (invoice | credit).line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        lines.reconcile()

    # === RUNNING === #

    def _plan(self, partners=None):
        return self.planner._plan(
            self.company, self.company._get_reminder_day(), partners
        )

    def _decide(self, invoice):
        """What the planner says about an invoice, None if it has not got it."""
        items = {item.move: item for item in self._plan().items}
        return items.get(invoice)

    def assertDecision(self, invoice, decision, words=""):
        item = self._decide(invoice)
        self.assertEqual(item and item.decision, decision)
        self.assertIn(words, item.reason)

    def _remind(self, days=0):
        """Let the scheduled action work, so many days after today."""
        if days:
            self.clock.move_to(f"{TODAY + timedelta(days=days)} 10:00:00")
        cron = self.env.ref("recurring_billing.ir_cron_remind")
        with self.enter_registry_test_mode():
            self.assertIs(cron.method_direct_trigger(), True)

    def _get_rows(self, invoice):
        """Rows of the ledger that count, oldest first."""
        return self.Reminder._get_used(invoice).get(invoice, self.Reminder)

    def _get_levels(self, invoice):
        return self._get_rows(invoice).mapped("level_id.days_overdue")

    def _get_deliveries(self):
        return (
            self.env["document.delivery"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "payment.reminder.letter"),
                    ("company_id", "=", self.company.id),
                ]
            )
        )

    def _make_mails(self):
        """Have the mails rendered that wait for it."""
        rows = self._get_deliveries().filtered(
            lambda row: row.state == "queued" and not row.mail_mail_id
        )
        rows._run_batch()
        return rows.mail_mail_id

    def _hand_over(self):
        """Have the mails sent that are made; returns the mail server."""
        mails = self._get_deliveries().mail_mail_id
        waiting = mails.filtered(lambda mail: mail.state == "outgoing")
        with self._mail_server() as server:
            self.env["mail.mail"].process_email_queue(email_ids=waiting.ids)
        return server

    def _remind_and_send(self, days=0):
        self._remind(days)
        self._make_mails()
        return self._hand_over()

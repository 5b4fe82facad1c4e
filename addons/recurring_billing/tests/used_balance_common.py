"""Fixtures for what customers owe and what was applied: accounts, money, documents."""

from odoo import Command

from .common import RecurringCommon

ACCOUNTS = {
    "doubtful": ("436000", "asset_receivable"),
    "outstanding": ("432000", "asset_current"),
    "suspense": ("572999", "asset_current"),
    "deposits": ("438000", "liability_current"),
    "equity": ("129000", "equity"),
    "write_off": ("650000", "expense"),
    "other_income": ("778000", "income_other"),
    "exchange_loss": ("668000", "expense"),
    "exchange_gain": ("768000", "income_other"),
}
#: US dollars for one euro from these days on.
RATES = {"2027-01-01": 2.0, "2027-03-10": 4.0}


class UsedBalanceCommon(RecurringCommon):
    """Documents are made by ``biller``; amounts have no tax, so that they are round."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.company.currency_id
        cls.dollar = cls._enable_currency("USD")
        cls._create_accounting()
        cls.office = cls.env(user=cls.biller)
        cls.customer = cls.customer.with_env(cls.office)
        cls.other_customer = cls.other_customer.with_env(cls.office)

    @classmethod
    def _create_accounting(cls):
        """Accounts, journals and rates that reconciling needs."""
        cls.accounts = {
            name: cls.env["account.account"].create(
                {"name": name, "code": code, "account_type": kind}
            )
            for name, (code, kind) in ACCOUNTS.items()
        }
        for kind in ("asset_receivable", "liability_payable", "income"):
            cls.accounts[kind] = cls.env["account.account"].search(
                [("account_type", "=", kind), ("company_ids", "=", cls.company.id)],
                order="code",
                limit=1,
            )
        cls.accounts["outstanding"].reconcile = True
        cls.bank = cls._get_journal("bank")
        lines = cls.bank.inbound_payment_method_line_ids
        lines += cls.bank.outbound_payment_method_line_ids
        lines.payment_account_id = cls.accounts["outstanding"]
        cls.bank.suspense_account_id = cls.accounts["suspense"]
        cls.accounts["bank"] = cls.bank.default_account_id
        cls.general, exchange, _purchases = cls.env["account.journal"].create(
            [
                {"name": "Miscellaneous", "code": "MISC", "type": "general"},
                {"name": "Exchange", "code": "EXCH", "type": "general"},
                {
                    "name": "Bills",
                    "code": "BILL",
                    "type": "purchase",
                    "default_account_id": cls.accounts["write_off"].id,
                },
            ]
        )
        cls.company.write(
            {
                "currency_exchange_journal_id": exchange.id,
                "expense_currency_exchange_account_id": cls.accounts[
                    "exchange_loss"
                ].id,
                "income_currency_exchange_account_id": cls.accounts["exchange_gain"].id,
            }
        )
        cls.env["res.currency.rate"].create(
            [
                {
                    "currency_id": cls.dollar.id,
                    "company_id": cls.company.id,
                    "name": day,
                    "rate": rate,
                }
                for day, rate in RATES.items()
            ]
        )

    # === DOCUMENTS === #

    def _create_move(self, amount, date="2027-03-01", *, post=True, **values):
        """A customer invoice, or what ``move_type`` says."""
        move = self.office["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": date,
                "date": date,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Work", "price_unit": amount, "tax_ids": False}
                    )
                ],
                **values,
            }
        )
        if post:
            move.action_post()
        return move

    def _create_credit_note(self, amount, date="2027-03-02", **values):
        return self._create_move(amount, date, move_type="out_refund", **values)

    def _create_entry(self, *items, date="2027-03-02", **values):
        """A journal entry.

        :param items: account's name, euros (a debit is above zero), partner or none
        """
        entry = self.office["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.general.id,
                "date": date,
                "line_ids": [
                    Command.create(
                        {
                            "name": "Item",
                            "account_id": self.accounts[account].id,
                            "balance": amount,
                            "partner_id": partner[0].id if partner else False,
                        }
                    )
                    for account, amount, *partner in items
                ],
                **values,
            }
        )
        entry.action_post()
        return entry

    # === MONEY === #

    def _pay_on_account(self, amount, date="2027-02-20", **values):
        """Money of the customer that names no invoice."""
        payment = self.office["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.customer.id,
                "amount": amount,
                "date": date,
                "journal_id": self.bank.id,
                **values,
            }
        )
        payment.action_post()
        return payment

    def _register(self, moves, date="2027-03-05", **values):
        """Payments made by the button *Pay* of these documents."""
        wizard = (
            self.office["account.payment.register"]
            .with_context(active_model="account.move", active_ids=moves.ids)
            .create({"payment_date": date, "journal_id": self.bank.id, **values})
        )
        return wizard._create_payments()

    def _create_bank_line(self, amount, date):
        """A line of a bank statement whose other side is the customer's account."""
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "date": date,
                "amount": amount,
                "partner_id": self.customer.id,
                "payment_ref": "Transfer",
            }
        )
        suspense = line._seek_for_lines()[1]
        suspense.account_id = self.accounts["asset_receivable"]
        return line.move_id.with_env(self.office)

    # === APPLYING === #

    def _apply(self, document, source):
        """What the link *Add* below an invoice or credit note does."""
        if source._name == "account.payment":
            source = source.move_id
        lines = source.line_ids.filtered(
            lambda line: (
                line.account_id == self.accounts["asset_receivable"]
                and line.partner_id == document.commercial_partner_id
                and line.balance * document.direction_sign > 0
            )
        )
        for line in lines:
            document.js_assign_outstanding_line(line.id)

    # === ASSERTIONS === #

    def assertUsed(self, document, amount, *rows):
        """The used balance, and the ``(kind, amount)`` it is made of."""
        found = self.office["account.used.balance"].search(
            [("move_id", "=", document.id)], order="amount, id"
        )
        self.assertEqual(
            [(row.kind, row.amount) for row in found],
            sorted(rows, key=lambda row: row[1]),
        )
        self.assertEqual(document.used_balance, amount)
        self.assertTrue(all(row.currency_id == document.currency_id for row in found))

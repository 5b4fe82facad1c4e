from odoo import api, fields, models
from odoo.tools import SQL

#: Documents that have a used balance, by the side of a reconciliation they stand on.
DOCUMENTS = {"debit": ("out_invoice", "out_receipt"), "credit": ("out_refund",)}
OPPOSITE = {"debit": "credit", "credit": "debit"}
#: Types of accounts that hold money, and first words of those of profit and loss.
LIQUIDITY = ("asset_cash", "liability_credit_card")
RESULT = ("income", "expense")


class AccountUsedBalance(models.Model):
    """Credit that was applied: one row for each application and document.

    On an **invoice** it is credit that the customer already had when it was applied:
    credit notes, payments not registered for this invoice, and entries that only move
    balances (an opening balance, a customer's deposit). Money in a bank or cash journal
    without a payment of its own pays the invoice if it came on its date or later; it
    is credit if it was there before.

    On a **credit note** it is what was applied to invoices and other debts. Money paid
    back to the customer is not.

    Never counted: payments registered for the invoice, write-offs, exchange
    differences, debt that only moved to another receivable account, and what is not
    posted. Amounts are in the document's currency. :meth:`_get_kind` decides, nothing
    else does.

    Rows are read as far as the user may read their documents.
    """

    _name = "account.used.balance"
    _description = "Used Balance"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "counterpart_name"
    _depends = {
        "account.account": ["account_type"],
        "account.journal": ["type"],
        "account.move": [
            "company_id",
            "date",
            "invoice_date",
            "journal_id",
            "move_type",
            "name",
            "origin_payment_id",
            "state",
        ],
        "account.move.line": [
            "account_id",
            "balance",
            "currency_id",
            "display_type",
            "move_id",
            "partner_id",
        ],
        "account.partial.reconcile": [
            "credit_amount_currency",
            "credit_move_id",
            "debit_amount_currency",
            "debit_move_id",
            "exchange_move_id",
            "max_date",
        ],
        "res.company": ["account_opening_move_id"],
    }

    move_id = fields.Many2one(
        comodel_name="account.move", string="Document", readonly=True
    )
    counterpart_move_id = fields.Many2one(
        comodel_name="account.move", string="Applied", readonly=True
    )
    counterpart_line_id = fields.Many2one(
        comodel_name="account.move.line", string="Applied Item", readonly=True
    )
    counterpart_name = fields.Char(
        string="Number", readonly=True, help="Number of the document applied."
    )
    kind = fields.Selection(
        selection=[
            ("credit_note", "Credit Note"),
            ("payment", "Payment on Account"),
            ("other_credit", "Other Credit"),
            ("invoice", "Invoice"),
            ("other_debt", "Other Debt"),
        ],
        readonly=True,
    )
    date = fields.Date(
        readonly=True,
        help="Day from which it is applied: the later of the two documents' dates.",
    )
    amount = fields.Monetary(readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)

    # === THE QUERY === #

    @property
    def _table_query(self) -> SQL:
        return SQL(" UNION ALL ").join(
            SQL("%s %s %s", self._select(side), self._from(side), self._where(side))
            for side in DOCUMENTS
        )

    @api.model
    def _select(self, side) -> SQL:
        """Columns of the rows.

        :param str side: ``debit`` for invoices, ``credit`` for credit notes
        """
        return SQL(
            """
            SELECT partial.id * 2 + %(offset)s AS id,
                   document.id AS move_id,
                   counterpart.id AS counterpart_move_id,
                   counterpart_line.id AS counterpart_line_id,
                   counterpart.name AS counterpart_name,
                   application.kind AS kind,
                   partial.max_date AS date,
                   %(amount)s AS amount,
                   document_line.currency_id AS currency_id,
                   document.company_id AS company_id
            """,
            offset=0 if side == "debit" else 1,
            amount=SQL.identifier("partial", f"{side}_amount_currency"),
        )

    @api.model
    def _from(self, side) -> SQL:
        """From a document by its open items to what they are reconciled with.

        Each step reads an index, starting with the document asked for. Open items only:
        a line that deducts a deposit is reconciled, too, but is not in the total.
        """
        return SQL(
            """
              FROM (%(documents)s) AS document
              JOIN account_move_line document_line
                ON document_line.move_id = document.id
               AND document_line.display_type = 'payment_term'
              JOIN account_partial_reconcile partial
                ON %(own_line)s = document_line.id
              JOIN account_move_line counterpart_line
                ON counterpart_line.id = %(other_line)s
              JOIN account_move counterpart
                ON counterpart.id = counterpart_line.move_id
        CROSS JOIN LATERAL (SELECT %(kind)s AS kind) AS application
            """,
            documents=self._get_documents(side),
            own_line=SQL.identifier("partial", f"{side}_move_id"),
            other_line=SQL.identifier("partial", f"{OPPOSITE[side]}_move_id"),
            kind=self._get_kind(side),
        )

    @api.model
    def _where(self, side) -> SQL:
        return SQL(
            "WHERE counterpart.state = 'posted' AND application.kind IS NOT NULL"
        )

    @api.model
    def _get_documents(self, side) -> SQL:
        """Posted documents that the user may read."""
        documents = self.env["account.move"]._search(
            [("move_type", "in", DOCUMENTS[side]), ("state", "=", "posted")]
        )
        return documents.select(
            "account_move.id", "account_move.company_id", "account_move.invoice_date"
        )

    # === THE RULE === #

    @api.model
    def _get_kind(self, side) -> SQL:
        """What ``counterpart`` is to ``document``; NULL if it does not count.

        To be extended by whoever brings entries of another nature.
        """
        if side == "debit":
            return SQL(
                """
                CASE WHEN counterpart.move_type = 'out_refund' THEN 'credit_note'
                     WHEN counterpart.move_type != 'entry' THEN NULL
                     WHEN %(is_exchange_difference)s THEN NULL
                     WHEN %(is_opening_entry)s THEN 'other_credit'
                     WHEN counterpart.origin_payment_id IS NOT NULL
                     THEN CASE WHEN NOT %(is_registered)s THEN 'payment' END
                     WHEN %(is_money)s
                     THEN CASE WHEN counterpart.date < document.invoice_date
                               THEN 'payment' END
                     WHEN NOT %(is_write_off)s AND NOT %(is_moved)s
                     THEN 'other_credit'
                 END
                """,
                **self._get_traits(side),
            )
        return SQL(
            """
            CASE WHEN counterpart.move_type IN ('out_invoice', 'out_receipt')
                 THEN 'invoice'
                 WHEN counterpart.move_type != 'entry' THEN NULL
                 WHEN %(is_exchange_difference)s THEN NULL
                 WHEN %(is_opening_entry)s THEN 'other_debt'
                 WHEN NOT %(is_money)s AND NOT %(is_write_off)s AND NOT %(is_moved)s
                 THEN 'other_debt'
             END
            """,
            **self._get_traits(side),
        )

    @api.model
    def _get_traits(self, side):
        """Conditions on ``counterpart``, a journal entry without lines of products."""
        return {
            "is_exchange_difference": self._exists(
                """SELECT FROM account_partial_reconcile difference
                    WHERE difference.exchange_move_id = counterpart.id"""
            ),
            "is_opening_entry": self._exists(
                """SELECT FROM res_company company
                    WHERE company.id = counterpart.company_id
                      AND company.account_opening_move_id = counterpart.id"""
            ),
            # The link that registering a payment leaves, for one invoice or many.
            "is_registered": self._exists(
                """SELECT FROM account_move__account_payment link
                    WHERE link.payment_id = counterpart.origin_payment_id
                      AND link.invoice_id = document.id"""
            ),
            "is_money": SQL(
                "(%s OR %s)",
                self._exists(
                    """SELECT FROM account_journal journal
                        WHERE journal.id = counterpart.journal_id
                          AND journal.type IN ('bank', 'cash', 'credit')"""
                ),
                self._has_line(
                    side, SQL("account.account_type IN %s", LIQUIDITY), True
                ),
            ),
            "is_write_off": self._has_line(
                side, SQL("split_part(account.account_type, '_', 1) IN %s", RESULT)
            ),
            "is_moved": self._has_line(side, self._get_moved_condition(), True),
        }

    @api.model
    def _get_moved_condition(self) -> SQL:
        """Still owed, on an account for doubtful debts, bills of exchange, a till."""
        return SQL(
            """account.account_type = 'asset_receivable'
               AND line.account_id != counterpart_line.account_id
               AND (line.partner_id = counterpart_line.partner_id
                    OR line.partner_id IS NULL)"""
        )

    @api.model
    def _has_line(self, side, condition, is_opposite=False) -> SQL:
        """``counterpart`` has an item on an account of this nature.

        :param bool is_opposite: the item balances the one reconciled: money that came
            in on an invoice, money that went out on a credit note
        """
        direction = SQL(">" if side == "debit" else "<")
        return self._exists(
            """SELECT FROM account_move_line line
                 JOIN account_account account ON account.id = line.account_id
                WHERE line.move_id = counterpart.id AND %s %s""",
            condition,
            SQL("AND line.balance %s 0", direction) if is_opposite else SQL(),
        )

    @api.model
    def _exists(self, query, *args) -> SQL:
        """Looked up in an index for each row. Without OFFSET PostgreSQL may rather read
        the whole table once, all journal items there are, for some documents."""
        return SQL("EXISTS (%s OFFSET 0)", SQL(query, *args))

    # === SHOWN === #

    @api.model
    def _get_used_balances(self, moves):
        """Used balance of each document that has one, in its own currency.

        :param moves: documents whose access was checked
        :rtype: dict[int, float]
        """
        rows = self.sudo()._read_group(
            [("move_id", "in", moves.ids)], ["move_id"], ["amount:sum"]
        )
        return {move.id: amount for move, amount in rows}

    def action_open_counterpart(self):
        """The document applied; a payment rather than its journal entry."""
        self.ensure_one()
        self.check_access("read")
        counterpart = self.counterpart_move_id
        return (counterpart.origin_payment_id or counterpart)._get_records_action()

from odoo import api, models
from odoo.tools import SQL

#: Rows that are in memory at once.
STEP = 1000


class AccountantPackSheet(models.AbstractModel):
    """The Excel file of an accountant's pack: the list, control totals, checks.

    Sales are positive, credit notes and bills negative. Totals are sums of journal
    items, set against the totals of the documents: the difference must be zero.
    """

    _name = "accountant.pack.sheet"
    _description = "Excel file of an accountant's pack"

    @api.model
    def _write(self, pack, stream, names, checks):
        """Write the file.

        :param dict names: lists of file names by id of the row
        :param dict checks: see ``accountant.pack.check``
        """
        tables = self._get_tables(pack, names, checks)
        self.env["sheet.writer"]._write_book(stream, tables)

    @api.model
    def _get_tables(self, pack, names, checks):
        """Name, header and lines of each sheet."""
        yield self.env._("Documents"), *self._get_documents(pack, names)
        yield self.env._("Totals"), *self._get_totals(pack)
        yield self.env._("Taxes"), *self._get_taxes(pack)
        yield self.env._("Accounts"), *self._get_accounts(pack)
        number, remark = self.env._("Number"), self.env._("Remark")
        header = [self.env._("Journal"), number, remark]
        yield self.env._("Numbers"), header, checks["numbers"]
        yield self.env._("Missing"), [number, remark], checks["missing"]
        if pack.previous_id:
            header = [number, remark, self.env._("Total Before")]
            header += [self.env._("Total Now"), self.env._("Currency")]
            yield self.env._("Changes"), header, checks["changes"]

    # === DOCUMENTS === #

    @api.model
    def _get_documents(self, pack, names):
        labels = self.env["account.move"].fields_get(
            [
                "journal_id",
                "move_type",
                "date",
                "invoice_date",
                "invoice_date_due",
                "ref",
                "currency_id",
                "amount_untaxed",
                "amount_tax",
                "amount_total",
                "amount_residual",
                "payment_state",
                "reversed_entry_id",
            ],
            ["string", "selection"],
        )
        header = [
            labels["journal_id"]["string"],
            self.env._("Number"),
            self.env._("Kind"),
            labels["date"]["string"],
            labels["invoice_date"]["string"],
            labels["invoice_date_due"]["string"],
            self.env._("Partner"),
            self.env._("Tax ID"),
            labels["ref"]["string"],
            labels["currency_id"]["string"],
            labels["amount_untaxed"]["string"],
            labels["amount_tax"]["string"],
            labels["amount_total"]["string"],
            self.env._("Total in %s", pack.company_id.currency_id.name),
            labels["amount_residual"]["string"],
            labels["payment_state"]["string"],
            self.env._("Corrects"),
            self.env._("Files"),
        ]
        return header, self._iterate_documents(pack, labels, names)

    @api.model
    def _iterate_documents(self, pack, labels, names):
        kinds = dict(labels["move_type"]["selection"])
        states = dict(labels["payment_state"]["selection"])
        last = 0
        while rows := self._fetch_documents(pack, last):
            for row_id, journal, name, kind, *middle, state, corrects in rows:
                yield [
                    journal,
                    name,
                    kinds[kind],
                    *("" if value is None else value for value in middle),
                    states.get(state, ""),
                    corrects or "",
                    ", ".join(names.get(row_id, ())),
                ]
            last = rows[-1][0]

    @api.model
    def _fetch_documents(self, pack, last):
        """The next rows of the list; amounts with the sign of the document's total."""
        sign = SQL("CASE WHEN m.amount_total_in_currency_signed < 0 THEN -1 ELSE 1 END")
        return self.env.execute_query(
            SQL(
                """
                SELECT d.id, j.code, d.name, d.move_type, d.date, m.invoice_date,
                       m.invoice_date_due, d.partner_name, p.vat, m.ref, c.name,
                       m.amount_untaxed * %(sign)s, m.amount_tax * %(sign)s,
                       d.amount_total, d.amount_total_signed,
                       m.amount_residual * %(sign)s, m.payment_state, o.name
                FROM accountant_pack_document d
                JOIN account_move m ON m.id = d.move_id
                JOIN account_journal j ON j.id = m.journal_id
                JOIN res_currency c ON c.id = m.currency_id
                LEFT JOIN res_partner p ON p.id = m.commercial_partner_id
                LEFT JOIN account_move o ON o.id = m.reversed_entry_id
                WHERE d.pack_id = %(pack)s AND d.id > %(last)s
                ORDER BY d.id LIMIT %(step)s
                """,
                sign=sign,
                pack=pack.id,
                last=last,
                step=STEP,
            )
        )

    # === TOTALS === #

    @api.model
    def _get_totals(self, pack):
        """By journal, kind and currency: documents against journal items."""
        currency = pack.company_id.currency_id.name
        header = [
            self.env._("Journal"),
            self.env._("Kind"),
            self.env._("Currency"),
            self.env._("Documents"),
            self.env._("Total"),
            self.env._("Untaxed in %s", currency),
            self.env._("Taxes in %s", currency),
            self.env._("Total in %s", currency),
            self.env._("Journal items in %s", currency),
            self.env._("Difference"),
        ]
        return header, self._iterate_totals(pack)

    @api.model
    def _iterate_totals(self, pack):
        rounding = pack.company_id.currency_id
        kinds = dict(
            self.env["account.move"]
            ._fields["move_type"]
            ._description_selection(self.env)
        )
        for journal, kind, currency, count, total, *own in self._fetch_totals(pack):
            untaxed, taxes, signed, items = map(rounding.round, own)
            yield [
                journal,
                kinds[kind],
                currency,
                count,
                total,
                untaxed,
                taxes,
                signed,
                items,
                rounding.round(signed - items),
            ]

    @api.model
    def _fetch_totals(self, pack):
        return self.env.execute_query(
            SQL(
                """
                SELECT j.code, d.move_type, c.name, COUNT(*), SUM(d.amount_total),
                       SUM(i.untaxed), SUM(i.taxes), SUM(d.amount_total_signed),
                       SUM(i.total)
                FROM accountant_pack_document d
                JOIN account_journal j ON j.id = d.journal_id
                JOIN res_currency c ON c.id = d.currency_id
                CROSS JOIN LATERAL (
                    SELECT
                        COALESCE(SUM(l.balance) FILTER (
                            WHERE l.display_type = 'payment_term'), 0) AS total,
                        COALESCE(-SUM(l.balance) FILTER (
                            WHERE l.tax_line_id IS NOT NULL), 0) AS taxes,
                        COALESCE(-SUM(l.balance) FILTER (
                            WHERE l.tax_line_id IS NULL
                              AND l.display_type <> 'payment_term'), 0) AS untaxed
                    FROM account_move_line l WHERE l.move_id = d.move_id) i
                WHERE d.pack_id = %s
                GROUP BY j.code, d.move_type, c.name
                ORDER BY j.code, d.move_type, c.name
                """,
                pack.id,
            )
        )

    @api.model
    def _get_taxes(self, pack):
        """By journal, tax and currency: base and tax of the journal items.

        What a tax adds to the base of the next one counts as base there.
        """
        currency = pack.company_id.currency_id
        header = [
            self.env._("Journal"),
            self.env._("Tax"),
            self.env._("Currency"),
            self.env._("Base"),
            self.env._("Tax amount"),
            self.env._("Base in %s", currency.name),
            self.env._("Tax amount in %s", currency.name),
        ]
        rows = self._fetch_taxes(pack)
        taxes = self.env["account.tax"].browse([row[1] for row in rows])
        names = {tax.id: tax.name for tax in taxes}
        lines = [
            [
                journal,
                names[tax_id],
                code,
                *amounts[:2],
                *map(currency.round, amounts[2:]),
            ]
            for journal, tax_id, code, *amounts in rows
        ]
        return header, lines

    @api.model
    def _fetch_taxes(self, pack):
        return self.env.execute_query(
            SQL(
                """
                SELECT j.code, t.tax_id, c.name, SUM(t.base_currency),
                       SUM(t.tax_currency), SUM(t.base), SUM(t.tax)
                FROM (
                    SELECT l.journal_id, l.currency_id, l.move_id,
                           COALESCE(f.child_tax, r.account_tax_id) AS tax_id,
                           -l.amount_currency AS base_currency, 0 AS tax_currency,
                           -l.balance AS base, 0 AS tax
                    FROM account_move_line l
                    JOIN account_move_line_account_tax_rel r
                      ON r.account_move_line_id = l.id
                    LEFT JOIN account_tax_filiation_rel f
                      ON f.parent_tax = r.account_tax_id
                    UNION ALL
                    SELECT l.journal_id, l.currency_id, l.move_id, l.tax_line_id,
                           0, -l.amount_currency, 0, -l.balance
                    FROM account_move_line l WHERE l.tax_line_id IS NOT NULL) t
                JOIN accountant_pack_document d
                  ON d.move_id = t.move_id AND d.pack_id = %s
                JOIN account_journal j ON j.id = t.journal_id
                JOIN res_currency c ON c.id = t.currency_id
                GROUP BY j.code, t.tax_id, c.name
                ORDER BY j.code, t.tax_id, c.name
                """,
                pack.id,
            )
        )

    @api.model
    def _get_accounts(self, pack):
        """By journal and account, as they stand in the books."""
        header = [
            self.env._("Journal"),
            self.env._("Account"),
            self.env._("Name"),
            self.env._("Debit"),
            self.env._("Credit"),
            self.env._("Balance"),
        ]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT j.code, l.account_id, SUM(l.debit), SUM(l.credit), SUM(l.balance)
                FROM account_move_line l
                JOIN accountant_pack_document d
                  ON d.move_id = l.move_id AND d.pack_id = %s
                JOIN account_journal j ON j.id = l.journal_id
                WHERE l.account_id IS NOT NULL
                GROUP BY j.code, l.account_id ORDER BY j.code, l.account_id
                """,
                pack.id,
            )
        )
        accounts = self.env["account.account"].browse([row[1] for row in rows])
        labels = {account.id: (account.code, account.name) for account in accounts}
        lines = [[journal, *labels[key], *sums] for journal, key, *sums in rows]
        return header, lines

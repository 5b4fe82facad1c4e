"""Who sees what was applied, and what it costs to ask."""

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from .used_balance_common import UsedBalanceCommon

#: Journal entries last: for 100 of 10,000 documents reading them all may be cheaper.
TABLES = ("account_partial_reconcile", "account_move_line", "account_move")


@tagged("post_install", "-at_install")
class TestUsedBalanceAccess(UsedBalanceCommon):
    people = ("stranger", "reader", "portal")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesman = cls._create_user("salesman", "sales_team.group_sale_salesman")
        cls.auditor = cls._create_user("auditor", "account.group_account_readonly")

    def _create_used(self, user):
        """An invoice of this salesperson, settled with money of the customer."""
        invoice = self._create_move(100, invoice_user_id=user.id)
        self._apply(invoice, self._pay_on_account(80))
        self.env.invalidate_all()
        return invoice

    def _get_rows(self, user, moves):
        rows = self.office["account.used.balance"].with_user(user)
        return rows.search([("move_id", "in", moves.ids)])

    def test_who_reads_invoices_reads_what_was_used(self):
        invoice = self._create_used(self.biller)
        for user in (self.biller, self.auditor):
            self.assertEqual(self._get_rows(user, invoice).amount, 80)
            self.assertEqual(invoice.with_user(user).used_balance, 80)

    def test_salespeople_read_what_was_used_on_their_own_invoices(self):
        own = self._create_used(self.salesman)
        foreign = self._create_used(self.biller)
        rows = self._get_rows(self.salesman, own + foreign)
        self.assertEqual(rows.move_id, own)
        self.assertEqual(own.with_user(self.salesman).used_balance, 80)
        with self.assertRaises(AccessError):
            foreign.with_user(self.salesman).read(["used_balance"])
        theirs = self._get_rows(self.biller, foreign).with_user(self.salesman)
        self.assertFalse(theirs.exists())

    def test_salespeople_see_the_number_of_a_payment_they_may_not_open(self):
        own = self._create_used(self.salesman)
        row = self._get_rows(self.salesman, own)
        names = ["date", "counterpart_name", "kind", "currency_id", "amount"]
        values = row.web_read({name: {} for name in names})[0]
        number = row.sudo().counterpart_move_id.name
        self.assertEqual(values["counterpart_name"], number)
        with self.assertRaises(AccessError):
            row.action_open_counterpart()

    def test_others_read_nothing(self):
        invoice = self._create_used(self.biller)
        for user in (self.stranger, self.reader, self.portal):
            with self.assertRaises(AccessError):
                self._get_rows(user, invoice)
            with self.assertRaises(AccessError):
                invoice.with_user(user).action_view_used_balance()

    def test_nothing_of_another_company(self):
        invoice = self._create_used(self.biller)
        company = self._create_billing_company(name="Other Co")
        user = self._create_user("elsewhere", "account.group_account_invoice", company)
        rows = self.env["account.used.balance"].with_user(user)
        rows = rows.with_context(allowed_company_ids=company.ids)
        self.assertFalse(rows.search([("move_id", "=", invoice.id)]))

    def test_who_reads_invoices_finds_it_on_the_form(self):
        for user in (self.biller, self.auditor, self.salesman):
            moves = self.env["account.move"].with_user(user)
            arch = moves.get_view(view_type="form")["arch"]
            self.assertIn("action_view_used_balance", arch)

    def test_nobody_writes(self):
        row = self._get_rows(self.biller, self._create_used(self.biller))
        for operation in ("create", "write", "unlink"):
            self.assertFalse(row.has_access(operation))

    def test_drill_down_opens_the_payment(self):
        invoice = self._create_move(100)
        payment = self._pay_on_account(80)
        self._apply(invoice, payment)
        action = invoice.action_view_used_balance()
        row = self.office[action["res_model"]].search(action["domain"])
        opened = row.action_open_counterpart()
        self.assertEqual(opened["res_model"], "account.payment")
        self.assertEqual(opened["res_id"], payment.id)

    def test_drill_down_opens_the_credit_note(self):
        invoice, credit_note = self._create_move(100), self._create_credit_note(30)
        self._apply(invoice, credit_note)
        action = invoice.action_view_used_balance()
        opened = self.office[action["res_model"]].search(action["domain"])
        opened = opened.action_open_counterpart()
        self.assertEqual(opened["res_model"], "account.move")
        self.assertEqual(opened["res_id"], credit_note.id)


@tagged("post_install", "-at_install", "slow", "release")
class TestUsedBalanceSpeed(UsedBalanceCommon):
    def _insert_copies(self, table, sources, **changes):
        """Rows like these, whose columns named in ``changes`` are SQL expressions over
        ``source`` and the number ``n`` of the copy."""
        self.cr.execute(
            SQL(
                "SELECT column_name FROM information_schema.columns"
                " WHERE table_name = %s AND column_name != 'id' AND table_schema ="
                " current_schema",
                table,
            )
        )
        names = [name for (name,) in self.cr.fetchall() if name not in changes]
        columns = [SQL.identifier(name) for name in [*changes, *names]]
        values = [SQL(code) for code in changes.values()]
        values += [SQL.identifier("source", name) for name in names]
        self.cr.execute(
            SQL(
                "INSERT INTO %s (%s) SELECT %s FROM %s source,"
                " generate_series(1, 5000) n WHERE source.id IN %s RETURNING id",
                SQL.identifier(table),
                SQL(", ").join(columns),
                SQL(", ").join(values),
                SQL.identifier(table),
                tuple(sources.ids),
            )
        )
        return [row_id for (row_id,) in self.cr.fetchall()]

    def _create_many_applications(self):
        """5,000 invoices like one that was settled with a credit note, and that one.

        In a table of one page PostgreSQL has no reason to prefer any index.
        """
        invoice, credit_note = self._create_move(100), self._create_credit_note(30)
        self._apply(invoice, credit_note)
        self.env.flush_all()
        sides = {}
        for side, move in (("debit", invoice), ("credit", credit_note)):
            first_move = self._insert_copies(
                "account_move", move, name="source.name || '-' || n"
            )[0]
            self._insert_copies(
                "account_move_line",
                move.line_ids.filtered(lambda line: not line.date_maturity),
                move_id=f"{first_move} + n - 1",
            )
            items = self._insert_copies(
                "account_move_line",
                move.line_ids.filtered("date_maturity"),
                move_id=f"{first_move} + n - 1",
            )
            sides[f"{side}_move_id"] = f"{items[0]} + n - 1"
            if move == invoice:
                moves = self.office["account.move"].browse(
                    [invoice.id, *range(first_move, first_move + 100)]
                )
        self._insert_copies(
            "account_partial_reconcile", invoice.line_ids.matched_credit_ids, **sides
        )
        for table in TABLES:
            self.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
        return moves

    def _explain(self, moves):
        query = self.office["account.used.balance"]._search(
            [("move_id", "in", moves.ids)]
        )
        sql = query.select("id", "amount")
        self.cr.execute("EXPLAIN " + sql.code, sql.params)
        return "\n".join(line for (line,) in self.cr.fetchall())

    def test_documents_are_looked_up_in_the_indexes(self):
        moves = self._create_many_applications()
        # one on each invoice and one on each credit note
        self.assertEqual(self.office["account.used.balance"].search_count([]), 10002)
        for count in (1, 100):
            plan = self._explain(moves[:count])
            for table in TABLES[:2]:
                self.assertNotIn(f"Seq Scan on {table} ", plan)
            self.assertIn("account_move_line__move_id_index", plan)
            # all items of the accounts for profit and loss
            self.assertNotIn("account_move_line_account_id_date_idx", plan)

    def test_one_statement_for_any_number_of_documents(self):
        moves = self._create_many_applications()
        counts = []
        for number in (10, 100):
            self.env.invalidate_all()
            asked = moves[:number]
            asked.mapped("currency_id.rounding")
            before = self.cr.sql_log_count
            self.assertEqual(sum(asked.mapped("used_balance")), 30 * number)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts, [1, 1])

from functools import partial

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

#: Columns of the query, and their types: the same in each branch.
COLUMNS = {
    "id": "int",
    "date": "date",
    "moment": "timestamp",
    "partner_id": "int",
    "company_id": "int",
    "currency_id": "int",
    "order_id": "int",
    "move_id": "int",
    "amount_total": "numeric",
}


class SaleHistory(models.Model):
    """One sale operation of a customer: an order with all that followed from it, or an
    invoice or credit note that belongs to no order.

    A query, not a view in the database: each branch is a search of the documents with
    the rights and the companies of whoever looks, so nothing shows here that he could
    not open. Ids are even for orders and odd for invoices; nothing is stored.
    """

    _name = "sale.history"
    _description = "Sale Operation"
    _auto = False
    _order = "date desc, moment desc, id desc"
    _depends = {
        "sale.order": ["date_order", "partner_id", "company_id", "currency_id"],
        "sale.order.line": ["order_id", "invoice_lines"],
        "account.move": ["invoice_date", "date", "partner_id", "reversed_entry_id"],
        "account.move.line": ["move_id"],
        "res.partner": ["commercial_partner_id"],
    }

    date = fields.Date(readonly=True)
    moment = fields.Datetime(string="Entered On", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True)
    move_id = fields.Many2one("account.move", string="Invoice", readonly=True)
    amount_total = fields.Monetary(
        string="Total",
        readonly=True,
        help="Of the order, or of the invoice where there is no order.",
    )
    quotation_ids = fields.Many2many("sale.order", compute="_compute_orders")
    sale_order_ids = fields.Many2many(
        "sale.order", string="Sales Order", compute="_compute_orders"
    )
    invoice_ids = fields.Many2many(
        "account.move", string="Invoices", compute="_compute_moves"
    )
    credit_note_ids = fields.Many2many(
        "account.move", string="Credit Notes", compute="_compute_moves"
    )
    residual = fields.Monetary(
        string="Amount Due",
        compute="_compute_residual",
        help="What is open on the invoices of this operation, less what is open on its "
        "credit notes.",
    )
    other_residual = fields.Char(
        string="Due in Other Currencies", compute="_compute_residual"
    )
    is_open = fields.Boolean(
        string="Something Is Due", compute="_compute_residual", search="_search_is_open"
    )

    # === QUERY === #

    @property
    def _table_query(self):
        branches = [self._get_order_query(), self._get_move_query()]
        return SQL(" UNION ALL ").join(branch for branch in branches if branch) or (
            self._get_no_query()
        )

    def _get_columns_sql(self, **columns):
        """A branch's columns, all in the same order and of the same type."""
        return [
            SQL("(%s)::%s AS %s", columns[name], SQL(kind), SQL.identifier(name))
            for name, kind in COLUMNS.items()
        ]

    def _get_no_query(self):
        """Somebody who may see neither orders nor invoices has no history."""
        nothing = dict.fromkeys(COLUMNS, SQL("NULL"))
        columns = SQL(", ").join(self._get_columns_sql(**nothing))
        return SQL("SELECT %s WHERE FALSE", columns)

    def _get_readable(self, model, domain):
        """Query of the documents that the user may see; None when he may see none."""
        documents = self.env[model].with_context(active_test=False)
        return documents._search(domain) if documents.has_access("read") else None

    def _get_order_query(self):
        query = self._get_readable("sale.order", [])
        if query is None:
            return None
        partner = query.join(
            "sale_order", "partner_id", "res_partner", "id", "partner_id"
        )
        column = partial(SQL.identifier, "sale_order")
        zone = self.env.context.get("tz") or self.env.user.tz or "UTC"
        return query.select(
            *self._get_columns_sql(
                id=SQL("%s * 2", column("id")),
                date=SQL(
                    "%s AT TIME ZONE 'UTC' AT TIME ZONE %s", column("date_order"), zone
                ),
                moment=column("create_date"),
                partner_id=SQL.identifier(partner, "commercial_partner_id"),
                company_id=column("company_id"),
                currency_id=column("currency_id"),
                order_id=column("id"),
                move_id=SQL("NULL"),
                amount_total=column("amount_total"),
            )
        )

    def _get_move_query(self):
        query = self._get_readable("account.move", self._get_move_domain())
        if query is None:
            return None
        partner = query.join(
            "account_move", "partner_id", "res_partner", "id", "partner_id"
        )
        query.add_where(self._get_stand_alone_condition())
        column = partial(SQL.identifier, "account_move")
        return query.select(
            *self._get_columns_sql(
                id=SQL("%s * 2 + 1", column("id")),
                date=SQL("COALESCE(%s, %s)", column("invoice_date"), column("date")),
                moment=column("create_date"),
                partner_id=SQL.identifier(partner, "commercial_partner_id"),
                company_id=column("company_id"),
                currency_id=column("currency_id"),
                order_id=SQL("NULL"),
                move_id=column("id"),
                amount_total=SQL(
                    "CASE WHEN %(type)s = 'out_refund' THEN -1 ELSE 1 END * %(total)s",
                    type=column("move_type"),
                    total=column("amount_total"),
                ),
            )
        )

    @api.model
    def _get_move_domain(self):
        return [("move_type", "in", ("out_invoice", "out_refund", "out_receipt"))]

    def _get_stand_alone_condition(self):
        """Neither part of an order that shows, nor of an invoice that shows."""
        conditions = []
        orders = self._get_readable("sale.order", [])
        if orders is not None:
            conditions.append(
                SQL(
                    """NOT EXISTS (
                        SELECT FROM account_move_line AS item
                        JOIN sale_order_line_invoice_rel AS link
                            ON link.invoice_line_id = item.id
                        JOIN sale_order_line AS line ON line.id = link.order_line_id
                        WHERE item.move_id = account_move.id AND line.order_id IN %s
                    )""",
                    orders.subselect(),
                )
            )
        invoices = self._get_readable("account.move", self._get_move_domain())
        conditions.append(
            SQL(
                "(account_move.move_type != 'out_refund'"
                " OR account_move.reversed_entry_id IS NULL"
                " OR account_move.reversed_entry_id NOT IN %s)",
                invoices.subselect(),
            )
        )
        return SQL(" AND ").join(conditions)

    # === COMPUTE METHODS === #

    @api.depends("order_id.state")
    def _compute_orders(self):
        for row in self:
            is_order = row.order_id.state == "sale"
            row.quotation_ids = row.order_id.browse() if is_order else row.order_id
            row.sale_order_ids = row.order_id if is_order else row.order_id.browse()

    def _compute_moves(self):
        moves = self._get_moves()
        for row in self:
            notes = moves[row].filtered(lambda move: move.move_type == "out_refund")
            row.credit_note_ids = notes
            row.invoice_ids = moves[row] - notes

    def _get_moves(self):
        """Invoices and credit notes by operation, oldest first: ``{row: moves}``."""
        Move = self.env["account.move"]
        if not Move.has_access("read"):
            return dict.fromkeys(self, Move)
        by_order = self._get_move_ids(self.order_id)
        first = {i for ids in by_order.values() for i in ids} | set(self.move_id.ids)
        found = Move.search(
            Domain(self._get_move_domain())
            & (Domain("id", "in", first) | Domain("reversed_entry_id", "in", first)),
            order="date, id",
        )
        # reads all columns of all of them: no row causes a statement of its own
        notes = found.grouped("reversed_entry_id")
        result = {}
        for row in self:
            ids = by_order.get(row.order_id.id, row.move_id.ids)
            own = found.browse(ids) & found
            own |= Move.union(*(notes.get(move, Move) for move in own))
            result[row] = own.sorted(lambda move: (move.date, move.id))
        return result

    @api.model
    def _get_move_ids(self, orders):
        """Ids of what was invoiced of each order, in one statement."""
        if not orders:
            return {}
        self.env["sale.order.line"].flush_model(["order_id", "invoice_lines"])
        rows = self.env.execute_query(
            SQL(
                """SELECT line.order_id, array_agg(DISTINCT item.move_id)
                FROM sale_order_line AS line
                JOIN sale_order_line_invoice_rel AS link ON link.order_line_id = line.id
                JOIN account_move_line AS item ON item.id = link.invoice_line_id
                WHERE line.order_id IN %s GROUP BY line.order_id""",
                tuple(orders.ids),
            )
        )
        return dict.fromkeys(orders.ids, []) | dict(rows)

    @api.depends("invoice_ids", "credit_note_ids")
    def _compute_residual(self):
        for row in self:
            due = self._get_residuals(row.invoice_ids | row.credit_note_ids)
            row.is_open = any(due.values())
            row.residual = due.pop(row.currency_id, 0.0)
            others = {currency: amount for currency, amount in due.items() if amount}
            row.other_residual = (
                self.env["res.partner"]._format_balances(others) if others else False
            )

    @api.model
    def _get_residuals(self, moves):
        """What is due of some invoices and credit notes: ``{currency: amount}``."""
        result = {}
        for move in moves.filtered(lambda move: move.state == "posted"):
            sign = -1 if move.move_type == "out_refund" else 1
            currency = move.currency_id
            result[currency] = currency.round(
                result.get(currency, 0.0) + sign * move.amount_residual
            )
        return result

    def _search_is_open(self, operator, value):
        if operator != "in":
            return NotImplemented
        due = [("state", "=", "posted"), ("amount_residual", "!=", 0)]
        Move = self.env["account.move"]
        moves = Move._search(due) if Move.has_access("read") else []
        domain = Domain("move_id", "in", moves) | Domain(
            "order_id.order_line.invoice_lines.move_id", "in", moves
        )
        if set(value) == {True, False}:
            return Domain.TRUE
        return domain if True in value else ~domain

    @api.depends("order_id", "move_id")
    def _compute_display_name(self):
        for row in self:
            row.display_name = (row.order_id or row.move_id).display_name

    # === COUNTERS === #

    def _get_counters(self):
        """What these operations hold: ``{code: (label, number)}``, each one once."""
        counted = {
            "quotation": (self.env._("Quotations"), self.quotation_ids),
            "order": (self.env._("Orders"), self.sale_order_ids),
            "invoice": (self.env._("Invoices"), self.invoice_ids),
            "credit_note": (self.env._("Credit notes"), self.credit_note_ids),
        }
        return {code: (label, len(docs)) for code, (label, docs) in counted.items()}

    def _get_columns(self):
        """Columns of the documents on paper and in Excel: ``{field: label}``."""
        names = ("quotation_ids", "sale_order_ids", "invoice_ids", "credit_note_ids")
        labels = self.fields_get(names, ["string"])
        return {name: labels[name]["string"] for name in names}

    # === BUTTONS === #

    def action_open(self):
        """Open the document that the operation is named after."""
        self.ensure_one()
        orders, moves = self._get_documents()
        return (orders or moves).action_open_business_doc()

    def _get_documents(self):
        """Orders and invoices behind the ids; cheaper than reading the rows."""
        orders = self.env["sale.order"].browse([i // 2 for i in self.ids if not i % 2])
        moves = self.env["account.move"].browse([i // 2 for i in self.ids if i % 2])
        return orders, moves

    def _get_row_moves(self):
        """Invoices and credit notes of these rows that the user may read."""
        orders, moves = self._get_documents()
        ids = [i for found in self._get_move_ids(orders).values() for i in found]
        ids += moves.ids
        return self.env["account.move"].search(
            Domain(self._get_move_domain())
            & (Domain("id", "in", ids) | Domain("reversed_entry_id", "in", ids))
        )

    def action_download_pdf(self):
        """The legal PDF of each invoice, or the one that would be made now."""
        return self._get_row_moves()._get_download_action("pdf")

    def action_download_xml(self):
        """The e-invoice of each invoice, or the one that can be made now."""
        return self._get_row_moves()._get_download_action("xml")

    def action_send_again(self):
        """Open the dialogue for sending the newest document of this operation."""
        orders, _moves = self._get_documents()
        moves = self._get_row_moves().filtered(lambda move: move.state == "posted")
        documents = moves.sorted(lambda move: (move.date, move.id))[-1:] or orders
        if not documents:
            raise UserError(
                self.env._("Nothing here can be sent: the invoice is a draft.")
            )
        return documents.action_send_again()

    # === LIST === #

    @api.model
    def _get_selection(self):
        """The rows that the list shows, or those that are ticked in it."""
        ids = self.env.context.get("active_ids") or []
        domain = Domain(self.env.context.get("active_domain") or [])
        return self.env["sale.history.selection"].create(
            {"domain": list(domain & Domain("id", "in", ids) if ids else domain)}
        )

    def action_print(self):
        """Print the rows of the list, with the filter in force."""
        return self._get_selection().action_print()

    def action_export(self):
        return self._get_selection().action_export()

    def action_download_all(self):
        return self._get_selection().action_download_all()

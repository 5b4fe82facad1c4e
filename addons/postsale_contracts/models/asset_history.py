from collections import Counter, defaultdict
from dataclasses import dataclass

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

#: Columns of the query, and their types: the same in each branch.
COLUMNS = {
    "id": "int",
    "kind": "varchar",
    "date": "date",
    "res_id": "int",
    "name": "varchar",
    "partner_id": "int",
    "company_id": "int",
    "currency_id": "int",
    "amount_total": "numeric",
}
#: Ids of the rows are those of the documents times this, plus the number of the kind.
STEP = 8


@dataclass(frozen=True, slots=True)
class Kind:
    """Where the documents of one kind are.

    :param int number: part of the ids, from 0 to 7; never changed
    :param tuple dates: columns, the first one that is filled counts
    :param str state: field that says how far it is
    :param bool amounts: whether it has amounts in a currency
    """

    number: int
    model: str
    dates: tuple
    domain: tuple = ()
    state: str = "state"
    amounts: bool = False


KINDS = {
    "contract": Kind(1, "postsale.contract", ("date_start",)),
    "ticket": Kind(
        2,
        "project.task",
        ("create_date",),
        domain=(("is_work_order", "!=", True),),
        state="stage_id",
    ),
    "work_order": Kind(
        3,
        "project.task",
        ("visit_date", "create_date"),
        domain=(("is_work_order", "=", True),),
        state="stage_id",
    ),
    "order": Kind(4, "sale.order", ("date_order",), amounts=True),
    "invoice": Kind(
        5,
        "account.move",
        ("invoice_date", "date"),
        state="status_in_payment",
        amounts=True,
    ),
    "recurring_task": Kind(6, "recurring.task", ("date_start",)),
}


class AssetHistory(models.Model):
    """A document about assets: contract, ticket, work order, order, invoice or
    recurring task.

    A query, not a view in the database: each branch is a search of the documents with
    the rights and the companies of whoever looks, so nothing shows here that he could
    not open. Nothing is stored.
    """

    _name = "asset.history"
    _description = "Document About Assets"
    _auto = False
    _order = "date desc, id desc"
    _depends = {
        "postsale.contract": ["asset_ids", "date_start", "name", "partner_id"],
        "project.task": ["asset_ids", "is_work_order", "visit_date", "name"],
        "postsale.intervention": ["task_id", "asset_id"],
        "sale.order": ["asset_ids", "date_order", "name", "partner_id", "amount_total"],
        "account.move": ["asset_ids", "invoice_date", "date", "name", "amount_total"],
        "recurring.task": ["date_start", "name"],
        "recurring.task.recipient": ["task_id", "asset_ids"],
    }

    kind = fields.Selection(
        selection=[
            ("contract", "Contract"),
            ("ticket", "Ticket"),
            ("work_order", "Work Order"),
            ("order", "Quotation / Order"),
            ("invoice", "Invoice"),
            ("recurring_task", "Recurring Task"),
        ],
        readonly=True,
    )
    date = fields.Date(readonly=True)
    res_id = fields.Integer(string="Id of the Document", readonly=True)
    name = fields.Char(string="Document", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount_total = fields.Monetary(string="Total", readonly=True)
    status = fields.Char(compute="_compute_status")
    asset_ids = fields.Many2many(
        comodel_name="maintenance.equipment",
        string="Assets",
        compute="_compute_asset_ids",
        search="_search_asset_ids",
    )

    # === QUERY === #

    @property
    def _table_query(self):
        branches = [self._get_branch(code, kind) for code, kind in KINDS.items()]
        return SQL(" UNION ALL ").join(branch for branch in branches if branch) or (
            self._get_no_query()
        )

    def _get_no_query(self):
        columns = (f"NULL::{kind} AS {name}" for name, kind in COLUMNS.items())
        return SQL("SELECT %s WHERE FALSE", SQL(", ".join(columns)))

    def _get_branch(self, code, kind):
        """Documents of a kind that the user may see; None when he may see none."""
        documents = self.env[kind.model].with_context(active_test=False)
        if not documents.has_access("read"):
            return None
        query = documents._search(list(kind.domain))
        table = documents._table
        query.add_where(
            SQL(
                "%s IN (SELECT document_id FROM %s AS link)",
                SQL.identifier(table, "id"),
                self._get_links(kind),
            )
        )
        expressions = self._get_expressions(code, kind, documents)
        return query.select(
            *(
                SQL("(%s)::%s AS %s", expressions[name], SQL(to), SQL.identifier(name))
                for name, to in COLUMNS.items()
            )
        )

    def _get_expressions(self, code, kind, documents):
        def column(name):
            return SQL.identifier(documents._table, name)

        nothing = SQL("NULL")
        dates = SQL(", ").join(self._get_date(documents, name) for name in kind.dates)
        has_customer = "partner_id" in documents._fields
        return {
            "id": SQL("%s * %s + %s", column("id"), STEP, kind.number),
            "kind": SQL("%s", code),
            "date": SQL("COALESCE(%s)", dates),
            "res_id": column("id"),
            "name": SQL("COALESCE(%s, '/')", column("name")),
            "partner_id": column("partner_id") if has_customer else nothing,
            "company_id": column("company_id"),
            "currency_id": column("currency_id") if kind.amounts else nothing,
            "amount_total": column("amount_total") if kind.amounts else nothing,
        }

    def _get_date(self, documents, name):
        """A moment is the day that it is where the user is."""
        column = SQL.identifier(documents._table, name)
        if documents._fields[name].type == "date":
            return column
        zone = self.env.context.get("tz") or self.env.user.tz or "UTC"
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", column, zone)

    @api.model
    def _get_links(self, kind):
        """Pairs of ``document_id`` and ``asset_id``, whoever may see them."""
        name = "recurring.task.recipient" if kind.model == "recurring.task" else None
        field = self.env[name or kind.model]._fields["asset_ids"]
        pairs = SQL(
            "SELECT %s AS document_id, %s AS asset_id FROM %s",
            SQL.identifier(field.column1),
            SQL.identifier(field.column2),
            SQL.identifier(field.relation),
        )
        if kind.model == "recurring.task":
            pairs = SQL(
                "SELECT line.task_id AS document_id, pair.asset_id FROM (%s) AS pair"
                " JOIN recurring_task_recipient AS line ON line.id = pair.document_id",
                pairs,
            )
        if kind.model == "project.task":
            pairs = SQL(
                "%s UNION SELECT task_id, asset_id FROM postsale_intervention"
                " WHERE asset_id IS NOT NULL",
                pairs,
            )
        return SQL("(%s)", pairs)

    @api.model
    def _get_row_links(self):
        """Pairs of ``id`` of a row and ``asset_id``."""
        return SQL(" UNION ").join(
            SQL(
                "SELECT document_id * %s + %s AS id, asset_id FROM %s AS link",
                STEP,
                kind.number,
                self._get_links(kind),
            )
            for kind in KINDS.values()
        )

    @api.model
    def _get_column_names(self):
        """All columns of the query: reading them again by id would be dear."""
        return [name for name in COLUMNS if name != "id"]

    # === FIELDS === #

    def _compute_asset_ids(self):
        """Those of the assets that the user may see."""
        pairs = self.env.execute_query(
            SQL(
                "SELECT id, asset_id FROM (%s) AS pair WHERE id IN %s",
                self._get_row_links(),
                tuple(self.ids) or (0,),
            )
        )
        assets = self.env["maintenance.equipment"].with_context(active_test=False)
        seen = set(assets.search([("id", "in", [asset for _row, asset in pairs])]).ids)
        by_row = defaultdict(list)
        for row, asset in pairs:
            if asset in seen:
                by_row[row].append(asset)
        for row in self:
            row.asset_ids = assets.browse(by_row[row.id])

    def _search_asset_ids(self, operator, value):
        if operator != "in":
            return NotImplemented
        ids = tuple(number for number in value if number) or (0,)
        links = self._get_row_links()
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IN (SELECT id FROM (%s) AS pair WHERE asset_id IN %s)",
                SQL.identifier(alias, "id"),
                links,
                ids,
            )
        )

    @api.depends("kind", "res_id")
    @api.depends_context("lang")
    def _compute_status(self):
        for code, rows in self.grouped("kind").items():
            documents = rows._get_documents()
            name = KINDS[code].state
            for row, document in zip(rows, documents, strict=True):
                field = document._fields[name]
                row.status = field.convert_to_export(document[name], document)

    @api.depends("name", "kind")
    def _compute_display_name(self):
        for row in self:
            row.display_name = row.name

    # === COUNTERS === #

    @api.model
    def _get_counts(self, assets):
        """How many documents of each kind the user may see, in one statement.

        :rtype: collections.Counter[tuple[int, str]]
        """
        if not assets:
            return Counter()
        rows = self.env.execute_query(
            SQL(
                """SELECT pair.asset_id, history.kind, COUNT(*)
                FROM %s AS history JOIN (%s) AS pair ON pair.id = history.id
                WHERE pair.asset_id IN %s GROUP BY pair.asset_id, history.kind""",
                self._table_sql,
                self._get_row_links(),
                tuple(assets.ids),
            )
        )
        return Counter({(asset, kind): count for asset, kind, count in rows})

    # === BUTTONS === #

    def _get_documents(self):
        """The documents of rows of one kind, in their order."""
        return self.env[KINDS[self[0].kind].model].browse(self.mapped("res_id"))

    def action_open(self):
        """Open the document."""
        self.ensure_one()
        return self._get_documents().get_formview_action()

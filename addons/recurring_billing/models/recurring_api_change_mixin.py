import hashlib
import re

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .. import api_input
from .recurring_api_mixin import answers

#: Records of one answer.
MOST = 1000
CURSOR = re.compile(r"([0-9a-f]{8})-(\d{1,19})-(\d)-(\d{1,10})")
#: Kinds of record, in the order in which one transaction's changes are told:
#: model, domain, name of the method that describes a record.
KINDS = {
    "customer": (
        "res.partner",
        Domain("customer_rank", ">", 0) & Domain("active", "in", (True, False)),
        "_describe_customer",
    ),
    "invoice": (
        "account.move",
        Domain("move_type", "in", ("out_invoice", "out_receipt")),
        "_describe_invoice",
    ),
    "credit_note": (
        "account.move",
        Domain("move_type", "=", "out_refund"),
        "_describe_invoice",
    ),
    "payment": (
        "account.payment",
        Domain("partner_type", "=", "customer"),
        "_describe_payment",
    ),
}


class RecurringApiChangeMixin(models.AbstractModel):
    """What has changed since the last time, for synchronising the accounting.

    ``write_date`` is when a transaction *began*; one that takes long commits rows that
    look old, and whoever asks for "newer than" misses them. So the order here is that
    of PostgreSQL's transaction numbers: a row's ``xmin`` says which transaction wrote
    it, and what lies below the oldest transaction that still runs will never grow any
    more. Only such rows are told, and the cursor is a place in this order.
    """

    _name = "recurring.api.change.mixin"
    _inherit = "recurring.api.mixin"
    _description = "Part of the API: list of changes"

    @answers
    def list_changes(self, cursor=None, models=None, limit=100):
        """Records made or changed since a former answer, oldest change first.

        Each record is told at least once after each change, as it is now. What was
        deleted is not told: only drafts can be.

        :param str cursor: of the former answer; nothing: from the beginning
        :param list models: of ``customer``, ``invoice``, ``credit_note``, ``payment``;
            nothing: all
        :param int limit: records of one answer, at most 1000
        :return: ``changes``, the next ``cursor``, and whether there is ``more`` now
        """
        kinds = api_input.get_list("models", models, self._check_kind) or list(KINDS)
        limit = min(api_input.get_id("limit", limit), MOST)
        position = self._read_cursor(cursor)
        self.env.flush_all()
        found = []
        for kind in kinds:
            found += self._find_changes(kind, position, limit + 1)
        found.sort()
        page, more = found[:limit], len(found) > limit
        return {
            "changes": self._describe_changes(page),
            "cursor": self._write_cursor(page[-1] if page else position),
            "more": more,
        }

    def _check_kind(self, name, kind):
        if kind not in KINDS:
            raise UserError(
                self.env._(
                    "%(name)s: “%(kind)s” is not known. Known: %(known)s",
                    name=name,
                    kind=kind,
                    known=", ".join(KINDS),
                )
            )
        return kind

    def _find_changes(self, kind, position, limit):
        """Places of the next changes of a kind that the user may see.

        :param tuple position: number of the transaction, rank of the kind, id
        :return: list of such places
        """
        model, domain, _describe = KINDS[kind]
        rank = list(KINDS).index(kind)
        after_xid, after_rank, after_id = position
        # Of the cursor's own transaction: kinds of a higher rank as a whole, its own
        # kind after the id, kinds of a lower rank not any more.
        if rank != after_rank:
            after_id = -1 if rank > after_rank else 2**31
        if "company_id" in self.env[model]._fields:
            companies = (*self.env.companies.ids, False)
            domain &= Domain("company_id", "in", companies)
        query = self.env[model]._search(domain)
        settled, newest = self._get_transactions()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT t.xid, t.id FROM (%(rows)s) t
                WHERE t.xid < %(settled)s AND (t.xid, t.id) > (%(xid)s, %(id)s)
                ORDER BY t.xid, t.id LIMIT %(limit)s
                """,
                rows=query.select(
                    SQL("%s.id", SQL.identifier(self.env[model]._table)),
                    SQL("%s AS xid", self._get_xid(model, newest)),
                ),
                settled=settled,
                xid=after_xid,
                id=after_id,
                limit=limit,
            )
        )
        return [(xid, rank, record_id) for xid, record_id in rows]

    def _get_xid(self, model, newest):
        """SQL: the transaction that wrote a row, in full.

        A row holds the low 32 bits; numbers above the newest one are of the round
        before.
        """
        low = SQL("%s.xmin::text::bigint", SQL.identifier(self.env[model]._table))
        full = SQL("(%s + %s)", low, newest >> 32 << 32)
        return SQL(
            "(CASE WHEN %s >= %s THEN %s - %s ELSE %s END)",
            full,
            newest,
            full,
            2**32,
            full,
        )

    def _get_transactions(self):
        """All transactions below the first number are over; none has the second yet.

        Of the snapshot of this transaction: nothing between can become visible here.
        """
        return self.env.execute_query(
            SQL(
                "SELECT pg_snapshot_xmin(s)::text::bigint,"
                " pg_snapshot_xmax(s)::text::bigint FROM pg_current_snapshot() s"
            )
        )[0]

    def _describe_changes(self, page):
        by_kind = {}
        for _xid, rank, record_id in page:
            by_kind.setdefault(list(KINDS)[rank], []).append(record_id)
        described = {}
        for kind, ids in by_kind.items():
            model, _domain, describe = KINDS[kind]
            for record in self.env[model].browse(ids):
                described[kind, record.id] = getattr(self, describe)(record)
        return [
            {"model": kind, "id": record_id, "record": described[kind, record_id]}
            for _xid, rank, record_id in page
            for kind in (list(KINDS)[rank],)
        ]

    # === CURSOR === #

    def _write_cursor(self, position):
        return "-".join(map(str, (self._get_database_mark(), *position)))

    def _read_cursor(self, cursor):
        if cursor in (None, ""):
            return (0, 0, 0)
        match = CURSOR.fullmatch(cursor) if isinstance(cursor, str) else None
        if not match:
            raise UserError(self.env._("cursor: give it as a former answer had it."))
        if match[1] != self._get_database_mark():
            raise UserError(
                self.env._(
                    "cursor: it is of another database, for example of one before it "
                    "was restored. Begin again without a cursor."
                )
            )
        return tuple(map(int, match.groups()[1:]))

    def _get_database_mark(self):
        """Tells apart databases whose transaction numbers have nothing in common."""
        mark = self.env.execute_query(
            SQL(
                "SELECT oid, has_function_privilege('pg_control_system()', 'EXECUTE')"
                " FROM pg_database WHERE datname = current_database()"
            )
        )
        if mark[0][1]:  # some hosts do not let everybody ask
            mark += self.env.execute_query(
                SQL("SELECT system_identifier FROM pg_control_system()")
            )
        return hashlib.sha256(repr(mark).encode()).hexdigest()[:8]

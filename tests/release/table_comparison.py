"""What is in the tables of a database, so that it can be compared later.

A checksum for each column, so that a difference names the column.
"""

from dataclasses import dataclass, field


@dataclass
class Contents:
    """
    columns: names by table
    newest: greatest id by table, None where there is no id
    counts: number of rows by table
    checksums: {(table, column): checksum}
    """

    columns: dict
    newest: dict
    counts: dict = field(default_factory=dict)
    checksums: dict = field(default_factory=dict)


def read(db, before=None):
    """Read all tables, or what was there before of the rows and columns.

    :param Contents before: look only at its tables, columns and rows
    """
    found = Contents(_get_columns(db), {})
    chosen = before.columns if before else found.columns
    for table, columns in chosen.items():
        has_id = "id" in columns
        newest = before.newest[table] if before else None
        if not before:
            newest = db.scalar(f'SELECT max(id) FROM "{table}"') if has_id else None
        found.newest[table] = newest
        found.counts[table] = db.scalar(f'SELECT count(*) FROM "{table}"')
        where = f"WHERE id <= {newest or 0}" if has_id else ""
        sums = ", ".join(_checksum(column, has_id) for column in columns)
        (row,) = db.sql(f'SELECT count(*), {sums} FROM "{table}" {where}')
        for column, checksum in zip(["*", *columns], row, strict=True):
            found.checksums[table, column] = checksum
    return found


def _get_columns(db):
    """Names of the columns of each table, in their order."""
    rows = db.sql(
        "SELECT table_name, array_agg(column_name::text ORDER BY ordinal_position)"
        " FROM information_schema.columns JOIN information_schema.tables"
        " USING (table_schema, table_name) WHERE table_schema = current_schema()"
        " AND table_type = 'BASE TABLE' GROUP BY table_name ORDER BY table_name"
    )
    return dict(rows)


def _checksum(column, has_id):
    """The sum over all rows does not depend on their order."""
    key = "id" if has_id else "0"
    return (
        f"sum(hashtextextended({key} || ':' || coalesce(\"{column}\"::text, '∅'), 0)"
        "::numeric)"
    )


def find_changes(before, after):
    """Tables and columns whose old rows differ: ``["res_partner.name", ...]``; a star
    means that rows are gone."""
    return [
        f"{table}.{column}"
        for (table, column), checksum in before.checksums.items()
        if after.checksums[table, column] != checksum
    ]


def find_new_rows(before, after):
    """Tables that have more rows than before: ``{table: number}``."""
    more = {t: after.counts[t] - before.counts[t] for t in before.counts}
    return {table: number for table, number in more.items() if number}


def find_filled_columns(db, before):
    """New columns of old tables that hold something in old rows: ``{name: count}``."""
    filled = {}
    for table, columns in _get_columns(db).items():
        new = [
            name for name in columns if name not in before.columns.get(table, columns)
        ]
        if new:
            counts = ", ".join(f'count("{name}")' for name in new)
            newest = before.newest[table] or 0
            (row,) = db.sql(f'SELECT {counts} FROM "{table}" WHERE id <= {newest}')
            filled |= {f"{table}.{n}": c for n, c in zip(new, row, strict=True) if c}
    return filled

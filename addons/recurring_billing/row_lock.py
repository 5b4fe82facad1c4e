"""Lets one transaction wait for another one that works on the same thing."""

from odoo.tools import SQL


def wait_for_others(records):
    """Wait until nobody else works on these rows.

    An update, not a mere lock: whoever waited gets a serialization failure, and starts
    again with what the other one wrote, even where that was no field of these rows.

    :raises psycopg2.errors.SerializationFailure: after having waited; Odoo repeats a
        request that meets it, a scheduled action has to
    """
    records.env.cr.execute(
        SQL(
            "UPDATE %s SET id = id WHERE id = ANY(%s)",
            SQL.identifier(records._table),
            records.ids,
        )
    )

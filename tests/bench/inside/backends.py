"""CPU time of the PostgreSQL processes that serve this process."""

import os

from odoo import sql_db

TICKS = os.sysconf("SC_CLK_TCK")
_ended_seconds = 0.0


def get_cpu_seconds(pid):
    """User and system seconds that another process has used so far."""
    with open(f"/proc/{pid}/stat") as stream:
        values = stream.read().rsplit(")", 1)[1].split()
    return (int(values[11]) + int(values[12])) / TICKS


def watch():
    """From now on no backend ends without its time having been noted."""
    close = sql_db.PsycoConnection.close
    # Ten minutes are little for a run; the connection would only be opened again.
    sql_db.MAX_IDLE_TIMEOUT = float("inf")

    def close_and_note(connection):
        global _ended_seconds
        if not connection.closed:
            _ended_seconds += get_cpu_seconds(connection.info.backend_pid)
        close(connection)

    sql_db.PsycoConnection.close = close_and_note


def get_all_seconds():
    """Seconds of all backends of this process, those that ended included."""
    pools = [pool for pool in (sql_db._Pool, sql_db._Pool_readonly) if pool]
    return _ended_seconds + sum(
        get_cpu_seconds(connection.info.backend_pid)
        for pool in pools
        for connection in pool._connections
        if not connection.closed
    )

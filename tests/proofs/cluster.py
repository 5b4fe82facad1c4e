"""A PostgreSQL cluster of its own that may be stopped in the middle of everything.

The tests' cluster does not wait for the disk (fsync is off): after an immediate stop it
would be worth nothing. This one writes as a production server does.
"""

import os
import shlex
import subprocess
from contextlib import contextmanager

#: Its folder under SUITE_STATE.
NAME = "crash"


def start():
    """Start it, made first where it is missing.

    :return: the folder of its socket
    """
    return _shell(f'pg_start {NAME} >&2; echo "$PGHOST"').strip()


def stop_at_once():
    """No checkpoint, no goodbye: the next start recovers from the log."""
    _shell(
        f'_as_pg "$PG_BIN/pg_ctl" -D "$SUITE_STATE/{NAME}/pg" -w -s -m immediate stop'
    )


@contextmanager
def crash_cluster(template):
    """Everything inside talks to this cluster, which holds a copy of `template`."""
    ours = os.environ["PGHOST"]
    host = start()
    try:
        source, name = (shlex.quote(text) for text in (ours, template))
        _shell(
            f"export PGUSER=odoo PGPORT=5432 PGHOST={shlex.quote(host)};"
            f'"$PG_BIN/dropdb" --if-exists {name}; "$PG_BIN/createdb" {name};'
            f'"$PG_BIN/pg_dump" -h {source} {name} | "$PG_BIN/psql" -qX {name}'
        )
        os.environ["PGHOST"] = host
        yield
    finally:
        os.environ["PGHOST"] = ours
        _shell(f"pg_stop {NAME}")


def _shell(script):
    """Run a script that knows the functions of setup/lib."""
    done = subprocess.run(
        [
            "bash",
            "-c",
            f'. "$SUITE_ROOT/setup/lib/bootstrap.sh"; need_basics; {script}',
        ],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{script}: {done.stderr[-3000:]}")
    return done.stdout

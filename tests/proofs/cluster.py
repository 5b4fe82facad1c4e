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


def start(name=NAME):
    """Start it, made first where it is missing.

    :return: the folder of its socket
    """
    return _shell(f'pg_start {name} >&2; echo "$PGHOST"').strip()


def stop_at_once():
    """No checkpoint, no goodbye: the next start recovers from the log."""
    _shell(
        f'_as_pg "$PG_BIN/pg_ctl" -D "$SUITE_STATE/{NAME}/pg" -w -s -m immediate stop'
    )


def listen(name, address, network, **options):
    """Take connections over TCP as well, from this network and without a password.

    :param options: settings of PostgreSQL
    """
    options["listen_addresses"] = address
    folder = f'"$SUITE_STATE/{name}/pg"'
    rule = f"host all all {network} trust"
    lines = "".join(f"{key} = '{value}'\n" for key, value in options.items())
    _shell(
        f"grep -qF {shlex.quote(rule)} {folder}/pg_hba.conf"
        f" || echo {shlex.quote(rule)} >>{folder}/pg_hba.conf;"
        f"printf %s {shlex.quote(lines)} >{folder}/postgresql.auto.conf;"
        f'_as_pg "$PG_BIN/pg_ctl" -D {folder} -w -s -m fast restart'
        f" -l {folder}/server.log"
    )


@contextmanager
def crash_cluster(template, name=NAME):
    """Everything inside talks to this cluster, which holds a copy of `template`."""
    ours = os.environ["PGHOST"]
    host = start(name)
    try:
        source, copied = (shlex.quote(text) for text in (ours, template))
        _shell(
            f"export PGUSER=odoo PGPORT=5432 PGHOST={shlex.quote(host)};"
            f'"$PG_BIN/dropdb" --if-exists {copied}; "$PG_BIN/createdb" {copied};'
            f'"$PG_BIN/pg_dump" -h {source} {copied} | "$PG_BIN/psql" -qX {copied}'
        )
        os.environ["PGHOST"] = host
        yield
    finally:
        os.environ["PGHOST"] = ours
        _shell(f"pg_stop {name}")


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

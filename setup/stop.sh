#!/usr/bin/env bash
# Stops the demo: Odoo, the mail catcher, PostgreSQL. With --all the tests' cluster too.
# shellcheck source=setup/lib/bootstrap.sh
. "$(dirname "$0")/lib/bootstrap.sh"
PG_BIN=$(_find_pg_bin) || PG_BIN=

stop_pid "$SUITE_STATE/demo/run/odoo.pid" odoo-bin 20
stop_pid "$SUITE_STATE/demo/run/catcher.pid" mailcatcher.py
pg_stop demo
if [ "${1:-}" = --all ]; then
    pg_stop test
    pg_stop crash # of tests/proofs/cluster.py
    rm -rf -- "$MEMORY_DIR/tmp"
fi
step "Stopped. ./setup/demo.sh starts it again, with its data."

#!/usr/bin/env bash
# Runs a command (default: a shell) in the tests' environment: Odoo's Python first on PATH,
# PG* set for the test cluster, `odoo-bin` callable.
#   ./setup/shell.sh psql -l
#   ./setup/shell.sh odoo-bin shell -d some_database
# shellcheck source=setup/lib/bootstrap.sh
. "$(dirname "$0")/lib/bootstrap.sh"
bootstrap test
PATH=$SUITE_ROOT/setup:$PATH
export SUITE_ADDONS_PATH=$ODOO_PATH/odoo/addons,$ADDONS_DIR
if [ $# = 0 ]; then set -- bash; fi
exec "$@"

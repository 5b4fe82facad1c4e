#!/usr/bin/env bash
# Takes the pictures of the user guide from a running Odoo with demo data.
# Usage: ./tests/pictures.sh [NAME ...]
#   (nothing)  all of tests/pictures/shots.toml, about five minutes
#   NAME       only these
# shellcheck source=setup/lib/bootstrap.sh
. "$(dirname "$0")/../setup/lib/bootstrap.sh"
bootstrap test
cd "$SUITE_ROOT"
PYTHONPATH=$SUITE_ROOT/setup:$SUITE_ROOT/tests:$PYTHONPATH exec "$SUITE_PYTHON" -m pictures "$@"

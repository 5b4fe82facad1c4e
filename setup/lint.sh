#!/usr/bin/env bash
# All linters, or with --fix: let those that can repair do so first.
# shellcheck source=setup/lib/bootstrap.sh
. "$(dirname "$0")/lib/bootstrap.sh"
need_basics
lock_cache
ensure_odoo
ensure_python
ensure_linters
unlock_cache
cd "$SUITE_ROOT"
PYTHONPATH=$SUITE_ROOT/setup exec "$SUITE_PYTHON" -m suite.lint "$@"

#!/usr/bin/env bash
# Proves what the suite promises, from outside, with real processes on throw-away databases.
# Usage: ./tests/proofs.sh [small|full] [P1 P8 ...] [--sabotage NAME|all] [--seed N]
#   small  a few minutes; what CI runs, too (default)
#   full   hours; takes every protection away as well, and writes docs/proofs.md
# shellcheck source=setup/lib/bootstrap.sh
. "$(dirname "$0")/../setup/lib/bootstrap.sh"
bootstrap test
cd "$SUITE_ROOT"
PYTHONPATH=$SUITE_ROOT/setup:$SUITE_ROOT/tests:$PYTHONPATH exec "$SUITE_PYTHON" -m proofs "$@"

#!/usr/bin/env bash
# What must hold before a release and takes too long for every change: installing on a
# database in use, upgrading from the release before, removing, several hosts, and the
# tests that are tagged "release" (long_tests).
# Usage: ./tests/release.sh [NAME ...]
#   (nothing)  all of tests/release
#   NAME       only these: install_in_use, uninstall, ... (tests/release/test_NAME.py)
# What was measured is printed as "figure: value"; the last line is "N passed, N failed".
# shellcheck source=setup/lib/bootstrap.sh
. "$(dirname "$0")/../setup/lib/bootstrap.sh"
bootstrap test
cd "$SUITE_ROOT"
PYTHONPATH=$SUITE_ROOT/setup:$SUITE_ROOT/tests:$PYTHONPATH exec "$SUITE_PYTHON" -m release "$@"

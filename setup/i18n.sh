#!/usr/bin/env bash
# Writes the add-ons' translation templates (i18n/*.pot) anew, with the core's own export,
# and brings the languages up to date: what is new stays empty, for a translator.
#   ./setup/i18n.sh
# shellcheck source=setup/lib/bootstrap.sh
. "$(dirname "$0")/lib/bootstrap.sh"
bootstrap test
cd "$SUITE_ROOT"
PYTHONPATH=$SUITE_ROOT/setup:$PYTHONPATH exec "$SUITE_PYTHON" -m suite.i18n

#!/usr/bin/env bash
# All checks, as CI runs them:  ./setup/test.sh
# One thing:                    ./setup/test.sh lint | python | tours | blackbox
#                               ./setup/test.sh recurring_billing
#                               ./setup/test.sh recurring_billing:TestEngine.test_one_thing
#                               ./setup/test.sh tests/test_compose.py
SUITE_STARTED=$(date +%s)
export SUITE_STARTED
# shellcheck source=setup/lib/bootstrap.sh
. "$(dirname "$0")/lib/bootstrap.sh"
bootstrap test
cd "$SUITE_ROOT"
PYTHONPATH=$SUITE_ROOT/setup:$PYTHONPATH exec "$SUITE_PYTHON" -m suite.runner "$@"

#!/usr/bin/env bash
# From a bare machine to a running Odoo with demo data, in which the main job has just run.
# May be run again: it starts what does not run, updates what changed, runs the job anew.
# shellcheck source=setup/lib/bootstrap.sh
. "$(dirname "$0")/lib/bootstrap.sh"
bootstrap demo
cd "$SUITE_ROOT"
PYTHONPATH=$SUITE_ROOT/setup:$PYTHONPATH exec "$SUITE_PYTHON" -m suite.demo

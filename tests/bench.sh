#!/usr/bin/env bash
# Measures what an invoice costs: ours, OCA's add-ons and bare Odoo, side by side.
# Usage: ./tests/bench.sh [--quick] [--n 100,1000] [--only NAME ...] [--resume] [--page]
#   (nothing)  everything, about 50 minutes; writes docs/performance.md and its pictures
#   --quick    a few minutes, small sizes: does it still work?
#   --sla [N]  what keeping SLAs costs, beside OCA's helpdesk; docs/performance-sla.md
#   --forecast [N]  how long the forecast takes to read; docs/performance-forecast.md
#   --help     all options and names
# shellcheck source=setup/lib/bootstrap.sh
. "$(dirname "$0")/../setup/lib/bootstrap.sh"

bootstrap test
lock_cache
ensure_addons peers
ensure_venv "$SUITE_CACHE/bench" "Installing the benchmark's Python packages" \
    "$SUITE_ROOT/setup/requirements-bench.txt"
unlock_cache
export BENCH_PEERS=$SUITE_CACHE/peers/odoo/addons BENCH_PLOT_PYTHON=$SUITE_CACHE/bench/bin/python
cd "$SUITE_ROOT"
module=bench
case ${1:-} in
    --sla | --forecast)
        module=bench.${1#--}
        shift
        ;;
esac
PYTHONPATH=$SUITE_ROOT/setup:$SUITE_ROOT/tests:$PYTHONPATH exec "$SUITE_PYTHON" -m "$module" "$@"

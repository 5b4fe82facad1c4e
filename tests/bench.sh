#!/usr/bin/env bash
# Measures what an invoice costs: ours, OCA's add-ons and bare Odoo, side by side.
# Usage: ./tests/bench.sh [--quick] [--n 100,1000] [--only NAME ...] [--resume] [--page]
#   (nothing)  everything, over an hour; writes docs/performance.md and its pictures
#   --quick    a few minutes, small sizes: does it still work?
#   --sla [N]  what keeping SLAs costs, beside OCA's helpdesk; docs/performance-sla.md
#   --help     all options and names
# shellcheck source=setup/lib/bootstrap.sh
. "$(dirname "$0")/../setup/lib/bootstrap.sh"

_fetch_peers() {
    rm -rf "$SUITE_CACHE/peers.tmp"
    "$SUITE_PYTHON" -m pip install -q --disable-pip-version-check --no-deps --no-compile \
        --target "$SUITE_CACHE/peers.tmp" -r "$SUITE_ROOT/setup/requirements-peers.txt"
    cksum <"$SUITE_ROOT/setup/requirements-peers.txt" >"$SUITE_CACHE/peers.tmp/.complete"
    rm -rf "$SUITE_CACHE/peers"
    mv "$SUITE_CACHE/peers.tmp" "$SUITE_CACHE/peers"
}

ensure_peers() {
    local wanted
    wanted=$(cksum <"$SUITE_ROOT/setup/requirements-peers.txt")
    [ "$(cat "$SUITE_CACHE/peers/.complete" 2>/dev/null)" = "$wanted" ] ||
        quiet "Downloading OCA's add-ons" _fetch_peers
}

bootstrap test
lock_cache
ensure_peers
ensure_venv "$SUITE_CACHE/bench" "Installing the benchmark's Python packages" \
    "$SUITE_ROOT/setup/requirements-bench.txt"
unlock_cache
export BENCH_PEERS=$SUITE_CACHE/peers/odoo/addons BENCH_PLOT_PYTHON=$SUITE_CACHE/bench/bin/python
cd "$SUITE_ROOT"
module=bench
if [ "${1:-}" = "--sla" ]; then
    module=bench.sla
    shift
fi
PYTHONPATH=$SUITE_ROOT/setup:$SUITE_ROOT/tests:$PYTHONPATH exec "$SUITE_PYTHON" -m "$module" "$@"

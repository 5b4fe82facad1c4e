#!/usr/bin/env bash
# Stops everything and removes all that the scripts made for this checkout: databases,
# files, mails, logs; and the downloads, unless another checkout uses them or
# --keep-downloads is given. Packages of the machine (PostgreSQL, ...) stay.
# shellcheck source=setup/lib/bootstrap.sh
. "$(dirname "$0")/lib/bootstrap.sh"
"$SUITE_ROOT/setup/stop.sh" --all >/dev/null

rm -rf -- "$(pg_socket_dir demo)" "$(pg_socket_dir test)" "$(pg_socket_dir crash)" "$SUITE_STATE" "$MEMORY_DIR"
step "Removed $SUITE_STATE"
others=$(find "$(dirname "$SUITE_STATE")" -mindepth 1 -maxdepth 1 -type d 2>/dev/null || true)
if [ "${1:-}" = --keep-downloads ]; then
    step "Kept the downloads in $SUITE_CACHE"
elif [ -n "$others" ]; then
    step "Kept the downloads in $SUITE_CACHE: other checkouts use them ($others)"
else
    rm -rf -- "$SUITE_CACHE"
    rmdir --ignore-fail-on-non-empty "$(dirname "$SUITE_STATE")" 2>/dev/null || true
    step "Removed $SUITE_CACHE"
fi

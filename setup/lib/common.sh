# Paths, messages and small helpers shared by every script. Sourced, never run.
# shellcheck shell=bash

set -euo pipefail

SUITE_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
ADDONS_DIR=$SUITE_ROOT/addons

_short_hash() { printf '%s' "$1" | cksum | awk '{printf "%08x", $1}'; }

if [ "$(id -u)" = 0 ]; then
    : "${SUITE_CACHE:=/var/cache/odoo-recurring-suite}"
    : "${SUITE_STATE:=/var/lib/odoo-recurring-suite/$(_short_hash "$SUITE_ROOT")}"
else
    : "${SUITE_CACHE:=${XDG_CACHE_HOME:-$HOME/.cache}/odoo-recurring-suite}"
    : "${SUITE_STATE:=${XDG_STATE_HOME:-$HOME/.local/state}/odoo-recurring-suite/$(_short_hash "$SUITE_ROOT")}"
fi
export SUITE_ROOT ADDONS_DIR SUITE_CACHE SUITE_STATE

# Python compiles each file once and keeps the result, whatever the machine is told to do
# (images for containers switch it off): else every start of Odoo takes twice as long. Kept
# beside the downloads, so that neither the checkout nor somebody's own Odoo is written to.
unset PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX=$SUITE_CACHE/pycache

# Everything below is read by programs that parse it: one language, one encoding.
export LC_ALL=C.UTF-8 PYTHONUTF8=1 PIP_NO_INPUT=1

die() {
    printf '\nStopped: %s\n' "$*" >&2
    exit 1
}

step() { printf '%s  %s\n' "$(date +%H:%M:%S)" "$*"; }

# Runs a command whose output matters only when it fails. While it takes longer than
# two seconds a dot line tells that it is alive: on a terminal as dots, in a log as one
# line every 15 seconds.
quiet() {
    local title=$1 log pid waited=0
    shift
    mkdir -p "$SUITE_STATE/log"
    log=$(mktemp "$SUITE_STATE/log/step.XXXXXX")
    # Descriptor 9 is the cache's lock: a daemon that inherited it would hold it for ever.
    "$@" >"$log" 2>&1 </dev/null 9>&- &
    pid=$!
    while kill -0 "$pid" 2>/dev/null; do
        sleep 0.2
        waited=$((waited + 1))
        if [ "$waited" = 10 ]; then step "$title ..."; fi
        if [ $((waited % 75)) = 0 ]; then step "$title: $((waited / 5)) s so far"; fi
    done
    if wait "$pid"; then
        rm -f "$log"
        return 0
    fi
    tail -n 40 "$log" >&2
    die "$title failed; the whole output is in $log"
}

# Only one script at a time may fill the cache; the lock is released when the script ends.
lock_cache() {
    mkdir -p "$SUITE_CACHE" || die "cannot create $SUITE_CACHE: set SUITE_CACHE to a folder of your own."
    [ -w "$SUITE_CACHE" ] || die "$SUITE_CACHE is not writable: set SUITE_CACHE to a folder of your own."
    exec 9>"$SUITE_CACHE/.lock"
    flock -n 9 && return 0
    step "Another script is filling $SUITE_CACHE; waiting for it"
    flock 9
}

unlock_cache() { exec 9>&-; }

# True when the process in pid file $1 is alive and its command line holds $2:
# a pid file survives a reboot, and then its number may belong to somebody else.
pid_alive() {
    local pid
    [ -s "$1" ] || return 1
    pid=$(head -n 1 "$1")
    kill -0 "$pid" 2>/dev/null || return 1
    tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF -- "$2"
}

# Ends the process of a pid file: politely, then after $3 seconds (10) by force.
stop_pid() {
    local file=$1 marker=$2 limit=$((${3:-10} * 5)) pid
    if pid_alive "$file" "$marker"; then
        pid=$(head -n 1 "$file")
        kill "$pid" 2>/dev/null || true
        while [ "$limit" -gt 0 ] && kill -0 "$pid" 2>/dev/null; do
            sleep 0.2
            limit=$((limit - 1))
        done
        kill -9 "$pid" 2>/dev/null || true
    fi
    rm -f "$file"
}

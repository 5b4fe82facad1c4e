# What the tests write and throw away lies in memory, where there is plenty: a database is
# thousands of files, and it is copied a hundred times. Sourced after common.sh.
# shellcheck shell=bash

MEMORY_DIR=/dev/shm/odoo-recurring-suite-$(id -u)-$(_short_hash "$SUITE_STATE")
# KiB that must be free. A whole run takes about 4 GB.
MEMORY_NEEDED=$((10 * 1024 * 1024))

_has_memory() {
    [ -d "$MEMORY_DIR" ] && return 0
    [ "$(stat -f -c %T /dev/shm 2>/dev/null)" = tmpfs ] &&
        [ "$(df --output=avail -k /dev/shm | tail -n 1)" -gt "$MEMORY_NEEDED" ] &&
        [ "$(awk '/^MemAvailable/ { print $2 }' /proc/meminfo)" -gt "$MEMORY_NEEDED" ]
}

# Temporary files of browsers, of the PDF engine and of the tests themselves.
use_memory() {
    _has_memory || return 0
    mkdir -p "$MEMORY_DIR/tmp"
    export TMPDIR=$MEMORY_DIR/tmp
}

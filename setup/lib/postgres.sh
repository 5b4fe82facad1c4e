# Private PostgreSQL clusters, reachable through a unix socket only. Sourced after prereq.sh.
# shellcheck shell=bash
#
# A cluster NAME lives in $SUITE_STATE/NAME/pg; its socket folder is private to the user,
# so that local "trust" lets in nobody else. The role is called `odoo` because Odoo
# refuses to work as `postgres`.

# PostgreSQL refuses to run as root: there the Debian user `postgres` runs it.
_as_pg() {
    if [ "$(id -u)" = 0 ]; then
        # cd: initdb complains when it cannot enter the current folder.
        (cd / && su postgres -s /bin/bash -c "$(printf '%q ' "$@")")
    else
        "$@"
    fi
}

pg_socket_dir() {
    local folder=$SUITE_STATE/$1/socket
    # The kernel takes 107 characters for the whole socket name.
    if [ ${#folder} -gt 85 ]; then folder=/tmp/ors-$(id -u)-$(_short_hash "$SUITE_STATE")-$1; fi
    echo "$folder"
}

_pg_own() {
    mkdir -p "$1"
    if [ "$(id -u)" = 0 ]; then chown postgres: "$1"; fi
    chmod 700 "$1"
}

_pg_create() {
    local name=$1 base=$SUITE_STATE/$1/pg made=$SUITE_STATE/$1/pg.tmp
    mkdir -p "$SUITE_STATE/$name"
    if [ "$name" = test ] && _has_memory; then made=$MEMORY_DIR/pg; fi
    rm -rf "$base" "$made"
    _pg_own "$made"
    _as_pg "$PG_BIN/initdb" -D "$made" -U odoo --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync
    {
        echo "listen_addresses = ''"
        echo "max_connections = 200"
        echo "shared_buffers = 256MB"
        echo "max_wal_size = 2GB"
        echo "jit = off"
        if [ "$name" = test ]; then
            # Throw-away data: nothing here outlives a power cut anyway.
            printf '%s = off\n' fsync synchronous_commit full_page_writes
            printf '%s\n' "wal_level = minimal" "max_wal_senders = 0" "max_wal_size = 512MB"
            # Tests roll back: statistics taken between two of them see empty tables of
            # many pages, and the next test's queries get plans that take seconds.
            echo "autovacuum = off"
        fi
    } >>"$made/postgresql.conf"
    if [ "$made" = "$MEMORY_DIR/pg" ]; then ln -s "$made" "$base"; else mv "$made" "$base"; fi
}

pg_running() { _as_pg "$PG_BIN/pg_ctl" -D "$SUITE_STATE/$1/pg" status >/dev/null 2>&1; }

# pg_start NAME: a running cluster, and PGHOST, PGPORT, PGUSER set for it.
pg_start() {
    local name=$1 base=$SUITE_STATE/$1/pg socket
    socket=$(pg_socket_dir "$name")
    mkdir -p "$SUITE_STATE"
    exec 9>"$SUITE_STATE/.lock"
    flock 9
    [ -f "$base/PG_VERSION" ] || quiet "Creating a PostgreSQL cluster" _pg_create "$name"
    if [ "$(cat "$base/PG_VERSION")" != "$(_pg_major)" ]; then
        die "$base was made by PostgreSQL $(cat "$base/PG_VERSION"), this is $(_pg_major); run ./setup/clean.sh and start again."
    fi
    _pg_own "$socket"
    if ! pg_running "$name"; then
        quiet "Starting PostgreSQL" _as_pg "$PG_BIN/pg_ctl" -D "$base" -w -t 60 -s \
            -l "$base/server.log" -o "-k '$socket' -p 5432" start
    fi
    exec 9>&-
    export PGHOST=$socket PGPORT=5432 PGUSER=odoo PGDATABASE=postgres
    unset PGPASSWORD PGSERVICE
    PATH=$PG_BIN:$PATH
    export PATH
}

_pg_major() { "$PG_BIN/postgres" --version | sed -E 's/.* ([0-9]+)[.a-z].*/\1/'; }

pg_stop() {
    [ -f "$SUITE_STATE/$1/pg/PG_VERSION" ] && pg_running "$1" || return 0
    _as_pg "$PG_BIN/pg_ctl" -D "$SUITE_STATE/$1/pg" -w -s -m fast stop || true
}

db_exists() { [ "$(psql -qAtc "SELECT 1 FROM pg_database WHERE datname = '$1'")" = 1 ]; }

# From a bare machine to everything a script needs. Sourced; the other files come with it.
# shellcheck shell=bash

_LIB=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# shellcheck source=setup/lib/common.sh
. "$_LIB/common.sh"
# shellcheck source=setup/lib/memory.sh
. "$_LIB/memory.sh"
# shellcheck source=setup/lib/prereq.sh
. "$_LIB/prereq.sh"
# shellcheck source=setup/lib/odoo.sh
. "$_LIB/odoo.sh"
# shellcheck source=setup/lib/node.sh
. "$_LIB/node.sh"
# shellcheck source=setup/lib/postgres.sh
. "$_LIB/postgres.sh"

# bootstrap demo|test: afterwards Odoo, its Python and the cluster of that name are there.
bootstrap() {
    need_basics
    if [ "$1" = test ]; then need_browser; fi
    lock_cache
    ensure_odoo
    if [ "$1" = test ]; then
        ensure_python tests
        ensure_addons oca
        ensure_linters
    else
        ensure_python
    fi
    unlock_cache
    odoo_env
    if [ "$1" = test ]; then
        use_browser
        use_memory
    fi
    pg_start "$1"
}

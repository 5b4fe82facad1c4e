# What the machine itself must have. As root on a Debian-like machine we install it;
# otherwise one sentence says what is missing. Sourced after common.sh.
# shellcheck shell=bash

MIN_PYTHON="3.10"

_apt_ready=
_apt_install() {
    if [ -z "$_apt_ready" ]; then
        quiet "Reading the list of Debian packages" apt-get update -q
        _apt_ready=1
    fi
    # policy-rc.d keeps a service (PostgreSQL's own cluster) from being started by its
    # installation: the machine's owner did not ask for one.
    quiet "Installing $*" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
        apt-get install -qy --no-install-recommends "$@"
}

# need WHAT TEST PACKAGE...: when TEST fails, install the packages or stop.
need() {
    local what=$1 test=$2
    shift 2
    if eval "$test"; then return 0; fi
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        _apt_install "$@"
        eval "$test" && return 0
    fi
    die "$what is missing; install it with: sudo apt-get install $*"
}

# The distribution's own first: it is compiled with profiles, where one that pyenv compiled
# is usually not, and takes a fifth longer for everything.
_find_python() {
    local candidate
    for candidate in /usr/bin/python3 python3 python3.13 python3.12 python3.11 python3.10; do
        command -v "$candidate" >/dev/null || continue
        "$candidate" -c "import sys; sys.exit(sys.version_info < tuple(map(int, '$MIN_PYTHON'.split('.'))))" \
            2>/dev/null || continue
        command -v "$candidate"
        return 0
    done
    return 1
}

_find_pg_bin() {
    local folder
    # The newest of Debian's versions, which live side by side outside PATH.
    folder=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -t/ -k5 -rV | head -n 1)
    if [ -x "$folder/initdb" ]; then
        echo "$folder"
        return 0
    fi
    folder=$(command -v initdb) || return 1
    dirname "$(readlink -f "$folder")"
}

need_basics() {
    need "Python $MIN_PYTHON or newer" '_find_python >/dev/null' python3 python3-venv
    PYTHON=$(_find_python)
    # shellcheck disable=SC2016  # evaluated by need, when PYTHON is known
    need "Python's venv module" '"$PYTHON" -c "import ensurepip, venv" 2>/dev/null' python3-venv
    need "The PostgreSQL server" '_find_pg_bin >/dev/null' postgresql
    PG_BIN=$(_find_pg_bin)
    need "wkhtmltopdf (it draws the PDF files)" 'command -v wkhtmltopdf >/dev/null' wkhtmltopdf
    export PYTHON PG_BIN
}

# Chromium without its window takes a third of the processor; Debian packs it by itself.
need_browser() {
    if [ "$(. /etc/os-release 2>/dev/null; echo "${ID:-}")" = debian ]; then
        need "Chromium (browser tests)" \
            'command -v chromium-headless-shell >/dev/null' chromium-headless-shell
    else
        need "Chromium (browser tests)" \
            'command -v chromium >/dev/null || command -v google-chrome >/dev/null' chromium
    fi
    need "pdftotext (tests read PDF files)" 'command -v pdftotext >/dev/null' poppler-utils
}

need_node() {
    need "Node.js (prettier and eslint)" 'command -v node >/dev/null && command -v npm >/dev/null' \
        nodejs npm
}

# Odoo's tests start a program of the name chromium.
use_browser() {
    local browser folder=$SUITE_CACHE/browser
    browser=$(command -v chromium-headless-shell) || return 0
    mkdir -p "$folder"
    ln -sfn "$browser" "$folder/chromium"
    PATH=$folder:$PATH
}

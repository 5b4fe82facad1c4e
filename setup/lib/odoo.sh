# Odoo 19 and its Python. Sourced after common.sh and prereq.sh.
#
# Odoo comes from the Debian package odoo-19, which we download and unpack but never
# install: installing it on a stable release would replace the machine's Python.
# shellcheck shell=bash

# The package holds relative links into these; they are unpacked into the same tree.
ODOO_SID_PACKAGES=(odoo-19 fonts-montserrat)
ODOO_STABLE_PACKAGES=(
    libjs-jquery libjs-jquery-form libjs-underscore fonts-font-awesome fonts-inconsolata
    fonts-glyphicons-halflings fonts-roboto-unhinted fonts-ocr-b
)
# Raise when what is done to the unpacked tree changes.
ODOO_TREE_VERSION=1

# apt-get with lists, cache and sources of our own: neither needs nor touches root's.
_apt_own() {
    local release=$1
    shift
    apt-get -q \
        -o Dir::Etc::sourcelist="$SUITE_CACHE/apt/$release.list" -o Dir::Etc::sourceparts=- \
        -o Dir::State::lists="$SUITE_CACHE/apt/lists-$release" -o Dir::Cache="$SUITE_CACHE/apt/cache-$release" \
        -o APT::Get::List-Cleanup=0 -o APT::Sandbox::User="$(id -un)" "$@"
}

# The machine's own mirror, with the suite replaced: no address is written down here.
_apt_source_list() {
    local release=$1 mirror keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    # On a machine of another make (Ubuntu), the user names a Debian mirror.
    mirror=${SUITE_DEBIAN_MIRROR:-}
    # shellcheck disable=SC2016  # apt's own placeholders
    [ -n "$mirror" ] || mirror=$(apt-get indextargets --format '$(REPO_URI) $(ORIGIN) $(COMPONENT)' 'Created-By: Packages' |
        awk '$2 == "Debian" && $3 == "main" && $1 !~ /security/ {print $1; exit}')
    [ -n "$mirror" ] || die "this machine has no Debian package source; set SUITE_DEBIAN_MIRROR to the address of a Debian mirror, or ODOO_ROOT to the folder that holds the 'odoo' package of your Odoo 19."
    [ -r "$keyring" ] || die "$keyring is missing; install it with: sudo apt-get install debian-archive-keyring"
    mkdir -p "$SUITE_CACHE/apt/lists-$release/partial" "$SUITE_CACHE/apt/cache-$release/archives/partial"
    echo "deb [signed-by=$keyring] $mirror $release main" >"$SUITE_CACHE/apt/$release.list"
}

_download_debs() {
    local release=$1
    shift
    _apt_source_list "$release"
    _apt_own "$release" update
    (cd "$SUITE_CACHE/debs.tmp" && _apt_own "$release" download "$@")
}

_stable_name() { (. /etc/os-release && [ "${ID:-}" = debian ] && echo "${VERSION_CODENAME:-stable}") || echo stable; }

_unpack_odoo() {
    local tree=$SUITE_CACHE/odoo.tmp deb dangling stub
    rm -rf "$tree"
    mkdir -p "$tree"
    for deb in "$SUITE_CACHE"/debs.tmp/*.deb; do dpkg -x "$deb" "$tree"; done
    dangling=$(find "$tree" -xtype l | head -n 3)
    [ -z "$dangling" ] || { echo "links into nothing: $dangling"; return 1; }
    # Debian strips this file, and every page of the web client then logs an error in the
    # browser's console (which fails browser tests). It only serves to blur video.
    stub=$tree/usr/lib/python3/dist-packages/odoo/addons/mail/static/lib/selfie_segmentation
    if [ ! -e "$stub/selfie_segmentation.js" ]; then
        mkdir -p "$stub"
        echo "/* Left out by Debian; only needed to blur the background of video calls. */" \
            >"$stub/selfie_segmentation.js"
    fi
    echo "$ODOO_TREE_VERSION" >"$tree/.complete"
    rm -rf "$SUITE_CACHE/odoo"
    mv "$tree" "$SUITE_CACHE/odoo"
}

_fetch_odoo() {
    rm -rf "$SUITE_CACHE/debs.tmp"
    mkdir -p "$SUITE_CACHE/debs.tmp"
    quiet "Downloading Odoo 19 (125 MB)" _download_debs sid "${ODOO_SID_PACKAGES[@]}"
    quiet "Downloading what Odoo's pages link to" _download_debs "$(_stable_name)" "${ODOO_STABLE_PACKAGES[@]}"
    quiet "Unpacking Odoo 19 (1.2 GB)" _unpack_odoo
    rm -rf "$SUITE_CACHE/debs.tmp"
}

# Sets ODOO_PATH, the folder that holds the `odoo` package.
ensure_odoo() {
    if [ -n "${ODOO_ROOT:-}" ]; then
        ODOO_PATH=$(cd "$ODOO_ROOT" 2>/dev/null && pwd -P) || die "ODOO_ROOT=$ODOO_ROOT is not a folder."
        [ -f "$ODOO_PATH/odoo/release.py" ] ||
            die "ODOO_ROOT=$ODOO_ROOT does not hold the 'odoo' package (no odoo/release.py in it)."
        grep -Eq '^version_info *= *\(19, *0,' "$ODOO_PATH/odoo/release.py" ||
            die "ODOO_ROOT=$ODOO_ROOT is not Odoo 19.0."
    else
        ODOO_PATH=$SUITE_CACHE/odoo/usr/lib/python3/dist-packages
        if [ "$(cat "$SUITE_CACHE/odoo/.complete" 2>/dev/null)" != "$ODOO_TREE_VERSION" ]; then
            if ! command -v dpkg >/dev/null || ! command -v apt-get >/dev/null; then
                die "this machine has no apt-get to fetch Odoo 19 with; set ODOO_ROOT to the folder that holds its 'odoo' package."
            fi
            _fetch_odoo
        fi
    fi
    export ODOO_PATH
}

_which_python() { "$1" -c "import sys; print(sys.base_prefix, sys.version)" 2>/dev/null; }

_fill_venv() {
    local folder=$1
    shift
    if [ ! -x "$folder/bin/pip" ] ||
        [ "$(_which_python "$folder/bin/python")" != "$(_which_python "$PYTHON")" ]; then
        rm -rf "$folder"
        "$PYTHON" -m venv "$folder"
    fi
    "$folder/bin/pip" install -q --disable-pip-version-check --no-input "$@"
}

# ensure_venv FOLDER TITLE REQUIREMENTS...: a virtual environment that holds exactly these
# files' pins. A stamp is written last, so that an interrupted run is done again.
ensure_venv() {
    local folder=$1 title=$2 stamp file wanted args=()
    shift 2
    stamp=$folder/.$(basename "$1" .txt)
    wanted="$(_which_python "$PYTHON") $(cat "$@" | cksum)"
    [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && return 0
    for file in "$@"; do args+=(-r "$file"); done
    quiet "$title" _fill_venv "$folder" "${args[@]}"
    echo "$wanted" >"$stamp"
}

_fetch_addons() {
    local folder=$SUITE_CACHE/$1 list=$SUITE_ROOT/setup/requirements-$1.txt
    rm -rf "$folder.tmp"
    "$SUITE_PYTHON" -m pip install -q --disable-pip-version-check --no-input --no-deps \
        --no-compile --target "$folder.tmp" -r "$list"
    cksum <"$list" >"$folder.tmp/.complete"
    rm -rf "$folder"
    mv "$folder.tmp" "$folder"
}

# ensure_addons NAME: the add-ons of setup/requirements-NAME.txt, in a folder of that name
# in the cache.
ensure_addons() {
    local wanted
    wanted=$(cksum <"$SUITE_ROOT/setup/requirements-$1.txt")
    [ "$(cat "$SUITE_CACHE/$1/.complete" 2>/dev/null)" = "$wanted" ] ||
        quiet "Downloading OCA's add-ons" _fetch_addons "$1"
}

# Sets SUITE_PYTHON, which runs our own scripts, and ODOO_PYTHON, which runs Odoo: the
# same one, unless the user has an interpreter of his own for his Odoo.
ensure_python() {
    local venv=$SUITE_CACHE/venv
    ensure_venv "$venv" "Installing Odoo's Python packages" "$SUITE_ROOT/setup/requirements.txt"
    if [ "${1:-}" = tests ]; then
        ensure_venv "$venv" "Installing the tests' Python packages" \
            "$SUITE_ROOT/setup/requirements-dev.txt" "$SUITE_ROOT/setup/requirements.txt"
    fi
    SUITE_PYTHON=$venv/bin/python
    ODOO_PYTHON=$(command -v "${ODOO_PYTHON:-$SUITE_PYTHON}") ||
        die "ODOO_PYTHON=$ODOO_PYTHON is not a program."
    PATH=$venv/bin:$PATH
    export SUITE_PYTHON ODOO_PYTHON PATH
    ensure_pdf_engine
}

# The PDF engine with patched Qt goes first on PATH, where it runs and the machine's own
# is the lesser one. Elsewhere Debian's stays: pages without header and footer.
ensure_pdf_engine() {
    local folder=$SUITE_CACHE/venv/bin
    if wkhtmltopdf --version 2>/dev/null | grep -q "with patched qt"; then return 0; fi
    if "$folder/wkhtmltopdf-pack" --version 2>/dev/null | grep -q "with patched qt"; then
        ln -sf wkhtmltopdf-pack "$folder/wkhtmltopdf"
        hash -r
    fi
}

# PYTHONPATH must not hide packages of an Odoo that brings its own.
odoo_env() {
    export PYTHONPATH=$ODOO_PATH${PYTHONPATH:+:$PYTHONPATH}
}

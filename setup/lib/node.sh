# prettier, eslint and dclint in the cache. Sourced after prereq.sh.
# shellcheck shell=bash

_npm_install() {
    # A clean folder under another name: an interrupted npm leaves half a tree.
    rm -rf "$SUITE_CACHE/node.tmp"
    mkdir -p "$SUITE_CACHE/node.tmp"
    cp "$SUITE_ROOT"/setup/node/package*.json "$SUITE_CACHE/node.tmp/"
    (cd "$SUITE_CACHE/node.tmp" && npm ci --ignore-scripts --no-audit --no-fund)
    rm -rf "$SUITE_CACHE/node"
    mv "$SUITE_CACHE/node.tmp" "$SUITE_CACHE/node"
}

# Sets NODE_TOOLS (a node_modules folder) and LINT_BIN (Python linters).
ensure_linters() {
    local lock=$SUITE_ROOT/setup/node/package-lock.json
    need_node
    if ! cmp -s "$lock" "$SUITE_CACHE/node/package-lock.json"; then
        quiet "Installing prettier and eslint" _npm_install
    fi
    ensure_venv "$SUITE_CACHE/lint" "Installing the Python linters" "$SUITE_ROOT/setup/requirements-lint.txt"
    export NODE_TOOLS=$SUITE_CACHE/node/node_modules LINT_BIN=$SUITE_CACHE/lint/bin
}

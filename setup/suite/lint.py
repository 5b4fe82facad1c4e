"""All linters. `python -m suite.lint [--fix] [name ...]`, called by setup/lint.sh."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from . import limits

ROOT = Path(os.environ.get("SUITE_ROOT", Path(__file__).resolve().parents[2]))
PRETTIER_SUFFIXES = {".js", ".json", ".scss", ".xml", ".yaml", ".yml"}


@dataclass
class Outcome:
    name: str
    output: str
    failed: bool
    seconds: float


def project_files():
    """Files of the project: those git knows or would know, and that still exist."""
    done = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-co", "--exclude-standard", "-z"],
        capture_output=True,
        check=False,
    )
    if done.returncode:
        names = [
            str(p.relative_to(ROOT)) for p in ROOT.rglob("*") if ".git" not in p.parts
        ]
    else:
        names = [name for name in done.stdout.decode().split("\0") if name]
    return sorted(ROOT / name for name in names if (ROOT / name).is_file())


def _tool(name):
    return str(Path(os.environ["LINT_BIN"]) / name)


def _node(package, script, *options):
    return ["node", str(Path(os.environ["NODE_TOOLS"]) / package / script), *options]


def _run(command):
    env = dict(os.environ, NODE_PATH=os.environ["NODE_TOOLS"])
    env.pop("PYTHONPATH", None)
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode != 0, done.stdout


def _addons():
    return [str(p.parent) for p in sorted((ROOT / "addons").glob("*/__manifest__.py"))]


def ruff(_files, fix):
    return _run(
        [
            _tool("ruff"),
            "check",
            "--no-cache",
            "--output-format=concise",
            *(["--fix"] if fix else []),
            ".",
        ]
    )


def ruff_format(_files, fix):
    return _run(
        [_tool("ruff"), "format", "--no-cache", *([] if fix else ["--diff"]), "."]
    )


def pylint_odoo(_files, _fix):
    if not _addons():
        return False, ""
    return _run([_tool("pylint"), "--rcfile=.pylintrc-mandatory", *_addons()])


def oca_hooks(_files, fix):
    if not _addons():
        return False, ""
    options = ["--fix"] if fix else []
    return _run([_tool("oca-checks-odoo-module"), *options, *_addons()])


def oca_po(files, _fix):
    names = [str(path) for path in files if path.suffix in {".po", ".pot"}]
    # "pretty" empties a translation that equals its source ("Total"); with us an empty
    # one is one that nobody has looked at.
    tool = [_tool("oca-checks-po"), "--disable=po-pretty-format"]
    return _run([*tool, *names]) if names else (False, "")


def prettier(files, fix):
    names = [
        str(path.relative_to(ROOT))
        for path in files
        if path.suffix in PRETTIER_SUFFIXES
    ]
    plugin = Path(os.environ["NODE_TOOLS"]) / "@prettier/plugin-xml/src/plugin.js"
    mode = "--write" if fix else "--check"
    options = ["--log-level=warn", f"--plugin={plugin}", mode, *names]
    return _run(_node("prettier", "bin/prettier.cjs", *options))


def eslint(files, fix):
    names = [str(p) for p in files if p.suffix == ".js" and "addons" in p.parts]
    if not names:
        return False, ""
    options = ["--max-warnings=0", "--no-warn-ignored", *(["--fix"] if fix else [])]
    return _run(_node("eslint", "bin/eslint.js", *options, *names))


def _is_shell_script(path):
    if path.suffix or path.parent.name == ".ci":
        return path.suffix == ".sh" or path.parent.name == ".ci"
    return path.read_bytes()[:20].startswith((b"#!/bin/sh", b"#!/usr/bin/env bash"))


def _shell_scripts(files):
    return [str(path.relative_to(ROOT)) for path in files if _is_shell_script(path)]


def shell_syntax(files, _fix):
    found = [_run(["bash", "-n", name]) for name in _shell_scripts(files)]
    return any(bad for bad, _text in found), "".join(text for _bad, text in found)


def shellcheck(files, _fix):
    return _run([_tool("shellcheck"), "-x", *_shell_scripts(files)])


def size_limits(files, _fix):
    found = list(limits.too_long(ROOT, files))
    return bool(found), "\n".join(found)


def private_names(files, _fix):
    """No address of a package mirror in the repository: each machine has its own."""
    done = subprocess.run(
        ["pip", "config", "get", "global.index-url"],
        capture_output=True,
        text=True,
        check=False,
    )
    host = done.stdout.strip().split("//")[-1].split("/")[0].split("@")[-1]
    if not host or host.endswith("pypi.org"):
        return False, ""
    found = [p for p in files if host.encode() in p.read_bytes()]
    return bool(found), "\n".join(f"{path} names a package host" for path in found)


CHECKS = {
    "ruff": ruff,
    "ruff-format": ruff_format,
    "pylint-odoo": pylint_odoo,
    "oca-hooks": oca_hooks,
    "oca-po": oca_po,
    "prettier": prettier,
    "eslint": eslint,
    "shell-syntax": shell_syntax,
    "shellcheck": shellcheck,
    "size-limits": size_limits,
    "package-hosts": private_names,
}


def run_checks(names=None, fix=False):
    files = project_files()
    for name, check in CHECKS.items():
        if names and name not in names:
            continue
        started = time.monotonic()
        failed, output = check(files, fix)
        yield Outcome(name, output.strip(), failed, time.monotonic() - started)


def main(arguments):
    fix = "--fix" in arguments
    names = [argument for argument in arguments if argument != "--fix"]
    unknown = set(names) - set(CHECKS)
    if unknown:
        sys.exit(f"unknown check {', '.join(unknown)}; there are: {', '.join(CHECKS)}")
    failed = 0
    for outcome in run_checks(names, fix):
        failed += outcome.failed
        word = "FAILED" if outcome.failed else "ok"
        print(f"{outcome.name:14} {word:6} {outcome.seconds:5.1f} s", flush=True)
        if outcome.failed:
            print(outcome.output)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main(sys.argv[1:])

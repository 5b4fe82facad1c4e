"""Databases of the test cluster: templates that are built once, and cheap copies.

core_<hash>     Odoo with everything our add-ons depend on, made from a smaller one
suite_<hash>    a copy of it with our add-ons installed
                (both also for one add-on that is tested without the others, and for
                one that stands apart)
anything else   a copy of suite_<hash>, thrown away after use
"""

import ast
import hashlib
import itertools
import os
import shutil
import subprocess
import threading
from collections import defaultdict

from . import odoo_log, process, scripts

# Raise to have every template built anew.
TEMPLATE_VERSION = 1
# Add-ons without a purpose of their own: others of ours build on them.
FOUNDATION = {"uninstall_export"}
#: Add-ons that people install to run the others in another way: what the others do is
#: tested without them. They need add-ons of OCA (see Settings.with_oca) and have a
#: template of their own, made from that of the add-ons of ours that they need.
APART = ("recurring_billing_queue_job",)
_counter = itertools.count(1)
# Of two threads that need the same template, one builds it.
_building = defaultdict(threading.Lock)


class BuildError(Exception):
    """A template could not be built cleanly; the message says why."""


def psql(sql, database="postgres"):
    """Run SQL, return the answer as a list of lists of text."""
    done = subprocess.run(
        [
            "psql",
            "-XqAt",
            "-F",
            "\x1f",
            "-v",
            "ON_ERROR_STOP=1",
            "-d",
            database,
            "-c",
            sql,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"psql: {done.stderr.strip()}")
    return [line.split("\x1f") for line in done.stdout.splitlines()]


def exists(name):
    return bool(psql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"))


def drop(settings, name):
    psql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    shutil.rmtree(settings.data_dir / "filestore" / name, ignore_errors=True)


def copy(settings, source, target):
    """Copy a database and its filestore. The files are never changed in place by Odoo,
    so hard links are as good as copies."""
    psql(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
    # Our add-ons would take a copy in which tasks run for one of somebody's production.
    psql(
        "UPDATE ir_config_parameter home SET value ="
        " uuid.value || '/' || cluster.system_identifier || '/' || own.oid"
        " FROM ir_config_parameter uuid, pg_control_system() cluster, pg_database own"
        " WHERE home.key = 'recurring_billing.home' AND uuid.key = 'database.uuid'"
        " AND own.datname = current_database()",
        target,
    )
    filestore = settings.data_dir / "filestore"
    if (filestore / source).is_dir():
        shutil.rmtree(filestore / target, ignore_errors=True)
        shutil.copytree(filestore / source, filestore / target, copy_function=os.link)


def rename(settings, source, target):
    psql(f'ALTER DATABASE "{source}" RENAME TO "{target}"')
    store = settings.data_dir / "filestore"
    shutil.rmtree(store / target, ignore_errors=True)
    if (store / source).is_dir():
        (store / source).rename(store / target)


def set_param(name, key, value):
    """A system parameter; only before a server runs, which keeps them in memory."""
    key, value = (text.replace("'", "''") for text in (key, value))
    psql(
        f"INSERT INTO ir_config_parameter (key, value) VALUES ('{key}', '{value}')"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        name,
    )


def scratch_name(label):
    """A name that no other run on this cluster uses."""
    return f"t_{label}_{os.getpid()}_{next(_counter)}"


def our_addons(settings):
    """Add-ons that are installed together, so without those that stand apart."""
    names = {path.parent.name for path in settings.addons.glob("*/__manifest__.py")}
    return sorted(names - set(APART))


def manifest(settings, addon):
    return ast.literal_eval((settings.addons / addon / "__manifest__.py").read_text())


def needed(settings, addons=None):
    """These add-ons and those of ours that they depend on; all of ours for None."""
    ours = set(our_addons(settings))
    found, queue = set(), list(ours if addons is None else addons)
    while queue:
        addon = queue.pop()
        if addon not in found:
            found.add(addon)
            queue += ours & set(manifest(settings, addon)["depends"])
    return sorted(found)


def standing_alone(settings):
    """Add-ons that need no other of ours but the foundation, which is tested with them;
    those that do run with all of them."""
    return [
        addon
        for addon in our_addons(settings)
        if set(needed(settings, [addon])) - FOUNDATION == {addon}
    ]


def dependencies(settings, addons=None):
    """The core add-ons that ours name, or these of ours."""
    chosen = needed(settings, addons)
    wanted = {name for addon in chosen for name in manifest(settings, addon)["depends"]}
    return sorted(wanted - set(chosen) | {"base"})


def _digest(*parts):
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:10]


def smaller_core(settings, wanted):
    """The most of these core add-ons that another template has as well, or nothing:
    what several of them need is installed once."""
    others = [dependencies(settings, [addon]) for addon in standing_alone(settings)]
    shared = set.intersection(*map(set, others)) if others else set()
    parts = [part for part in (*others, sorted(shared)) if set(part) < set(wanted)]
    return max(parts, key=len, default=[])


def core_template_name(settings, addons=None):
    return _core_name(settings, dependencies(settings, addons))


def _core_name(settings, wanted):
    return "core_" + _digest(
        TEMPLATE_VERSION,
        scripts.CORE,
        settings.odoo_version,
        settings.odoo_path,
        *wanted,
    )


def addons_digest(settings, addons=None):
    """Changes with whatever an installation reads; tests are read when they run."""
    parts, chosen = [], set(needed(settings, addons))
    for path in sorted(settings.addons.rglob("*")):
        relative = path.relative_to(settings.addons)
        hidden = {"tests", "__pycache__", "readme", "i18n"} & set(relative.parts)
        if path.suffix in {".pyc", ".md", ".rst"} or relative.parts[0] not in chosen:
            continue
        if path.is_file() and not hidden:
            parts.append(f"{relative} {hashlib.sha256(path.read_bytes()).hexdigest()}")
    core = core_template_name(settings, addons)
    return _digest(core, scripts.OURS, scripts.BUNDLES, *parts)


def suite_template_name(settings, addons=None):
    return "suite_" + addons_digest(settings, addons)


def ensure_core_template(settings, ignores, say=print, addons=None):
    return _ensure_core(settings, ignores, say, dependencies(settings, addons))


def _ensure_core(settings, ignores, say, wanted):
    """The database with these add-ons of Odoo, a list."""
    name = _core_name(settings, wanted)
    with _building[name]:
        if exists(name):
            return name
        smaller = smaller_core(settings, wanted)
        source = smaller and _ensure_core(settings, ignores, say, smaller)
        more = sorted(set(wanted) - set(smaller))
        say(f"Installing Odoo's own {', '.join(more)} ({name}), up to a minute ...")
        with process.progress(_build_log(settings, name), say):
            _build(settings, name, source, more, ignores, scripts.CORE)
    return name


def ensure_suite_template(settings, ignores, say=print, addons=None):
    """The database with all of our add-ons, or with these and what they need alone."""
    name = suite_template_name(settings, addons)
    if apart := set(addons or ()) & set(APART):
        return _ensure_apart_template(settings, ignores, say, name, apart)
    if not exists(name):
        core = ensure_core_template(settings, ignores, say, addons)
        say(f"Installing our add-ons ({name}) ...")
        _drop_stale(settings, "suite_", keep=9)
        # browser tests run where all of them are installed
        script = scripts.OURS if addons else scripts.OURS + scripts.BUNDLES
        _build(
            settings, name, core, needed(settings, addons), ignores, script, ours=True
        )
    return name


def _ensure_apart_template(settings, ignores, say, name, apart):
    if not exists(name):
        others = [addon for addon in needed(settings, apart) if addon not in apart]
        source = ensure_suite_template(settings, ignores, say, others)
        say(f"Installing {', '.join(sorted(apart))} ({name}) ...")
        settings = settings.with_oca()
        _build(settings, name, source, sorted(apart), ignores, scripts.OURS, ours=True)
    return name


def _build_log(settings, name):
    return settings.log_dir / f"{name}.log"


def _build(settings, name, source, addons, ignores, script, *, ours=False):
    """Built under another name and renamed: nobody takes half a template for one."""
    work = scratch_name("build")
    log = _build_log(settings, name)
    log.unlink(missing_ok=True)
    try:
        if source:
            copy(settings, source, work)
        code = 0
        if addons:
            options = ["-i", ",".join(addons), "--stop-after-init"]
            code = process.run_odoo(settings, work, *options, log=log, ours=ours)
        if not code:
            code = process.run_shell(settings, work, script, log=log)
        _check_build(log, code, ignores)
        # Somebody else may have built the same one meanwhile.
        if not exists(name):
            rename(settings, work, name)
    finally:
        drop(settings, work)


def _check_build(log, code, ignores):
    with log.open(errors="replace") as stream:
        report = odoo_log.read_log(stream, ignores)
    problems = [entry.short(2500) for entry in report.complaints]
    if code or problems:
        if not problems:
            problems = ["\n".join(log.read_text(errors="replace").splitlines()[-30:])]
        raise BuildError(
            f"installing ended with exit code {code}, log {log}:\n"
            + "\n".join(problems)
        )


def _drop_stale(settings, prefix, keep):
    """The newest templates stay: branches change, and several runs may be going on."""
    rows = psql(
        "SELECT datname FROM pg_database WHERE datname LIKE '"
        + prefix.replace("_", r"\_")
        + "%' ORDER BY oid DESC"
    )
    for (name,) in rows[keep - 1 :]:
        drop(settings, name)


def drop_scratch(settings):
    """Remove what runs that were killed left behind: names hold the process number."""
    for (name,) in psql(r"SELECT datname FROM pg_database WHERE datname LIKE 't\_%'"):
        pid = name.rsplit("_", 2)[-2]
        if pid.isdigit() and not os.path.exists(f"/proc/{pid}"):
            drop(settings, name)

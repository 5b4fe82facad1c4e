"""What was measured, on what: machine, versions, settings."""

import os
import platform
import subprocess
import time

from suite import databases

POSTGRES_SETTINGS = ("fsync", "synchronous_commit", "full_page_writes")


def get_conditions(stage):
    """Facts for the head of the page; the base database must exist."""
    base = stage.ensure_base()
    (modules,) = databases.psql(
        "SELECT count(*) FROM ir_module_module WHERE state = 'installed'", base
    )
    return {
        "date": time.strftime("%Y-%m-%d"),
        "commit": _git(stage, "rev-parse", "--short", "HEAD")
        + ("+" if _git(stage, "status", "--porcelain", "--", "addons") else ""),
        "processor": _get_processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(
            os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
        ),
        "python": platform.python_version(),
        "odoo": stage.get_odoo_version(),
        "addons": databases.addons_digest(stage.settings),
        "modules": int(modules[0]),
        "postgresql": _show("server_version"),
        "postgresql_settings": {name: _show(name) for name in POSTGRES_SETTINGS},
        "peers": stage.get_peer_versions(),
    }


def _show(name):
    return databases.psql(f"SHOW {name}")[0][0]


def _git(stage, *arguments):
    done = subprocess.run(
        ["git", "-C", str(stage.settings.root), *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip()


def _get_processor():
    with open("/proc/cpuinfo") as lines:
        for line in lines:
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.machine()

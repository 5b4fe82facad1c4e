"""What was measured, on what: machine, versions, settings."""

import os
import platform
import time

from suite import databases, machine

POSTGRES_SETTINGS = ("fsync", "synchronous_commit", "full_page_writes")


def get_conditions(stage):
    """Facts for the head of the page; the base database must exist."""
    base, root = stage.ensure_base(), stage.settings.root
    (modules,) = databases.psql(
        "SELECT count(*) FROM ir_module_module WHERE state = 'installed'", base
    )
    return {
        "date": time.strftime("%Y-%m-%d"),
        "commit": machine.git(root, "rev-parse", "--short", "HEAD")
        + ("+" if machine.git(root, "status", "--porcelain", "--", "addons") else ""),
        "processor": machine.get_processor(),
        "cores": os.cpu_count(),
        "memory_gib": machine.get_memory_gib(),
        "python": platform.python_version(),
        "odoo": stage.get_odoo_version(),
        "addons": databases.addons_digest(stage.settings),
        "modules": int(modules[0]),
        "postgresql": _show("server_version"),
        "postgresql_settings": _get_settings(),
        "peers": stage.get_peer_versions(),
    }


def _get_settings():
    settings = {name: _show(name) for name in POSTGRES_SETTINGS}
    folder = os.path.realpath(_show("data_directory"))
    if folder.startswith("/dev/shm/"):  # see setup/lib/memory.sh
        settings["data"] = "in memory"
    return settings


def _show(name):
    return databases.psql(f"SHOW {name}")[0][0]

"""What a piece of work costs this process, its children and its database backends."""

import os
import resource
import time

from odoo import sql_db

from .backends import get_all_seconds, get_cpu_seconds


class Meter:
    """Context manager; `per_document(n)` tells the figures afterwards.

    Wall time depends on what else the machine does, CPU time much less: compare that.

    :param helpers: numbers of other processes whose CPU time belongs to the work
    """

    def __init__(self, helpers=()):
        self.helpers = helpers

    def _read(self):
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        return {
            "wall": time.perf_counter(),
            "odoo": time.process_time(),
            "children": children.ru_utime + children.ru_stime,
            "postgres": get_all_seconds(),
            "helpers": sum(get_cpu_seconds(pid) for pid in self.helpers),
            "sql": sql_db.sql_counter,
        }

    def __enter__(self):
        self.load = os.getloadavg()[0]
        self._before = self._read()
        return self

    def __exit__(self, *_error):
        after = self._read()
        self.used = {name: after[name] - self._before[name] for name in after}
        self.rss_mib = _get_peak_mib()

    def per_document(self, n):
        """Milliseconds and statements per document; peak memory of this process."""
        used = self.used
        cpu = sum(used[name] for name in ("odoo", "children", "postgres", "helpers"))
        return {
            "wall_s": round(used["wall"], 2),
            "wall_ms": round(1000 * used["wall"] / n, 2),
            "cpu_ms": round(1000 * cpu / n, 2),
            "odoo_cpu_ms": round(1000 * used["odoo"] / n, 2),
            "postgres_cpu_ms": round(1000 * used["postgres"] / n, 2),
            "children_cpu_ms": round(1000 * used["children"] / n, 2),
            "sql": round(used["sql"] / n, 2),
            "rss_mib": round(self.rss_mib),
            "load": round(self.load, 2),
        }


def _get_peak_mib():
    """Peak memory of this program alone: getrusage would count in the size that the
    parent process had when it started this one."""
    with open("/proc/self/status") as lines:
        for line in lines:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    raise RuntimeError("this kernel does not tell the peak memory (VmHWM)")

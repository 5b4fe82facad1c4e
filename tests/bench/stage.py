"""The databases of the benchmark, and processes that do one step in one of them."""

import hashlib
import json
import os
import re
import subprocess
from contextlib import contextmanager
from pathlib import Path

from suite import databases, process, scripts

from . import figures, inside

#: Customers in the base database, enough for every size.
CUSTOMERS = 10_000
#: The add-on that is measured: what others of ours need is not installed.
MEASURED = ["recurring_billing"]
# Parallel workers are processes of their own, whose time nobody would count.
PG_OPTIONS = "-c max_parallel_workers_per_gather=0"


class Stage:
    """Hands out databases that differ only in the add-ons of their contender."""

    def __init__(self, settings, ignores, peers, say=print, measured=MEASURED):
        self.settings = settings
        self.measured = list(measured)
        self.ignores = ignores
        self.peers = Path(peers)
        self.say = say
        self._templates = {}

    # === DATABASES === #

    @property
    def addons_path(self):
        return f"{self.settings.addons_path()},{self.peers}"

    @property
    def base_name(self):
        """Depends on Odoo, on the core add-ons that ours need, and on the fixture."""
        core = databases.core_template_name(self.settings, self.measured)
        source = Path(inside.__file__).with_name("fixture.py").read_text()
        return "bench_" + _digest(core, source, figures.PRICES, CUSTOMERS)

    def ensure_base(self):
        name = self.base_name
        if not databases.exists(name):
            core = databases.ensure_core_template(
                self.settings, self.ignores, self.say, self.measured
            )
            self.say(f"Making {CUSTOMERS:,} customers ({name}) ...")
            with self._building(core, name) as work:
                self.do("fixture", work, customers=CUSTOMERS)
        return name

    def get_template_name(self, modules):
        ours = databases.our_addons(self.settings)
        parts = [self.base_name, scripts.OURS, *modules]
        if set(modules) & set(ours):
            parts.append(databases.addons_digest(self.settings))
        else:
            parts += self.get_peer_versions()
        return f"bench_{modules[0]}_{_digest(*parts)}"

    def ensure_template(self, modules):
        """A database with the fixture and these add-ons; without any, the base."""
        if modules not in self._templates:
            base = self.ensure_base()
            self._templates[modules] = (
                self._ensure_with(base, modules) if modules else base
            )
        return self._templates[modules]

    def _ensure_with(self, base, modules):
        name = self.get_template_name(modules)
        if not databases.exists(name):
            self.say(f"Installing {', '.join(modules)} ({name}) ...")
            self._drop_older(f"bench_{modules[0]}_")
            with self._building(base, name) as work:
                self._install(work, modules)
        return name

    def _drop_older(self, prefix):
        for (name,) in databases.psql("SELECT datname FROM pg_database"):
            if name.startswith(prefix):
                databases.drop(self.settings, name)

    @contextmanager
    def _building(self, source, name):
        """Named only when it is whole: nobody takes half a template for one."""
        work = databases.scratch_name("benchbuild")
        databases.copy(self.settings, source, work)
        try:
            yield work
            databases.psql("VACUUM ANALYZE", work)
            databases.rename(self.settings, work, name)
        finally:
            databases.drop(self.settings, work)

    def _install(self, database, modules):
        log = self.settings.log_dir / f"bench-install-{modules[0]}.log"
        code = process.run_odoo(
            self.settings,
            database,
            f"--addons-path={self.addons_path}",
            "-i",
            ",".join(modules),
            "--stop-after-init",
            log=log,
        )
        # Style sheets of printed documents are compiled once, here.
        code = code or process.run_shell(
            self.settings,
            database,
            scripts.OURS,
            log=log,
            options=[f"--addons-path={self.addons_path}"],
        )
        if code:
            raise databases.BuildError(f"exit code {code}, see {log}")

    @contextmanager
    def database(self, template):
        """A copy of a template, thrown away after use."""
        name = databases.scratch_name("bench")
        databases.copy(self.settings, template, name)
        try:
            yield name
        finally:
            databases.drop(self.settings, name)

    def settle(self, database):
        """Statistics for the planner, and no dirty pages left over from the seeding."""
        databases.psql("VACUUM ANALYZE", database)
        databases.psql("CHECKPOINT")

    # === PROCESSES === #

    def do(self, step, database, *, env=None, first_on_path=None, **job):
        """Do one step of `bench.inside` in a process of its own; returns its answer.

        :param env: more environment variables
        :param first_on_path: folder whose programs are preferred
        """
        server = process.server_command(
            self.settings, database, "--no-http", "--log-level=warn", *_NO_LIMITS
        )
        options = server[len(self.settings.launcher) + 1 :]
        job |= {"step": step, "database": database}
        log = self.settings.log_dir / "bench.log"
        with log.open("ab") as stream:
            done = subprocess.run(
                [
                    self.settings.odoo_python,
                    "-m",
                    "bench.inside",
                    json.dumps(job),
                    *options,
                    f"--addons-path={self.addons_path}",
                ],
                env=self._get_environment(env or {}, first_on_path),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=stream,
                text=True,
                check=False,
            )
        if done.returncode:
            tail = log.read_text(errors="replace")[-3000:]
            raise RuntimeError(
                f"{step} ended with {done.returncode}, see {log}\n{tail}"
            )
        return json.loads(done.stdout.splitlines()[-1])

    def _get_environment(self, extra, first_on_path):
        env = process.odoo_environment(
            self.settings, {"PGOPTIONS": PG_OPTIONS, **extra}
        )
        env["PYTHONPATH"] += os.pathsep + str(self.settings.root / "tests")
        if first_on_path:
            env["PATH"] = f"{first_on_path}{os.pathsep}{env['PATH']}"
        return env

    # === WHAT IT IS === #

    def get_odoo_version(self):
        return ".".join(re.findall(r"\d+", self.settings.odoo_version)[:2])

    def get_peer_versions(self):
        """Sorted lines such as `odoo-addon-contract 19.0.1.2.1.2`."""
        folders = self.peers.parent.parent.glob("*.dist-info")
        names = (folder.name.removesuffix(".dist-info") for folder in folders)
        return sorted(name.replace("-", " ").replace("_", "-") for name in names)


_NO_LIMITS = (
    "--limit-time-real=0",
    "--limit-time-cpu=0",
    "--limit-memory-soft=0",
    "--limit-memory-hard=0",
    "--max-cron-threads=0",
)


def _digest(*parts):
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:10]

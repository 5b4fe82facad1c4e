"""A real Odoo server process on a database of the test."""

import os
import re
import signal
import subprocess
from contextlib import contextmanager, suppress
from pathlib import Path

from suite import odoo_log, process
from suite.rpc import Client

#: Starts Odoo on another day.
LATER = Path(__file__).with_name("later_odoo.py")


class OdooServer:
    """Started by `odoo_server`. `call` speaks as admin; `login` gives other users."""

    def __init__(self, db, options=(), env=None):
        self.db = db
        self.port = process.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = db.settings.log_dir / f"{db.name}.{self.port}.log"
        self._options = list(options)
        self._env = env
        self._admin = None
        self.process = None

    def launch(self):
        """Start the process; whoever needs the web server waits for it, see start."""
        command = self._get_command()
        with self.log.open("ab") as stream:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                env=process.odoo_environment(self.db.settings, self._env),
                start_new_session=True,
            )
        return self

    def _get_command(self):
        command = process.server_command(
            self.db.settings, self.db.name, *self._options, port=self.port
        )
        if "SUITE_DAYS_LATER" in (self._env or {}):
            command[len(self.db.settings.launcher) - 1] = str(LATER)
        return command

    def start(self):
        self.launch()
        try:
            process.wait_for_http(self.url, self.process)
        except BaseException as error:
            self.kill()
            error.add_note(self.log_text()[-4000:]) if hasattr(
                error, "add_note"
            ) else None
            raise
        return self

    @property
    def admin(self):
        if self._admin is None:
            self._admin = self.login("admin", "admin")
        return self._admin

    def login(self, login, password=None):
        return Client(self.url, self.db.name, login, password or login)

    def call(self, model, method, *args, **kwargs):
        return self.admin.call(model, method, *args, **kwargs)

    def run_cron(self, xmlid):
        """Run a scheduled action now, in a request of this server."""
        return self.call("ir.cron", "method_direct_trigger", [self.db.ref(xmlid)])

    @property
    def alive(self):
        return self.process is not None and self.process.poll() is None

    def stop(self, timeout=30):
        """As an administrator would; a second signal makes Odoo drop what it does."""
        if self.alive:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout)
            except subprocess.TimeoutExpired:
                self.kill()
        self._reap()

    def kill(self):
        """kill -9, the whole process group: nothing gets a chance to tidy up."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self._reap()

    def _reap(self):
        if self.process is not None:
            self.process.wait()
        self._admin = None

    def log_text(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def complaints(self, allow=()):
        """Warnings and errors of the log that nobody expects."""
        ignores = odoo_log.load_ignores(
            self.db.settings.root / "tests" / "log_ignore.toml"
        )
        with self.log.open(errors="replace") as stream:
            report = odoo_log.read_log(stream, ignores)
        return [
            entry.short(2000)
            for entry in report.complaints
            if not any(re.search(pattern, entry.short(20000)) for pattern in allow)
        ]


@contextmanager
def odoo_server(
    db, *, smtp=None, crons=0, workers=0, options=(), allow_log=(), env=None
):
    """A server on `db`, stopped at the end.

    crons: number of cron threads, 0 = scheduled actions run only when the test says so.
    allow_log: regular expressions of warnings that the test provokes; None = any.
    """
    arguments = [f"--max-cron-threads={crons}", f"--workers={workers}", *options]
    if smtp is not None:
        arguments += [f"--smtp={smtp.host}", f"--smtp-port={smtp.port}"]
    server = OdooServer(db, arguments, env)
    # PDF files fetch their style sheets from here.
    db.set_param("report.url", server.url)
    db.set_param("web.base.url", server.url)
    db.set_param("web.base.url.freeze", "True")
    server.start()
    try:
        yield server
    finally:
        server.stop()
    if allow_log is not None:
        found = server.complaints(allow_log)
        assert not found, "warnings in the server's log:\n" + "\n".join(found)

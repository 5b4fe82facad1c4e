"""`./setup/demo.sh`: a running Odoo with demo data, its main job just done."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from . import databases, odoo_log, process, scripts
from .demo_table import print_table
from .rpc import Client, RpcError
from .settings import Settings

DATABASE = "demo"
INTERFACE = os.environ.get("DEMO_INTERFACE", "127.0.0.1")
JOBS = (
    "recurring_billing.ir_cron_generate",
    "recurring_billing.ir_cron_send",
    "mail.ir_cron_mail_scheduler_action",
)
# States of a document.delivery in which its e-mail is still on the way.
ON_THE_WAY = ("queued", "sending")


def say(text):
    print(f"{time.strftime('%H:%M:%S')}  {text}", flush=True)


class Demo:
    """The demo's database and processes; all its files are under settings.state."""

    def __init__(self, settings):
        self.settings = settings
        self.run_dir = settings.state / "run"
        self.run_dir.mkdir(parents=True, exist_ok=True)
        self.ports = self._read("ports.json", {})

    def _read(self, name, default):
        try:
            return json.loads((self.run_dir / name).read_text())
        except (OSError, ValueError):
            return default

    def _write(self, name, value):
        (self.run_dir / name).write_text(json.dumps(value))

    def running(self, what, marker):
        """Process number in WHAT.pid when that process is alive and is ours."""
        try:
            number = int((self.run_dir / f"{what}.pid").read_text())
            command = Path(f"/proc/{number}/cmdline").read_bytes()
        except (OSError, ValueError):
            return None
        return number if marker.encode() in command else None

    def launch(self, what, command):
        """Start a process that outlives this script; returns its Popen."""
        log = self.settings.log_dir / f"{what}.log"
        with log.open("ab") as stream:
            started = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                env=process.odoo_environment(self.settings),
                start_new_session=True,
            )
        (self.run_dir / f"{what}.pid").write_text(f"{started.pid}\n")
        return started

    def choose_port(self, name, wanted):
        """The port of the last start when it is free, else the next one from WANTED."""
        last = self.ports.get(name)
        self.ports[name] = process.next_free_port(last or wanted, INTERFACE)
        return self.ports[name]


def ensure_catcher(demo):
    if demo.running("catcher", "mailcatcher.py"):
        return
    smtp, page = demo.choose_port("smtp", 1025), demo.choose_port("mails", 8025)
    script = demo.settings.root / "setup" / "mailcatcher.py"
    folder = demo.settings.state / "mails"
    command = [
        sys.executable,
        str(script),
        f"--smtp-port={smtp}",
        f"--http-port={page}",
    ]
    command += [f"--folder={folder}", f"--host={INTERFACE}"]
    started = demo.launch("catcher", command)
    process.wait_for_http(demo_url(page), started, limit=15, path="/health")
    demo._write("ports.json", demo.ports)


def demo_url(port):
    host = "localhost" if INTERFACE in ("127.0.0.1", "0.0.0.0") else INTERFACE
    return f"http://{host}:{port}"


def prepare_database(demo):
    """Create or update the database; True when add-ons changed since the last start."""
    settings = demo.settings
    digest = databases.addons_digest(settings)
    ready = databases.exists(DATABASE) and demo._read("digest.json", None)
    if ready == digest:
        return False
    stop_odoo(demo)
    log = settings.log_dir / "install.log"
    log.unlink(missing_ok=True)
    names = ",".join(databases.our_addons(settings))
    if ready:
        say("Updating our add-ons in the demo database, about 15 seconds ...")
        # an add-on that is new since then comes with its demo data, too
        _install(demo, DATABASE, ["-i", names, "-u", names, "--with-demo"], log)
    else:
        say("Creating the demo database: Odoo, our add-ons, demo data; a minute ...")
        databases.drop(settings, "demo_work")
        _install(demo, "demo_work", ["-i", names, "--with-demo"], log)
        databases.drop(settings, DATABASE)
        databases.rename(settings, "demo_work", DATABASE)
    demo._write("digest.json", digest)
    return True


def _install(demo, database, options, log):
    settings = demo.settings
    options = [*options, "--stop-after-init", "--max-cron-threads=0"]
    with process.progress(log, say):
        code = process.run_odoo(settings, database, *options, log=log)
    ignores = odoo_log.load_ignores(settings.root / "tests" / "log_ignore.toml")
    with log.open(errors="replace") as stream:
        problems = odoo_log.read_log(stream, ignores).complaints
    if not code:
        script = scripts.CORE + scripts.PDF + scripts.BUNDLES
        if database != DATABASE:
            script += scripts.FRESH_DEMO
        code = process.run_shell(settings, database, script, log=log)
    for entry in problems:
        say(entry.short(1000))
    serious = code or any(entry.level != "WARNING" for entry in problems)
    if serious or any("demo data failed" in entry.text for entry in problems):
        sys.exit(f"\nStopped: installing the add-ons failed; the whole log is {log}")


def stop_odoo(demo):
    number = demo.running("odoo", "odoo-bin")
    if number:
        process.terminate(number)


def ensure_odoo(demo):
    """Start the server unless it runs; returns its address."""
    if demo.running("odoo", "odoo-bin"):
        return demo_url(demo.ports["odoo"])
    port = demo.choose_port("odoo", 8069)
    url = demo_url(port)
    for key, value in (
        ("web.base.url", url),
        ("report.url", f"http://127.0.0.1:{port}"),
    ):
        databases.set_param(DATABASE, key, value)
    databases.set_param(DATABASE, "web.base.url.freeze", "True")
    say("Starting Odoo ...")
    command = process.server_command(
        demo.settings,
        DATABASE,
        "--max-cron-threads=1",
        "--smtp=127.0.0.1",
        f"--smtp-port={demo.ports['smtp']}",
        port=port,
        interface=INTERFACE,
    )
    started = demo.launch("odoo", command)
    try:
        process.wait_for_http(url, started, limit=90)
    except (RuntimeError, TimeoutError) as error:
        log = demo.settings.log_dir / "odoo.log"
        sys.exit(f"\nStopped: Odoo did not start ({error}); its log is {log}")
    demo._write("ports.json", demo.ports)
    return url


def run_jobs(client, limit=180):
    """What the scheduled actions would do during the next hours, now."""
    deadline = time.monotonic() + limit
    known = {name: client.ref(name) for name in JOBS}
    while time.monotonic() < deadline:
        before = remaining(client)
        for name, cron in known.items():
            if cron:
                _trigger(client, name, cron)
        after = remaining(client)
        if not after:
            return
        say(f"{after} e-mails are still on the way ...")
        if after == before:
            time.sleep(2)
    say(f"{remaining(client)} e-mails are still waiting; Odoo goes on with them.")


def _trigger(client, name, cron):
    try:
        client.call("ir.cron", "method_direct_trigger", [cron])
    except RpcError as error:
        if "already executing" not in str(error):
            say(f"{name}: {error}")
        # Else the server's own thread is at it: then it is being done.
        time.sleep(1)


def remaining(client):
    """E-mails which the jobs have still to send."""
    count = client.call("mail.mail", "search_count", [["state", "=", "outgoing"]])
    if client.has_model("document.delivery"):
        domain = [["state", "in", list(ON_THE_WAY)]]
        count += client.call("document.delivery", "search_count", domain)
    return count


def main():
    started = time.monotonic()
    settings = Settings.from_env("demo")
    if not databases.our_addons(settings):
        sys.exit(f"\nStopped: there are no add-ons in {settings.addons}.")
    demo = Demo(settings)
    prepare_database(demo)
    ensure_catcher(demo)
    log = settings.log_dir / "prepare.log"
    if process.run_shell(settings, DATABASE, scripts.DEMO, log=log):
        sys.exit(f"\nStopped: preparing the demo data failed; the log is {log}")
    url = ensure_odoo(demo)
    client = Client(url, DATABASE, "admin", "admin")
    say("Running the recurring tasks: documents, PDF files, e-mails ...")
    run_jobs(client)
    print_table(client)
    print(f"\nOdoo      {url}/odoo  (login admin, password admin)")
    print(f"E-mails   {demo_url(demo.ports['mails'])}")
    print("Stop with ./setup/stop.sh; ./setup/clean.sh removes everything.")
    say(f"Ready after {time.monotonic() - started:.0f} s.")


if __name__ == "__main__":
    main()

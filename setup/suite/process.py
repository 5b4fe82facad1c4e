"""Running Odoo: once to completion, or as a server in the background."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path


def free_port():
    """A port that was free a moment ago; the kernel hands them out in turn."""
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def next_free_port(start, interface="127.0.0.1"):
    """The first free port from `start` on; taken ones belong to somebody else."""
    for port in range(start, start + 500):
        with contextlib.closing(socket.socket()) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((interface, port))
            except OSError:
                continue
            return port
    raise SystemExit(f"no free port between {start} and {start + 500}")


def server_command(
    settings,
    database,
    *options,
    ours=True,
    port=None,
    interface="127.0.0.1",
    launcher=None,
):
    """Odoo's command line. --config=/dev/null: nobody's ~/.odoorc may change a test."""
    return [
        *(launcher or settings.launcher),
        "server",
        "--config=/dev/null",
        f"--addons-path={settings.addons_path(ours=ours)}",
        f"--data-dir={settings.data_dir}",
        f"--database={database}",
        f"--db-filter=^{database}$",
        "--no-database-list",
        f"--http-interface={interface}",
        f"--http-port={port or free_port()}",
        f"--gevent-port={free_port()}",
        *options,
    ]


def odoo_environment(settings, extra=None):
    env = dict(os.environ)
    # Never pick up options from the caller's shell.
    env = {key: value for key, value in env.items() if not key.startswith("ODOO_RC")}
    folders = [settings.odoo_path, settings.oca]
    env["PYTHONPATH"] = os.pathsep.join(str(path) for path in folders if path)
    env.update(extra or {})
    return env


def run_odoo(
    settings,
    database,
    *options,
    log,
    ours=True,
    timeout=1500,
    stdin=None,
    launcher=None,
):
    """Run Odoo until it stops by itself; returns its exit code, 124 on a time-out."""
    command = server_command(settings, database, *options, ours=ours, launcher=launcher)
    return run_logged(settings, command, log, timeout=timeout, stdin=stdin)


def run_shell(settings, database, script, *, log, timeout=600, env=None, options=()):
    """Run a piece of Python in `odoo shell`; it must commit by itself."""
    command = server_command(settings, database, "--no-http", *options)
    command[len(settings.launcher)] = "shell"
    # The shell goes on after an error and ends with 0; we want to know.
    code = (
        f"try:\n    exec(compile({script!r}, 'script', 'exec'))\n"
        "except BaseException:\n"
        "    import os, traceback; traceback.print_exc(); os._exit(3)\n\n"
    )
    return run_logged(settings, command, log, timeout=timeout, stdin=code, env=env)


def run_logged(settings, command, log, *, timeout, stdin=None, env=None):
    with Path(log).open("ab") as stream:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            env=odoo_environment(settings, env),
            start_new_session=True,
        )
        try:
            process.communicate(stdin.encode() if stdin else None, timeout=timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            stream.write(f"\nstopped after {timeout} s\n".encode())
            return 124
        finally:
            # Chromium, when a test was interrupted, must not stay behind.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
    return process.returncode


@contextlib.contextmanager
def progress(log, say, every=8.0):
    """While Odoo installs, tell how far it is: its log counts the modules."""
    over = threading.Event()

    def tell():
        last = None
        while not over.wait(every):
            text = Path(log).read_text(errors="replace") if Path(log).exists() else ""
            seen = re.findall(r"Loading module \S+ \((\d+)/(\d+)\)", text)
            if seen and seen[-1] != last:
                last = seen[-1]
                say("  module {} of {}".format(*last))
            else:
                say("  still at it")

    thread = threading.Thread(target=tell, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def wait_for_http(url, process, limit=90.0, path="/web/health"):
    """Wait until the server answers; a server that died is not waited for."""
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"Odoo stopped with exit code {process.returncode}")
        try:
            with urllib.request.urlopen(f"{url}{path}", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise TimeoutError(f"{url} did not answer within {limit:.0f} s")


def terminate(number, limit=20.0):
    """End a process by its number: politely, after `limit` seconds by force."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(number, signal.SIGTERM)
        deadline = time.monotonic() + limit
        while time.monotonic() < deadline:
            time.sleep(0.1)
            os.kill(number, 0)
        os.kill(number, signal.SIGKILL)

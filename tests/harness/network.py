"""Hosts of their own on this machine: Linux network namespaces behind a bridge.

The test itself, the database and the mail server stand outside, at ``GATEWAY``. A cable
can be pulled: nothing is refused then, packets are lost, as when a machine loses power.
"""

import asyncio
import itertools
import subprocess
import threading
from contextlib import suppress

NET = "10.91.7"
GATEWAY = f"{NET}.1"
BRIDGE = "ors-hosts"


class NoNetwork(Exception):
    """This machine does not let us make network namespaces; says what it said."""


def ip(*words, check=True):
    done = subprocess.run(
        ["ip", *words], capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    if check and done.returncode:
        raise NoNetwork(f"ip {' '.join(words)}: {done.stderr.strip()}")
    return done.stdout


class Network:
    """A bridge with as many hosts as wished; everything is removed at the end."""

    def __init__(self):
        self.addresses = {}

    def __enter__(self):
        self.remove()
        try:
            ip("link", "add", BRIDGE, "type", "bridge")
            ip("addr", "add", f"{GATEWAY}/24", "dev", BRIDGE)
            ip("link", "set", BRIDGE, "up")
        except BaseException:
            self.remove()
            raise
        return self

    def __exit__(self, *_exc):
        self.remove()

    def remove(self):
        for line in ip("netns", "list", check=False).splitlines():
            name = line.split()[0]
            if name.startswith(f"{BRIDGE}-"):
                ip("netns", "delete", name, check=False)
        ip("link", "delete", BRIDGE, check=False)

    def add_host(self):
        """A host with a cable to the bridge; returns its name."""
        number = len(self.addresses) + 2
        name, cable = f"{BRIDGE}-{number}", f"ors-cable{number}"
        ip("netns", "add", name)
        ip("link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", name)
        ip("link", "set", cable, "master", BRIDGE, "up")
        inside = ("netns", "exec", name, "ip")
        self.addresses[name] = f"{NET}.{number}"
        ip(*inside, "addr", "add", f"{self.addresses[name]}/24", "dev", "eth0")
        ip(*inside, "link", "set", "eth0", "up")
        ip(*inside, "link", "set", "lo", "up")
        return name

    def cut_off(self, name):
        """Pull the cable. Nobody is told."""
        ip("link", "set", f"ors-cable{name.removeprefix(f'{BRIDGE}-')}", "down")

    @staticmethod
    def get_prefix(name):
        """What stands before a command that is to run on this host."""
        return ["ip", "netns", "exec", name]


class Balancer:
    """Hands each web request to the host that has the fewest, as nginx would.

    A request goes on when whoever asked has gone: OCA's job runner does not wait.
    """

    def __init__(self, port=8070):
        self.host, self.port = GATEWAY, port
        self.backends = {}
        self.served = {}
        self._turn = itertools.count()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server = None
        #: asyncio itself does not keep a task whose asker has gone from being collected
        self._tasks = set()

    def __enter__(self):
        self._thread.start()
        self._do(self._open())
        return self

    def __exit__(self, *_exc):
        self._do(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _do(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _open(self):
        self._server = await asyncio.start_server(self._serve, self.host, self.port)

    async def _close(self):
        """Requests to a host that is cut off would never end by themselves."""
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def add(self, address, port):
        self.backends[address, port] = 0
        self.served[address] = 0

    async def _serve(self, reader, writer):
        task = asyncio.current_task()
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            request = await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        backends = self.backends
        order = sorted(backends, key=lambda key: (backends[key], next(self._turn)))
        for key in order:
            try:
                upstream = await asyncio.wait_for(asyncio.open_connection(*key), 2)
            except (OSError, asyncio.TimeoutError):
                continue
            await self._forward(backends, key, request, upstream, writer)
            return

    async def _forward(self, backends, key, request, upstream, writer):
        reader, to_host = upstream
        backends[key] += 1
        self.served[key[0]] = self.served.get(key[0], 0) + 1
        try:
            to_host.write(request)
            await to_host.drain()
            answer = await reader.read()
            with suppress(ConnectionError):
                writer.write(answer)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            backends[key] -= 1
            to_host.close()
            writer.close()

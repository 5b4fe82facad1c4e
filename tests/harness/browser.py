"""Chromium without a window, driven over its DevTools protocol: what a customer sees.

    with Browser(settings.log_dir, "payment") as browser:
        browser.open(url)
        browser.click("button[name=pay]")
        browser.wait_for("the thanks", "document.querySelector('.thanks')")

Whatever goes wrong inside the block leaves a picture of the page in the log folder.
"""

import base64
import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

import websocket

NAMES = ("chromium", "google-chrome", "chromium-browser", "google-chrome-stable")

SWITCHES = (
    "--headless",
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-renderer-backgrounding",
    "--disable-breakpad",
    "--no-first-run",
    "--no-default-browser-check",
    "--lang=en-US",
    "--remote-debugging-port=0",
)

#: Middle of an element that a person can press now: in sight, at rest and not covered.
FIND = """
(async () => {
    const element = document.querySelector(%s);
    if (!element || element.disabled) return null;
    element.scrollIntoView({block: "center", behavior: "instant"});
    const before = element.getBoundingClientRect();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const box = element.getBoundingClientRect();
    if (!box.width || !box.height || before.x !== box.x || before.y !== box.y)
        return null;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const top = document.elementFromPoint(x, y);
    return top && (element.contains(top) || top.closest("label")?.control === element)
        ? {x, y}
        : null;
})()
"""

#: An element of the page cannot be handed over; that it is there can.
WAIT = """
(async () => {
    const value = await (%s);
    return value instanceof Node ? true : value;
})()
"""


class Browser:
    """One page of a fresh profile: no cookies, nobody is logged in.

    errors: texts of what went wrong in the page's own programs
    """

    def __init__(self, log_dir, label, *, size=(1280, 900), timeout=60.0):
        self.log_dir = Path(log_dir)
        self.label = label
        self.size = size
        self.timeout = timeout
        self.errors = []
        self._ids = 0
        self._socket = None
        self._process = None
        self._profile = None

    def __enter__(self):
        try:
            self._start()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, kind, _error, _traceback):
        try:
            if kind:
                with contextlib.suppress(Exception):
                    self.screenshot()
        finally:
            self._stop()

    # What a person does.

    def open(self, url):
        """Go to an address and wait until the page is there."""
        answer = self.send("Page.navigate", url=url)
        if answer.get("errorText"):
            raise RuntimeError(f"{url}: {answer['errorText']}")
        self.wait_for(
            f"the page {url}",
            "location.href !== 'about:blank' && document.readyState === 'complete'",
        )

    def click(self, selector):
        """Press the mouse button on an element, once nothing covers it any more."""
        spot = self.wait_for(f"“{selector}” to press", FIND % json.dumps(selector))
        for kind in ("mousePressed", "mouseReleased"):
            self.send(
                "Input.dispatchMouseEvent",
                type=kind,
                button="left",
                clickCount=1,
                **spot,
            )

    def type(self, selector, text):
        self.click(selector)
        self.send("Input.insertText", text=text)

    # What a person sees.

    def evaluate(self, expression):
        """Value of a JavaScript expression; of what it promises, when it promises."""
        answer = self.send(
            "Runtime.evaluate",
            expression=expression,
            awaitPromise=True,
            returnByValue=True,
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(_describe(answer["exceptionDetails"]))
        return answer["result"].get("value")

    def wait_for(self, what, expression, timeout=None):
        """The value of an expression as soon as it is true.

        :raises TimeoutError: with the words of `what` and those of the page
        """
        deadline = time.monotonic() + (timeout or self.timeout)
        while time.monotonic() < deadline:
            # A page that is just being left answers with an error.
            with contextlib.suppress(RuntimeError):
                if value := self.evaluate(WAIT % expression):
                    return value
            time.sleep(0.1)
        raise TimeoutError(
            f"{what} did not come; the page {self.url} says:\n{self.text[:1500]}"
            f"\nerrors: {self.errors}\npicture: {self.screenshot()}"
        )

    @property
    def url(self):
        return self.evaluate("location.href")

    @property
    def text(self):
        return self.evaluate("document.body?.innerText || ''")

    def screenshot(self):
        """Keep a picture of the page.

        :return: its path
        """
        path = self.log_dir / f"{self.label}.{time.time():.0f}.png"
        answer = self.send("Page.captureScreenshot", format="png")
        path.write_bytes(base64.b64decode(answer["data"]))
        return path

    # The protocol: JSON requests with a number, answers with the same number.

    def send(self, method, **params):
        """What the browser answers to a request of the DevTools protocol."""
        self._ids += 1
        request = {"id": self._ids, "method": method, "params": params}
        self._socket.send(json.dumps(request))
        while True:
            message = json.loads(self._socket.recv())
            if message.get("id") != self._ids:
                self._note(message)
            elif "error" in message:
                raise RuntimeError(f"{method}: {message['error']['message']}")
            else:
                return message["result"]

    def _note(self, message):
        params = message.get("params", {})
        if message.get("method") == "Runtime.exceptionThrown":
            self.errors.append(_describe(params["exceptionDetails"]))
        elif (
            message.get("method") == "Runtime.consoleAPICalled"
            and params["type"] == "error"
        ):
            self.errors.append(" ".join(str(a.get("value")) for a in params["args"]))

    def _start(self):
        program = next(filter(None, map(shutil.which, NAMES)), None)
        if program is None:
            raise RuntimeError(f"no browser found, tried {', '.join(NAMES)}")
        self._profile = Path(tempfile.mkdtemp(prefix="suite-browser-"))
        with (self._profile / "browser.log").open("wb") as log:
            self._process = subprocess.Popen(
                [program, *SWITCHES, f"--user-data-dir={self._profile}", "about:blank"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._socket = websocket.create_connection(
            self._find_page(), timeout=self.timeout, suppress_origin=True
        )
        self.send("Page.enable")
        self.send("Runtime.enable")
        width, height = self.size
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def _find_page(self):
        """Address of the one open page, once the browser has written its port."""
        port_file = self._profile / "DevToolsActivePort"
        deadline = time.monotonic() + self.timeout
        while time.monotonic() < deadline and self._process.poll() is None:
            with contextlib.suppress(OSError, ValueError, LookupError):
                port = int(port_file.read_text().splitlines()[0])
                with urllib.request.urlopen(
                    f"http://127.0.0.1:{port}/json", timeout=5
                ) as answer:
                    pages = [p for p in json.load(answer) if p["type"] == "page"]
                return pages[0]["webSocketDebuggerUrl"]
            time.sleep(0.1)
        log = (self._profile / "browser.log").read_text(errors="replace")
        raise RuntimeError(f"the browser does not start:\n{log[-2000:]}")

    def _stop(self):
        """The browser has many processes: all of its group end."""
        if self._socket is not None:
            with contextlib.suppress(Exception):
                self._socket.close()
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        if self._profile is not None:
            shutil.rmtree(self._profile, ignore_errors=True)


def _describe(details):
    exception = details.get("exception", {})
    return exception.get("description") or details.get("text", "?")

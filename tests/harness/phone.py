"""A phone: 375 px, fingers instead of a mouse, and the web view of Odoo's app, in which
no second window opens.

    with Phone(settings.log_dir, "technician") as phone:
        phone.log_in(server, "technician")
        phone.tap(".o_my_day_open")
        phone.draw("canvas", [(20, 40), (60, 20), (120, 50)])
"""

import base64
import json
import time

from .browser import FIND, Browser

SIZE = 375, 812
USER_AGENT = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) AppleWebKit/537.36"
    " (KHTML, like Gecko) Version/4.0 Chrome/140.0 Mobile Safari/537.36"
    " OdooMobile (Android)"
)

#: Before a page's own programs run: windows do not open, as in the app, but are noted,
#: and requests are counted, so that a page at rest can be told.
PREPARE = """
window.phone = {opened: [], waiting: 0};
window.open = (url) => {
    phone.opened.push(String(url));
    return null;
};
const {send} = XMLHttpRequest.prototype;
XMLHttpRequest.prototype.send = function (...args) {
    phone.waiting++;
    this.addEventListener("loadend", () => phone.waiting--);
    return send.apply(this, args);
};
const fetchOf = window.fetch;
window.fetch = async (...args) => {
    phone.waiting++;
    try {
        return await fetchOf(...args);
    } finally {
        phone.waiting--;
    }
};
"""

#: Nothing is asked for, nothing turns: three times in a row.
AT_REST = """
(async () => {
    for (let quiet = 0, i = 0; quiet < 3 && i < 400; i++) {
        await new Promise((resolve) => setTimeout(resolve, 25));
        const busy = window.phone?.waiting || document.readyState !== "complete" ||
            document.querySelector(".o_loading_indicator, .o_blockUI, .collapsing");
        quiet = busy ? 0 : quiet + 1;
    }
    return true;
})()
"""


class Phone(Browser):
    """Fingers, not a mouse: `tap` and `draw`."""

    def __init__(self, log_dir, label, *, timeout=60.0):
        super().__init__(log_dir, label, size=SIZE, timeout=timeout)
        self._choosers = []

    def _start(self):
        super()._start()
        width, height = self.size
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=True,
        )
        self.send("Emulation.setTouchEmulationEnabled", enabled=True, maxTouchPoints=5)
        self.send("Emulation.setUserAgentOverride", userAgent=USER_AGENT)
        self.send("Page.addScriptToEvaluateOnNewDocument", source=PREPARE)

    def _note(self, message):
        super()._note(message)
        if message.get("method") == "Page.fileChooserOpened":
            self._choosers.append(message["params"])

    def log_in(self, server, login):
        """The user's session, without the page that asks for the password.

        :param login: also the password
        """
        cookie = server.login(login).session.cookies["session_id"]
        self.send("Network.setCookie", name="session_id", value=cookie, url=server.url)

    def rest(self):
        """Wait until the page has all it asked for."""
        self.wait_for("a page at rest", AT_REST)

    @property
    def opened(self):
        """Addresses for which the page wanted a second window."""
        return self.evaluate("window.phone?.opened || []")

    # What a finger does.

    def tap(self, selector):
        spot = self.wait_for(f"“{selector}” to tap", FIND % json.dumps(selector))
        self._touch("touchStart", spot["x"], spot["y"])
        self._touch("touchEnd")

    def draw(self, selector, points):
        """One stroke over an element.

        :param points: (x, y) from the element's upper left corner
        """
        self.wait_for(f"“{selector}” to draw on", FIND % json.dumps(selector))
        box = self.evaluate(
            f"document.querySelector({json.dumps(selector)})"
            ".getBoundingClientRect().toJSON()"
        )
        (x, y), *others = [(box["x"] + left, box["y"] + top) for left, top in points]
        self._touch("touchStart", x, y)
        for x, y in others:
            self._touch("touchMove", x, y)
        time.sleep(0.2)  # lifted while it moves, a finger flings the page
        self._touch("touchMove", x, y)
        self._touch("touchEnd")

    def _touch(self, kind, *spot):
        points = [{"x": spot[0], "y": spot[1]}] if spot else []
        self.send("Input.dispatchTouchEvent", type=kind, touchPoints=points)

    def take_photo(self, selector, path):
        """Tap what asks for a picture, and hand over a file as the camera does."""
        self.send("Page.setInterceptFileChooserDialog", enabled=True)
        self.tap(selector)
        deadline = time.monotonic() + self.timeout
        while not self._choosers:
            if time.monotonic() > deadline:
                raise TimeoutError(f"tapping “{selector}” asked for no picture")
            self.evaluate("1")  # events come with answers
            time.sleep(0.05)
        chooser = self._choosers.pop()
        self.send(
            "DOM.setFileInputFiles",
            files=[str(path)],
            backendNodeId=chooser["backendNodeId"],
        )

    def take_picture(self, path):
        """Keep what is on the screen, as a small file."""
        answer = self.send("Page.captureScreenshot", format="png")
        path.write_bytes(base64.b64decode(answer["data"]))

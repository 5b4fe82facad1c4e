"""A browser that looks at Odoo and keeps what it sees as small PNG files."""

import base64
import io

from PIL import Image

from harness import Browser

from . import MOST, SCREENS
from .scenes import CLERK

#: Colours of a picture: enough for screens, and a third of the bytes.
COLOURS = 256

#: The page has everything, shows no spinner, and nothing has the focus.
AT_REST = """
(async () => {
    await document.fonts.ready;
    document.activeElement?.blur();
    await new Promise((resolve) => setTimeout(resolve, 400));
    return !document.querySelector(
        ".o_loading_indicator, .o_blockUI, .o_view_sample_data"
    );
})()
"""


class Camera:
    """A browser in which the clerk is logged in.

    :param str screen: ``desktop`` or ``phone``
    """

    def __init__(self, settings, server, screen):
        width, height, _suffix = SCREENS[screen]
        self.server = server
        self.is_phone = screen == "phone"
        self.size = width, height
        self.browser = Browser(settings.log_dir, f"picture-{screen}", size=self.size)
        self.browser.__enter__()
        if self.is_phone:
            self.browser.send(
                "Emulation.setTouchEmulationEnabled", enabled=True, maxTouchPoints=1
            )
        self._resize()
        self._log_in()

    def _resize(self, height=None):
        width, usual = self.size
        self.browser.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height or usual,
            deviceScaleFactor=1,
            mobile=self.is_phone,
        )

    def _log_in(self):
        browser = self.browser
        browser.open(f"{self.server.url}/web/login")
        browser.type("#login", CLERK)
        browser.type("#password", CLERK)
        browser.click(".oe_login_form button[type=submit]")
        browser.wait_for("the web client", "document.querySelector('.o_web_client')")

    def take(self, shot, ids, path):
        """Go there, do what the shot says, and keep the picture.

        :return: size of the file in bytes
        :raises ValueError: the picture is larger than the guide allows
        """
        browser = self.browser
        self._resize(shot.get("height"))
        browser.open(self.server.url + shot["path"].format(**ids))
        self._see(shot["wait"])
        for selector in shot.get("click", ()):
            browser.click(selector)
        if then := shot.get("then"):
            self._see(then)
        browser.wait_for("a page at rest", AT_REST)
        answer = browser.send("Page.captureScreenshot", format="png")
        path.write_bytes(shrink(base64.b64decode(answer["data"])))
        size = path.stat().st_size
        if size > MOST:
            raise ValueError(f"{path.name} has {size} bytes, more than {MOST}")
        return size

    def _see(self, selector):
        self.browser.wait_for(f"“{selector}”", f"document.querySelector({selector!r})")

    def close(self):
        self.browser.__exit__(None, None, None)


def shrink(png):
    """The same picture with few colours."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    target = io.BytesIO()
    # this way keeps colours that are rare: a red figure stays red
    way = Image.Quantize.MAXCOVERAGE
    image = image.quantize(COLOURS, method=way, dither=Image.Dither.NONE)
    image.save(target, format="PNG", optimize=True)
    return target.getvalue()

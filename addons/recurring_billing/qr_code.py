"""QR codes as small images (ISO/IEC 18004). Pure: no Odoo.

Core draws its codes with a part of reportlab that is a package of its own and not
always there; what is needed to find out which modules are dark always is.
"""

import io

from PIL import Image
from reportlab.graphics.barcode import qrencoder

#: Light modules around the code, without which it cannot be scanned.
QUIET_ZONE = 4
#: Pixels of a module: enough for a crisp print of three centimetres.
MODULE = 5


def draw_qr_code(text):
    """A QR code of level M (15 % of it may be damaged) as PNG.

    :param str text: what is read when somebody scans it
    :rtype: bytes
    """
    code = qrencoder.QRCode(None, qrencoder.QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    modules = range(code.getModuleCount())
    side = len(modules) + 2 * QUIET_ZONE
    image = Image.new("1", (side, side), color=1)
    for row in modules:
        for column in modules:
            if code.isDark(row, column):
                image.putpixel((column + QUIET_ZONE, row + QUIET_ZONE), 0)
    image = image.resize((side * MODULE, side * MODULE), Image.Resampling.NEAREST)
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()

"""The receiver by itself: it prints what it books."""

import sys
import time

from . import ErpReceiver

with ErpReceiver(key="demo", port=int(sys.argv[1])) as erp:
    print(f"{erp.url}, key “demo”", flush=True)
    seen = 0
    while True:
        for number, message in list(erp.booked.values())[seen:]:
            seen += 1
            print(number, message.kind, message.number, message.version, flush=True)
        time.sleep(0.2)

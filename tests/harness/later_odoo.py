#!/usr/bin/env python3
"""Starts Odoo on another day: SUITE_DAYS_LATER days from now, with a clock that runs.

Odoo's clock only: PostgreSQL's own stays where it is, and so do the times in the log.
"""

import logging
import os
import time
from datetime import datetime, timedelta, timezone

from freezegun import freeze_time

if __name__ == "__main__":
    real_time = staticmethod(time.localtime)
    later = timedelta(days=int(os.environ["SUITE_DAYS_LATER"]))
    now = datetime.now(timezone.utc).replace(tzinfo=None)
    freeze_time(now + later, tick=True).start()
    logging.Formatter.converter = real_time  # else a method that freezegun breaks

    import odoo.cli

    odoo.cli.main()

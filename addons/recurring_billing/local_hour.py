"""When a local clock shows a given hour. Pure: no Odoo, no clock."""

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo


def next_local_hour(now, hour, tz):
    """First moment from ``now`` on at which the clock in ``tz`` shows ``hour``.

    When the clocks go forward, an hour that is left out is the moment an hour later by
    the new clock; when they go back, the first of the two equal hours is meant.

    :param datetime now: in UTC, without a zone, as Odoo stores it
    :param float hour: 0 up to 24, e.g. 8.5 for half past eight
    :param str tz: name of the zone
    :return: in UTC, without a zone
    :rtype: datetime
    """
    zone = ZoneInfo(tz or "UTC")
    now = now.replace(tzinfo=timezone.utc)
    minutes = round(hour * 60)
    day = now.astimezone(zone).date()
    moment = _at(day, minutes, zone)
    while moment < now:
        day += timedelta(days=1)
        moment = _at(day, minutes, zone)
    return moment.replace(tzinfo=None)


def local_midnight(day, tz):
    """Start of a day where the clock is that of ``tz``.

    :return: in UTC, without a zone, as Odoo stores it
    :rtype: datetime
    """
    return _at(day, 0, ZoneInfo(tz or "UTC")).replace(tzinfo=None)


def _at(day, minutes, zone):
    wall = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minutes)
    return wall.replace(tzinfo=zone).astimezone(timezone.utc)

"""Time. The database and the rules speak UTC; people and schedules speak London."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """The present moment, aware, in UTC. Doors and jobs ask once and hand it on as `now=`."""
    return datetime.now(UTC)


def london(moment: datetime) -> datetime:
    """The same moment as a London clock shows it."""
    return moment.astimezone(LONDON)


def today(moment: datetime) -> date:
    """The date in London at that moment."""
    return london(moment).date()


def at(day: date, clock: time) -> datetime:
    """The moment, in UTC, when a London clock shows `clock` on `day`.

    A time that the spring change skips (01:00–02:00) is taken as an hour later, as clocks show it;
    one that comes twice in autumn is the first of the two.
    """
    return datetime.combine(day, clock, LONDON).astimezone(UTC)


def midnight(day: date) -> datetime:
    """The moment a London day begins."""
    return at(day, time())


def days(start: date, count: int) -> list[date]:
    """`count` days from `start`, in order."""
    return [start + timedelta(n) for n in range(count)]


def epoch(moment: datetime) -> int:
    """Whole seconds since 1970, as session rows keep them."""
    return int(moment.timestamp())


def from_epoch(seconds: int) -> datetime:
    """The moment that `epoch` gave."""
    return datetime.fromtimestamp(seconds, UTC)

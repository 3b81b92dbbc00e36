"""From a schedule's rule to dated occurrences, in London's own time.

The rule is expanded on the wall clock and only then turned into moments, so that a 17:00 session stays at 17:00 on both
sides of a clock change (RFC 5545, DTSTART with TZID).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from dateutil.rrule import rrulestr

from backend.activities.vocabulary import Applies
from backend.core import clock
from backend.core.errors import Invalid

if TYPE_CHECKING:
    from backend.activities.calendar import SchoolCalendar

_DAY = "(MO|TU|WE|TH|FR|SA|SU)"
_NUMBERS = r"-?[1-9]\d?(,-?[1-9]\d?)*"

# What a rule may say. Anything finer than a day is refused, and so is an interval of nothing, which never ends.
PARTS = {
    "FREQ": re.compile("DAILY|WEEKLY|MONTHLY|YEARLY"),
    "INTERVAL": re.compile(r"[1-9]\d?"),
    "COUNT": re.compile(r"[1-9]\d{0,2}"),
    "BYDAY": re.compile(rf"-?[1-5]?{_DAY}(,-?[1-5]?{_DAY}){{0,6}}"),
    "BYMONTHDAY": re.compile(_NUMBERS),
    "BYMONTH": re.compile(_NUMBERS),
    "BYSETPOS": re.compile(_NUMBERS),
    "WKST": re.compile(_DAY),
}
STEPS = {"DAILY": 1, "WEEKLY": 7}  # Days.


class BadRule(Invalid):
    """The repeat rule is not one that we can follow."""

    message = "We can't follow that repeat rule. Use days of the week, or days of the month."


@dataclass(frozen=True, slots=True)
class Pattern:
    """A schedule as plain values. `rule` is an RFC 5545 RRULE value without UNTIL, or None for a single date."""

    first_on: date
    last_on: date | None
    starts_minute: int
    minutes: int
    rule: str | None
    applies: int = Applies.ALWAYS
    on_bank_holidays: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one date instead. `to_date` None skips it."""

    to_date: date | None
    to_minute: int | None = None
    to_minutes: int | None = None
    to_venue_id: int | None = None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One dated time. `occurs_on` is the date the rule gave, which names it even when it was moved."""

    occurs_on: date
    starts_at: datetime
    ends_at: datetime
    venue_id: int | None = None
    moved: bool = False


def check_rule(rule: str | None, first_on: date) -> None:
    """Raise BadRule unless the rule is one that `occurrences` can follow."""
    if rule is None:
        return
    parts = _parts(rule)
    known = all(name in PARTS and PARTS[name].fullmatch(value) for name, value in parts.items())
    if not known or "FREQ" not in parts or len(rule) > 200:
        raise BadRule(fields={"rule": ["not a rule we can follow"]})
    try:
        rrulestr(rule, dtstart=datetime.combine(first_on, time()))
    except (ValueError, TypeError, OverflowError, KeyError) as error:
        raise BadRule(fields={"rule": [str(error)]}) from error


def _parts(rule: str) -> dict[str, str]:
    return dict(part.partition("=")[::2] for part in rule.split(";"))


def occurrences(
    pattern: Pattern,
    changes: Mapping[date, Change],
    *,
    calendar: SchoolCalendar,
    borough: str | None,
    start: date,
    stop: date,
) -> Iterator[Occurrence]:
    """The occurrences whose own date lies in `start` ≤ date < `stop`, and those moved into it from outside."""
    moved_in = [
        day
        for day, change in changes.items()
        if change.to_date and start <= change.to_date < stop and not start <= day < stop
        if day in _dates(pattern, day, day + timedelta(1))
    ]
    for day in (*moved_in, *_dates(pattern, start, stop)):
        change = changes.get(day)
        if change is not None:
            if change.to_date is not None:
                yield _moved(pattern, day, change)
        elif _runs(pattern, day, calendar, borough):
            yield _occurrence(day, day, pattern.starts_minute, pattern.minutes)


def _dates(pattern: Pattern, start: date, stop: date) -> Iterator[date]:
    last = min(stop - timedelta(1), pattern.last_on or date.max)
    if pattern.rule is None:
        if start <= pattern.first_on <= last:
            yield pattern.first_on
        return
    rule = rrulestr(pattern.rule, dtstart=datetime.combine(_near(pattern, start), time()))
    begin = datetime.combine(start, time())
    for moment in rule.xafter(begin, inc=True):
        if moment.date() > last:
            return
        yield moment.date()


def _near(pattern: Pattern, start: date) -> date:
    """A first date with the same later ones, close to `start`: a club since 2008 need not be counted from 2008."""
    parts = _parts(pattern.rule or "")
    step = STEPS.get(parts["FREQ"], 0) * int(parts.get("INTERVAL", 1))
    if not step or "COUNT" in parts or start <= pattern.first_on:
        return pattern.first_on
    # One step back from the last whole one keeps the weeks of a fortnightly rule, and days before `start` in its week.
    return pattern.first_on + timedelta(max(0, (start - pattern.first_on).days // step - 1) * step)


def _runs(pattern: Pattern, day: date, calendar: SchoolCalendar, borough: str | None) -> bool:
    if day in calendar.bank_holidays and not pattern.on_bank_holidays:
        return False
    if pattern.applies == Applies.TERM_TIME:
        return calendar.in_term(day, borough)
    if pattern.applies == Applies.HOLIDAYS:
        return calendar.in_holidays(day, borough)
    return True


def _moved(pattern: Pattern, day: date, change: Change) -> Occurrence:
    assert change.to_date is not None  # noqa: S101  -- the caller skips dates that go nowhere.
    minute = pattern.starts_minute if change.to_minute is None else change.to_minute
    minutes = change.to_minutes or pattern.minutes
    return _occurrence(day, change.to_date, minute, minutes, venue=change.to_venue_id, moved=True)


def _occurrence(
    occurs_on: date, day: date, minute: int, minutes: int, *, venue: int | None = None, moved: bool = False
) -> Occurrence:
    starts = clock.at(day, time(minute // 60, minute % 60))
    # The end is counted on the wall clock too, so a night across a clock change ends at the hour it says.
    local_end = datetime.combine(day, time()) + timedelta(minutes=minute + minutes)
    ends = clock.at(local_end.date(), local_end.time())
    return Occurrence(occurs_on, starts, max(ends, starts + timedelta(minutes=1)), venue, moved)

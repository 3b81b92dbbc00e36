"""From when until when: what "tonight", "this weekend" and "this holiday" mean in London.

Every door uses these, so that the app and the API give the same answer to the same words. A window holds the sessions
that start in `from_` ≤ start < `before`; it begins with its day and not with the present moment, so that a list keeps
its place while time passes, and what is over is dropped by the search.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache

from backend.activities import details
from backend.core import clock

EVENING = time(17)
AHEAD = 7  # Days that "what's on" looks ahead when nobody names a time, today included.
HOLIDAY_AHEAD = 84  # Days; as far as sessions are made, for a London whose terms nobody has entered.
LONGEST_SESSION = timedelta(days=1)


class When(StrEnum):
    """The words for a time that people can tap."""

    NOW = "now"
    TODAY = "today"
    TONIGHT = "tonight"
    AFTER_SCHOOL = "after-school"
    TOMORROW = "tomorrow"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True)
class Window:
    """Sessions that start in `from_` ≤ start < `before`, and are marked as after school or in a holiday if so asked."""

    from_: datetime
    before: datetime
    after_school: bool = False
    holiday: bool = False


def ahead(now: datetime, days: int = AHEAD) -> Window:
    """Today and the days after it, `days` in all."""
    today = clock.today(now)
    return between(today, today + timedelta(days - 1))


def on(day: date) -> Window:
    """One London day."""
    return between(day, day)


@lru_cache(maxsize=512)
def between(first: date, last: date) -> Window:
    """The London days from `first` to `last`, both included."""
    return Window(clock.midnight(first), clock.midnight(last + timedelta(1)))


def of(when: When, *, now: datetime, day: date | None = None, borough: str | None = None) -> Window:
    """The window that a word means.

    `day` narrows "after-school" to one day and has no part in the others. `borough` is the GSS code whose school
    terms say when "this holiday" is; None goes by London's default.
    """
    today = clock.today(now)
    match when:
        case When.NOW:
            window = Window(now - LONGEST_SESSION, now + timedelta(seconds=1))
        case When.TODAY:
            window = on(today)
        case When.TONIGHT:
            window = Window(clock.at(today, EVENING), clock.midnight(today + timedelta(1)))
        case When.AFTER_SCHOOL:
            window = replace(on(day) if day else ahead(now), after_school=True)
        case When.TOMORROW:
            window = on(today + timedelta(1))
        case When.WEEKEND:
            # On a Saturday or Sunday it is the one that has begun.
            sunday = today + timedelta(6 - today.weekday())
            window = between(max(today, sunday - timedelta(1)), sunday)
        case When.HOLIDAY:
            window = replace(_holiday(today, borough), holiday=True)
    return window


def _holiday(today: date, borough: str | None) -> Window:
    """What is left of the school holiday that today is in, or else the whole of the next one."""
    stretch = details.holiday(today, borough)
    first, last = (stretch.first, stretch.last) if stretch else (today, today + timedelta(HOLIDAY_AHEAD - 1))
    return between(max(today, first), last)

"""When things are on: patterns that make a week in London look like one.

A pattern's name in the content ("after-school", "saturday") stands for days, starting times and the part of the school
year. Everything is reckoned from the day on which the demo is loaded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from backend.activities.actions import Times
from backend.activities.vocabulary import Applies
from backend.demo.dice import Dice

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WEEKDAYS = (0, 1, 2, 3, 4)
ALL_WEEK = (0, 1, 2, 3, 4, 5, 6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """`days` to choose from and `count` how many of them; `starts` are minutes after midnight.

    `term` is the share that keeps to term time; the rest runs all year. `every` is the number of weeks between dates.
    """

    days: tuple[int, ...]
    starts: tuple[int, ...]
    count: tuple[int, ...] = (1,)
    term: float = 0.0
    holidays: bool = False
    every: int = 1
    monthly: bool = False
    once: bool = False
    bank_holidays: bool = False


def _clock(*hours: float) -> tuple[int, ...]:
    return tuple(round(hour * 60) for hour in hours)


PATTERNS = {
    "after-school": Pattern(
        days=WEEKDAYS, starts=_clock(15.5, 15.75, 16, 16, 16.25, 16.5, 16.5, 17), count=(2, 3, 3), term=0.8
    ),
    "early-evening": Pattern(days=WEEKDAYS, starts=_clock(17, 17, 17.5, 17.5, 18, 18), count=(2, 2, 3), term=0.45),
    "evening": Pattern(days=(0, 1, 2, 3, 4), starts=_clock(18, 18.5, 18.5, 19), count=(1, 2, 2), term=0.25),
    "friday-night": Pattern(days=(4,), starts=_clock(18, 18.5, 19, 19.5)),
    "saturday": Pattern(days=(5,), starts=_clock(9.5, 10, 10, 10.5, 11)),
    "saturday-afternoon": Pattern(days=(5,), starts=_clock(12.5, 13, 13.5, 14, 15)),
    "saturday-night": Pattern(days=(5,), starts=_clock(17.5, 18, 18.5, 19)),
    "sunday": Pattern(days=(6,), starts=_clock(10, 10.5, 11, 12, 13, 14, 15)),
    "weekend": Pattern(days=(5, 6), starts=_clock(10, 11, 13, 14), count=(1, 2)),
    "daytime": Pattern(days=WEEKDAYS, starts=_clock(10.5, 11, 12, 13, 14), count=(1, 2), term=0.1),
    "breakfast": Pattern(days=WEEKDAYS, starts=_clock(7.5, 7.75), count=(3, 5), term=1.0),
    "mornings": Pattern(days=WEEKDAYS, starts=_clock(9.25, 9.5, 10, 10), count=(1, 1, 2), term=0.75),
    "drop-in": Pattern(days=WEEKDAYS, starts=_clock(15.25, 15.5, 15.5, 16), count=(5,), term=0.3),
    "every-day": Pattern(days=ALL_WEEK, starts=_clock(15.5, 16), count=(7,), bank_holidays=True),
    "every-noon": Pattern(days=ALL_WEEK, starts=_clock(12, 12.5), count=(7,), bank_holidays=True),
    "holidays": Pattern(days=WEEKDAYS, starts=_clock(10, 10, 10.5, 11, 13), count=(3, 4, 5), holidays=True),
    "whole-week": Pattern(days=WEEKDAYS, starts=_clock(10), count=(5,), holidays=True),
    "fortnightly": Pattern(days=(1, 2, 3, 5, 6), starts=_clock(14, 16, 17, 18), every=2),
    "monthly": Pattern(days=(3, 4, 5, 5, 6), starts=_clock(13, 14, 17, 18), monthly=True),
    "event": Pattern(days=(2, 3, 4, 5, 5, 5, 6, 6), starts=_clock(13, 14, 16, 17, 17.5, 18), once=True),
    "big-day": Pattern(days=(5, 5, 6), starts=_clock(10, 10.5, 11, 12), once=True),
    "gig": Pattern(days=(4, 5, 5, 6), starts=_clock(17, 17.5, 18, 18.5), once=True),
    "after-dark": Pattern(days=(4, 5), starts=_clock(19, 19.5), monthly=True),
    "overnight": Pattern(days=(5,), starts=_clock(16), once=True),
}
# Rare dates that fall on a weekday begin after school.
AFTER_SCHOOL = 16 * 60
# When things end at the latest, by the oldest age they are for: 13, 16, anybody.
ENDS = ((13, 20 * 60), (16, 21 * 60), (120, 22 * 60))


def times(name: str, *, minutes: int, age_max: int, capacity: int | None, dice: Dice, today: date) -> Times:
    """One pattern made into dates. `minutes` is how long each takes."""
    pattern = PATTERNS[name]
    start = dice.pick(pattern.starts)
    if name != "overnight":
        start = min(start, next(end for age, end in ENDS if age_max <= age) - minutes)
    days = sorted(dice.some(pattern.days, dice.pick(pattern.count)))
    if days[0] in WEEKDAYS and (pattern.once or pattern.monthly or pattern.every > 1):
        start = max(start, AFTER_SCHOOL)
    if pattern.once:
        first = _coming(days[0], today + timedelta(dice.between(0, 40)))
        return Times(first_on=first, starts_minute=start, minutes=minutes, capacity=capacity, on_bank_holidays=True)
    applies = Applies.ALWAYS
    if pattern.holidays:
        applies = Applies.HOLIDAYS
    elif dice.chance(pattern.term):
        applies = Applies.TERM_TIME
    return Times(
        first_on=_since(days[0], today - timedelta(weeks=dice.between(6, 60))),
        starts_minute=start,
        minutes=minutes,
        rule=_rule(pattern, days, dice),
        applies=applies,
        on_bank_holidays=pattern.bank_holidays,
        capacity=capacity,
    )


def weekdays_after(today: date, days: tuple[int, ...]) -> tuple[str, ...]:
    """The weekdays ("TU") that lie so many days after `today`."""
    return tuple(DAYS[number] for number in sorted({(today + timedelta(day)).weekday() for day in days}))


def fixed(on: tuple[str, ...], starts: str, *, minutes: int, capacity: int | None, today: date) -> Times:
    """Every week on these days ("TU"), at a time such as "17:00"."""
    hour, minute = starts.split(":")
    weekdays = sorted(DAYS.index(day) for day in on)
    return Times(
        first_on=_since(weekdays[0], today - timedelta(weeks=30)),
        starts_minute=int(hour) * 60 + int(minute),
        minutes=minutes,
        rule=f"FREQ=WEEKLY;BYDAY={','.join(DAYS[day] for day in weekdays)}",
        on_bank_holidays=True,
        capacity=capacity,
    )


def _rule(pattern: Pattern, days: list[int], dice: Dice) -> str:
    if pattern.monthly:
        return f"FREQ=MONTHLY;BYDAY={dice.pick((1, 2, 3, -1))}{DAYS[days[0]]}"
    every = f"INTERVAL={pattern.every};" if pattern.every > 1 else ""
    return f"FREQ=WEEKLY;{every}BYDAY={','.join(DAYS[day] for day in days)}"


def _coming(weekday: int, day: date) -> date:
    """The first such weekday from `day` on."""
    return day + timedelta((weekday - day.weekday()) % 7)


def _since(weekday: int, day: date) -> date:
    """The last such weekday up to `day`."""
    return day - timedelta((day.weekday() - weekday) % 7)

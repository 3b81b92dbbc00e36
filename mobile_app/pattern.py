"""A schedule in plain words: "Every Tuesday in term time, 5–6:30pm". Pure functions over rows of the schedule table.

A rule that the words here cannot say truly is left out, and the dates on the page speak for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from backend.activities.vocabulary import Applies
from backend.core import clock
from mobile_app import view

DAYS = {
    "MO": "Monday",
    "TU": "Tuesday",
    "WE": "Wednesday",
    "TH": "Thursday",
    "FR": "Friday",
    "SA": "Saturday",
    "SU": "Sunday",
}
CODES = tuple(DAYS)
ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}
APPLIES = {Applies.ALWAYS: "", Applies.TERM_TIME: " in term time", Applies.HOLIDAYS: " in the school holidays"}
MONTHLY_DAY = re.compile(r"(-1|[1-5])(MO|TU|WE|TH|FR|SA|SU)")
UNSAID = frozenset({"FREQ", "INTERVAL", "COUNT", "WKST"})


def patterns(schedules: Iterable[Mapping[str, Any]], today: date) -> list[str]:
    """A line for each schedule that is not over; weekly ones that differ only by their day share a line."""
    lines: dict[_Rest, list[str]] = {}
    for schedule in schedules:
        if _over(schedule, today):
            continue
        days = _weekly_days(schedule)
        rest = _Rest.of(schedule, today, phrase="" if days else _phrase(schedule))
        if days:
            lines.setdefault(rest, []).extend(days)
        elif rest.phrase:
            lines.setdefault(rest, [])
    return [rest.said(days) for rest, days in lines.items()]


@dataclass(frozen=True, slots=True)
class _Rest:
    """What a line says beside the days of the week. `phrase` is empty for a weekly one."""

    phrase: str
    hours: str
    applies: int
    starts_later: str
    until: str

    @classmethod
    def of(cls, schedule: Mapping[str, Any], today: date, *, phrase: str) -> _Rest:
        first, last = schedule["first_on"], schedule["last_on"]
        again = schedule["rule"] is not None
        return cls(
            phrase=phrase,
            hours=_hours(schedule),
            applies=schedule["applies"] if again else Applies.ALWAYS,
            starts_later=f", from {_date(first, today)}" if again and first > today else "",
            until=f", until {_date(last, today)}" if again and last else "",
        )

    def said(self, days: list[str]) -> str:
        phrase = self.phrase or f"Every {_named(days)}"
        return f"{phrase}{APPLIES[Applies(self.applies)]}, {self.hours}{self.starts_later}{self.until}"


def all_over(schedules: Iterable[Mapping[str, Any]], today: date) -> bool:
    """Whether there were times and every one of them has gone by."""
    found = list(schedules)
    return bool(found) and all(_over(schedule, today) for schedule in found)


def _over(schedule: Mapping[str, Any], today: date) -> bool:
    last = schedule["last_on"] if schedule["rule"] else schedule["first_on"]
    return last is not None and last < today


def _hours(schedule: Mapping[str, Any]) -> str:
    """The hours on a plain day: the clock's own, whatever the season."""
    starts = datetime.combine(schedule["first_on"], time(), clock.LONDON) + timedelta(minutes=schedule["starts_minute"])
    return view.hours(starts, starts + timedelta(minutes=schedule["minutes"]))


def _date(day: date, today: date) -> str:
    return f"{day.day} {day:%B}" + ("" if day.year == today.year else f" {day.year}")


def _parts(schedule: Mapping[str, Any]) -> dict[str, str]:
    return dict(part.partition("=")[::2] for part in (schedule["rule"] or "").split(";"))


def _weekly_days(schedule: Mapping[str, Any]) -> list[str]:
    """The days of a schedule that comes every week, by their codes; nothing for any other."""
    parts = _parts(schedule)
    if parts.get("INTERVAL", "1") != "1" or set(parts) - UNSAID - {"BYDAY"}:
        return []
    days = parts["BYDAY"].split(",") if "BYDAY" in parts else []
    if not set(days) <= set(CODES):
        return []
    if parts.get("FREQ") == "DAILY":
        return days or list(CODES)
    if parts.get("FREQ") == "WEEKLY":
        return days or [CODES[schedule["first_on"].weekday()]]
    return []


def _named(codes: list[str]) -> str:
    """Days as one says them: "Tuesday", "Monday and Friday", "weekday", "day"."""
    days = [code for code in CODES if code in codes]
    if len(days) == len(CODES):
        return "day"
    if days == list(CODES[:5]):
        return "weekday"
    return in_a_row([DAYS[code] for code in days])


def in_a_row(words: list[str], last: str = "and") -> str:
    """Words in a row: "tea", "tea and cake", "tea, cake and fruit"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def _phrase(schedule: Mapping[str, Any]) -> str:
    """The days of a schedule that does not come every week; empty when these words cannot say it."""
    if schedule["rule"] is None:
        day: date = schedule["first_on"]
        return f"{day:%A} {day.day} {day:%B}"
    parts = _parts(schedule)
    match parts.get("FREQ"):
        case "DAILY":
            return _spaced(parts, "day")
        case "WEEKLY":
            return _every_few_weeks(schedule, parts)
        case "MONTHLY":
            return _monthly(schedule, parts)
        case _:
            return ""


def _spaced(parts: Mapping[str, str], what: str) -> str:
    """Days at a distance: "Every day", "Every other day", "Every 3 days"."""
    if set(parts) - UNSAID:
        return ""
    every = int(parts.get("INTERVAL", "1"))
    return f"Every {'' if every == 1 else 'other ' if every == 2 else f'{every} '}{what}{'s' if every > 2 else ''}"


def _every_few_weeks(schedule: Mapping[str, Any], parts: Mapping[str, str]) -> str:
    days = parts["BYDAY"].split(",") if "BYDAY" in parts else [CODES[schedule["first_on"].weekday()]]
    if set(parts) - UNSAID - {"BYDAY"} or not set(days) <= set(CODES):
        return ""
    every = int(parts.get("INTERVAL", "1"))
    if every == 2:
        return f"Every other {_named(days)}"
    return f"Every {every} weeks, on {_named(days)}"


def _monthly(schedule: Mapping[str, Any], parts: Mapping[str, str]) -> str:
    month = {1: "the month", 2: "every other month"}.get(int(parts.get("INTERVAL", "1")), "")
    which = _which_days(schedule, {name: parts[name] for name in set(parts) - UNSAID})
    return f"{which} of {month}" if month and which else ""


def _which_days(schedule: Mapping[str, Any], parts: Mapping[str, str]) -> str:
    if not parts:
        return f"The {_th(schedule['first_on'].day)}"
    if set(parts) == {"BYMONTHDAY"}:
        days = [int(day) for day in parts["BYMONTHDAY"].split(",")]
        return f"The {in_a_row([_th(day) for day in days])}" if min(days) > 0 else ""
    byday = parts.get("BYDAY", "")
    if set(parts) == {"BYDAY", "BYSETPOS"} and byday in DAYS:
        byday = f"{parts['BYSETPOS']}{byday}"
    elif set(parts) != {"BYDAY"}:
        return ""
    found = [MONTHLY_DAY.fullmatch(day) for day in byday.split(",")]
    if not all(found):
        return ""
    said = in_a_row([f"{ORDINALS[int(one[1])]} {DAYS[one[2]]}" for one in found if one])
    return f"The {said}"


def _th(day: int) -> str:
    """A day of the month: "1st", "2nd", "11th"."""
    if day % 100 in {11, 12, 13}:
        return f"{day}th"
    return f"{day}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th') }"

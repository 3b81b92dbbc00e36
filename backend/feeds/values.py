"""Dates, times, ages, money and places of a row. Nothing is guessed: what is not plainly written is refused."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import lru_cache

from backend.activities.actions import Times
from backend.activities.vocabulary import AGE_HIGHEST, AGE_LOWEST, Applies
from backend.feeds.draft import Reading, Refused, Spot
from backend.geo import lookup
from backend.geo import queries as geo
from backend.geo.grid import distance, metres
from backend.geo.spelling import shown

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEKDAYS = {name[:length]: number for number, name in enumerate(DAYS) for length in (3, len(name))}
CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")  # RFC 5545, 3.3.10.
CLOCK = re.compile(r"([0-9]{1,2}):([0-5][0-9])(?::00)?")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
EARLIEST = date(1950, 1, 1)
LATEST = date(2060, 1, 1)  # No programme is fixed that far ahead, and sums with days stay far from the calendar's end.

AMOUNT = re.compile(r"£?\s?([0-9]{1,6}(?:\.[0-9]{1,2})?)")
MOST_POUNDS = 10_000

COORDINATE = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{1,20})?")
CLOSE = 400  # Metres: a point this near its postcode's own point lies in that postcode's ward, as good as.
APART = 3_000  # Metres: a point this far from its postcode means that one of the two is wrong.


def day(value: object, field: str) -> date | None:
    """A date written 2022-07-23, or None for none. Raises Refused."""
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not DATE.fullmatch(value[:10]) or value[10:11] not in {"", "T", " "}:
        raise Refused(field, f"“{told(value)}” is not a date like 2022-07-23")
    found = _date(value[:10])
    if found is None:
        raise Refused(field, f"“{told(value)}” is not a day of the calendar")
    if found < EARLIEST:
        raise Refused(field, f"“{told(value)}” is too long ago to be true")
    if found > LATEST:
        raise Refused(field, f"“{told(value)}” is too far ahead to be true")
    return found


@lru_cache(maxsize=4096)
def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def confirmed(found: date | None, field: str, reading: Reading) -> date:
    """When a row was last confirmed: its own date, or else the one the operator gave for the file. Raises Refused."""
    found = found or reading.as_of
    if found is None:
        raise Refused(field, "is missing, so we can't say when this was last confirmed (--as-of gives a date)")
    if found > reading.today:
        raise Refused(field, f"{found.isoformat()} lies ahead")
    return found


def minute(value: object, *, end: bool = False) -> int | None:
    """Minutes after midnight of a time like 09:30; 24:00 is allowed as an end. None for anything else."""
    match = CLOCK.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    found = int(match[1]) * 60 + int(match[2])
    return found if found < 1440 or (end and found == 1440) else None


def weekday(value: object) -> int | None:
    """0 for Monday to 6 for Sunday, by the English name or its first three letters; None for anything else."""
    return WEEKDAYS.get(value.strip().lower()) if isinstance(value, str) else None


def stretch(day_name: object, starts: object, ends: object) -> tuple[int, int, int]:
    """A weekly stretch as (weekday, first minute, minutes long). Raises Refused with what is wrong, in words."""
    if isinstance(day_name, str) and isinstance(starts, str) and isinstance(ends, str):
        return _stretch(day_name, starts, ends)
    return _stretch.__wrapped__(day_name, starts, ends)


@lru_cache(maxsize=4096)
def _stretch(day_name: object, starts: object, ends: object) -> tuple[int, int, int]:
    # Remembered, as a week's times are much the same from one row to the next.
    found = weekday(day_name)
    if found is None:
        raise Refused("day", f"“{told(day_name)}” is not a day of the week")
    first, last = minute(starts), minute(ends, end=True)
    if first is None or last is None:
        wrong = starts if first is None else ends
        raise Refused("start" if first is None else "end", f"“{told(wrong)}” is not a time like 16:30")
    if last <= first:
        raise Refused("end", f"it ends ({told(ends)}) before it starts ({told(starts)})")
    return found, first, last - first


def weekly(
    stretches: Iterable[tuple[int, int, int]], *, first_on: date, last_on: date | None, applies: Applies
) -> tuple[Times, ...]:
    """Weekly schedules: one for each start and length, with all its days (RFC 5545 BYDAY)."""
    days: dict[tuple[int, int], set[int]] = {}
    for weekday_, starts, minutes in stretches:
        days.setdefault((starts, minutes), set()).add(weekday_)
    return tuple(
        Times(
            first_on=first_on,
            last_on=last_on,
            starts_minute=starts,
            minutes=minutes,
            rule="FREQ=WEEKLY;BYDAY=" + ",".join(CODES[number] for number in sorted(on)),
            applies=applies,
        )
        for (starts, minutes), on in sorted(days.items(), key=lambda item: (min(item[1]), item[0]))
    )


def age(value: object, field: str) -> int | None:
    """A whole number of years, or None for none. Raises Refused."""
    if value is None or value == "":
        return None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 3:
        value = int(value)
    # The range first: a few letters such as 1e99999999 are a number that takes hours to write out.
    if isinstance(value, Decimal) and value.is_finite() and AGE_LOWEST <= value <= AGE_HIGHEST:
        value = int(value) if value == value.to_integral_value() else value  # JSON's 4.0 is 4.
    if isinstance(value, bool) or not isinstance(value, int) or not AGE_LOWEST <= value <= AGE_HIGHEST:
        raise Refused(field, f"“{told(value)}” is not an age from {AGE_LOWEST} to {AGE_HIGHEST}")
    return value


def ages(lowest: object, highest: object) -> tuple[int, int]:
    """The youngest and oldest age; what is not said is left open. Raises Refused."""
    low, high = age(lowest, "min_age"), age(highest, "max_age")
    found = AGE_LOWEST if low is None else low, AGE_HIGHEST if high is None else high
    if found[1] < found[0]:
        raise Refused("max_age", f"{found[1]} is below min_age {found[0]}")
    return found


def pence(value: object, field: str) -> int | None:
    """Pounds as exact pence: 42 → 4200, "5.55" → 555. None for none. Raises Refused for half pennies and the like."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        match = AMOUNT.fullmatch(value.strip())
        value = Decimal(match[1]) if match else value
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not Decimal(value).is_finite():
        raise Refused(field, f"“{told(value)}” is not an amount of money")
    if not 0 <= value <= MOST_POUNDS:
        raise Refused(field, f"£{told(value)} is not from £0 to £{MOST_POUNDS:,}")
    found = int(Decimal(value) * 100)
    # The product is rounded, to 0 for 1e-99999999, so what counts is whether the pence make the same amount again.
    if Decimal(found) / 100 != value:
        raise Refused(field, f"£{told(value)} is not a whole number of pence")
    return found


def coordinate(value: object, field: str) -> int | None:
    """Degrees as a whole number of 1e-5 degree, or None for none. Raises Refused."""
    if value is None or value == "":
        return None
    if isinstance(value, str) and COORDINATE.fullmatch(value):
        value = Decimal(value)
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not Decimal(value).is_finite():
        raise Refused(field, f"“{told(value)}” is not a number of degrees")
    if not -180 <= value <= 180:
        raise Refused(field, f"“{told(value)}” is not a number of degrees")
    return int((Decimal(value) * 100_000).to_integral_value())


def spot(lat: object, lng: object, postcode: object, address: str, *, approximate: bool) -> Spot:
    """Where that is: from the coordinates, else the postcode, else a postcode in the address. Raises Refused.

    A point and a postcode that are far apart cannot both be right, so the row is refused rather than sent astray.
    """
    point = coordinate(lat, "lat"), coordinate(lng, "lng")
    if (point[0] is None) != (point[1] is None):
        raise Refused("lng" if point[1] is None else "lat", "is missing, though the other coordinate is there")
    if postcode is not None and not isinstance(postcode, str):
        raise Refused("postcode", "is not text")
    known = lookup.read(lookup.letters(postcode)) if postcode else None
    if point[0] is not None and point[1] is not None:
        return _at(point[0], point[1], known, approximate=approximate)
    if postcode and known is None:
        raise Refused("postcode", f"“{told(postcode)}” is not a London postcode, and there are no coordinates")
    known = known or lookup.pasted(lookup.letters(address))
    if known is None:
        raise Refused("postcode", "there is no postcode and no coordinates, so we can't say where this is")
    whole = known.name if known.kind == "postcode" else None
    return Spot(known.lat, known.lng, known.borough, known.ward, whole, approximate or whole is None)


def _at(lat: int, lng: int, known: geo.Place | None, *, approximate: bool) -> Spot:
    whole = known.name if known and known.kind == "postcode" else None
    if known and whole:
        away = metres(distance(lat, lng, known.lat, known.lng))
        if away <= CLOSE:
            return Spot(lat, lng, known.borough, known.ward, whole, approximate)
        if away > APART:
            raise Refused("postcode", f"{whole} is {away / 1000:.0f} km from the coordinates, so one of them is wrong")
    found = geo.borough_at(lat, lng) if geo.in_london(lat, lng) else None
    if found is None:
        raise Refused("lat", f"{lat / 100_000}, {lng / 100_000} lies outside London")
    return Spot(lat, lng, found[0], found[1], whole, approximate)


def told(value: object) -> str:
    """A value of the file, fit to print in a report: short, with nothing hidden."""
    return shown(str(value))


def later(one: date, other: date | None) -> date:
    """The later of two days."""
    return one if other is None or one >= other else other


def ordinal(found: date) -> str:
    """A day as the app writes it: 23 July 2022."""
    return f"{found.day} {found:%B %Y}"

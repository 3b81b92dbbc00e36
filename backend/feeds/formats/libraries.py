"""Public libraries with opening hours: one JSON array, each library with its hours by day of the week.

An open library is a place where a young person may walk in, sit in the warm and use a desk, so its staffed hours become
weekly sessions: free, just turn up, all ages, in "Work and skills". It has no bank holidays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from backend.activities.actions import Offer
from backend.activities.vocabulary import Applies, Category, Cost
from backend.feeds import clean, values
from backend.feeds.draft import Draft, Group, Left, Listing, Reading, Record, Refused, Spot
from backend.geo import queries as geo

# The layout has no dates. The open release that we know is of 28 April 2025; --as-of says another for a newer one.
RELEASE = date(2025, 4, 28)

CLOSED = "closed"
MOVED = "moved: the newer row counts"

# Run by an organisation of its own, and not by the borough. The other types are the borough's service.
INDEPENDENT = "ICL"

# A library that seems to open before five in the morning has a placeholder for a time.
EARLIEST = 5 * 60

AGAIN = re.compile(r"(.+)-([2-9])")
NAMED = re.compile(r"librar|idea store", re.IGNORECASE)
ABOUT = "A public library. You can go in, sit down and stay as long as it is open; you only need to join to borrow."


class Libraries:
    """The layout of the public libraries data set."""

    name = "libraries"
    kind = "json"
    label = "Public libraries data set"
    signature = frozenset({"id", "name", "opening_hours"})

    def __init__(self) -> None:
        self._newest: dict[str, int] = {}

    def survey(self, record: Record) -> None:
        """Find libraries that moved: of two open rows, the one whose id ends in the higher number is the newer."""
        source_id = record.get("id")
        if isinstance(source_id, str) and not _closed(record):
            base, number = _numbered(source_id)
            self._newest[base] = max(number, self._newest.get(base, 1))

    def whose(self) -> str:
        """The data set's own name."""
        return self.label

    def read(self, record: Record, reading: Reading) -> Draft | Left:
        """What a library's record says. Raises Refused."""
        source_id = clean.identity(record.get("id"))
        name = clean.line(record.get("name"), "name", reading, longest=150)
        if not name:
            raise Refused("name", "is missing")
        if _closed(record):
            return Left(source_id, CLOSED, f"{name} (since {values.told(record['year_closed'])})")
        base, number = _numbered(source_id)
        if number < self._newest.get(base, 1):
            return Left(source_id, MOVED, name)
        confirmed = values.confirmed(reading.as_of or RELEASE, "as-of", reading)
        address = clean.line(record.get("address"), "address", reading, longest=300)
        spot = values.spot(record.get("lat"), record.get("lng"), record.get("postcode"), address, approximate=False)
        website = clean.website(record.get("website"), "website", reading)
        times = values.weekly(
            _stretches(record.get("opening_hours"), reading), first_on=confirmed, last_on=None, applies=Applies.ALWAYS
        )
        title = name if NAMED.search(name) else f"{name} library"
        offer = Offer(
            title=title,
            category=Category.WORK,
            about=_about(record, reading),
            features=("turn_up",) if times else ("ring",),
            cost=Cost.FREE,
            website=website,
        )
        group = _group(record, title, spot, website)
        return Draft(source_id, title, address, spot, Listing(group, offer, times, confirmed))


def _numbered(source_id: str) -> tuple[str, int]:
    match = AGAIN.fullmatch(source_id)
    return (match[1], int(match[2])) if match else (source_id, 1)


def _closed(record: Record) -> bool:
    return (
        record.get("year_closed") not in {None, ""} if not isinstance(record.get("year_closed"), list | dict) else True
    )


def _about(record: Record, reading: Reading) -> str:
    shared = clean.line(record.get("co_located_with"), "co_located_with", reading, longest=200)
    return f"{ABOUT}\n\nIn the same building: {shared}." if shared else ABOUT


def _group(record: Record, title: str, spot: Spot, website: str | None) -> Group:
    if record.get("type") == INDEPENDENT:
        return Group(title, spot.borough, website)
    return Group(f"{geo.borough(spot.borough).name} libraries", spot.borough)


def _stretches(hours: object, reading: Reading) -> Iterator[tuple[int, int, int]]:
    """The week's stretches. A faulty one is left out by itself, and that is noted."""
    if hours is not None and not isinstance(hours, dict):
        raise Refused("opening_hours", "is not a list of hours by day")
    for day, spans in (hours or {}).items():
        for span in spans if isinstance(spans, list) else [None]:
            given: dict[str, Any] = span if isinstance(span, dict) else {}
            try:
                found = values.stretch(day, given.get("start"), given.get("end"))
                if found[1] < EARLIEST:
                    raise Refused("start", f"{values.told(given.get('start'))} is no time that a library opens")
            except Refused as fault:
                reading.note(f"opening_hours, {values.told(day)}, {fault.field}", f"{fault.message}; it was left out")
            else:
                yield found

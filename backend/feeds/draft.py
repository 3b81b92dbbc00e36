"""What a row of a file says, once it is read: the same few shapes for every format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, Protocol

from backend.activities.actions import Offer, Times
from backend.core.errors import Invalid


class Refused(Invalid):
    """A row cannot be used. `field` is the row's own name for what is wrong; the message says why, in words."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


@dataclass(frozen=True, slots=True)
class Spot:
    """A point: 1e-5 degree, GSS codes. `approximate` when only part of an address is known."""

    lat: int
    lng: int
    borough: str
    ward: str | None
    postcode: str | None
    approximate: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Who runs it. Two rows of a source share an organisation when all of this is the same."""

    name: str
    borough: str | None
    website: str | None = None
    telephone: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What is on: the group, what it offers, when, and the day somebody last confirmed it."""

    group: Group
    offer: Offer
    times: tuple[Times, ...]
    confirmed_on: date


@dataclass(frozen=True, slots=True)
class Draft:
    """A row that can be used: a place, and what is on there unless it is only a place."""

    source_id: str
    place: str
    address: str
    spot: Spot
    listing: Listing | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """A row that is sound, and left out on purpose. `why` is a heading of the report: "left for support"."""

    source_id: str
    why: str
    detail: str


class Note(NamedTuple):
    """Something of a row that was left out although the row went in."""

    field: str
    reason: str


@dataclass(slots=True)
class Reading:
    """What the reader of one file knows: dates for rows that have none, and what it had to take out of texts."""

    today: date
    as_of: date | None = None
    taken_out: Counter[str] = field(default_factory=Counter)
    notes: list[Note] = field(default_factory=list)

    def note(self, field_name: str, reason: str) -> None:
        """Say that part of the row was left out."""
        self.notes.append(Note(field_name, reason))


Record = Mapping[str, Any]


class Format(Protocol):
    """How one layout of file is read."""

    name: str
    kind: str  # "json" or "csv".
    label: str  # Whose list it is, unless the file or the operator says.
    signature: frozenset[str]  # Fields that every file of this layout has.

    def survey(self, record: Record) -> None:
        """Look at a record before any is read: some rows can only be judged by others."""

    def whose(self) -> str:
        """The label, as far as the surveyed rows tell it."""

    def read(self, record: Record, reading: Reading) -> Draft | Left:
        """What the record says. Raises Refused."""

"""Reading what is on: near a place, on a day, for an age, in words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from backend.activities import near, statements
from backend.activities import text as words
from backend.activities.catalogue import density, version
from backend.activities.statements import Order
from backend.activities.vocabulary import (
    ACCESS,
    AFTER_SCHOOL,
    AGE_HIGHEST,
    AGE_LOWEST,
    CHECKED,
    FREE,
    HOLIDAY,
    JOIN,
    TAGS,
    Category,
    bits,
    named,
)
from backend.core import clock, paging
from backend.core.db import reading
from backend.core.errors import Invalid, NotFound
from backend.geo.grid import LONDON, metres

__all__ = ["Ask", "Listing", "NoSuchActivity", "Page", "count", "counts_by_day", "sessions_near", "version"]

FURTHEST = 20_000  # Metres; beyond that "near" means nothing in London.
MOST = 100  # Rows a page.
COUNTED = 1000  # Counting stops here: "1000+".


class NoSuchActivity(NotFound):
    """No activity with that id is on show."""

    message = "We can't find that one. It may have moved or ended."


class TooWide(Invalid):
    """The question asks for more than one answer may hold."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What somebody is looking for.

    `cell` is where from (None: all of London) and `radius` how far in metres. Sessions start in `from_` ≤ start <
    `before` and are not over; with `on_now` they have started too. Names in `join`, `access` and `tags` must all hold.
    """

    from_: datetime
    before: datetime
    cell: int | None = None
    radius: int = 2_400
    order: Order = "soonest"
    category: Category | None = None
    ages: tuple[int, int] | None = None
    free: bool = False
    after_school: bool = False
    holiday: bool = False
    checked: bool = False
    join: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    text: str = ""

    def __post_init__(self) -> None:
        if not 0 < self.radius <= FURTHEST:
            raise TooWide(fields={"radius": [f"from 1 to {FURTHEST} metres"]})
        if not timedelta(0) < self.before - self.from_ <= timedelta(days=100):
            raise TooWide(fields={"before": ["later than the start, and within 100 days of it"]})


class Listing(NamedTuple):
    """A session as lists show it. Times are epoch seconds, `lat` and `lng` 1e-5 degree, money pence."""

    id: int
    activity_id: int
    starts_at: int
    ends_at: int
    status: int
    reason: str
    moved: bool
    capacity: int | None
    lat: int
    lng: int
    features: int
    age_min: int
    age_max: int
    category_number: int
    slug: str
    title: str
    cost: str
    cost_min: int
    cost_max: int
    confirmed_on: str
    venue_id: int
    venue_name: str
    borough: str
    organisation_id: int
    organisation_name: str
    organisation_slug: str
    source_label: str | None
    distance: int | None = None  # Metres from the middle of the asker's cell.

    @property
    def starts(self) -> datetime:
        return clock.from_epoch(self.starts_at)

    @property
    def ends(self) -> datetime:
        return clock.from_epoch(self.ends_at)

    @property
    def category(self) -> Category:
        return CATEGORIES[self.category_number]

    @property
    def join(self) -> list[str]:
        return named(self.features, JOIN)

    @property
    def access(self) -> list[str]:
        return named(self.features, ACCESS)

    @property
    def tags(self) -> list[str]:
        return named(self.features, TAGS)

    @property
    def free(self) -> bool:
        return bool(self.features & FREE)

    @property
    def checked(self) -> bool:
        return bool(self.features & CHECKED)

    @property
    def cancelled(self) -> bool:
        return self.status != 0


CATEGORIES = tuple(Category)

LISTED = (
    "s.id, s.activity_id, s.starts_at, s.ends_at, s.status, s.reason, s.moved, s.capacity, s.lat, s.lng, s.features,"
    " s.age_min, s.age_max, s.category, a.slug, a.title, a.cost, a.cost_min, a.cost_max,"
    " CAST(a.confirmed_on AS VARCHAR(10)), v.id, v.name, v.borough, o.id, o.name, o.slug, o.source_label"
)
_FROM = (
    " FROM session AS s JOIN activity AS a ON a.id = s.activity_id JOIN venue AS v ON v.id = s.venue_id"
    " JOIN organisation AS o ON o.id = a.organisation_id"
)
LISTED_ROWS = f"SELECT {LISTED}{_FROM}"


@dataclass(frozen=True, slots=True)
class Page:
    """A page of sessions. `cursor` leads to the next one; `corrected` is the search as it was understood instead."""

    items: list[Listing]
    cursor: str | None = None
    corrected: str | None = None


def sessions_near(ask: Ask, *, now: datetime, limit: int = 20, cursor: str | None = None) -> Page:
    """Sessions that fit, in the asked order. Raises BadCursor, and TooWide for more than 100 a page."""
    if not 0 < limit <= MOST:
        raise TooWide(fields={"limit": [f"from 1 to {MOST}"]})
    with reading() as connection:
        question, corrected = _question(ask, now=now, connection=connection)
        if question is None:
            return Page([], corrected=corrected)
        # A list of today may begin a little later by the time that its next page is asked for.
        mark = paging.mark(replace(question, now=0, from_=0))
        after = _key(paging.decode(cursor, question=mark, length=3)) if cursor else None
        hits = near.find(question, density=density(connection), connection=connection, count=limit + 1, after=after)
        items = _listings(hits[:limit], connection, measured=ask.cell is not None)
    following = None
    if len(hits) > limit:
        following = paging.encode(near.key_of(hits[limit - 1], ask.order), question=mark)
    return Page(items, following, corrected)


def _key(after: tuple[int, ...]) -> near.Key:
    return after[0], after[1], after[2]


def _listings(hits: list[near.Hit], connection: Connection, *, measured: bool) -> list[Listing]:
    if not hits:
        return []
    dialect = connection.dialect.name
    ids = statements.packed([hit.id for hit in hits], dialect)
    rows = statements.fetch(connection, statements.by_ids(LISTED_ROWS, dialect), {"ids": ids})
    by_id = {row[0]: row for row in rows}
    # A session that was deleted between the two statements is left out.
    return [
        Listing._make((*by_id[hit.id], metres(hit.distance) if measured else None)) for hit in hits if hit.id in by_id
    ]


def counts_by_day(ask: Ask, *, now: datetime) -> dict[date, int]:
    """How many sessions fit on each London day of the window; days with none are there too, with 0."""
    first = clock.today(ask.from_)
    last = clock.today(ask.before - timedelta(seconds=1))
    counts = dict.fromkeys(clock.days(first, (last - first).days + 1), 0)
    with reading() as connection:
        question, _ = _question(ask, now=now, connection=connection)
        if question is not None:
            for ordinal, number in near.count_days(question, density=density(connection), connection=connection):
                if (day := date.fromordinal(ordinal)) in counts:
                    counts[day] = number
    return counts


def count(ask: Ask, *, now: datetime) -> int:
    """How many sessions fit, counted up to 1000."""
    with reading() as connection:
        question, _ = _question(ask, now=now, connection=connection)
        return (
            0
            if question is None
            else near.count(question, density=density(connection), connection=connection, most=COUNTED)
        )


def _question(ask: Ask, *, now: datetime, connection: Connection) -> tuple[near.Question | None, str | None]:
    """The ask as plain integers. None when its words match nothing; and the words as corrected, if they were."""
    must = bits((*ask.join, *ask.access, *ask.tags))
    must |= FREE if ask.free else 0
    of_activity = must
    must |= AFTER_SCHOOL if ask.after_school else 0
    must |= HOLIDAY if ask.holiday else 0
    must |= CHECKED if ask.checked else 0
    seconds = clock.epoch(now)
    question = near.Question(
        origin=None if ask.cell is None else LONDON.centre(ask.cell),
        radius=ask.radius,
        from_=clock.epoch(ask.from_),
        before=clock.epoch(ask.before),
        now=seconds,
        must=must,
        must_of_activity=of_activity,
        category=ask.category.number if ask.category else None,
        ages=ask.ages or (AGE_LOWEST, AGE_HIGHEST),
        order="soonest" if ask.cell is None else ask.order,
        match=None,
    )
    if not ask.text.strip():
        return question, None
    return _with_words(question, ask.text, connection)


def _with_words(question: near.Question, asked: str, connection: Connection) -> tuple[near.Question | None, str | None]:
    """The question with these words; with better ones when no activity in London has them all, and what they are."""
    found = words.asked_words(asked)
    if not found:
        return None, None
    dialect = connection.dialect.name
    match = words.query(found, dialect=dialect)
    if statements.fetch(connection, statements.any_match(dialect), {"match": match}):
        return replace(question, match=match), None
    better = words.correct(found, connection)
    if better == found:
        return None, None
    return replace(question, match=words.query(better, dialect=dialect)), " ".join(better)

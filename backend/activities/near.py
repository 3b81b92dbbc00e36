"""What is on near you: three plans behind one question, and an exact cursor.

Every answer depends on the asker's cell, never on the asker. The plans give the same rows in the same order; which one
runs is a guess at cost from how many sessions each cell holds (docs/performance.md has the measurements).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, CursorResult, TextClause, text

from backend.activities.models import AGE_HIGHEST, AGE_LOWEST
from backend.activities.sessions import HORIZON, SPREAD
from backend.geo.grid import KX, KY, LONDON, Grid, squared

Order = Literal["soonest", "nearest"]
Key = tuple[int, int, int]

HORIZON_SECONDS = int(HORIZON.total_seconds())
EVERYWHERE = 2**62  # A squared distance beyond any in London.


class Hit(NamedTuple):
    """A session found: its id, when it starts (epoch seconds) and how far away it is (squared units, see geo.grid)."""

    id: int
    starts_at: int
    distance: int


@dataclass(frozen=True, slots=True)
class Question:
    """A question as plain integers.

    `must` holds the feature bits that have to be set. `origin` is a point as (lat, lng), the middle of the asker's
    cell; None is all of London.
    """

    origin: tuple[int, int] | None
    radius: int
    from_: int
    before: int
    running_at: int
    now: int
    must: int
    must_of_activity: int
    category: int | None
    ages: tuple[int, int]
    order: Order
    match: str | None
    grid: Grid = LONDON

    @property
    def everywhere(self) -> bool:
        return self.origin is None

    def cells(self) -> tuple[int, ...]:
        """The cells that the circle touches; none when the question is about all of London."""
        return _cells(self.grid, self.origin, self.radius) if self.origin is not None else ()


@lru_cache(maxsize=4096)
def _cells(grid: Grid, origin: tuple[int, int], radius: int) -> tuple[int, ...]:
    return tuple(grid.within(*origin, radius))


@dataclass(frozen=True, slots=True)
class Density:
    """How many listed sessions there are: by cell and category, and how common each feature bit is (0…1)."""

    cells: dict[int, list[int]]
    share_of_feature: dict[int, float]
    total: int
    _sums: dict[tuple[object, ...], int] = field(default_factory=dict, compare=False)

    def sessions(self, cells: Sequence[int], category: int | None) -> int:
        """How many sessions these cells hold, of one category or (None) of all."""
        counts = self.cells
        if category is None:
            return sum(sum(counts[cell]) for cell in cells if cell in counts)
        return sum(counts[cell][category] for cell in cells if cell in counts)

    def around(self, question: Question) -> int:
        """How many sessions the question's circle holds, remembered: a wide circle has thousands of cells."""
        if question.everywhere:
            return self.total
        key = (question.origin, question.radius, question.category)
        if key not in self._sums:
            if len(self._sums) > 10_000:
                self._sums.clear()
            self._sums[key] = self.sessions(question.cells(), question.category)
        return self._sums[key]

    def share(self, question: Question) -> float:
        """Which share of sessions passes the filters, taking them as independent."""
        share = 1.0
        for bit, common in self.share_of_feature.items():
            if question.must & bit:
                share *= common
        if question.ages != (AGE_LOWEST, AGE_HIGHEST):
            share *= 0.6
        return share


_DISTANCE = (
    f"(s.lat - CAST(:lat AS BIGINT)) * (s.lat - CAST(:lat AS BIGINT)) * {KY}"
    f" + (s.lng - CAST(:lng AS BIGINT)) * (s.lng - CAST(:lng AS BIGINT)) * {KX}"
)

_FITS = (
    "s.starts_at >= :from_ AND s.starts_at < :before AND s.ends_at > :running_at AND s.listed_until > :now"
    " AND (s.features & CAST(:must AS BIGINT)) = CAST(:must AS BIGINT)"
    " AND s.category >= :category_min AND s.category <= :category_max AND s.age_min <= :age_to AND s.age_max >= :age_from"
)

_ACTIVITY_FITS = (
    "(a.features & CAST(:must_of_activity AS BIGINT)) = CAST(:must_of_activity AS BIGINT)"
    " AND a.category >= :category_min AND a.category <= :category_max AND a.age_min <= :age_to AND a.age_max >= :age_from"
)

_ORDERS = {
    "soonest": ("starts_at, id", "(starts_at, id) > (:after_starts, :after_id)"),
    "nearest": ("d, starts_at, id", "(d, starts_at, id) > (:after_d, :after_starts, :after_id)"),
}


def _cells_in(column: str, dialect: str) -> str:
    if dialect == "sqlite":
        return f"{column} IN (SELECT value FROM json_each(:cells))"
    return f"{column} = ANY(CAST(:cells AS BIGINT[]))"


# Where rows come from: sessions in index order, activities and then their sessions, or words and then activities.
Source = Literal["sessions", "activities", "words"]


@cache
def _rows(dialect: str, source: Source, everywhere: bool, columns: str) -> str:
    """The SELECT of all rows that fit but for their distance, which it gives as `d`."""
    if source == "sessions":
        tables, conditions = "session AS s", [_FITS]
        place = "s.cell"
    else:
        # CROSS JOIN is SQLite's way to say: in this order, activities first. PostgreSQL plans it as it likes.
        tables, conditions = "activity AS a CROSS JOIN session AS s", ["s.activity_id = a.id", _ACTIVITY_FITS, _FITS]
        place = "a.cell"
    if source == "words" and dialect == "sqlite":
        tables = f"activity_text CROSS JOIN {tables}"
        conditions = ["activity_text MATCH :match AND a.id = activity_text.rowid", *conditions]
    elif source == "words":
        tables = f"activity_text CROSS JOIN {tables}"
        conditions = [
            "activity_text.words @@ to_tsquery('english', :match) AND a.id = activity_text.activity_id",
            *conditions,
        ]
    if not everywhere:
        conditions = [_cells_in(place, dialect), *conditions]
    return f"SELECT {columns}, {_DISTANCE} AS d FROM {tables} WHERE {' AND '.join(conditions)}"


@cache
def _page(dialect: str, source: Source, everywhere: bool, order: Order) -> TextClause:
    ordered, after = _ORDERS[order]
    rows = _rows(dialect, source, everywhere, "s.id, s.starts_at")
    return text(
        f"SELECT id, starts_at, d FROM ({rows}) AS found"
        f" WHERE d <= :furthest AND {after} ORDER BY {ordered} LIMIT :count"
    )


@cache
def _count(dialect: str, source: Source, everywhere: bool) -> TextClause:
    rows = _rows(dialect, source, everywhere, "s.id")
    return text(f"SELECT count(*) FROM (SELECT 1 FROM ({rows}) AS found WHERE d <= :furthest LIMIT :count) AS counted")


@cache
def _count_days(dialect: str, source: Source, everywhere: bool) -> TextClause:
    rows = _rows(dialect, source, everywhere, "s.day")
    return text(f"SELECT day, count(*) FROM ({rows}) AS found WHERE d <= :furthest GROUP BY day")


def find(question: Question, *, density: Density, connection: Connection, count: int, after: Key | None) -> list[Hit]:
    """The first `count` sessions after the key `after`, in the question's order."""
    run = _Run(question, density, connection, count, after)
    if question.match is not None or run.activity_first():
        return run.activities()
    return run.rings() if question.order == "nearest" else run.slices()


def count(question: Question, *, density: Density, connection: Connection, most: int) -> int:
    """How many sessions fit, counted up to `most`."""
    run = _Run(question, density, connection, most, None)
    return int(run.execute(_count, run.source()).scalar_one())


def count_days(question: Question, *, density: Density, connection: Connection) -> list[tuple[int, int]]:
    """How many sessions fit on each day that has any, as (proleptic ordinal of the London date, number)."""
    run = _Run(question, density, connection, 0, None)
    return [(row[0], row[1]) for row in run.execute(_count_days, run.source())]


class _Run:
    """One question being answered."""

    def __init__(
        self, question: Question, density: Density, connection: Connection, count: int, after: Key | None
    ) -> None:
        self.question, self.connection, self.count = question, connection, count
        self.dialect = connection.dialect.name
        self.cells = question.cells()
        self.after = after or (-1, -1, -1)
        self.expected = density.around(question)
        self.share = density.share(question)
        self.density = density
        self.window = min(1.0, (question.before - question.from_) / HORIZON_SECONDS)
        self.parameters = _parameters(question, self.after, count)

    def activity_first(self) -> bool:
        """Whether it is cheaper to pick the activities and then their sessions than to read sessions in order.

        Costs are in rows read. An activity has about 20 sessions in the horizon; picking it costs one row.
        """
        in_window = self.expected * self.window
        in_order = min(in_window, 3 * self.count / max(self.share, 1e-6))
        first = self.expected / 20 + self.expected * self.share * self.window * 2
        return self.share < 0.2 and first < in_order

    def source(self) -> Source:
        """Where to read from when every row that fits is wanted, in no order."""
        if self.question.match is not None:
            return "words"
        return "activities" if self.activity_first() else "sessions"

    def activities(self) -> list[Hit]:
        return self._hits(self.source(), self.cells)

    def rings(self) -> list[Hit]:
        """Ring after ring of cells, until the page is full and nothing nearer can follow."""
        question = self.question
        if question.origin is None:
            return self._hits("sessions", ())
        found: list[Hit] = []
        grid, last = question.grid, question.grid.steps(question.radius)
        middle = grid.cell(*question.origin)
        batch: list[int] = []
        wanted = 2 * self.count / max(self.share * self.window, 1e-6)
        held = 0
        for step in range(last + 1):
            # Rings that end before the cursor's distance hold nothing that comes after it.
            if step < last and grid.reach(step) < self.after[0]:
                continue
            ring = grid.ring(middle, step)
            batch += ring
            held += self.density.sessions(ring, question.category)
            if held < wanted and step < last:
                continue
            found = self._merge(found, batch)
            batch, held = [], 0
            if len(found) == self.count and found[-1].distance < grid.clearance(step):
                break
        return found

    def _merge(self, found: list[Hit], cells: list[int]) -> list[Hit]:
        new = self._hits("sessions", cells)
        return sorted([*found, *new], key=lambda hit: (hit.distance, hit.starts_at, hit.id))[: self.count]

    def slices(self) -> list[Hit]:
        """Slices of time, each longer than the last, until the page is full."""
        question = self.question
        if question.everywhere:
            return self._hits("sessions", ())
        rate = self.expected * self.share / HORIZON_SECONDS
        length = max(3600, int(2 * self.count / rate) if rate else HORIZON_SECONDS)
        start = max(question.from_, self.after[1])
        found: list[Hit] = []
        while start < question.before and len(found) < self.count:
            stop = min(question.before, start + length)
            found += self._hits("sessions", self.cells, from_=start, before=stop, count=self.count - len(found))
            start, length = stop, length * 4
        return found

    def _hits(self, source: Source, cells: Sequence[int], **changes: Any) -> list[Hit]:
        question = self.question
        if source != "sessions":
            cells = (*cells, SPREAD)
        statement = _page(self.dialect, source, question.everywhere, question.order)
        parameters = {**self.parameters, "cells": packed(cells, self.connection), **changes}
        return [Hit._make(row) for row in self.connection.execute(statement, parameters)]

    def execute(self, statement: Callable[[str, Source, bool], TextClause], source: Source) -> CursorResult[Any]:
        """Run one of the counting statements over all cells."""
        cells = self.cells if source == "sessions" else (*self.cells, SPREAD)
        built = statement(self.dialect, source, self.question.everywhere)
        return self.connection.execute(built, {**self.parameters, "cells": packed(cells, self.connection)})


def _parameters(question: Question, after: Key, count: int) -> dict[str, Any]:
    lat, lng = question.origin or (0, 0)
    first, last = (0, 32767) if question.category is None else (question.category, question.category)
    return {
        "lat": lat,
        "lng": lng,
        "from_": question.from_,
        "before": question.before,
        "running_at": question.running_at,
        "now": question.now,
        "must": question.must,
        "must_of_activity": question.must_of_activity,
        "category_min": first,
        "category_max": last,
        "age_from": question.ages[0],
        "age_to": question.ages[1],
        "furthest": EVERYWHERE if question.everywhere else squared(question.radius),
        "after_d": after[0],
        "after_starts": after[1],
        "after_id": after[2],
        "count": count,
        "match": question.match,
    }


def key_of(hit: Hit, order: Order) -> Key:
    """Where a list goes on after this hit."""
    return (hit.distance if order == "nearest" else 0, hit.starts_at, hit.id)


def packed(numbers: Sequence[int], connection: Connection) -> Any:
    """A list of integers as one parameter: JSON for SQLite's json_each, an array for PostgreSQL."""
    return json.dumps(list(numbers)) if connection.dialect.name == "sqlite" else list(numbers)

"""What is on near you: three plans behind one question, and an exact cursor.

Every answer depends on the asker's cell, never on the asker. The plans give the same rows in the same order; which one
runs is a guess at cost from how many sessions each cell holds (docs/performance.md has the measurements).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection

from backend.activities import statements
from backend.activities.rings import Rings
from backend.activities.sessions import HORIZON, SPREAD
from backend.activities.statements import Order, Shape, Source
from backend.activities.vocabulary import AGE_HIGHEST, AGE_LOWEST
from backend.geo.grid import COLUMNS, LONDON, Grid, squared

Key = tuple[int, int, int]

HORIZON_SECONDS = int(HORIZON.total_seconds())
ALL_AGES = (AGE_LOWEST, AGE_HIGHEST)


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


def _cells(grid: Grid, origin: tuple[int, int], radius: int) -> tuple[int, ...]:
    middle, (lat, lng) = grid.cell(*origin), origin
    return tuple(
        middle + away
        for away in _cells_away(grid, (lat - grid.south) % grid.lat_step, (lng - grid.west) % grid.lng_step, radius)
    )


@lru_cache(maxsize=64)
def _cells_away(grid: Grid, lat: int, lng: int, radius: int) -> tuple[int, ...]:
    """How far on the numbers of the cells around a point are, where the point lies so far inside its own.

    They are the same around every cell. A wide circle has thousands, so what is kept must not grow with the askers.
    """
    row = column = 1_000  # Somewhere without an edge near.
    around = grid.within(grid.south + row * grid.lat_step + lat, grid.west + column * grid.lng_step + lng, radius)
    return tuple(cell - row * COLUMNS - column for cell in around)


@lru_cache(maxsize=1024)
def _packed_cells(grid: Grid, origin: tuple[int, int], radius: int, dialect: str) -> str:
    # An activity whose sessions are in several cells has none itself, so it is always looked at.
    return statements.packed((*_cells(grid, origin, radius), SPREAD), dialect)


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
        if question.ages != ALL_AGES:
            share *= 0.6
        return share


def find(question: Question, *, density: Density, connection: Connection, count: int, after: Key | None) -> list[Hit]:
    """The first `count` sessions after the key `after`, in the question's order."""
    run = _Run(question, density, connection, count, after)
    if question.match is not None:
        return run.all("words")
    first = run.activity_first()
    if question.order == "nearest":
        return run.rings("activities" if first else "cells")
    return run.all("activities") if first else run.slices()


def count(question: Question, *, density: Density, connection: Connection, most: int) -> int:
    """How many sessions fit, counted up to `most`."""
    run = _Run(question, density, connection, most, None)
    return int(run.fetch(statements.count(run.shape(run.source())))[0][0])


def count_days(question: Question, *, density: Density, connection: Connection) -> list[tuple[int, int]]:
    """How many sessions fit on each day that has any, as (proleptic ordinal of the London date, number)."""
    run = _Run(question, density, connection, 0, None)
    return [(row[0], row[1]) for row in run.fetch(statements.count_days(run.shape(run.source())))]


class _Run:
    """One question being answered."""

    def __init__(
        self, question: Question, density: Density, connection: Connection, count: int, after: Key | None
    ) -> None:
        self.question, self.connection, self.count = question, connection, count
        self.dialect = connection.dialect.name
        self.after = after
        self.expected = density.around(question)
        self.share = density.share(question)
        self.density = density
        self.window = min(1.0, (question.before - question.from_) / HORIZON_SECONDS)
        self.parameters = _parameters(question, after or (0, 0, 0), count)

    def activity_first(self) -> bool:
        """Whether it is cheaper to pick the activities and then their sessions than to read sessions in order.

        Costs are in rows read. An activity has about 20 sessions in the horizon; picking it costs one row.
        """
        in_window = self.expected * self.window
        in_order = min(in_window, 3 * self.count / max(self.share, 1e-6))
        first = self.expected / 20 + self.expected * self.share * self.window * 2
        return self.share < 0.2 and first < in_order

    def by_time(self) -> bool:
        """Whether reading all of London's sessions by time fills the page sooner than going through the cells."""
        question = self.question
        if question.everywhere:
            return True
        rows = 2 * self.count * self.density.total / max(self.expected * self.share, 1e-6)
        return rows < len(question.cells())

    def source(self) -> Source:
        """Where to read from when every row that fits is wanted, in no order."""
        if self.question.match is not None:
            return "words"
        if self.activity_first():
            return "activities"
        return "times" if self.question.everywhere else "cells"

    def rings(self, source: Source) -> list[Hit]:
        """Ring after ring of cells, until the page is full and nothing nearer can follow."""
        question = self.question
        if question.origin is None:
            return self.all(source)
        rings, furthest = Rings(question.grid, question.origin), squared(question.radius)
        wanted = 2 * self.count / max(self.share * self.window, 1e-6)
        found: list[Hit] = []
        # An activity whose sessions are in several cells has none itself, so the first look takes it along.
        batch: list[int] = [SPREAD] if source == "activities" else []
        held = step = 0
        while True:
            full = len(found) == self.count
            # A cell that ends before the cursor's distance holds nothing that comes after it.
            ring = rings.ring(step, from_=self.after[0] if self.after else 0, to=found[-1].distance if full else None)
            batch += ring
            held += self.density.sessions(ring, question.category)
            last = rings.clear(step) > furthest
            if last or full or held >= wanted:
                bounded = source == "activities" or rings.reach(step) > furthest
                found += self.all(source, batch, bounded=bounded) if batch else []
                found = sorted(found, key=_nearest)[: self.count]
                if last or (len(found) == self.count and found[-1].distance < rings.clear(step)):
                    return found
                batch, held = [], 0
            step += 1

    def slices(self) -> list[Hit]:
        """Slices of time, each longer than the last, until the page is full."""
        question = self.question
        if self.by_time():
            return self.all("times", bounded=not question.everywhere)
        rate = self.expected * self.share / HORIZON_SECONDS
        length = max(3600, int(2 * self.count / rate) if rate else HORIZON_SECONDS)
        start = max(question.from_, self.after[1] if self.after else 0)
        found: list[Hit] = []
        while start < question.before and len(found) < self.count:
            stop = min(question.before, start + length)
            found += self.all("cells", from_=start, before=stop, count=self.count - len(found))
            start, length = stop, length * 4
        return found

    def all(
        self, source: Source, cells: Sequence[int] | None = None, *, bounded: bool = True, **changes: int
    ) -> list[Hit]:
        sql = statements.page(self.shape(source, bounded=bounded), self.question.order)
        return [Hit._make(row) for row in self.fetch(sql, cells, **changes)]

    def shape(self, source: Source, *, bounded: bool = True) -> Shape:
        """The question's conditions, for reading from `source`."""
        question = self.question
        return Shape(
            dialect=self.dialect,
            source=source,
            near=source != "times" and not question.everywhere,
            bounded=bounded and not question.everywhere,
            after=self.after is not None,
            running=question.from_ < question.now,
            must=question.must != 0,
            must_of_activity=question.must_of_activity != 0,
            category=question.category is not None,
            ages=question.ages != ALL_AGES,
        )

    def fetch(self, sql: str, cells: Sequence[int] | None = None, **changes: int) -> list[tuple[Any, ...]]:
        """The rows of a text, over these cells or all that the question touches."""
        question = self.question
        if cells is not None:
            listed = statements.packed(cells, self.dialect)
        elif question.origin is not None:
            listed = _packed_cells(question.grid, question.origin, question.radius, self.dialect)
        else:
            listed = ""
        parameters = {**self.parameters, "cells": listed, **changes}
        return statements.fetch(self.connection, sql, parameters, planned_anew=question.match is not None)


def _nearest(hit: Hit) -> Key:
    return hit.distance, hit.starts_at, hit.id


def _parameters(question: Question, after: Key, count: int) -> dict[str, Any]:
    lat, lng = question.origin or (0, 0)
    return {
        "lat": lat,
        "lng": lng,
        "from_": question.from_,
        "before": question.before,
        "now": question.now,
        "must": question.must,
        "must_of_activity": question.must_of_activity,
        "category": question.category,
        "age_from": question.ages[0],
        "age_to": question.ages[1],
        "furthest": squared(question.radius),
        "after_d": after[0],
        "after_starts": after[1],
        "after_id": after[2],
        "count": count,
        "match": question.match,
    }


def key_of(hit: Hit, order: Order) -> Key:
    """Where a list goes on after this hit."""
    return (hit.distance if order == "nearest" else 0, hit.starts_at, hit.id)

"""What a search costs over London's places, near and far, rare and common, first page and fiftieth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from statistics import median

from backend.activities import near
from backend.activities.catalogue import density
from backend.activities.near import Key, Question
from backend.activities.statements import Order
from backend.activities.vocabulary import FEATURES
from backend.core import clock
from backend.geo.grid import LONDON
from bench.data import Database
from bench.measure import share
from bench.questions import positions
from bench.table import Table

PLACES = 300
TIMES = 5  # Each place is asked so often, and its median counts, so that a disturbance does not pass for a place.
WEEK, HORIZON = 7 * 86_400, near.HORIZON_SECONDS
RARE = FEATURES["sign_language"]  # 8 in 1000.
PAGE = 20


def question(cell: int, *, order: Order, now: datetime, seconds: int = WEEK, must: int = 0) -> Question:
    """What is on within 2.4 km of a cell."""
    start = clock.epoch(now)
    return Question(
        origin=LONDON.centre(cell), radius=2_400, from_=start, before=start + seconds, now=start, must=must,
        must_of_activity=must, category=None, ages=near.ALL_AGES, order=order, match=None,
    )  # fmt: skip


def costs(
    databases: Sequence[Database], asked: Sequence[Question], after: Sequence[Key | None] = ()
) -> list[list[float]]:
    """For each database, the sorted costs in microseconds of CPU of finding a page, one a question."""
    found: list[list[float]] = [[] for _ in databases]
    for number, one in enumerate(asked):
        start = after[number] if after else None
        for database, times in zip(databases, found, strict=True):
            times.append(_cost(database, replace(one, grid=database.size.grid), start))
    return [sorted(times) for times in found]


def _cost(database: Database, asked: Question, after: Key | None) -> float:
    with database.reading() as (connection, watch):
        known = density(connection)
        times = []
        for _ in range(TIMES):
            start = watch.now()
            near.find(asked, density=known, connection=connection, count=PAGE + 1, after=after)
            times.append((watch.now() - start) / 1000)
    return median(times)


def spread(table: Table, small: Database, large: Database, *, now: datetime, goals: dict[Order, float]) -> None:
    """p99 over positions: how much dearer the larger database is."""
    cells = positions(PLACES, seed=17)
    for order, limit in goals.items():
        asked = [question(cell, order=order, now=now) for cell in cells]
        few, many = costs([small, large], asked)
        ratio = share(many, 0.99) / share(few, 0.99)
        table.at_most(
            f"query p99 over positions, {order}, {large.name}: ≤ {limit:g}× of {small.size.name}", ratio, limit,
            f"{ratio:.2f}× (p50/p99 {_milliseconds(few)} at {small.size.name}, {_milliseconds(many)} at the larger)",
        )  # fmt: skip


def _milliseconds(times: list[float]) -> str:
    return f"{share(times, 0.5) / 1000:.2f}/{share(times, 0.99) / 1000:.2f} ms"


def rare(table: Table, database: Database, *, now: datetime) -> None:
    """A filter that 8 in 1000 activities pass, over the whole horizon, against no filter."""
    cells = positions(PLACES // 3, seed=19)
    for order in ("nearest", "soonest"):
        [plain] = costs([database], [question(cell, order=order, now=now, seconds=HORIZON) for cell in cells])
        [few] = costs([database], [question(cell, order=order, now=now, seconds=HORIZON, must=RARE) for cell in cells])
        ratio = median(few) / median(plain)
        table.at_most(
            f"rare filter ≤ unfiltered, {order}, {database.name}", ratio, 1,
            f"{ratio:.2f}× ({median(few) / 1000:.2f} against {median(plain) / 1000:.2f} ms)",
        )  # fmt: skip


def pages(table: Table, database: Database, *, now: datetime, goals: dict[Order, float]) -> None:
    """The fiftieth page against the first, where there are so many."""
    for order, limit in goals.items():
        asked, after = [], []
        for cell in positions(PLACES // 3, seed=23):
            one = replace(question(cell, order=order, now=now, seconds=HORIZON), grid=database.size.grid)
            with database.reading() as (connection, _):
                hits = near.find(one, density=density(connection), connection=connection, count=49 * PAGE, after=None)
            if len(hits) == 49 * PAGE:
                asked.append(one)
                after.append(near.key_of(hits[-1], order))
        [first], [late] = costs([database], asked), costs([database], asked, after)
        ratio = median(late) / median(first)
        table.at_most(
            f"page 50 ≤ {limit:g}× page 1, {order}, {database.name}", ratio, limit,
            f"{ratio:.2f}× ({median(late) / 1000:.2f} against {median(first) / 1000:.2f} ms)",
        )  # fmt: skip

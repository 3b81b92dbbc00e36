"""Writing the answer: the function made from the schema against the schema's way, and where an answer's time goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import orjson
from flask import Flask

from backend.activities import near, queries, windows
from backend.activities.catalogue import density
from backend.activities.queries import Ask
from backend.core.db import reading
from bench import plans
from bench.building import settings
from bench.data import Database
from bench.measure import Clock, Rounds, cost_of, interleaved
from bench.questions import positions
from bench.table import Table

GOAL = "generated dump ≥ 20× schema.dump, and equal"
PLACES, ROUNDS = 40, 5


def run(table: Table, database: Database, *, now: datetime) -> None:
    """Make the pages of many places, part by part and both ways."""
    from mobile_api import activities, asking, compiled  # noqa: PLC0415  -- only this part of the run needs the doors.
    from wsgi import create_app  # noqa: PLC0415

    schema = activities.SessionsOut()
    generated = compiled.dumper(schema)
    app, window, cells = create_app(settings(data=database.data, url=database.url)), windows.ahead(now), _cells()
    with app.test_request_context("/"):
        asks = [Ask(from_=window.from_, before=window.before, cell=cell, order="nearest") for cell in cells]
        pages = []
        for ask, cell in zip(asks, cells, strict=True):
            found = queries.sessions_near(ask, now=now)
            pages.append(activities.SessionsPage(found.items, found.cursor, asking.at_cell(cell), None))
        dumped = [generated(page) for page in pages]
        equal = dumped == [schema.dump(page) for page in pages]
        rounds = interleaved(
            {
                "schema.dump": partial(_cost, schema.dump, pages),
                "dump": partial(_cost, generated, pages),
                "JSON": partial(_cost, orjson.dumps, dumped),
                "search": partial(_cost, partial(_find, now), cells),
                "search and details": partial(_cost, lambda ask: queries.sessions_near(ask, now=now), asks),
            },
            rounds=ROUNDS,
        )
    rounds.costs |= interleaved({"whole": partial(_whole, app, cells)}, rounds=ROUNDS).costs
    times = rounds.ratio("schema.dump", "dump")
    said = f"{times:.0f}× ({rounds.cost('schema.dump'):.0f} against {rounds.cost('dump'):.0f} µs), "
    table.add(GOAL, said + ("equal" if equal else "NOT equal"), equal and times >= 20)
    table.note(_where_it_goes(rounds))


def _cells() -> list[int]:
    return positions(PLACES, seed=37)


def _cost(work: Callable[[Any], object], over: Sequence[Any]) -> float:
    """Microseconds of CPU that one takes, going through all of them: each comes with caches that others have used."""
    return cost_of(lambda: [work(one) for one in over], times=2, clock=Clock()) / len(over)


def _find(now: datetime, cell: int) -> None:
    with reading() as connection:
        asked = plans.question(cell, order="nearest", now=now)
        near.find(asked, density=density(connection), connection=connection, count=21, after=None)


def _whole(app: Flask, cells: list[int]) -> float:
    client = app.test_client()
    environs = [
        client.get(
            f"/api/v1/sessions?cell={cell}&order=nearest"
        ).request.environ  # Made once: making it is the client's work.
        for cell in cells
    ]

    def answer(environ: dict[str, Any]) -> None:
        body = app(dict(environ), lambda *_given: lambda _part: None)
        b"".join(body)
        body.close()  # type: ignore[attr-defined]

    return _cost(answer, environs)


def _where_it_goes(rounds: Rounds) -> str:
    search, engine, dump, text, whole = (
        rounds.cost(name) for name in ("search", "search and details", "dump", "JSON", "whole")
    )
    return (
        f"Of an uncached nearby answer's {whole:.0f} µs on SQLite, without the server: finding the sessions"
        f" {search:.0f},"
        f" reading what a list shows of them {engine - search:.0f}, dump {dump:.0f}, JSON {text:.0f}, Flask, checking"
        f" the query and the headers {whole - engine - dump - text:.0f}"
    )

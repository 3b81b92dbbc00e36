"""Writing the answer: the function made from the schema, against the schema's own way."""

from __future__ import annotations

from datetime import datetime, timedelta

from backend.activities import queries
from backend.activities.queries import Ask
from bench.building import settings
from bench.data import Database
from bench.measure import Clock, cost_of, interleaved
from bench.questions import positions
from bench.table import Table

GOAL = "generated dump ≥ 20× schema.dump, and equal"


def run(table: Table, database: Database, *, now: datetime) -> None:
    """Dump the pages of many places both ways."""
    from mobile_api import activities, asking, compiled  # noqa: PLC0415  -- only this part of the run needs the doors.
    from wsgi import create_app  # noqa: PLC0415

    schema = activities.SessionsOut()
    generated, watch = compiled.dumper(schema), Clock()
    with create_app(settings(data=database.data, url=database.url)).test_request_context("/"):
        pages = []
        for cell in positions(40, seed=37):
            ask = Ask(from_=now, before=now + timedelta(days=7), cell=cell, order="nearest")
            found = queries.sessions_near(ask, now=now)
            pages.append(activities.SessionsPage(found.items, found.cursor, asking.at_cell(cell), None))
        equal = all(generated(page) == schema.dump(page) for page in pages)
        rounds = interleaved(
            {
                "generated": lambda: cost_of(lambda: [generated(page) for page in pages], times=3, clock=watch) / 40,
                "schema": lambda: cost_of(lambda: [schema.dump(page) for page in pages], times=1, clock=watch) / 40,
            },
            rounds=5,
        )
    times = rounds.ratio("schema", "generated")
    said = f"{times:.0f}× ({rounds.cost('schema'):.0f} against {rounds.cost('generated'):.0f} µs), "
    table.add(GOAL, said + ("equal" if equal else "NOT equal"), equal and times >= 20)

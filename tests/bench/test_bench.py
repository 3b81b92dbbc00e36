"""The bench's own parts, on ten thousand sessions: what it measures has to be right before it is fast."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from backend.activities import catalogue, near, sessions
from backend.core.db import transaction
from bench import checks, race, report
from bench.building import build, engine, settings
from bench.data import Database, dispose
from bench.dataset import Size
from bench.table import Table
from tests.conftest import NOW

SMALL = Size(10_000)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def london(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Ten thousand sessions in a database of the module's own."""
    url = None
    if request.param == "postgresql":
        shared, name = request.getfixturevalue("postgres"), f"bench_{os.getpid()}"
        with psycopg.connect(shared, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        url = shared.replace(f"/test_{os.getpid()}?", f"/{name}?")
    catalogue.forget()
    data = tmp_path_factory.mktemp("bench")
    app = engine(settings(data=data, url=url))
    found = build(app, SMALL, now=NOW)
    database = Database(SMALL, request.param, data, url, app, found, 0)
    yield database
    dispose(database)
    if url:
        with psycopg.connect(shared, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_the_sessions_are_those_that_the_worker_would_have_made(london: Database) -> None:
    assert 9_500 < london.sessions < 10_500
    every_fourth = range(1, SMALL.activities + 1, 4)
    with london.app.app_context(), transaction():
        assert sessions.sync(list(every_fourth), now=NOW) == 0


def test_the_engine_answers_what_looking_at_every_session_answers(london: Database) -> None:
    table = Table()
    checks.run(table, [london], questions=200, now=NOW)
    [row] = table.rows
    assert row.met, row.measured


def test_an_engine_that_loses_a_row_is_found_out(london: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    # Stopping after the asker's own cell loses what is next door.
    monkeypatch.setattr(near.Rings, "clear", lambda _rings, _step: 2**62)
    table = Table()
    checks.run(table, [london], questions=60, now=NOW)
    assert table.missed == 1


def test_a_hundred_clients_buy_the_last_place_once(london: Database) -> None:
    table = Table()
    race.run(table, london, races=2)
    [row] = table.rows
    assert row.met, row.measured


def test_a_part_that_fails_is_said_for_each_of_its_goals() -> None:
    table = Table()

    def work() -> None:
        table.at_most("first", 1, 2, "1")
        raise RuntimeError("PostGIS is missing")

    table.part(["first", "second", "third"], work)
    assert [(row.goal, row.met) for row in table.rows] == [("first", True), ("second", None), ("third", None)]
    assert "PostGIS is missing" in table.rows[-1].measured
    assert table.closing() == "1 hold, 0 missed, 2 not run"


def test_the_page_keeps_what_stands_around_the_table(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    page.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n", encoding="utf-8")
    report.write(f"{report.BEGIN}\nnew\n{report.END}", page)
    assert page.read_text(encoding="utf-8") == f"before\n{report.BEGIN}\nnew\n{report.END}\nafter\n"

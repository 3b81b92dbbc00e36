"""The database: durable, one writer at a time, and honest when it is full."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError, StatementError

from backend.core import outbox
from backend.core.db import db, dialect, reading, transaction
from backend.core.errors import Unavailable
from backend.core.outbox import Later

only_sqlite = pytest.mark.parametrize("site", ["sqlite"], indirect=True)

ROOT = Path(__file__).parents[2]


def waiting() -> int:
    with reading() as connection:
        return connection.execute(select(func.count()).select_from(Later)).scalar_one()


def test_a_moment_without_a_zone_cannot_be_stored(app: Flask) -> None:
    with pytest.raises(StatementError, match="time zone"), transaction():
        outbox.later("x", now=datetime(2026, 1, 1))  # noqa: DTZ001
    assert waiting() == 0


def test_moments_come_back_aware_and_equal(app: Flask, now: datetime) -> None:
    with transaction():
        outbox.later("x", now=now)
    with reading() as connection:
        assert connection.execute(select(Later.due)).scalar_one() == now


def test_the_engine_for_reads_cannot_write_on_sqlite(app: Flask) -> None:
    if dialect() != "sqlite":
        with reading() as connection:
            assert connection.execute(text("SELECT 1")).scalar_one() == 1
        return
    with pytest.raises(Unavailable), reading() as connection:
        connection.execute(text("DELETE FROM outbox"))


def test_many_writers_at_once_all_get_their_turn(app: Flask, now: datetime) -> None:
    failures: list[BaseException] = []

    def write() -> None:
        try:
            with app.app_context():
                for _ in range(5):
                    with transaction():
                        outbox.later("x", now=now)
        except BaseException as error:  # noqa: BLE001  -- a thread's error must reach the test.
            failures.append(error)

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert waiting() == 40


# PostgreSQL's disk is not ours to fill; its refusal is the same OperationalError.
@only_sqlite
def test_a_full_database_says_unavailable_keeps_reading_and_recovers(app: Flask, now: datetime) -> None:
    with transaction():
        outbox.later("x", now=now)
    with db.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        connection.commit()
    with pytest.raises(Unavailable):
        for _ in range(50):
            with transaction():
                outbox.later("x", now=now, filling="x" * 20_000)
    assert waiting() >= 1
    db.engine.dispose()
    with transaction():
        outbox.later("x", now=now, filling="x" * 20_000)
    with reading() as connection:
        assert connection.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"


WRITER = """
import sys
from backend.core.settings import load
from backend.core import clock, outbox
from backend.core.db import transaction
from wsgi import create_app
app = create_app(load({"MODE": "test", "DATA_DIR": sys.argv[1]}))
with app.app_context():
    for number in range(10_000):
        with transaction():
            outbox.later("x", now=clock.now(), number=number)
        print(number, flush=True)
"""


# PostgreSQL is a process of its own: killing ours proves nothing about it.
@only_sqlite
def test_what_was_acknowledged_survives_a_kill(app: Flask, tmp_path: Path) -> None:
    import flask_migrate

    from backend.core.settings import load
    from wsgi import create_app

    site = create_app(load({"MODE": "test", "DATA_DIR": str(tmp_path)}))
    with site.app_context():
        flask_migrate.upgrade()
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout
    acknowledged = [int(writer.stdout.readline()) for _ in range(20)][-1]
    os.kill(writer.pid, signal.SIGKILL)
    acknowledged = max([acknowledged, *map(int, writer.stdout.read().split())])
    writer.stdout.close()
    writer.wait()
    with site.app_context():
        assert waiting() >= acknowledged + 1
        with reading() as connection:
            assert connection.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
        db.engine.dispose()
        site.extensions["reader"].dispose()


def test_a_broken_rule_of_the_database_is_an_error_and_leaves_nothing(app: Flask) -> None:
    with pytest.raises(DatabaseError), transaction():
        db.session.execute(
            text("INSERT INTO school_term (name, first_on, last_on) VALUES ('x', '2027-01-02', '2027-01-01')")
        )
    with reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM school_term")).scalar_one() == 0

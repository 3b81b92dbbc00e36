"""Puts a dataset into a database by bulk SQL: a million sessions in well under a minute."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask
from flask_migrate import Migrate, upgrade

from backend.activities.sessions import AFTER_SCHOOL_MINUTES, HORIZON
from backend.activities.text import trigrams
from backend.activities.vocabulary import AFTER_SCHOOL, CHECKED, HOLIDAY
from backend.core import clock
from backend.core import db as database
from backend.core.db import db
from backend.core.settings import Settings, load
from backend.organisations.queries import FOREVER
from bench.dataset import London, Size, calendar, weekdays, words

MIGRATIONS = str(Path(__file__).parents[1] / "backend" / "migrations")

SESSION = (
    "activity_id, schedule_id, venue_id, occurs_on, status, reason, moved, capacity, taken, starts_at, ends_at, day,"
    " cell, lat, lng, category, age_min, age_max, features, listed_until"
)
# `noon` less twelve hours counts minutes on the wall clock also on the days when the clocks change.
SESSIONS = f"""
    INSERT INTO session ({SESSION})
    SELECT a.id, c.id, v.id, d.occurs_on, 0, '', {{no}}, c.capacity, 0,
      d.noon + (c.starts_minute - 720) * 60, d.noon + (c.starts_minute + c.minutes - 720) * 60, d.day,
      v.cell, v.lat, v.lng, a.category, a.age_min, a.age_max,
      a.features | o.checked | d.holiday
        | CASE WHEN d.school_day = 1 AND c.starts_minute BETWEEN {AFTER_SCHOOL_MINUTES.start}
                 AND {AFTER_SCHOOL_MINUTES.stop - 1} THEN {AFTER_SCHOOL} ELSE 0 END,
      o.listed_until
    FROM bench_weekday AS w CROSS JOIN schedule AS c CROSS JOIN activity AS a CROSS JOIN venue AS v
      CROSS JOIN bench_organisation AS o CROSS JOIN bench_day AS d
    WHERE c.id = w.schedule_id AND a.id = c.activity_id AND v.id = a.venue_id AND o.id = a.organisation_id
      AND d.weekday = w.weekday {{order}}
"""
HELPERS = (
    "CREATE TEMPORARY TABLE bench_weekday (schedule_id BIGINT, weekday INTEGER)",
    "CREATE TEMPORARY TABLE bench_organisation (id INTEGER PRIMARY KEY, listed_until BIGINT, checked BIGINT)",
    (
        "CREATE TEMPORARY TABLE bench_day"
        " (day INTEGER, occurs_on DATE, weekday INTEGER, noon BIGINT, school_day INTEGER, holiday BIGINT)"
    ),
    "CREATE INDEX bench_day_weekday ON bench_day (weekday)",
)
COUNTS = (
    "INSERT INTO cell_count (cell, category, sessions) SELECT cell, category, count(*) FROM session"
    " WHERE listed_until > 0 AND starts_at >= {now} GROUP BY cell, category"
)


def settings(*, data: Path, url: str | None = None) -> Settings:
    """The app's settings for a database: a file in the folder `data`, or the PostgreSQL database at `url`."""
    environ = {"MODE": "test", "DATA_DIR": str(data), "WORKER": "separate"}
    return load(environ | ({"DATABASE_URL": url} if url else {}))


def engine(told: Settings) -> Flask:
    """The backend alone, without the doors."""
    app = Flask("bench")
    database.init_app(app, told)
    Migrate(app, db, directory=MIGRATIONS, compare_type=True, render_as_batch=True)
    return app


class Sqlite:
    """A file, written without any care for a crash."""

    no, order = "0", ""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-400000", "temp_store=MEMORY"):
            self.connection.execute(f"PRAGMA {pragma}")
        self.connection.execute("BEGIN")
        self.indexes = self.fetch("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'session'"
                                  " AND sql IS NOT NULL")  # fmt: skip

    def run(self, statement: str) -> None:
        self.connection.execute(statement)

    def fetch(self, statement: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(statement).fetchall()

    def put(self, table: str, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
        marks = ", ".join("?" * len(columns))
        self.connection.executemany(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", (tuple(map(_plain, row)) for row in rows)
        )

    def put_words(self, documents: Iterable[tuple[Any, ...]]) -> None:
        self.put("activity_text", ("rowid", "title", "more"), documents)

    def close(self) -> None:
        self.connection.execute("COMMIT")
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.close()


def _plain(value: Any) -> Any:
    """A value as SQLAlchemy stores it in SQLite."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S.%f}"
    return value.isoformat() if isinstance(value, date) else value


class Postgres:
    """A database, filled by COPY and with its foreign keys taken on trust."""

    no, order = "false", "ORDER BY c.id, d.day"

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url, autocommit=True)
        for setting in ("session_replication_role = replica", "synchronous_commit = off", "work_mem = '256MB'"):
            self.run(f"SET {setting}")
        self.indexes = self.fetch(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'session' AND indexname LIKE 'ix_%'"
        )

    def run(self, statement: str) -> None:
        self.connection.execute(statement.encode())

    def fetch(self, statement: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(statement.encode()).fetchall()

    def put(self, table: str, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
        statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
        with self.connection.cursor() as cursor, cursor.copy(statement.encode()) as copy:
            for row in rows:
                copy.write_row(row)

    def put_words(self, documents: Iterable[tuple[Any, ...]]) -> None:
        self.run("CREATE TEMPORARY TABLE bench_words (id BIGINT, title TEXT, more TEXT)")
        self.put("bench_words", ("id", "title", "more"), documents)
        self.run(
            "INSERT INTO activity_text SELECT id, setweight(to_tsvector('english', title), 'A')"
            " || setweight(to_tsvector('english', more), 'C') FROM bench_words"
        )

    def close(self) -> None:
        self.run("VACUUM (ANALYZE)")
        self.connection.close()


def build(app: Flask, size: Size, *, now: datetime) -> int:
    """Migrate the app's database, which must be empty, and fill it. Gives how many sessions it has."""
    today = clock.today(now)
    with app.app_context():
        upgrade()
        url = db.engine.url
        db.engine.dispose()
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    store = Sqlite(Path(str(url.database))) if url.drivername == "sqlite" else Postgres(plain)
    for name, _ in store.indexes:
        store.run(f"DROP INDEX {name}")
    london = London(size, now, today)
    for table, columns, rows in london.tables():
        store.put(table, columns, rows)
    store.run("UPDATE activity SET cell = (SELECT cell FROM venue WHERE venue.id = activity.venue_id)")
    _words(store)
    _sessions(store, london, today)
    for _, definition in store.indexes:
        store.run(definition)
    store.run(COUNTS.format(now=clock.epoch(now)))
    _number_on(store)
    [(sessions,)] = store.fetch("SELECT count(*) FROM session")
    store.close()
    return int(sessions)


def _sessions(store: Sqlite | Postgres, london: London, today: date) -> None:
    for statement in HELPERS:
        store.run(statement)
    runs = ((n, day) for n in range(1, london.size.activities + 1) for day in weekdays(n))
    store.put("bench_weekday", ("schedule_id", "weekday"), runs)
    store.put("bench_organisation", ("id", "listed_until", "checked"), _standings(london))
    columns = ("day", "occurs_on", "weekday", "noon", "school_day", "holiday")
    store.put("bench_day", columns, _days(today))
    store.run(SESSIONS.format(no=store.no, order=store.order))


def _standings(london: London) -> Iterator[tuple[int, int, int]]:
    """Until when each organisation is shown, and the mark of one that we checked."""
    for n in range(1, london.size.organisations + 1):
        checks = london.checks_of(n)
        if not london.is_group(n):
            yield n, FOREVER, 0
        elif len(checks) == 6:
            yield n, clock.epoch(clock.midnight(min(checks) + timedelta(days=1))), CHECKED
        else:
            yield n, 0, 0


def _days(today: date) -> Iterator[tuple[Any, ...]]:
    """The days of the horizon but for bank holidays, on which no schedule of ours runs."""
    terms = calendar(today)
    for day in clock.days(today, HORIZON.days):
        if day not in terms.bank_holidays:
            noon = clock.epoch(clock.at(day, time(12)))
            school_day, holiday = int(terms.school_day(day, None)), HOLIDAY if terms.in_holidays(day, None) else 0
            yield day.toordinal(), day, day.weekday(), noon, school_day, holiday


def _words(store: Sqlite | Postgres) -> None:
    """The text index and the vocabulary, as the worker would write them."""
    documents = [
        (row[0], *words(row[1], row[2], row[3]))
        for row in store.fetch("SELECT id, title, about, venue_id FROM activity")
    ]
    uses = Counter(word for _, title, more in documents for word in {*title.split(), *more.split()})
    known = {word: count for word, count in uses.items() if len(word) >= 3 and not word.isdigit()}
    store.put_words(documents)
    store.put("word", ("word", "uses"), iter(known.items()))
    store.put("word_trigram", ("trigram", "word"), ((piece, word) for word in known for piece in trigrams(word)))


def _number_on(store: Sqlite | Postgres) -> None:
    """Let PostgreSQL number on from where the rows end; SQLite does so by itself."""
    if isinstance(store, Postgres):
        for table in ("organisation", "venue", "activity", "schedule"):
            store.run(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")

"""The databases of a run: built when they are not there yet from the same day, and thrown away when they are older."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from time import monotonic

from flask import Flask
from sqlalchemy import Connection

from backend.core import clock
from backend.core.db import db, reading
from bench.building import build, engine, settings
from bench.dataset import Size
from bench.measure import Clock
from bench.servers import Server, folder


@dataclass(frozen=True, slots=True)
class Database:
    """A filled database. `seconds` is how long building took, 0 when it was there."""

    size: Size
    kind: str
    data: Path
    url: str | None
    app: Flask
    sessions: int
    seconds: float

    @property
    def name(self) -> str:
        return f"{self.size.name} on {'SQLite' if self.url is None else 'PostgreSQL'}"

    @property
    def environ(self) -> dict[str, str]:
        """What the app's servers are told."""
        told = {"MODE": "test", "WORKER": "separate", "DATA_DIR": str(self.data)}
        return told | ({"DATABASE_URL": self.url} if self.url else {})

    @contextmanager
    def reading(self) -> Iterator[tuple[Connection, Clock]]:
        """A connection for reads inside the app's context, and the clock that counts what it costs."""
        with self.app.app_context(), reading() as connection:
            driver = connection.connection.driver_connection
            pids = (driver.info.backend_pid,) if self.url and driver is not None else ()
            yield connection, Clock(pids)


def prepare(size: Size, server: Server | None, *, now: datetime) -> Database:
    """The database of that size on SQLite or, with a server, on PostgreSQL."""
    name = f"bench_{size.name.lower()}_{clock.today(now):%Y%m%d}_{_made_by()}"
    data = folder() / f"{name}_{server.version if server else 'sqlite'}"
    url = server.database(name) if server else None
    app = None
    built = (data / "built").exists() and (server is None or server.has(name))
    start = monotonic()
    if not built:
        _forget(size, server)
        data.mkdir()
        if server:
            server.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            server.run(f"CREATE DATABASE {name}")
    app = engine(settings(data=data, url=url))
    if not built:
        (data / "built").write_text(str(build(app, size, now=now)), encoding="ascii")
    sessions = int((data / "built").read_text(encoding="ascii"))
    kind = f"PostgreSQL {server.version}" if server else "SQLite"
    return Database(size, kind, data, url, app, sessions, 0 if built else monotonic() - start)


def _made_by() -> str:
    """A mark of the migrations and of what fills the tables: a change of either asks for new databases."""
    here = Path(__file__).parent
    sources = [
        here / "dataset.py",
        here / "building.py",
        *sorted((here.parent / "backend/migrations/versions").glob("*.py")),
    ]
    return blake2b(b"".join(path.read_bytes() for path in sources), digest_size=4).hexdigest()


def _forget(size: Size, server: Server | None) -> None:
    """Drop this size's older databases, and what is left of a build that was cut short."""
    end = server.version if server else "sqlite"
    for old in folder().glob(f"bench_{size.name.lower()}_*_{end}"):
        shutil.rmtree(old)
        if server:
            server.run(f"DROP DATABASE IF EXISTS {old.name.removesuffix(f'_{end}')} WITH (FORCE)")


def dispose(database: Database) -> None:
    """Close the connections that this process holds."""
    with database.app.app_context():
        db.engine.dispose()
        database.app.extensions["reader"].dispose()

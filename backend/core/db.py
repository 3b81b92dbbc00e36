"""The database: one write transaction at a time, prepared reads beside it, on SQLite and on PostgreSQL.

Writes go through `transaction()` on `db.session`. Reads for pages and the API go through `reading()`, a separate engine
in AUTOCOMMIT: without it the pool's rollback makes the driver drop every prepared statement.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, cast

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, BigInteger, Connection, DateTime, Engine, Integer, MetaData, create_engine, event, select
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import QueuePool
from sqlalchemy.types import TypeDecorator

from backend.core.errors import NotFound, Unavailable

if TYPE_CHECKING:
    from backend.core.settings import Settings

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# SQLite numbers only an INTEGER PRIMARY KEY by itself; PostgreSQL gets 64 bits.
BigId = BigInteger().with_variant(Integer, "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment. SQLite forgets the zone, so it is taken off on the way in and put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  -- the base class names it.
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Every table's base class."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcDateTime, dict[str, Any]: JSON, list[str]: JSON}


db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})

Row = TypeVar("Row", bound=Base)


def init_app(app: Flask, settings: Settings) -> None:
    """Give the app its engines. SQLite gets one writer at a time and durable commits."""
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = _options(settings)
    db.init_app(app)
    with app.app_context():
        reader = create_engine(settings.database_url, isolation_level="AUTOCOMMIT", **_options(settings))
        _listen(db.engine, writes=True)
        _listen(reader, writes=False)
    app.extensions["reader"] = reader
    app.extensions["writing"] = _WriterLock(settings.data_dir / "write.lock") if settings.sqlite else None


def _options(settings: Settings) -> dict[str, Any]:
    if settings.sqlite:
        # Eight threads of a web worker; a connection is cheap, and busy waits are bounded by `timeout`, in seconds.
        return {"connect_args": {"timeout": 15}, "poolclass": QueuePool, "pool_size": 8, "max_overflow": 4}
    # Two engines a process: workers × 2 × (pool + overflow) must stay below the server's connections.
    return {"pool_size": 4, "max_overflow": 4, "pool_timeout": 10, "pool_recycle": 1800}


def _listen(engine: Engine, *, writes: bool) -> None:
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _record: object) -> None:
        # The driver's own transactions start too late and as DEFERRED, so it is told to start none.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
            "busy_timeout=15000",
            "cache_size=-4000",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        if not writes:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    if writes:

        @event.listens_for(engine, "begin")
        def begin(connection: Connection) -> None:
            # IMMEDIATE takes the write lock at once, so no transaction finds half-way that it may not write.
            connection.exec_driver_sql("BEGIN IMMEDIATE")


class _WriterLock:
    """Makes SQLite's writers take turns fairly; its own busy handler let one wait three seconds."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._held = threading.local()

    @contextmanager
    def __call__(self) -> Iterator[None]:
        if getattr(self._held, "depth", 0):
            yield
            return
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            self._held.depth = 1
            yield
        finally:
            self._held.depth = 0
            os.close(handle)


class NestedTransaction(RuntimeError):
    """An action was called inside another's transaction: each is one, whole."""


@contextmanager
def transaction() -> Iterator[None]:
    """One write transaction, committed at the end or rolled back whole.

    Raises Unavailable when the database is full, locked or away, so that people are told to try again.
    """
    lock: _WriterLock | None = current_app.extensions["writing"]
    if db.session.info.get("open"):
        raise NestedTransaction
    try:
        if lock is None:
            with _open():
                yield
        else:
            with lock(), _open():
                yield
    except OperationalError as error:
        raise Unavailable from error
    for hook in db.session.info.pop("after_commit", []):
        hook()


@contextmanager
def _open() -> Iterator[None]:
    session = db.session
    session.info["open"] = True
    try:
        yield
        session.commit()
    except BaseException:
        session.info.pop("after_commit", None)
        session.rollback()
        raise
    finally:
        session.info.pop("open", None)
        session.expunge_all()


def after_commit(hook: Any) -> None:
    """Call `hook` once the open transaction has been committed; never if it is rolled back."""
    db.session.info.setdefault("after_commit", []).append(hook)


def locked(model: type[Row], row_id: int, error: type[NotFound] = NotFound) -> Row:
    """The row, held until the transaction ends, so that people who act at the same moment take turns."""
    statement = select(model).where(cast("Any", model).id == row_id).with_for_update()
    row = db.session.execute(statement).scalar_one_or_none()
    if row is None:
        raise error
    return row


@contextmanager
def reading() -> Iterator[Connection]:
    """A connection for reads, in AUTOCOMMIT, whose prepared statements live on."""
    reader: Engine = current_app.extensions["reader"]
    try:
        with reader.connect() as connection:
            yield connection
    except OperationalError as error:
        raise Unavailable from error


def dialect() -> str:
    """`sqlite` or `postgresql`: for the few statements that differ."""
    return str(current_app.extensions["reader"].dialect.name)

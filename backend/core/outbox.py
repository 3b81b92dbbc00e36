"""Later work is a row in the same transaction as the change that asks for it; a worker takes the row.

The row is the truth. The hint that wakes a worker may be lost; the sweep finds the row within a minute. A claim is a
lease with a fence: a worker that comes back after its lease ran out cannot mark somebody else's turn as done.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Index, String, Text, delete, func, insert, select, text, type_coerce, update
from sqlalchemy.orm import Mapped, mapped_column

from backend.core import db as database
from backend.core.db import Base, BigId, UtcDateTime, db, transaction

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
KEPT = timedelta(days=7)
ATTEMPTS = 8

Job = Callable[..., None]
JOBS: dict[str, Job] = {}
_wakers: list[Callable[[], None]] = []


UNDONE = text("done IS NULL")


class Later(Base):
    """One piece of work to do once, later."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_due", "due", postgresql_where=UNDONE, sqlite_where=UNDONE),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    job: Mapped[str] = mapped_column(String(80))
    payload: Mapped[dict[str, Any]]
    due: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    done: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)


class UnknownJob(RuntimeError):
    """A row names a job that this version of the code does not have."""


def job(name: str) -> Callable[[Job], Job]:
    """Register a function as what the worker calls for rows of this name. It gets `now=` and the payload."""

    def register(function: Job) -> Job:
        JOBS[name] = function
        return function

    return register


def on_commit_wake(waker: Callable[[], None]) -> None:
    """Call `waker` after each commit that left work, as a hint; losing it costs a minute."""
    _wakers[:] = [waker]


def later(name: str, *, now: datetime, due: datetime | None = None, **payload: Any) -> None:
    """Ask for work, inside the open transaction. `due` defaults to now."""
    db.session.execute(insert(Later).values(job=name, payload=payload, due=due or now, attempts=0))
    for waker in _wakers:
        database.after_commit(waker)


def run_due(*, now: datetime, limit: int = 100) -> int:
    """Do what is due, oldest first; give how many rows were done. One row's failure does not stop the others."""
    done = 0
    for row_id in _due_ids(now=now, limit=limit):
        claim = _claim(row_id, now=now)
        if claim is not None and _run(*claim, now=now):
            done += 1
    return done


def _due_ids(*, now: datetime, limit: int) -> list[int]:
    statement = select(Later.id).where(Later.done.is_(None), Later.due <= now).order_by(Later.due).limit(limit)
    with database.reading() as connection:
        return list(connection.execute(statement).scalars())


def _claim(row_id: int, *, now: datetime) -> tuple[int, str, dict[str, Any], int] | None:
    statement = (
        update(Later)
        .where(Later.id == row_id, Later.done.is_(None), Later.due <= now)
        .values(due=now + LEASE, attempts=Later.attempts + 1)
        .returning(Later.id, Later.job, Later.payload, Later.attempts)
    )
    with transaction():
        row = db.session.execute(statement).one_or_none()
    return None if row is None else (row.id, row.job, row.payload, row.attempts)


def _run(row_id: int, name: str, payload: dict[str, Any], attempt: int, *, now: datetime) -> bool:
    try:
        if name not in JOBS:
            raise UnknownJob(name)
        JOBS[name](now=now, **payload)
    except Exception as error:
        log.exception("job failed", extra={"job": name, "row": row_id, "attempt": attempt})
        _finish(row_id, attempt, due=now + _wait(attempt), error=f"{type(error).__name__}: {error}"[:500])
        return False
    _finish(row_id, attempt, done=now, error=None)
    return True


def _finish(row_id: int, attempt: int, **values: Any) -> None:
    # The attempt number is the fence: a worker whose lease ran out finds another number here and changes nothing.
    with transaction():
        db.session.execute(update(Later).where(Later.id == row_id, Later.attempts == attempt).values(**values))


def _wait(attempt: int) -> timedelta:
    """How long after a failed attempt the next one is due: 15 s doubling; given up for a day after eight."""
    return timedelta(days=1) if attempt >= ATTEMPTS else timedelta(seconds=15 * 2 ** (attempt - 1))


def database_now() -> datetime:
    """The database's own time: leases are given and judged by one clock, however wrong a worker's may be."""
    with database.reading() as connection:
        return connection.execute(select(type_coerce(func.current_timestamp(), UtcDateTime))).scalar_one()


@job("outbox.forget")
def forget_done(*, now: datetime) -> None:
    """Delete rows that were done more than a week ago; what failed stays until somebody has looked."""
    with transaction():
        db.session.execute(delete(Later).where(Later.done < now - KEPT))


def waiting() -> int:
    """How many rows are not done."""
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(Later).where(Later.done.is_(None))).scalar_one()

"""Reading what imports have done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from backend.activities.models import Venue
from backend.core.db import reading
from backend.core.errors import NotFound
from backend.feeds.models import ImportRecord, ImportRun


class NoSuchImport(NotFound):
    """No import with that number."""

    message = "There is no import with that number. `flask imports list` shows them all."


class Run(NamedTuple):
    """One import, as lists show it."""

    id: int
    format: str
    source: str
    label: str
    file_name: str
    started_at: datetime
    finished_at: datetime | None
    undone_at: datetime | None
    counts: dict[str, Any]

    @property
    def state(self) -> str:
        """Where it stands, in one word. One that is unfinished is running, or was killed on the way."""
        return "undone" if self.undone_at else "done" if self.finished_at else "unfinished"


_RUN = select(*(ImportRun.__table__.c[name] for name in Run._fields))


def runs() -> list[Run]:
    """Every import, the newest first."""
    with reading() as connection:
        return [Run(*row) for row in connection.execute(_RUN.order_by(ImportRun.id.desc()))]


def run(run_id: int) -> Run:
    """One import. Raises NoSuchImport."""
    with reading() as connection:
        row = connection.execute(_RUN.where(ImportRun.id == run_id)).one_or_none()
    if row is None:
        raise NoSuchImport
    return Run(*row)


def label_of(source: str) -> str | None:
    """What the last import of a source called its list, so that the next one of the same source agrees."""
    statement = (
        select(ImportRun.label)
        .where(ImportRun.source == source, ImportRun.undone_at.is_(None))
        .order_by(ImportRun.id.desc())
    )
    with reading() as connection:
        return connection.execute(statement.limit(1)).scalar_one_or_none()


def unfinished(source: str) -> list[int]:
    """The imports of a source that were killed on the way, as nobody else is importing it."""
    statement = select(ImportRun.id).where(
        ImportRun.source == source, ImportRun.finished_at.is_(None), ImportRun.undone_at.is_(None)
    )
    with reading() as connection:
        return list(connection.execute(statement.order_by(ImportRun.id)).scalars())


def unused(connection: Connection, source: str, used: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    """What a source has brought here and this file did not: (source id, the place's name)."""
    statement = (
        select(ImportRecord.source_id, func.coalesce(Venue.name, ""))
        .outerjoin(Venue, Venue.id == ImportRecord.venue_id)
        .where(ImportRecord.source == source)
        .order_by(ImportRecord.source_id)
    )
    for source_id, name in connection.execute(statement):
        if not used(source_id):
            yield source_id, name

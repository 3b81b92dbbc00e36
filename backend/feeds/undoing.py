"""Taking an import back, whole. What it brought goes, what it changed is put back as it was.

What somebody has changed here since, by other means, is theirs: it is kept, and the operator is told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from backend.activities import sessions
from backend.activities.actions import changed, remove
from backend.activities.models import ScheduleChange, Session
from backend.activities.vocabulary import Status
from backend.core.db import db, reading, transaction
from backend.core.errors import Conflict
from backend.feeds import compare, lock, queries
from backend.feeds.compare import Row, Stored
from backend.feeds.models import ImportChange, ImportRecord, ImportRun
from backend.feeds.rows import TABLES, plain, said, typed, untouched
from backend.organisations.models import Check

CHUNK = 500  # Rows put back in one transaction.

UNDOABLE = timedelta(days=365)  # How long an import can be undone: after that the worker forgets how.

SINCE = "somebody has changed it here since"


class AlreadyUndone(Conflict):
    """The import was undone before."""

    message = "That import was undone already. There is nothing left to undo."


class TooLongAgo(Conflict):
    """How to undo the import has been wiped."""

    message = "That import is more than a year old, so it can't be undone any more."


class ChangedByLater(Conflict):
    """A later import has changed what this one brought."""


@dataclass(slots=True)
class Undone:
    """What undoing did: how many listings and places went, how many were put back, and what was kept, and why."""

    removed: int = 0
    restored: int = 0
    kept: list[str] = field(default_factory=list)


Progress = Callable[[int, int], None]


def undo(*, run_id: int, now: datetime, progress: Progress = lambda _rows, _total: None) -> Undone:
    """Undo an import. Raises NoSuchImport, AlreadyUndone, TooLongAgo, ChangedByLater, AlreadyImporting.

    Each chunk is a transaction of its own: an undoing that is cut short goes on from there when it is called again.
    `progress` is told after each chunk how many rows it had, and how many there were in all.
    """
    run = queries.run(run_id)
    with lock.held(run.source):
        if queries.run(run_id).undone_at:
            raise AlreadyUndone
        if run.started_at < now - UNDOABLE:
            raise TooLongAgo
        _refuse_if_changed_later(run)
        outcome = Undone()
        total = _left(run_id)
        while rows := _undo_some(run, outcome, now=now):
            progress(rows, total)
        with transaction():
            db.session.execute(update(ImportRun).where(ImportRun.id == run_id).values(undone_at=now))
    return outcome


def _left(run_id: int) -> int:
    with reading() as connection:
        statement = select(func.count()).select_from(ImportChange).where(ImportChange.run_id == run_id)
        return connection.execute(statement).scalar_one()


def _refuse_if_changed_later(run: queries.Run) -> None:
    statement = (
        select(func.max(ImportRecord.run_id))
        .join(ImportChange, ImportChange.source_id == ImportRecord.source_id)
        .where(ImportChange.run_id == run.id, ImportRecord.source == run.source, ImportRecord.run_id > run.id)
    )
    with reading() as connection:
        later = connection.execute(statement).scalar_one()
    if later:
        raise ChangedByLater(f"Import {later} has changed rows of import {run.id} since. Undo import {later} first.")


def _undo_some(run: queries.Run, outcome: Undone, *, now: datetime) -> int:
    """Undo up to a chunk's worth, the newest first, in one transaction; how many rows that were."""
    change = ImportChange.__table__.c
    with transaction():
        connection = db.session.connection()
        some = connection.execute(
            select(change.id, change.source_id, change.undo)
            .where(change.run_id == run.id)
            .order_by(change.id.desc())
            .limit(CHUNK)
        ).all()
        if not some:
            return 0
        undoing = _Undoing(connection, run, outcome, now=now)
        undoing.remove([row.source_id for row in some if row.undo is None])
        for row in some:
            if row.undo is not None:
                undoing.put_back(row.source_id, row.undo)
        undoing.clear_up()
        connection.execute(delete(ImportChange).where(ImportChange.id.in_([row.id for row in some])))
    return len(some)


class _Undoing:
    """One chunk of an undoing, inside its transaction."""

    def __init__(self, connection: Connection, run: queries.Run, outcome: Undone, *, now: datetime) -> None:
        self.connection, self.run, self.outcome, self.now = connection, run, outcome, now
        self.owners: set[int] = set()  # Organisations that may have nothing left.
        self.again: list[int] = []  # Activities whose sessions are to be made anew.

    def remove(self, source_ids: Sequence[str]) -> None:
        """Take away what the run brought, but for what somebody has changed or people have booked."""
        records = compare.of_source(self.connection, compare.RECORDS, self.run.source, source_ids)
        known = compare.stored(self.connection, records)
        going = [found for found in known.values() if not self._theirs(found)]
        gone_already = [record["source_id"] for record in records if record["source_id"] not in known]
        activities = [found.activity for found in going if found.activity]
        self._remove_activities([row["id"] for row in activities])
        self.owners.update(row["organisation_id"] for row in activities)
        self._remove_venues([found.venue for found in going])
        self._forget([found.record["source_id"] for found in going] + gone_already)
        self.outcome.removed += len(going)

    def _theirs(self, found: Stored) -> bool:
        """Whether somebody else has a hand in it by now, which the outcome then says."""
        reason = SINCE if found.touched else self._used(found)
        if reason:
            self.outcome.kept.append(f"{(found.activity or found.venue).get('title') or found.venue['name']}: {reason}")
        return bool(reason)

    def _used(self, found: Stored) -> str:
        schedule_ids = [row["id"] for row in found.schedules]
        if not schedule_ids:
            return ""
        skipped = select(func.count()).select_from(ScheduleChange).where(ScheduleChange.schedule_id.in_(schedule_ids))
        booked = select(func.count()).where(
            Session.schedule_id.in_(schedule_ids), or_(Session.taken > 0, Session.status == Status.CANCELLED)
        )
        if self.connection.execute(booked).scalar_one():
            return "somebody holds a place on a session, or called one off"
        return SINCE if self.connection.execute(skipped).scalar_one() else ""

    def _remove_activities(self, activity_ids: list[int]) -> None:
        if not activity_ids:
            return
        cells = select(Session.cell).where(Session.activity_id.in_(activity_ids)).distinct()
        touched = set(self.connection.execute(cells).scalars())
        remove(activity_ids=activity_ids)
        sessions.count_cells(touched, now=self.now)

    def _remove_venues(self, venues: Sequence[Row]) -> None:
        ids = [row["id"] for row in venues]
        busy = set(compare.users(self.connection, "venue_id", ids))
        columns: tuple[Any, ...] = (Session.venue_id, ScheduleChange.to_venue_id)
        for column in columns:
            busy.update(self.connection.execute(select(column).where(column.in_(ids)).distinct()).scalars())
        table = TABLES["venue"]
        if busy:
            # Something else happens there by now: the place stays, and is no longer the directory's.
            self.connection.execute(update(table).where(table.c.id.in_(busy)).values(source=None, source_id=None))
            names = (row["name"] for row in venues if row["id"] in busy)
            self.outcome.kept += [f"{name}: the place stays, as something else happens there" for name in names]
        self.connection.execute(delete(table).where(table.c.id.in_(set(ids) - busy)))

    def _forget(self, source_ids: Sequence[str]) -> None:
        record = ImportRecord
        self.connection.execute(
            delete(record).where(record.source == self.run.source, record.source_id.in_(source_ids))
        )

    def put_back(self, source_id: str, undo: dict[str, Any]) -> None:
        """Take back the steps that were done for one row, the last first, and its record with them."""
        records = compare.of_source(self.connection, compare.RECORDS, self.run.source, [source_id])
        kept = False
        for kind, table, *rest in reversed(undo["steps"]):
            if kind == "put":
                kept = self._unput(table, *rest) or kept
            elif kind == "add":
                kept = self._unadd(table, *rest) or kept
            else:
                self._undrop(table, *rest)
        if kept:
            self.outcome.kept.append(f"{source_id}: {SINCE}, and that part stays")
        self.outcome.restored += 1
        self._restore_record(source_id, undo["record"])
        self.again += [record["activity_id"] for record in records if record["activity_id"]]

    def _unput(self, table: str, row_id: int, pairs: dict[str, list[Any]]) -> bool:
        """Put back the columns that still say what the import wrote; whether any says something else."""
        row = compare.by_id(self.connection, table, [row_id]).get(row_id)
        if row is None:
            return True
        same = {name: before for name, (before, after) in pairs.items() if plain(row[name]) == after}
        if table == "activity" and "organisation_id" in same:
            self.owners.add(row["organisation_id"])
        if table == "activity" and set(pairs) - set(same) - {"updated_at"}:
            same.pop("updated_at", None)
        if same:
            target = TABLES[table]
            values = {name: typed(table, name, value) for name, value in same.items()}
            self.connection.execute(update(target).where(target.c.id == row_id).values(values))
        return bool(set(pairs) - set(same) - {"updated_at"})

    def _unadd(self, table: str, row_id: int, digest: str) -> bool:
        """Take away a row that was added; whether it stays because somebody changed it."""
        row = compare.by_id(self.connection, table, [row_id]).get(row_id)
        if row is None or table == "organisation":
            self.owners.update([row_id] if row else [])
            return False
        if said(table, row) != digest:
            return True
        target = TABLES[table]
        self.connection.execute(delete(target).where(target.c.id == row_id))
        return False

    def _undrop(self, table: str, row: dict[str, Any]) -> None:
        values = {name: typed(table, name, value) for name, value in row.items()}
        if values["id"] in compare.by_id(self.connection, table, [values["id"]]):
            # The number has gone to another row since; the sessions are made anew either way.
            del values["id"]
        self.connection.execute(insert(TABLES[table]).values(values))

    def _restore_record(self, source_id: str, before: dict[str, Any]) -> None:
        self._forget([source_id])
        self.connection.execute(insert(ImportRecord).values(before))

    def clear_up(self) -> None:
        """Take away organisations that nothing is left of, and ask for sessions of what was put back."""
        rows = compare.by_id(self.connection, "organisation", self.owners)
        busy = set(compare.users(self.connection, "organisation_id", self.owners))
        checked = select(Check.organisation_id).where(Check.organisation_id.in_(self.owners))
        busy.update(self.connection.execute(checked).scalars())
        empty = [row for row_id, row in rows.items() if row_id not in busy and row["source"] == self.run.source]
        self.outcome.kept += [f"{row['name']}, the organisation: {SINCE}" for row in empty if not untouched(row)]
        table = TABLES["organisation"]
        going = [row["id"] for row in empty if untouched(row)]
        self.connection.execute(delete(table).where(table.c.id.in_(going)))
        if self.again:
            changed(self.again, now=self.now)

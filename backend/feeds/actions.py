"""Importing a file, chunk by chunk.

Each chunk is one transaction, so a killed import leaves whole chunks, and a run that is marked unfinished. It can be
undone, or the file simply imported again.
"""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import insert, update

from backend.activities.actions import changed
from backend.core import clock
from backend.core.db import db, transaction
from backend.core.db import reading as reading_connection
from backend.core.slugs import slug
from backend.feeds import compare, lock, queries, rows
from backend.feeds.draft import Draft, Format, Left, Reading, Refused
from backend.feeds.formats import FORMATS
from backend.feeds.models import ImportRun
from backend.feeds.reading import Entry, Unusable, entries, opened, printable
from backend.feeds.report import Line, Report
from backend.feeds.writing import Writer

log = logging.getLogger(__name__)

CHUNK = 1000  # Rows in one transaction.

Progress = Callable[[Iterator[Entry], int], Iterable[Entry]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an import. `run_id` is None for a trial run, which wrote nothing."""

    run_id: int | None
    report: Report
    rows: int
    unfinished: list[int]  # Earlier imports of the same source that were killed on the way.


def import_file(
    *,
    format_name: str,
    path: Path,
    now: datetime,
    dry_run: bool = False,
    source: str | None = None,
    label: str | None = None,
    as_of: date | None = None,
    progress: Progress = lambda found, _total: found,
) -> Outcome:
    """Bring a file in. A trial run (`dry_run`) decides and tells the same, and writes nothing.

    `source` keeps two lists of one layout apart; `label` is what the app calls the list; `as_of` is when rows without
    a date of their own were last confirmed. Raises Unusable, and AlreadyImporting.
    """
    layout = FORMATS[format_name]()
    source = slug(source, longest=40) if source else layout.name
    with opened(path) as handle, _settled():
        total = _survey(handle, layout)
        with nullcontext() if dry_run else lock.held(source):
            given = label or queries.label_of(source) or layout.whose()
            earlier = queries.unfinished(source)
            importing = _Import(layout, source, printable(given)[:160], Reading(clock.today(now), as_of), now)
            if not dry_run:
                importing.begin(path.name)
            for chunk in _chunks(progress(entries(handle, layout.kind), total)):
                importing.take(chunk)
            importing.end()
    return Outcome(importing.run_id, importing.report, total, earlier)


@contextmanager
def _settled() -> Iterator[None]:
    """Spare the collector of garbage what was here before: looking through it again takes a seventh of the time."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _survey(handle: BinaryIO, layout: Format) -> int:
    """Read the file once through: how many rows it has. Raises Unusable before anything is written."""
    total, fits, fields = 0, False, set[str]()
    for entry in entries(handle, layout.kind):
        total += 1
        if entry.record is not None:
            fits = fits or layout.signature <= entry.record.keys()
            fields = fields or set(entry.record)
            layout.survey(entry.record)
    if total == 0:
        raise Unusable("The file has no rows.")
    if not fits:
        likely = [name for name, make in FORMATS.items() if make().kind == layout.kind and make().signature <= fields]
        hint = f" It looks like {likely[0]}." if likely else ""
        wanted = ", ".join(sorted(layout.signature))
        raise Unusable(f"The file is not in the layout of {layout.name}: no row has all of {wanted}.{hint}")
    return total


def _chunks(found: Iterable[Entry]) -> Iterator[list[Entry]]:
    remaining = iter(found)
    while chunk := list(islice(remaining, CHUNK)):
        yield chunk


@dataclass(slots=True)
class _Import:
    layout: Format
    source: str
    label: str
    reading: Reading
    now: datetime
    run_id: int | None = None
    report: Report = field(default_factory=Report)
    seen: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)

    def begin(self, file_name: str) -> None:
        """Write the run, so that what follows can be undone even if it is cut short."""
        values = {
            "format": self.layout.name, "source": self.source, "label": self.label, "started_at": self.now,
            "file_name": printable(file_name)[-160:], "counts": {},
        }  # fmt: skip
        with transaction():
            self.run_id = db.session.execute(insert(ImportRun).values(values).returning(ImportRun.id)).scalar_one()

    def take(self, chunk: list[Entry]) -> None:
        """Read, compare and, unless on trial, write one chunk."""
        drafts = [(entry, draft) for entry in chunk if (draft := self._read(entry)) is not None]
        wanted = [rows.of(draft, source=self.source, label=self.label, now=self.now) for _, draft in drafts]
        entry_of = {draft.source_id: entry for entry, draft in drafts}
        self.used.update(entry_of)
        if self.run_id is None:
            with reading_connection() as connection:
                self._tell(compare.plan(connection, self.source, wanted), entry_of)
            return
        with transaction():
            connection = db.session.connection()
            plan = compare.plan(connection, self.source, wanted)
            self._tell(plan, entry_of)
            if plan.new or plan.changed:
                writer = Writer(connection, run_id=self.run_id, source=self.source, now=self.now)
                changed(writer.write(plan), now=self.now)
            self._count()

    def end(self) -> None:
        """Say what was not in the file, and mark the run as finished."""
        with reading_connection() as connection:
            self.report.vanished = [
                f"{source_id} ({name})"
                for source_id, name in queries.unused(connection, self.source, self.used.__contains__)
            ]
        self.report.taken_out = self.reading.taken_out
        if self.run_id is not None:
            with transaction():
                self._count()
                db.session.execute(update(ImportRun).where(ImportRun.id == self.run_id).values(finished_at=self.now))

    def _count(self) -> None:
        db.session.execute(update(ImportRun).where(ImportRun.id == self.run_id).values(counts=self.report.sums()))

    def _read(self, entry: Entry) -> Draft | None:
        """The row's draft, or None when the report says why there is none."""
        if entry.record is None:
            self.report.refuse(entry, "", "", entry.fault)
            return None
        self.reading.notes.clear()
        source_id = printable(entry.record.get("id") or "")
        try:
            found = self.layout.read(entry.record, self.reading)
            if found.source_id in self.seen:
                raise Refused("id", "is in the file twice; the first one counts")
        except Refused as refused:
            self.report.refuse(entry, source_id, refused.field, refused.message)
            return None
        except Exception as error:
            # A fault of ours in judging one row must not cost all the others.
            log.exception("import: record %d, line %d could not be read", entry.number, entry.line)
            self.report.refuse(entry, source_id, "", f"could not be read: {type(error).__name__}")
            return None
        self.seen.add(found.source_id)
        if isinstance(found, Left):
            self.report.leave(entry, source_id, found.why, found.detail)
            return None
        self.report.notes += [Line(entry.number, entry.line, source_id, *note) for note in self.reading.notes]
        return found

    def _tell(self, plan: compare.Plan, entry_of: dict[str, Entry]) -> None:
        counts = self.report.counts
        counts["new"] += len(plan.new)
        counts["changed"] += len(plan.changed)
        counts["unchanged"] += plan.unchanged
        counts["kept as changed here"] += len(plan.kept)
        for row, reason in plan.kept:
            entry = entry_of[row.source_id]
            self.report.kept.append(Line(entry.number, entry.line, row.source_id, "", reason))

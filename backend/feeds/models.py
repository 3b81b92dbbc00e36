"""What imports leave behind: each run, what every row of a source has become, and how to put things back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.db import Base, BigId


class ImportRun(Base):
    """One import of one file. Without `finished_at` it is running, or was killed on the way.

    `counts` is the summary that the operator saw; `file_name` is the file's own name, without its folder.
    """

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    format: Mapped[str] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(String(160))
    file_name: Mapped[str] = mapped_column(String(160))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    counts: Mapped[dict[str, Any]]


class ImportRecord(Base):
    """What one row of a source has become here.

    `meaning` is a digest of what the row said, so that the same words again change nothing. `written` is a digest of
    what we stored for it, so that a listing which somebody has changed here since is known, and left alone.
    `schedules` are the ids of the schedules that the import made: somebody may have added others.
    """

    __tablename__ = "import_record"
    __table_args__ = (Index("ix_import_record_run_id", "run_id"),)

    source: Mapped[str] = mapped_column(String(40), primary_key=True)
    source_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"))
    meaning: Mapped[str] = mapped_column(String(32))
    written: Mapped[str] = mapped_column(String(32))
    venue_id: Mapped[int] = mapped_column(BigId)
    activity_id: Mapped[int | None] = mapped_column(BigId)
    schedules: Mapped[list[int]] = mapped_column(JSON)


class ImportChange(Base):
    """How to take back what a run did for one row.

    `undo` is null for a row that the run brought in: all of it goes. Otherwise it holds the row's record as it was,
    and the steps that were done, in order: see journal.py.
    """

    __tablename__ = "import_change"
    __table_args__ = (Index("ix_import_change_run_id", "run_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id", ondelete="CASCADE"))
    source_id: Mapped[str] = mapped_column(String(120))
    undo: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

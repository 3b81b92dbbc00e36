"""What the worker does for imports."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from backend.core import outbox
from backend.core.db import db, transaction
from backend.feeds.models import ImportChange, ImportRun
from backend.feeds.undoing import UNDOABLE


@outbox.job("feeds.forget")
def forget(*, now: datetime) -> None:
    """Wipe how to undo imports that are older than a year: it holds what listings once said."""
    old = select(ImportRun.id).where(ImportRun.started_at < now - UNDOABLE)
    with transaction():
        db.session.execute(delete(ImportChange).where(ImportChange.run_id.in_(old)))

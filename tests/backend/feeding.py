"""What the tests of imports share: their files, changed copies of them, and dumps of the tables."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from backend.activities.models import Activity
from backend.core.db import Base, db
from backend.feeds import actions
from backend.feeds.actions import Outcome

FILES = Path(__file__).parent.parent / "data" / "feeds"
GOOD = FILES / "family-good.json"
FAULTS = FILES / "family-faults.json"
LIBRARIES = FILES / "libraries.json"
PLACES = FILES / "places.csv"

# What an import may write. Words only ever grow, and the outbox is the worker's.
WRITTEN = (
    "organisation",
    "venue",
    "activity",
    "schedule",
    "schedule_change",
    "session",
    "import_record",
    "import_change",
)


def bring(path: Path, *, now: datetime, layout: str = "family-information", **given: Any) -> Outcome:
    return actions.import_file(format_name=layout, path=path, now=now, **given)


def dump(*, without: tuple[str, ...] = ()) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of the tables that an import may write, and the words to search by."""
    db.session.rollback()
    found = {
        name: [tuple(row) for row in db.session.execute(select(table).order_by(*table.primary_key))]
        for name, table in Base.metadata.tables.items()
        if name in WRITTEN and name not in without
    }
    key = "rowid" if db.engine.dialect.name == "sqlite" else "activity_id"
    found["activity_text"] = [
        tuple(row) for row in db.session.execute(text(f"SELECT {key} FROM activity_text ORDER BY {key}"))
    ]
    db.session.rollback()
    return found


def changed(path: Path, folder: Path, change: Callable[[list[dict[str, Any]]], Any]) -> Path:
    """A copy of a JSON file in which `change` has altered the list of records."""
    records = json.loads(path.read_text(encoding="utf-8"))
    change(records)
    copy = folder / "changed.json"
    copy.write_text(json.dumps(records), encoding="utf-8")
    return copy


def listing(source_id: str) -> Activity:
    db.session.rollback()
    found = db.session.execute(select(Activity).where(Activity.source_id == source_id)).scalar_one()
    db.session.rollback()
    return found


def reasons(outcome: Outcome) -> dict[str, str]:
    """Each refused row's field and reason, by its id, or by its number when it has none."""
    return {line.source_id or str(line.number): f"{line.field}: {line.reason}" for line in outcome.report.refused}


def notes(outcome: Outcome, source_id: str) -> list[str]:
    return [f"{line.field}: {line.reason}" for line in outcome.report.notes if line.source_id == source_id]

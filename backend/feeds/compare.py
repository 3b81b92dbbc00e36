"""What a chunk of rows would change, told by reading alone: a trial run and a real one decide by the same words."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import Connection, Table, func, select, text

from backend.feeds.models import ImportRecord
from backend.feeds.rows import TABLES, Rows, written

Row = Mapping[str, Any]
_EACH = {"sqlite": "(SELECT value FROM json_each(:ids))", "postgresql": "(SELECT unnest(CAST(:ids AS VARCHAR[])))"}
RECORDS = cast("Table", ImportRecord.__table__)


@dataclass(slots=True)
class Stored:
    """What is stored for one row of a source. `activity` is None for what is only a place."""

    record: Row
    venue: Row
    activity: Row | None
    schedules: list[Row]

    @property
    def touched(self) -> bool:
        """Whether it no longer says what the import wrote: somebody has changed it here."""
        return bool(written(self.venue, self.activity, self.schedules) != self.record["written"])

    @property
    def own_schedules(self) -> list[Row]:
        """The schedules that the import made."""
        return [row for row in self.schedules if row["id"] in self.record["schedules"]]


@dataclass(slots=True)
class Plan:
    """What becomes of a chunk: rows that are new, rows that say something else than before, and the rest."""

    new: list[Rows] = field(default_factory=list)
    changed: list[tuple[Rows, Stored]] = field(default_factory=list)
    kept: list[tuple[Rows, str]] = field(default_factory=list)  # With the reason, in words.
    unchanged: int = 0


def plan(connection: Connection, source: str, rows: Sequence[Rows]) -> Plan:
    """Sort a chunk of rows by what has to be done with them."""
    records = {row["source_id"]: row for row in of_source(connection, RECORDS, source, [row.source_id for row in rows])}
    found = Plan()
    differing = []
    for row in rows:
        record = records.get(row.source_id)
        if record is None:
            found.new.append(row)
        elif record["meaning"] == row.meaning:
            found.unchanged += 1
        else:
            differing.append((row, record))
    known = stored(connection, [record for _, record in differing])
    for row, _ in differing:
        before = known.get(row.source_id)
        if before is None or before.touched:
            found.kept.append((row, "somebody has changed it here since, so their words stay"))
        elif (before.activity is None) != (row.activity is None):
            found.kept.append((row, "it was only a place and is now a listing, or the other way round"))
        else:
            found.changed.append((row, before))
    return found


def stored(connection: Connection, records: Sequence[Row]) -> dict[str, Stored]:
    """What is stored for these records, by source id. One whose venue or activity is gone is left out."""
    venues = by_id(connection, "venue", [record["venue_id"] for record in records])
    activities = by_id(connection, "activity", [record["activity_id"] for record in records if record["activity_id"]])
    schedules: dict[int, list[Row]] = defaultdict(list)
    for row in fetch(connection, TABLES["schedule"], "activity_id", list(activities)):
        schedules[row["activity_id"]].append(row)
    found = {}
    for record in records:
        venue, activity = venues.get(record["venue_id"]), activities.get(record["activity_id"])
        if venue is not None and (activity is not None or record["activity_id"] is None):
            of_activity = schedules[activity["id"]] if activity else []
            found[record["source_id"]] = Stored(record, venue, activity, of_activity)
    return found


def by_id(connection: Connection, table: str, ids: Collection[int]) -> dict[int, Row]:
    """Whole rows of a table by their ids."""
    return {row["id"]: row for row in fetch(connection, TABLES[table], "id", ids)}


def fetch(connection: Connection, table: Table, column: str, values: Collection[Any]) -> list[Row]:
    """The rows whose column holds one of these values, in the order of the first key."""
    if not values:
        return []
    statement = select(table).where(table.c[column].in_(values)).order_by(*table.primary_key)
    return [dict(row._mapping) for row in connection.execute(statement)]


def of_source(connection: Connection, table: Table, source: str, source_ids: Collection[str]) -> list[Row]:
    """The rows that a source has brought, by its own ids for them."""
    if not source_ids:
        return []
    # One parameter that holds them all: a thousand separate ones take longer to write than to answer.
    statement = select(table).where(table.c.source == source, text(f"source_id IN {_EACH[connection.dialect.name]}"))
    ids = json.dumps(list(source_ids)) if connection.dialect.name == "sqlite" else list(source_ids)
    return [dict(row._mapping) for row in connection.execute(statement, {"ids": ids})]


def users(connection: Connection, column: str, ids: Collection[int]) -> Counter[int]:
    """How many activities each organisation ("organisation_id") or venue ("venue_id") has."""
    found: Counter[int] = Counter()
    if ids:
        of = TABLES["activity"].c[column]
        for row_id, number in connection.execute(select(of, func.count()).where(of.in_(ids)).group_by(of)):
            found[row_id] = number
    return found

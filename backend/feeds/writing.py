"""Writing a chunk of rows, and keeping what it takes to undo that. Call inside a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import Connection, Table, bindparam, delete, func, insert, or_, select, text, update

from backend.activities.bulk import insert_many
from backend.activities.models import Session
from backend.activities.vocabulary import Status
from backend.core import clock
from backend.core.db import dialect
from backend.feeds import compare
from backend.feeds.compare import Plan, Row, Stored
from backend.feeds.models import ImportChange
from backend.feeds.rows import TABLES, Rows, plain, said, untouched, written
from backend.organisations.models import Check

# What a change of a row never touches; the rest of its columns follow the file.
KEPT = {
    "venue": {"id", "source", "source_id", "access_note"},
    "activity": {"id", "source", "source_id", "created_at", "cell", "listed_until", "venue_id"},
    "schedule": {"id", "activity_id", "capacity"},
}
FROM_ROW = {
    table: [column.name for column in TABLES[table].c if column.name not in kept] for table, kept in KEPT.items()
}

CHANGES = cast("Table", ImportChange.__table__)


@dataclass(slots=True)
class Steps:
    """What was done for one row, in order, so that it can be taken back in the other order.

    A step is ["put", table, id, {column: [before, after]}], ["add", table, id, digest] or ["drop", table, row].
    """

    taken: list[list[Any]] = field(default_factory=list)

    def put(self, connection: Connection, table: str, before: Row, values: dict[str, Any]) -> Row:
        """Change the columns that differ; the row as it is then."""
        changes = {name: value for name, value in values.items() if before[name] != value}
        if changes:
            target = TABLES[table]
            connection.execute(update(target).where(target.c.id == before["id"]).values(changes))
            pairs = {name: [plain(before[name]), plain(value)] for name, value in changes.items()}
            self.taken.append(["put", table, before["id"], pairs])
        return {**before, **changes}

    def add(self, connection: Connection, table: str, row: dict[str, Any]) -> Row:
        """Insert a row; the row with its id."""
        added = {**row, "id": ids(connection, table, 1)[0]}
        connection.execute(insert(TABLES[table]), [added])
        self.taken.append(["add", table, added["id"], said(table, row)])
        return added

    def drop(self, connection: Connection, table: str, before: Row) -> None:
        """Delete a row."""
        target = TABLES[table]
        connection.execute(delete(target).where(target.c.id == before["id"]))
        self.taken.append(["drop", table, {name: plain(value) for name, value in before.items()}])


def ids(connection: Connection, table: str, count: int) -> list[int]:
    """New ids for `count` rows. SQLite's are free because a writer holds the whole database."""
    if dialect() == "sqlite":
        highest = connection.execute(select(func.coalesce(func.max(TABLES[table].c.id), 0))).scalar_one()
        return list(range(highest + 1, highest + 1 + count))
    statement = text("SELECT nextval(pg_get_serial_sequence(:table, 'id')) FROM generate_series(1, :count)")
    return list(connection.execute(statement, {"table": table, "count": count}).scalars())


class Writer:
    """Writes one chunk for one run."""

    def __init__(self, connection: Connection, *, run_id: int, source: str, now: datetime) -> None:
        self.connection, self.run_id, self.source, self.now = connection, run_id, source, now
        self.organisations: dict[str, int] = {}
        self.activity_ids: list[int] = []

    def write(self, plan: Plan) -> list[int]:
        """Write what a plan says; the ids of the activities that are new or say something new."""
        keys = {rows.organisation["source_id"] for rows in plan.new if rows.organisation}
        keys |= {rows.organisation["source_id"] for rows, _ in plan.changed if rows.organisation}
        known = compare.of_source(self.connection, TABLES["organisation"], self.source, keys)
        self.organisations = {row["source_id"]: row["id"] for row in known}
        self._add_new(plan.new)
        _Changes(self, plan.changed).write()
        return self.activity_ids

    def _add_new(self, new: Sequence[Rows]) -> None:
        if not new:
            return
        self._add_organisations(new)
        listings = [rows for rows in new if rows.activity]
        venue_ids = dict(zip((rows.source_id for rows in new), ids(self.connection, "venue", len(new)), strict=True))
        activity_ids = dict(
            zip((rows.source_id for rows in listings), ids(self.connection, "activity", len(listings)), strict=True)
        )
        schedule_ids = iter(ids(self.connection, "schedule", sum(len(rows.schedules) for rows in new)))
        batches: dict[str, list[dict[str, Any]]] = {"venue": [], "activity": [], "schedule": [], "record": []}
        for rows in new:
            self._fill(batches, rows, venue_ids[rows.source_id], activity_ids.get(rows.source_id), schedule_ids)
        for table in ("venue", "activity", "schedule"):
            insert_many(self.connection, TABLES[table], batches[table])
        insert_many(self.connection, compare.RECORDS, batches["record"])
        brought = [{"run_id": self.run_id, "source_id": rows.source_id, "undo": None} for rows in new]
        insert_many(self.connection, CHANGES, brought)
        self.activity_ids += activity_ids.values()

    def _fill(self, batches: Any, rows: Rows, venue_id: int, activity_id: int | None, schedule_ids: Any) -> None:
        rows.venue["id"] = venue_id
        if rows.activity and rows.organisation:
            rows.activity.update(
                id=activity_id,
                organisation_id=self.organisations[rows.organisation["source_id"]],
                venue_id=venue_id,
                cell=rows.venue["cell"],
            )
            batches["activity"].append(rows.activity)
        for row in rows.schedules:
            row.update(id=next(schedule_ids), activity_id=activity_id)
        batches["venue"].append(rows.venue)
        batches["schedule"] += rows.schedules
        batches["record"].append(
            {
                "source": self.source,
                "source_id": rows.source_id,
                "run_id": self.run_id,
                "meaning": rows.meaning,
                "written": written(rows.venue, rows.activity, rows.schedules),
                "venue_id": venue_id,
                "activity_id": activity_id,
                "schedules": [row["id"] for row in rows.schedules],
            }
        )

    def _add_organisations(self, new: Sequence[Rows]) -> None:
        missing = {
            rows.organisation["source_id"]: rows.organisation
            for rows in new
            if rows.organisation and rows.organisation["source_id"] not in self.organisations
        }
        if missing:
            for row, row_id in zip(missing.values(), ids(self.connection, "organisation", len(missing)), strict=True):
                row["id"] = row_id
                self.organisations[row["source_id"]] = row_id
            insert_many(self.connection, TABLES["organisation"], list(missing.values()))


class _Changes:
    """The rows of a chunk that say something else than before."""

    def __init__(self, writer: Writer, changed: Sequence[tuple[Rows, Stored]]) -> None:
        self.writer, self.connection, self.changed = writer, writer.connection, changed
        owners = {before.activity["organisation_id"] for _, before in changed if before.activity}
        self.owners = compare.by_id(self.connection, "organisation", owners)
        self.users = compare.users(self.connection, "organisation_id", owners)
        self.busy = _busy_schedules(self.connection, [row["id"] for _, before in changed for row in before.schedules])
        self.records: list[dict[str, Any]] = []
        self.journal: list[dict[str, Any]] = []

    def write(self) -> None:
        for rows, before in self.changed:
            steps = Steps()
            venue = steps.put(self.connection, "venue", before.venue, _from_row("venue", rows.venue))
            own, others = self._times(rows, before, steps)
            activity = before.activity
            if rows.activity and activity:
                activity = self._activity(rows, activity, steps)
                self.writer.activity_ids.append(activity["id"])
            self._remember(rows, before, steps, own, written(venue, activity, [*own, *others]))
        if self.records:
            table = compare.RECORDS.c
            statement = update(compare.RECORDS).where(
                table.source == self.writer.source, table.source_id == bindparam("row")
            )
            self.connection.execute(statement, self.records)
            insert_many(self.connection, CHANGES, self.journal)

    def _activity(self, rows: Rows, before: Row, steps: Steps) -> Row:
        assert rows.activity is not None and rows.organisation is not None  # noqa: S101, PT018  -- the caller looked.
        owner = self.owners[before["organisation_id"]]
        organisation_id = self._organisation(rows.organisation, owner, steps)
        values = rows.activity | {"organisation_id": organisation_id}
        after = steps.put(self.connection, "activity", before, _from_row("activity", values))
        if organisation_id != owner["id"]:
            self.users[owner["id"]] -= 1
            if self._unused(owner):
                steps.drop(self.connection, "organisation", owner)
        return after

    def _organisation(self, wanted: dict[str, Any], owner: Row, steps: Steps) -> int:
        """Whose the activity is from now on: the same, renamed where it is its only one; or another."""
        if owner["source_id"] == wanted["source_id"] or owner["source"] != self.writer.source or not untouched(owner):
            return int(owner["id"])
        known = self.writer.organisations.get(wanted["source_id"])
        if known is None and self.users[owner["id"]] == 1:
            kept = {"id", "created_at", "standing", "about", "running_since"}
            steps.put(
                self.connection, "organisation", owner, {name: wanted[name] for name in wanted if name not in kept}
            )
            known = int(owner["id"])
        elif known is None:
            known = int(steps.add(self.connection, "organisation", wanted)["id"])
        self.writer.organisations[wanted["source_id"]] = known
        return known

    def _unused(self, owner: Row) -> bool:
        checks = select(func.count()).select_from(Check).where(Check.organisation_id == owner["id"])
        return self.users[owner["id"]] == 0 and not self.connection.execute(checks).scalar_one()

    def _times(self, rows: Rows, before: Stored, steps: Steps) -> tuple[list[Row], list[Row]]:
        """Make the schedules what the row says: (the import's own, all others). What stays alike keeps its sessions."""
        own = []
        others = [row for row in before.schedules if row["id"] not in before.record["schedules"]]
        pairs, fresh, gone = match(before.own_schedules, rows.schedules)
        for row, wanted in pairs:
            own.append(steps.put(self.connection, "schedule", row, _from_row("schedule", wanted)))
        for wanted in fresh:
            assert before.activity is not None  # noqa: S101  -- only listings have times.
            own.append(steps.add(self.connection, "schedule", {**wanted, "activity_id": before.activity["id"]}))
        for row in gone:
            if row["id"] in self.busy:
                # Somebody holds a place, or was told it is off: the dates ahead are withdrawn, not wiped.
                others.append(steps.put(self.connection, "schedule", row, {"last_on": self._yesterday()}))
            else:
                steps.drop(self.connection, "schedule", row)
        return own, others

    def _yesterday(self) -> date:
        return clock.today(self.writer.now) - timedelta(days=1)

    def _remember(self, rows: Rows, before: Stored, steps: Steps, own: list[Row], digest: str) -> None:
        record = {name: plain(value) for name, value in before.record.items()}
        self.records.append(
            {
                "row": rows.source_id,
                "run_id": self.writer.run_id,
                "meaning": rows.meaning,
                "written": digest,
                "schedules": [row["id"] for row in own],
            }
        )
        undo = {"record": record, "steps": steps.taken}
        self.journal.append({"run_id": self.writer.run_id, "source_id": rows.source_id, "undo": undo})


def _from_row(table: str, row: Row) -> dict[str, Any]:
    return {name: row[name] for name in FROM_ROW[table]}


def match(
    current: Sequence[Row], wanted: Sequence[dict[str, Any]]
) -> tuple[list[tuple[Row, dict[str, Any]]], list[dict[str, Any]], list[Row]]:
    """Which stored schedule goes on as which wanted one: (pairs, wanted ones that are new, stored ones that end).

    The most alike first: the same hours, then the same days, then whatever is left over in its order.
    """
    pairs = []
    left, open_ = list(wanted), list(current)
    for names in (FROM_ROW["schedule"], ("starts_minute", "minutes", "applies"), ("starts_minute",), ("rule",), ()):
        for row in list(open_):
            same = next((one for one in left if all(row[name] == one[name] for name in names)), None)
            if same is not None:
                pairs.append((row, same))
                open_.remove(row)
                left.remove(same)
    return pairs, left, open_


def _busy_schedules(connection: Connection, schedule_ids: Sequence[int]) -> set[int]:
    """Those with a session that somebody booked, or that was called off."""
    statement = select(Session.schedule_id).where(
        Session.schedule_id.in_(schedule_ids), or_(Session.taken > 0, Session.status != Status.SCHEDULED)
    )
    return set(connection.execute(statement.distinct()).scalars())

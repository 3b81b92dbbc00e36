"""Making sessions: from schedules to dated rows, 12 weeks ahead.

The one writer of session rows' copies. It works out what the rows should say, compares, and writes only the
differences, so a session that was booked or called off keeps its identity and everything else keeps its place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, insert, or_, select, update

from backend.activities.calendar import SchoolCalendar, Stretch
from backend.activities.models import (
    Activity,
    BankHoliday,
    Catalogue,
    CellCount,
    Schedule,
    ScheduleChange,
    Session,
    Term,
    Venue,
)
from backend.activities.recurrence import Change, Occurrence, Pattern, occurrences
from backend.activities.vocabulary import AFTER_SCHOOL, CHECKED, HOLIDAY, Status
from backend.core import clock
from backend.core.db import db
from backend.organisations import queries as organisations

HORIZON = timedelta(weeks=12)
KEPT = timedelta(days=30)  # How long a session stays after its day, for those who look back.

# "Straight after school" is a start from 15:00 to 18:30 on a school day (PRODUCT, idea 4).
AFTER_SCHOOL_MINUTES = range(15 * 60, 18 * 60 + 31)

SPREAD = -1  # An activity's cell when its sessions are not all in one.

COPIED = (
    "venue_id",
    "moved",
    "capacity",
    "starts_at",
    "ends_at",
    "day",
    "cell",
    "lat",
    "lng",
    "category",
    "age_min",
    "age_max",
    "features",
    "listed_until",
)


def school_calendar() -> SchoolCalendar:
    """The calendar as it stands in the database."""
    terms: dict[str | None, list[Stretch]] = defaultdict(list)
    for borough, first_on, last_on in db.session.execute(
        select(Term.borough, Term.first_on, Term.last_on).order_by(Term.first_on)
    ):
        terms[borough].append(Stretch(first_on, last_on))
    holidays = frozenset(db.session.execute(select(BankHoliday.on_date)).scalars())
    return SchoolCalendar({borough: tuple(stretches) for borough, stretches in terms.items()}, holidays)


def sync(activity_ids: Sequence[int], *, now: datetime, calendar: SchoolCalendar | None = None) -> int:
    """Make the sessions of these activities what their schedules say, from today on. Call inside a transaction.

    Gives the number of rows written. A few hundred activities at a time keep memory small.
    """
    today = clock.today(now)
    wanted = _Wanted(activity_ids, calendar or school_calendar(), today)
    existing = db.session.execute(
        select(Session.__table__).where(
            Session.activity_id.in_(activity_ids),
            # Either date may lie ahead: a session can be moved out of the past, or into it.
            or_(Session.occurs_on >= today, Session.day >= today.toordinal()),
        )
    ).all()
    written, cells = _apply(wanted.rows, existing)
    _place(wanted)
    if written:
        count_cells(cells, now=now)
        bump()
    return written


class _Wanted:
    """What the session rows should say, keyed by identity (schedule, date)."""

    def __init__(self, activity_ids: Sequence[int], calendar: SchoolCalendar, today: date) -> None:
        self.calendar, self.today = calendar, today
        self.activities = _by_id(select(Activity.__table__).where(Activity.id.in_(activity_ids)))
        schedules = db.session.execute(
            select(Schedule.__table__).where(Schedule.activity_id.in_(self.activities)).order_by(Schedule.id)
        ).all()
        self.changes = _changes([schedule.id for schedule in schedules])
        self.venues = _by_id(select(Venue.__table__).where(Venue.id.in_(self._venue_ids())))
        self.listed = organisations.listed_until({a.organisation_id for a in self.activities.values()})
        self.rows = {
            (row["schedule_id"], row["occurs_on"]): row for schedule in schedules for row in self._rows_of(schedule)
        }

    def _venue_ids(self) -> set[int]:
        own = {activity.venue_id for activity in self.activities.values()}
        moved = {change.to_venue_id for changes in self.changes.values() for change in changes.values()}
        return {venue_id for venue_id in own | moved if venue_id is not None}

    def _rows_of(self, schedule: Row[Any]) -> Iterable[dict[str, Any]]:
        activity = self.activities[schedule.activity_id]
        home = self.venues.get(activity.venue_id)
        if home is None:
            return
        pattern = Pattern(
            schedule.first_on,
            schedule.last_on,
            schedule.starts_minute,
            schedule.minutes,
            schedule.rule,
            schedule.applies,
            schedule.on_bank_holidays,
        )
        dates = occurrences(
            pattern,
            self.changes.get(schedule.id, {}),
            calendar=self.calendar,
            borough=home.borough,
            start=self.today,
            stop=self.today + HORIZON,
        )
        for occurrence in dates:
            venue = self.venues[occurrence.venue_id] if occurrence.venue_id else home
            yield self._row(activity, schedule, occurrence, venue)

    def _row(self, activity: Row[Any], schedule: Row[Any], occurrence: Occurrence, venue: Row[Any]) -> dict[str, Any]:
        local = clock.london(occurrence.starts_at)
        until, checked = self.listed[activity.organisation_id]
        return {
            "activity_id": activity.id,
            "schedule_id": schedule.id,
            "occurs_on": occurrence.occurs_on,
            "venue_id": venue.id,
            "moved": occurrence.moved,
            "capacity": schedule.capacity,
            "starts_at": clock.epoch(occurrence.starts_at),
            "ends_at": clock.epoch(occurrence.ends_at),
            "day": local.date().toordinal(),
            "cell": venue.cell,
            "lat": venue.lat,
            "lng": venue.lng,
            "category": activity.category,
            "age_min": activity.age_min,
            "age_max": activity.age_max,
            "features": activity.features | self._marks(local, venue.borough, checked=checked),
            "listed_until": min(until, clock.epoch(activity.listed_until)) if activity.listed_until else until,
        }

    def _marks(self, local: datetime, borough: str, *, checked: bool) -> int:
        marks = CHECKED if checked else 0
        if self.calendar.in_holidays(local.date(), borough):
            marks |= HOLIDAY
        if local.hour * 60 + local.minute in AFTER_SCHOOL_MINUTES and self.calendar.school_day(local.date(), borough):
            marks |= AFTER_SCHOOL
        return marks


def _by_id(statement: Any) -> dict[int, Row[Any]]:
    return {row.id: row for row in db.session.execute(statement)}


def _changes(schedule_ids: list[int]) -> dict[int, dict[date, Change]]:
    found: dict[int, dict[date, Change]] = defaultdict(dict)
    for row in db.session.execute(select(ScheduleChange.__table__).where(ScheduleChange.schedule_id.in_(schedule_ids))):
        found[row.schedule_id][row.on_date] = Change(row.to_date, row.to_minute, row.to_minutes, row.to_venue_id)
    return found


def _apply(wanted: dict[tuple[int, date], dict[str, Any]], existing: Sequence[Row[Any]]) -> tuple[int, set[int]]:
    """Write the differences; give how many there were and which cells they touch."""
    fresh = dict(wanted)
    changed: list[dict[str, Any]] = []
    gone: list[int] = []
    withdrawn: list[int] = []
    cells: set[int] = set()
    for row in existing:
        target = fresh.pop((row.schedule_id, row.occurs_on), None)
        if target is None:
            if row.status != Status.WITHDRAWN or row.listed_until:
                (withdrawn if row.taken or row.status == Status.CANCELLED else gone).append(row.id)
                cells.add(row.cell)
            continue
        values = _kept(row, {name: target[name] for name in COPIED})
        if any(getattr(row, name) != value for name, value in values.items()):
            changed.append({"row_id": row.id, **values})
            cells.update((row.cell, values["cell"]))
    cells.update(row["cell"] for row in fresh.values())
    if fresh:
        db.session.execute(insert(Session), list(fresh.values()))
    if changed:
        # By table, not by mapped class: the ORM's bulk update by primary key refuses a WHERE of its own.
        table: Any = Session.__table__
        statement = update(table).where(table.c.id == bindparam("row_id"))
        db.session.connection().execute(
            statement.values({name: bindparam(name) for name in (*COPIED, "status")}), changed
        )
    if gone:
        db.session.execute(delete(Session).where(Session.id.in_(gone)))
    if withdrawn:
        db.session.execute(
            update(Session).where(Session.id.in_(withdrawn)).values(status=Status.WITHDRAWN, listed_until=0)
        )
    return len(fresh) + len(changed) + len(gone) + len(withdrawn), cells


def _kept(row: Row[Any], values: dict[str, Any]) -> dict[str, Any]:
    """What must survive a rewrite: a called-off session stays called off, and nobody's place is taken away."""
    status = Status.SCHEDULED if row.status == Status.WITHDRAWN else row.status
    if status == Status.CANCELLED:
        values["listed_until"] = 0
    if values["capacity"] is not None:
        values["capacity"] = max(values["capacity"], row.taken)
    return {**values, "status": status}


def _place(wanted: _Wanted) -> None:
    """Write each activity's cell, or SPREAD when a moved date takes place in another."""
    cells: dict[int, set[int]] = defaultdict(set)
    for row in wanted.rows.values():
        cells[row["activity_id"]].add(row["cell"])
    for activity in wanted.activities.values():
        home = wanted.venues.get(activity.venue_id)
        of_sessions = cells[activity.id] | ({home.cell} if home else set())
        cell = of_sessions.pop() if len(of_sessions) == 1 else SPREAD if of_sessions else None
        if activity.cell != cell:
            db.session.execute(update(Activity).where(Activity.id == activity.id).values(cell=cell))


def count_cells(cells: set[int] | None, *, now: datetime) -> None:
    """Count the listed sessions of these cells (None: of all), which the search plans estimate from."""
    condition = [] if cells is None else [Session.cell.in_(cells)]
    db.session.execute(delete(CellCount).where(*([] if cells is None else [CellCount.cell.in_(cells)])))
    counted = (
        select(Session.cell, Session.category, func.count())
        .where(Session.listed_until > 0, Session.starts_at >= clock.epoch(now), *condition)
        .group_by(Session.cell, Session.category)
    )
    db.session.execute(insert(CellCount).from_select(["cell", "category", "sessions"], counted))


def bump() -> None:
    """Say that answers have changed: caches ask by the catalogue's version."""
    db.session.execute(update(Catalogue).values(version=Catalogue.version + 1))


def forget_past(*, now: datetime) -> int:
    """Delete sessions whose day is more than 30 days ago. Gives how many. Call inside a transaction."""
    before = (clock.today(now) - KEPT).toordinal()
    result = db.session.execute(delete(Session).where(Session.day < before))
    return int(result.rowcount)  # type: ignore[attr-defined]

"""Loading the demo, once, in a few transactions. Its rows have `source` "demo"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from backend.activities import actions, jobs  # noqa: F401  -- importing the jobs registers them.
from backend.activities import calendar as school
from backend.activities.commands import seed_calendar
from backend.activities.models import Activity, Schedule, ScheduleChange, Session, Venue
from backend.activities.vocabulary import Category
from backend.core import clock, outbox
from backend.core.db import db, reading, transaction
from backend.demo import content
from backend.demo.dice import Dice
from backend.demo.plan import Plan, PlannedActivity, PlannedGroup
from backend.geo.grid import cell_of
from backend.organisations.models import Check, CheckKind, Organisation, Standing

SOURCE = "demo"

# How long each check is good for, in days: insurance and visits come round every year, DBS certificates every three.
GOOD_FOR = {
    CheckKind.IDENTITY: 1095,
    CheckKind.SAFEGUARDING_LEAD: 730,
    CheckKind.STAFF_DBS: 1095,
    CheckKind.INSURANCE: 365,
    CheckKind.VISIT: 365,
    CheckKind.REFERENCE: 730,
}
# Groups whose insurance is about to run out, and in how many days.
ENDING = {"Bassline Yard": 21, "Canal Kickers": 12, "Harrow Half Hour": 6}

# Every so many activities has a date left out, one moved, and one called off within the next days.
SUNDAY = 6
SKIP_EVERY, MOVE_EVERY, CALL_OFF_EVERY = 30, 35, 60


@dataclass(frozen=True, slots=True)
class Loaded:
    """What there is of the demo. `fresh` is False when it was there already and nothing was done."""

    fresh: bool
    groups: int
    activities: int


def load(*, now: datetime) -> Loaded:
    """Load the demo unless it is there, and make its sessions."""
    there = _there()
    if there.groups:
        return there
    seed_calendar()
    _set_borough_terms(now=now)
    _work(now=now)
    plan = Plan(today=clock.today(now))
    with transaction():
        venues = _add_venues(plan)
        organisations = _add_groups(plan, now=now)
        activities = _add_activities(plan, venues, organisations, now=now)
        _add_times(plan, activities)
        actions.changed(sorted(activities.values()), now=now)
    _work(now=now)
    _call_off(now=now)
    return Loaded(True, len(organisations), len(activities))


def _there() -> Loaded:
    with reading() as connection:
        groups = connection.execute(select(Organisation.id).where(Organisation.source == SOURCE)).all()
        activities = connection.execute(select(Activity.id).where(Activity.source == SOURCE)).all()
    return Loaded(False, len(groups), len(activities))


def _work(*, now: datetime) -> None:
    while outbox.run_due(now=now):
        pass


def _set_borough_terms(*, now: datetime) -> None:
    """Two boroughs keep dates of their own: Croydon breaks up two days early, Barnet comes back a day late."""
    early = [(name, first, last - timedelta(2)) for name, first, last in school.LONDON_TERMS]
    late = [(name, first + timedelta(1), last) for name, first, last in school.LONDON_TERMS]
    actions.set_terms(borough="E09000008", terms=early, now=now)
    actions.set_terms(borough="E09000003", terms=late, now=now)


def _inserted(model: Any, rows: Sequence[dict[str, Any]]) -> list[int]:
    """Insert rows and give their ids in the same order."""
    statement = insert(model).returning(model.id, sort_by_parameter_order=True)
    return list(db.session.execute(statement, rows).scalars())


def _add_venues(plan: Plan) -> dict[str, int]:
    rows = [
        {
            "name": venue.name, "address": venue.address, "postcode": venue.point.postcode, "lat": venue.point.lat,
            "lng": venue.point.lng, "cell": cell_of(venue.point.lat, venue.point.lng), "borough": venue.point.borough,
            "ward": venue.point.ward, "access_note": venue.access_note, "approximate": False, "source": SOURCE,
            "source_id": venue.key,
        }
        for venue in plan.venues.values()
    ]  # fmt: skip
    return dict(zip(plan.venues, _inserted(Venue, rows), strict=True))


def _add_groups(plan: Plan, *, now: datetime) -> dict[str, int]:
    rows = [
        {
            "slug": group.key, "name": group.name, "about": group.about, "standing": Standing.GROUP,
            "borough": group.borough, "running_since": group.since, "telephone": group.telephone, "source": SOURCE,
            "source_id": group.key, "created_at": now, "updated_at": now,
        }
        for group in plan.groups
    ]  # fmt: skip
    ids = dict(zip((group.key for group in plan.groups), _inserted(Organisation, rows), strict=True))
    checks = [
        {"organisation_id": ids[group.key], **check} for group in plan.groups for check in _checks(group, plan.today)
    ]
    db.session.execute(insert(Check), checks)
    return ids


def _checks(group: PlannedGroup, today: date) -> list[dict[str, Any]]:
    dice = Dice("checks", group.name)
    found = []
    for kind in CheckKind:
        left = dice.between(100, GOOD_FOR[kind] - 20)
        if kind is CheckKind.INSURANCE:
            left = ENDING.get(group.name, left)
        ends = today + timedelta(left)
        passed = ends - timedelta(GOOD_FOR[kind])
        by = f"{dice.pick(content.words()['staff'])}, Violence Reduction Unit"
        found.append({"kind": kind, "passed_on": passed, "expires_on": ends, "checked_by": by})
    return found


def _activities(plan: Plan) -> list[tuple[PlannedGroup, PlannedActivity]]:
    return [(group, activity) for group in plan.groups for activity in group.activities]


def _add_activities(
    plan: Plan, venues: dict[str, int], organisations: dict[str, int], *, now: datetime
) -> dict[str, int]:
    cells = {key: cell_of(venue.point.lat, venue.point.lng) for key, venue in plan.venues.items()}
    rows = [
        {
            "organisation_id": organisations[group.key], "venue_id": venues[activity.venue],
            "cell": cells[activity.venue], "confirmed_on": plan.today - timedelta(activity.confirmed_days_ago),
            "confirmed_by": activity.confirmed_by, "listed_until": None, "source": SOURCE, "source_id": activity.key,
            "created_at": now, "updated_at": now, **activity.offer.columns(),
        }
        for group, activity in _activities(plan)
    ]  # fmt: skip
    return dict(zip((row["source_id"] for row in rows), _inserted(Activity, rows), strict=True))


def _add_times(plan: Plan, activities: dict[str, int]) -> None:
    planned = [activity for _, activity in _activities(plan)]
    rows = [{"activity_id": activities[one.key], **asdict(times)} for one in planned for times in one.times]
    db.session.execute(insert(Schedule), rows)
    written = db.session.execute(
        select(Schedule.id, Schedule.first_on, Schedule.rule)
        .where(Schedule.activity_id.in_(activities.values()))
        .order_by(Schedule.activity_id, Schedule.starts_minute)
    )
    once_a_week = [
        (row.id, row.first_on.weekday()) for row in written if re.fullmatch("FREQ=WEEKLY;BYDAY=..", row.rule or "")
    ]
    db.session.execute(insert(ScheduleChange), _changes(once_a_week, today=plan.today))


def _changes(schedules: Sequence[tuple[int, int]], *, today: date) -> list[dict[str, Any]]:
    """A few dates of the next three weeks left out or held a day later, each with its reason.

    `schedules` are ids of schedules that run once a week, with their weekday (Monday is 0).
    """
    found = []
    for number, (schedule, weekday) in enumerate(schedules):
        skips = number % SKIP_EVERY == SKIP_EVERY // 2
        # What is on at ten on a Sunday cannot move to a school day.
        moves = number % MOVE_EVERY == MOVE_EVERY // 3 and weekday != SUNDAY
        if skips or moves:
            dice = Dice("change", number)
            on = today + timedelta((weekday - today.weekday()) % 7 + 7 * dice.between(0, 2))
            found.append(
                {
                    "schedule_id": schedule, "on_date": on, "to_date": None if skips else on + timedelta(1),
                    "to_minute": None, "to_minutes": None, "to_venue_id": None,
                    "reason": dice.pick(content.words()["skipped" if skips else "moved"]),
                }
            )  # fmt: skip
    return found


def _call_off(*, now: datetime) -> None:
    """Call off a few sessions of the coming week, each with a kind reason."""
    soon = clock.epoch(now + timedelta(hours=2)), clock.epoch(now + timedelta(days=7))
    statement = (
        select(Session.id, Activity.category, Activity.ask_for)
        .join(Activity, Activity.id == Session.activity_id)
        .where(Activity.source == SOURCE, Session.starts_at.between(*soon))
        .order_by(Session.starts_at, Session.id)
    )
    with reading() as connection:
        coming = connection.execute(statement).all()
    for number, row in enumerate(coming[CALL_OFF_EVERY // 3 :: CALL_OFF_EVERY]):
        outside = row.category == Category.OUTDOORS.number
        reason = Dice("off", number).pick(content.words()["called_off_outside" if outside else "called_off"])
        actions.cancel_session(session_id=row.id, reason=reason.format(name=row.ask_for), now=now)

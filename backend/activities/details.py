"""Reading one activity whole, and what one organisation or area offers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, text

from backend.activities.calendar import SchoolCalendar, Stretch
from backend.activities.catalogue import version
from backend.activities.models import Activity, BankHoliday, Schedule, Session, Term, Venue
from backend.activities.queries import LISTED_ROWS, Listing, NoSuchActivity
from backend.activities.vocabulary import ACCESS, JOIN, TAGS, Category, named
from backend.core import clock
from backend.core.db import reading
from backend.organisations.queries import NoSuchOrganisation, organisation

NEXT = 8  # Sessions on an activity's page.

CATEGORIES = tuple(Category)

_NEXT = text(
    f"{LISTED_ROWS} WHERE s.activity_id = :activity AND s.ends_at > :now AND s.status < 2"
    " AND (s.listed_until > :now OR s.status = 1) ORDER BY s.starts_at, s.id LIMIT :count"
)
_OF_ORGANISATION = text(
    f"{LISTED_ROWS} JOIN (SELECT s2.activity_id, min(s2.starts_at) AS first FROM session AS s2"
    " JOIN activity AS a2 ON a2.id = s2.activity_id WHERE a2.organisation_id = :organisation"
    " AND s2.ends_at > :now AND s2.listed_until > :now GROUP BY s2.activity_id) AS n"
    " ON n.activity_id = s.activity_id AND n.first = s.starts_at ORDER BY s.starts_at, s.id"
)
_SESSIONS = text(f"{LISTED_ROWS} WHERE s.id IN :ids").bindparams(bindparam("ids", expanding=True))


def activity(activity_id: int, *, now: datetime, most: int = NEXT) -> dict[str, Any]:
    """An activity with its venue, organisation, pattern and next `most` sessions, called-off ones among them.

    Raises NoSuchActivity for one that is not there or may not be shown any more.
    """
    with reading() as connection:
        row = connection.execute(select(Activity.__table__).where(Activity.id == activity_id)).one_or_none()
        if row is None or (row.listed_until is not None and row.listed_until <= now):
            raise NoSuchActivity
        schedules = connection.execute(
            select(Schedule.__table__).where(Schedule.activity_id == activity_id).order_by(Schedule.first_on)
        ).all()
        return {
            **row._mapping,
            "organisation": _organisation(row.organisation_id, now=now),
            "venue": _venue(connection, row.venue_id),
            "schedules": [dict(schedule._mapping) for schedule in schedules],
            "sessions": _listings(connection, _NEXT, activity=activity_id, now=clock.epoch(now), count=most),
            "category": CATEGORIES[row.category],
            "join": named(row.features, JOIN),
            "access": named(row.features, ACCESS),
            "tags": named(row.features, TAGS),
        }


def _organisation(organisation_id: int, *, now: datetime) -> dict[str, Any]:
    """Who offers it. What a hidden group offers is hidden as well."""
    try:
        return organisation(organisation_id, now=now)
    except NoSuchOrganisation as hidden:
        raise NoSuchActivity from hidden


def _venue(connection: Connection, venue_id: int | None) -> dict[str, Any] | None:
    if venue_id is None:
        return None
    return dict(connection.execute(select(Venue.__table__).where(Venue.id == venue_id)).one()._mapping)


def sessions(session_ids: list[int]) -> list[Listing]:
    """These sessions, whatever became of them, in order of time: what a phone has saved asks for news of itself."""
    with reading() as connection:
        found = _listings(connection, _SESSIONS, ids=session_ids)
    return sorted(found, key=lambda listing: (listing.starts_at, listing.id))


def of_organisation(organisation_id: int, *, now: datetime) -> list[Listing]:
    """The next session of each activity that an organisation offers."""
    with reading() as connection:
        return _listings(connection, _OF_ORGANISATION, organisation=organisation_id, now=clock.epoch(now))


def without_sessions(organisation_id: int, *, now: datetime) -> list[dict[str, Any]]:
    """An organisation's activities whose times nobody has told us yet: "ring to check"."""
    upcoming = select(Session.activity_id).where(Session.ends_at > clock.epoch(now))
    statement = (
        select(Activity.id, Activity.slug, Activity.title, Activity.category, Activity.times_note)
        .where(
            Activity.organisation_id == organisation_id,
            Activity.id.not_in(upcoming),
            # One that has had its times, and is over or away until next summer, is not one to ring about.
            Activity.id.not_in(select(Schedule.activity_id)),
        )
        .order_by(Activity.title)
    )
    with reading() as connection:
        rows = connection.execute(statement).all()
    return [{**row._mapping, "category": CATEGORIES[row.category]} for row in rows]


def counts_by_borough(*, now: datetime, until: datetime) -> dict[str, int]:
    """How many listed sessions start in each borough (by GSS code) from now until then: for the map of London."""
    statement = (
        select(Venue.borough, func.count().label("sessions"))
        .join(Session, Session.venue_id == Venue.id)
        .where(
            Session.starts_at >= clock.epoch(now),
            Session.starts_at < clock.epoch(until),
            Session.listed_until > clock.epoch(now),
        )
        .group_by(Venue.borough)
    )
    with reading() as connection:
        return {row.borough: row.sessions for row in connection.execute(statement)}


_calendars: dict[int, SchoolCalendar] = {}


def school_calendar() -> SchoolCalendar:
    """Terms and bank holidays, kept until the catalogue changes."""
    current = version()
    if current not in _calendars:
        terms: dict[str | None, list[Stretch]] = {}
        with reading() as connection:
            rows = connection.execute(select(Term.borough, Term.first_on, Term.last_on).order_by(Term.first_on))
            for borough, first_on, last_on in rows:
                terms.setdefault(borough, []).append(Stretch(first_on, last_on))
            holidays = frozenset(connection.execute(select(BankHoliday.on_date)).scalars())
        _calendars.clear()
        _calendars[current] = SchoolCalendar({b: tuple(stretches) for b, stretches in terms.items()}, holidays)
    return _calendars[current]


def holiday(day: date, borough: str | None) -> Stretch | None:
    """The school holiday that a day is in, or else the next one."""
    return school_calendar().next_holiday(day, borough)


def _listings(connection: Connection, statement: Any, **parameters: Any) -> list[Listing]:
    return [Listing(*row) for row in connection.execute(statement, parameters)]

"""Writing activities: each action is one transaction, and leaves the making of sessions to the worker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, update
from sqlalchemy.dialects import postgresql, sqlite

from backend.activities import recurrence, text
from backend.activities.models import Activity, BankHoliday, Schedule, ScheduleChange, Session, Term, Venue
from backend.activities.sessions import bump
from backend.activities.vocabulary import AGE_HIGHEST, AGE_LOWEST, Applies, Category, Cost, Status, bits
from backend.core import outbox
from backend.core.db import db, locked, transaction
from backend.core.errors import Conflict, Invalid, NotFound
from backend.core.slugs import slug
from backend.geo.grid import cell_of

# How many activities one piece of later work holds: small enough to be done in a second.
CHUNK = 200


class NoSuchSession(NotFound):
    """No session with that id."""

    message = "We can't find that session."


class NoSuchSchedule(NotFound):
    """No schedule with that id."""

    message = "We can't find that time. It may have been changed."


class SessionOver(Conflict):
    """The session has started, so it cannot be called off any more."""

    message = "That one has started already."


class TermsOverlap(Invalid):
    """Two terms share a day, or one ends before it starts."""

    message = "These terms overlap, or one ends before it starts."


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What an activity says. Money is pence a session; `features` holds names from models' JOIN, ACCESS and TAGS."""

    title: str
    category: Category
    about: str = ""
    features: tuple[str, ...] = ()
    age_min: int = AGE_LOWEST
    age_max: int = AGE_HIGHEST
    cost: Cost = Cost.FREE
    cost_min: int = 0
    cost_max: int = 0
    cost_note: str = ""
    languages: tuple[str, ...] = ()
    ask_for: str = ""
    ask_for_note: str = ""
    at_the_door: tuple[str, ...] = ()
    bring: str = ""
    times_note: str = ""
    telephone: str | None = None
    website: str | None = None

    def columns(self) -> dict[str, Any]:
        """The values as the activity's columns."""
        features = bits(self.features) | (bits(("free",)) if self.cost == Cost.FREE else 0)
        return {
            **asdict(self),
            "slug": slug(self.title),
            "category": self.category.number,
            "features": features,
            "cost": self.cost.value,
            "languages": list(self.languages),
            "at_the_door": list(self.at_the_door),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """When it happens: see models.Schedule."""

    first_on: date
    starts_minute: int
    minutes: int
    rule: str | None = None
    last_on: date | None = None
    applies: Applies = Applies.ALWAYS
    on_bank_holidays: bool = False
    capacity: int | None = None


def add_venue(
    *,
    name: str,
    lat: int,
    lng: int,
    borough: str,
    ward: str | None = None,
    address: str = "",
    postcode: str | None = None,
) -> int:
    """Add a place. Coordinates are 1e-5 degree, `borough` and `ward` GSS codes. Gives its id."""
    with transaction():
        venue = Venue(
            name=name, lat=lat, lng=lng, cell=cell_of(lat, lng), borough=borough, ward=ward, address=address,
            postcode=postcode,
        )  # fmt: skip
        db.session.add(venue)
        db.session.flush()
        return venue.id


def add_activity(
    *,
    organisation_id: int,
    venue_id: int,
    offer: Offer,
    times: Sequence[Times],
    confirmed_on: date,
    confirmed_by: str,
    now: datetime,
) -> int:
    """Publish an activity with its times; the worker makes the sessions. Gives its id. Raises BadRule."""
    for when in times:
        recurrence.check_rule(when.rule, when.first_on)
    with transaction():
        activity = Activity(
            organisation_id=organisation_id,
            venue_id=venue_id,
            confirmed_on=confirmed_on,
            confirmed_by=confirmed_by,
            created_at=now,
            updated_at=now,
            **offer.columns(),
        )
        db.session.add(activity)
        db.session.flush()
        db.session.add_all([Schedule(activity_id=activity.id, **asdict(when)) for when in times])
        changed([activity.id], now=now)
        return activity.id


def change_offer(*, activity_id: int, offer: Offer, now: datetime) -> None:
    """Say something new about an activity. Its times stay. Raises NotFound."""
    with transaction():
        locked(Activity, activity_id)
        db.session.execute(update(Activity).where(Activity.id == activity_id).values(updated_at=now, **offer.columns()))
        changed([activity_id], now=now)


def change_times(*, schedule_id: int, times: Times, now: datetime) -> None:
    """Change when a schedule happens. Sessions whose date stays keep their identity. Raises NoSuchSchedule, BadRule."""
    recurrence.check_rule(times.rule, times.first_on)
    with transaction():
        schedule = locked(Schedule, schedule_id, NoSuchSchedule)
        db.session.execute(update(Schedule).where(Schedule.id == schedule_id).values(**asdict(times)))
        changed([schedule.activity_id], now=now)


def skip_date(*, schedule_id: int, on_date: date, reason: str = "", now: datetime) -> None:
    """Leave one date out, as if the rule had never given it. Raises NoSuchSchedule."""
    _change_date(schedule_id, on_date, now=now, to_date=None, to_minute=None, to_minutes=None, to_venue_id=None,
                 reason=reason)  # fmt: skip


def move_date(
    *,
    schedule_id: int,
    on_date: date,
    to_date: date,
    to_minute: int | None = None,
    to_minutes: int | None = None,
    to_venue_id: int | None = None,
    reason: str = "",
    now: datetime,
) -> None:
    """Hold one date at another time or place. Its session stays the same session. Raises NoSuchSchedule."""
    _change_date(schedule_id, on_date, now=now, to_date=to_date, to_minute=to_minute, to_minutes=to_minutes,
                 to_venue_id=to_venue_id, reason=reason)  # fmt: skip


def _change_date(schedule_id: int, on_date: date, *, now: datetime, **values: Any) -> None:
    with transaction():
        schedule = locked(Schedule, schedule_id, NoSuchSchedule)
        dialect: Any = sqlite if db.engine.dialect.name == "sqlite" else postgresql
        statement = dialect.insert(ScheduleChange).values(schedule_id=schedule_id, on_date=on_date, **values)
        db.session.execute(statement.on_conflict_do_update(index_elements=["schedule_id", "on_date"], set_=values))
        changed([schedule.activity_id], now=now)


def cancel_session(*, session_id: int, reason: str, now: datetime) -> None:
    """Call a session off. It leaves the lists, and its page says sorry and why. Raises NoSuchSession, SessionOver."""
    with transaction():
        session = locked(Session, session_id, NoSuchSession)
        if session.starts_at <= now.timestamp():
            raise SessionOver
        db.session.execute(
            update(Session)
            .where(Session.id == session_id)
            .values(status=Status.CANCELLED, reason=reason, listed_until=0)
        )
        bump()


def set_terms(*, borough: str | None, terms: Sequence[tuple[str, date, date]], now: datetime) -> None:
    """Put a borough's school terms (None: London's default), as (name, first day, last day), in place of the old.

    Everything in term time or holidays is made anew by the worker. An empty list goes back to London's default.
    Raises TermsOverlap.
    """
    ordered = sorted(terms, key=lambda term: term[1])
    for (_, first, last), following in zip(ordered, [*ordered[1:], None], strict=True):
        if last < first or (following and following[1] <= last):
            raise TermsOverlap
    with transaction():
        db.session.execute(delete(Term).where(Term.borough.is_(None) if borough is None else Term.borough == borough))
        if ordered:
            rows = [{"borough": borough, "name": n, "first_on": first, "last_on": last} for n, first, last in ordered]
            db.session.execute(insert(Term), rows)
        outbox.later("activities.extend", now=now)
        bump()


def set_bank_holidays(*, holidays: dict[date, str], now: datetime) -> None:
    """Put the bank holidays in place of those of the same years."""
    years = {day.year for day in holidays}
    with transaction():
        for year in years:
            db.session.execute(
                delete(BankHoliday).where(BankHoliday.on_date.between(date(year, 1, 1), date(year, 12, 31)))
            )
        db.session.execute(insert(BankHoliday), [{"on_date": day, "name": name} for day, name in holidays.items()])
        outbox.later("activities.extend", now=now)
        bump()


def remove(*, activity_ids: Sequence[int]) -> None:
    """Delete activities with all that hangs on them. Call inside a transaction of a larger undoing."""
    text.erase(activity_ids)
    db.session.execute(delete(Activity).where(Activity.id.in_(activity_ids)))
    bump()


def changed(activity_ids: Sequence[int], *, now: datetime) -> None:
    """Have sessions and search words made anew, and say that answers changed. Call inside a transaction."""
    for start in range(0, len(activity_ids), CHUNK):
        outbox.later("activities.sync", now=now, activity_ids=list(activity_ids[start : start + CHUNK]))
    bump()

"""Test data from plain functions. Each gives the id, or the rows, of what it made."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select

from backend.activities import actions, jobs  # noqa: F401  -- importing the jobs registers them.
from backend.activities import calendar as school
from backend.activities.actions import Offer, Times
from backend.activities.models import Session
from backend.activities.vocabulary import Category
from backend.core import outbox
from backend.core.db import db, reading, transaction
from backend.organisations.models import Check, CheckKind, Organisation, Standing
from tests.conftest import NOW

# Rye Lane, in Peckham, and its borough.
PECKHAM = (5_147_000, -6_900)
SOUTHWARK = "E09000028"

_numbers = count(1)


def calendar(*, now: datetime = NOW) -> None:
    """London's default terms and bank holidays."""
    actions.set_terms(borough=None, terms=school.LONDON_TERMS, now=now)
    holidays = {day: name for year in (2026, 2027) for day, name in school.bank_holidays_of(year).items()}
    actions.set_bank_holidays(holidays=holidays, now=now)


def organisation(*, name: str = "Northfold Boxing Club", checked: bool = True, expires_on: date | None = None) -> int:
    """A group that passed all six checks, or an entry of a public directory."""
    with transaction():
        row = Organisation(
            name=name,
            slug=name.lower().replace(" ", "-"),
            standing=Standing.GROUP if checked else Standing.DIRECTORY,
            source_label=None if checked else "Lambeth's family directory",
            created_at=NOW,
            updated_at=NOW,
        )
        db.session.add(row)
        db.session.flush()
        if checked:
            last = expires_on or NOW.date() + timedelta(days=365)
            db.session.add_all(
                Check(
                    organisation_id=row.id, kind=kind, passed_on=last - timedelta(days=700), expires_on=last,
                    checked_by="Ife, Violence Reduction Unit",
                )
                for kind in CheckKind
            )  # fmt: skip
        return row.id


def venue(*, at: tuple[int, int] = PECKHAM, name: str = "Northfold Hall", borough: str = SOUTHWARK) -> int:
    return actions.add_venue(
        name=name, lat=at[0], lng=at[1], borough=borough, address="1 Rye Lane", postcode="SE15 4ST"
    )


def offer(**given: Any) -> Offer:
    return Offer(
        **{
            "title": "Boxing for beginners",
            "category": Category.SPORT,
            "features": ("turn_up",),
            "age_min": 11,
            "age_max": 16,
        }
        | given
    )


def times(**given: Any) -> Times:
    """Every week from today's weekday, 17:00 to 18:30, unless told otherwise."""
    return Times(
        **{
            "first_on": NOW.date(),
            "starts_minute": 17 * 60,
            "minutes": 90,
            "rule": "FREQ=WEEKLY",
            "on_bank_holidays": True,
        }
        | given
    )


def activity(
    *,
    organisation_id: int | None = None,
    venue_id: int | None = None,
    when: Times | list[Times] | None = None,
    now: datetime = NOW,
    **given: Any,
) -> int:
    """An activity with its times; its sessions come when the worker runs."""
    when = when or times()
    return actions.add_activity(
        organisation_id=organisation_id or organisation(name=f"Group {next(_numbers)}"),
        venue_id=venue_id or venue(),
        offer=offer(**given),
        times=when if isinstance(when, list) else [when],
        confirmed_on=now.date(),
        confirmed_by="the group",
        now=now,
    )


def work(*, now: datetime = NOW) -> None:
    """Do all the later work that is due, as the worker would."""
    while outbox.run_due(now=now):
        pass


def sessions_of(activity_id: int) -> list[Any]:
    """An activity's session rows, in order of time."""
    statement = select(Session.__table__).where(Session.activity_id == activity_id).order_by(Session.starts_at)
    with reading() as connection:
        return list(connection.execute(statement))

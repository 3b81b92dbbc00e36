"""Reading organisations and their checks."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from backend.core import clock
from backend.core.db import db, reading
from backend.core.errors import NotFound
from backend.organisations.models import Check, CheckKind, Organisation, Standing

# Later than any session, and small enough for every database and for JavaScript.
FOREVER = 2**40


class NoSuchOrganisation(NotFound):
    """No organisation with that id is on show."""

    message = "We can't find that group. It may have moved or closed."


def listed_until(organisation_ids: Collection[int]) -> dict[int, tuple[int, bool]]:
    """Until when what each organisation offers may be shown (epoch seconds), and whether we checked it ourselves.

    A group is shown while all six checks are in date, so the first to expire hides it by itself. A directory's entry
    is shown as that directory's word. An organisation that may not be shown has 0.
    """
    standings = select(Organisation.id, Organisation.standing).where(Organisation.id.in_(organisation_ids))
    expiries: dict[int, list[date]] = {}
    rows = db.session.execute(
        select(Check.organisation_id, Check.expires_on).where(Check.organisation_id.in_(organisation_ids))
    )
    for organisation_id, expires_on in rows:
        expiries.setdefault(organisation_id, []).append(expires_on)
    found = {}
    for organisation_id, standing in db.session.execute(standings):
        if standing == Standing.DIRECTORY:
            found[organisation_id] = (FOREVER, False)
        else:
            dates = expiries.get(organisation_id, [])
            complete = len(dates) == len(CheckKind)
            found[organisation_id] = (_end_of(min(dates)) if complete else 0, complete)
    return found


def _end_of(day: date) -> int:
    return clock.epoch(clock.midnight(day + timedelta(1)))


def organisation(organisation_id: int, *, now: datetime) -> dict[str, Any]:
    """One organisation with its checks, and whether all six are in date (`checked`).

    Raises NoSuchOrganisation also for a group whose checks are not complete and in date: an expired check hides it.
    """
    with reading() as connection:
        row = connection.execute(select(Organisation.__table__).where(Organisation.id == organisation_id)).one_or_none()
        checks = connection.execute(
            select(Check.kind, Check.passed_on, Check.expires_on, Check.checked_by)
            .where(Check.organisation_id == organisation_id)
            .order_by(Check.kind)
        ).all()
    if row is None:
        raise NoSuchOrganisation
    today = clock.today(now)
    in_date = {check.kind for check in checks if check.expires_on >= today}
    checked = row.standing == Standing.GROUP and in_date == set(CheckKind)
    if row.standing == Standing.GROUP and not checked:
        raise NoSuchOrganisation
    return {**row._mapping, "checked": checked, "checks": [dict(check._mapping) for check in checks]}

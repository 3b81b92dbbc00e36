"""What the worker does for activities."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from backend.activities import sessions, text
from backend.activities.actions import CHUNK
from backend.activities.models import Activity, Venue
from backend.activities.vocabulary import ACCESS, CATEGORY_LABELS, JOIN, TAGS, Category, named
from backend.core import outbox
from backend.core.db import db, transaction
from backend.organisations.models import Organisation

CATEGORIES = tuple(Category)


@outbox.job("activities.sync")
def sync(*, activity_ids: list[int], now: datetime) -> None:
    """Make the sessions and the search words of these activities."""
    with transaction():
        sessions.sync(activity_ids, now=now)
        documents = _documents(activity_ids)
        text.write(documents)
        text.learn(documents)
        sessions.bump()


@outbox.job("activities.extend")
def extend(*, now: datetime, after: int = 0) -> None:
    """Bring every activity's sessions up to the horizon, a chunk at a time; each chunk asks for the next."""
    with transaction():
        ids = db.session.execute(
            select(Activity.id).where(Activity.id > after).order_by(Activity.id).limit(CHUNK)
        ).scalars()
        chunk = list(ids)
        if chunk:
            sessions.sync(chunk, now=now)
            outbox.later("activities.extend", now=now, after=chunk[-1])
        else:
            sessions.forget_past(now=now)
            sessions.count_cells(None, now=now)


def _documents(activity_ids: list[int]) -> list[text.Document]:
    rows = db.session.execute(
        select(
            Activity.id, Activity.title, Activity.about, Activity.category, Activity.features,
            Venue.name.label("venue"), Venue.address,
            Organisation.name.label("organisation"),
        )
        .join(Organisation, Organisation.id == Activity.organisation_id)
        .outerjoin(Venue, Venue.id == Activity.venue_id)
        .where(Activity.id.in_(activity_ids))
    )  # fmt: skip
    return [text.Document(row.id, row.title, _said(row)) for row in rows]


def _said(row: Any) -> str:
    """The words beside the title that an activity is found by: its kind, place, group, first lines and tags."""
    said = [CATEGORY_LABELS[CATEGORIES[row.category]], row.venue or "", row.address or "", row.organisation]
    tags = [name.replace("_", " ") for name in named(row.features, (*JOIN, *ACCESS, *TAGS))]
    return " ".join([*said, row.about[:600], *tags])

"""From a draft to the rows that it becomes, and the digests by which a change is seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import Date, Table

from backend.activities import bulk
from backend.activities.models import Activity, Schedule, Venue
from backend.core.db import UtcDateTime
from backend.feeds.draft import Draft, Group
from backend.organisations import bulk as organisations
from backend.organisations.models import Organisation

TABLES: dict[str, Table] = {model.__tablename__: model.__table__ for model in (Organisation, Venue, Activity, Schedule)}  # type: ignore[misc]

# What an import says about a row. Ids, moments and the cell, which the making of sessions works out, are not in it.
_UNSAID = {"id", "cell", "created_at", "updated_at", "source", "source_id", "activity_id"}
SAID = {
    name: itemgetter(*(column.name for column in table.c if column.name not in _UNSAID))
    for name, table in TABLES.items()
}
# The label is the operator's word for the whole list, and says nothing new about a row.
_MEANT = itemgetter(
    *(
        column.name
        for column in TABLES["activity"].c
        if column.name not in _UNSAID | {"organisation_id", "venue_id", "confirmed_by"}
    )
)


@dataclass(slots=True)
class Rows:
    """One draft as rows without ids. `activity` and `organisation` are None for what is only a place."""

    source_id: str
    venue: dict[str, Any]
    organisation: dict[str, Any] | None
    activity: dict[str, Any] | None
    schedules: list[dict[str, Any]]
    meaning: str


def of(draft: Draft, *, source: str, label: str, now: datetime) -> Rows:
    """The rows of a draft."""
    spot, listing = draft.spot, draft.listing
    venue = bulk.venue_row(
        name=draft.place,
        address=draft.address,
        postcode=spot.postcode,
        lat=spot.lat,
        lng=spot.lng,
        borough=spot.borough,
        ward=spot.ward,
        approximate=spot.approximate,
        source=source,
        source_id=draft.source_id,
    )
    if listing is None:
        return Rows(draft.source_id, venue, None, None, [], digest(SAID["venue"](venue)))
    organisation = _organisation(listing.group, source=source, label=label, now=now)
    activity = bulk.activity_row(
        listing.offer,
        confirmed_on=listing.confirmed_on,
        confirmed_by=label,
        source=source,
        source_id=draft.source_id,
        now=now,
    )
    schedules = [bulk.schedule_row(times) for times in listing.times]
    said = [
        SAID["venue"](venue),
        organisation["source_id"],
        _MEANT(activity),
        [SAID["schedule"](row) for row in schedules],
    ]
    return Rows(draft.source_id, venue, organisation, activity, schedules, digest(said))


def _organisation(group: Group, *, source: str, label: str, now: datetime) -> dict[str, Any]:
    return organisations.directory_row(
        name=group.name,
        borough=group.borough,
        website=group.website,
        telephone=group.telephone,
        source=source,
        source_id=organisation_key(group.name, group.borough, group.website, group.telephone),
        source_label=label,
        now=now,
    )


def organisation_key(name: str, borough: str | None, website: str | None, telephone: str | None) -> str:
    """The source id of an organisation: all that we know of it, so that only rows which agree share one.

    It also shows, later, whether somebody has changed the organisation since.
    """
    return digest([" ".join(name.casefold().split()), borough, website, telephone])


def untouched(organisation: Mapping[str, Any]) -> bool:
    """Whether an organisation still says what the import wrote."""
    key = organisation_key(*(organisation[name] for name in ("name", "borough", "website", "telephone")))
    return bool(organisation["source_id"] == key and organisation["about"] == "")


def digest(values: Any) -> str:
    """32 letters that stand for plain values."""
    return blake2b(orjson.dumps(values), digest_size=16).hexdigest()


def said(table: str, row: Mapping[str, Any]) -> str:
    """A digest of what one stored row says."""
    return digest(SAID[table](row))


def written(
    venue: Mapping[str, Any], activity: Mapping[str, Any] | None, schedules: Iterable[Mapping[str, Any]]
) -> str:
    """A digest of all that is stored for one row of a source."""
    times = sorted(((row["id"], *SAID["schedule"](row)) for row in schedules), key=itemgetter(0))
    return digest([SAID["venue"](venue), activity and SAID["activity"](activity), times])


def plain(value: Any) -> Any:
    """A column's value as JSON can hold it."""
    return value.isoformat() if isinstance(value, date) else value


def typed(table: str, column: str, value: Any) -> Any:
    """The value that `plain` was given."""
    kind = TABLES[table].c[column].type
    if value is None:
        return None
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, Date) else value

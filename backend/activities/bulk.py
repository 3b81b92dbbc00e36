"""Whole rows for writing many at a time: imports bring tens of thousands of listings, far too many for one by one.

Nothing here opens a transaction. Whoever writes such rows calls `actions.changed` for the activities in the same one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Dialect, Table

from backend.activities.actions import Offer, Times
from backend.activities.vocabulary import FREE, Cost, bits
from backend.core.slugs import slug
from backend.geo.grid import cell_of


def venue_row(
    *,
    name: str,
    address: str,
    postcode: str | None,
    lat: int,
    lng: int,
    borough: str,
    ward: str | None,
    approximate: bool,
    source: str,
    source_id: str,
) -> dict[str, Any]:
    """A venue's columns but for its id. Coordinates are 1e-5 degree, `borough` and `ward` GSS codes."""
    return {
        "name": name,
        "address": address,
        "postcode": postcode,
        "lat": lat,
        "lng": lng,
        "cell": cell_of(lat, lng),
        "borough": borough,
        "ward": ward,
        "access_note": "",
        "approximate": approximate,
        "source": source,
        "source_id": source_id,
    }


def activity_row(
    offer: Offer, *, confirmed_on: date, confirmed_by: str, source: str, source_id: str, now: datetime
) -> dict[str, Any]:
    """An activity's columns but for its id, its organisation's, its venue's and its cell."""
    return {
        "slug": slug(offer.title),
        "title": offer.title,
        "about": offer.about,
        "category": offer.category.number,
        "features": bits(offer.features) | (FREE if offer.cost == Cost.FREE else 0),
        "age_min": offer.age_min,
        "age_max": offer.age_max,
        "cost": offer.cost.value,
        "cost_min": offer.cost_min,
        "cost_max": offer.cost_max,
        "cost_note": offer.cost_note,
        "languages": list(offer.languages),
        "ask_for": offer.ask_for,
        "ask_for_note": offer.ask_for_note,
        "at_the_door": list(offer.at_the_door),
        "bring": offer.bring,
        "times_note": offer.times_note,
        "telephone": offer.telephone,
        "website": offer.website,
        "confirmed_on": confirmed_on,
        "confirmed_by": confirmed_by,
        "listed_until": None,
        "source": source,
        "source_id": source_id,
        "created_at": now,
        "updated_at": now,
    }


def schedule_row(times: Times) -> dict[str, Any]:
    """A schedule's columns but for its id and its activity's. The rule must be one that `check_rule` passes."""
    return {
        "first_on": times.first_on,
        "last_on": times.last_on,
        "starts_minute": times.starts_minute,
        "minutes": times.minutes,
        "rule": times.rule,
        "applies": int(times.applies),
        "on_bank_holidays": times.on_bank_holidays,
        "capacity": times.capacity,
    }


def insert_many(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that all have the same columns. The driver gets plain tuples, which halves the time of `insert()`."""
    if not rows:
        return
    names = list(rows[0])
    processors = [_processor(table, name, connection.dialect) for name in names]
    mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
    statement = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join([mark] * len(names))})"
    columns = [
        [row[name] for row in rows] if process is None else [process(row[name]) for row in rows]
        for name, process in zip(names, processors, strict=True)
    ]
    connection.exec_driver_sql(statement, list(zip(*columns, strict=True)))


def _processor(table: Table, name: str, dialect: Dialect) -> Callable[[Any], Any] | None:
    return table.c[name].type.dialect_impl(dialect).bind_processor(dialect)

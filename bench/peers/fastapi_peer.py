"""The nearby page in FastAPI and Pydantic, on the same SQLite rows and the same search plans.

Only what a framework does differs: routing, checking the query, building the answer's objects, writing JSON.
`/sessions` is a plain function, which FastAPI runs in a thread, as it advises for databases that block;
`/sessions-async` runs in the loop itself, which costs less and holds everybody else up meanwhile.
"""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import FastAPI, HTTPException, Query, Response
from pydantic import BaseModel, ConfigDict
from sqlalchemy import Engine, create_engine, event

from backend.activities import catalogue, near, queries, statements, windows
from backend.activities.vocabulary import ACCESS, CHECKED, JOIN, TAGS, Category, Status, named
from backend.core import clock
from backend.geo import queries as geo
from backend.geo.grid import LONDON, metres

CATEGORIES = [category.value for category in Category]
STATUSES = [status.name.lower() for status in Status]
BOROUGHS = {borough.code: borough.name for borough in geo.boroughs()}


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Asked(Strict):
    cell: int
    order: Literal["soonest", "nearest"] = "soonest"
    radius: Annotated[int, Query(gt=0, le=20_000)] = 2_400
    limit: Annotated[int, Query(gt=0, le=100)] = 20


class Named(BaseModel):
    id: int
    name: str


class Activity(BaseModel):
    id: int
    title: str
    slug: str


class Cost(BaseModel):
    kind: str
    min: int
    max: int
    currency: str = "GBP"


class Ages(BaseModel):
    min: int
    max: int


class Borough(BaseModel):
    code: str
    name: str


class Venue(BaseModel):
    id: int
    name: str
    borough: Borough
    lat: float
    lng: float


class Session(BaseModel):
    id: int
    url: str
    activity: Activity
    starts_at: datetime
    ends_at: datetime
    status: str
    reason: str
    moved: bool
    category: str
    cost: Cost
    age: Ages
    join: list[str]
    access: list[str]
    tags: list[str]
    venue: Venue
    distance_m: int | None
    organisation: Named
    checked: bool
    listed_by: str | None
    confirmed_on: str


class Page(BaseModel):
    items: list[Session]
    next: str | None


def _session(row: queries.Listing) -> Session:
    return Session(
        id=row.id,
        url=f"http://127.0.0.1:8000/activities/{row.activity_id}/{row.slug}",
        activity=Activity(id=row.activity_id, title=row.title, slug=row.slug),
        starts_at=clock.london(row.starts),
        ends_at=clock.london(row.ends),
        status=STATUSES[row.status],
        reason=row.reason,
        moved=row.moved,
        category=CATEGORIES[row.category_number],
        cost=Cost(kind=row.cost, min=row.cost_min, max=row.cost_max),
        age=Ages(min=row.age_min, max=row.age_max),
        join=named(row.features, JOIN),
        access=named(row.features, ACCESS),
        tags=named(row.features, TAGS),
        venue=Venue(
            id=row.venue_id, name=row.venue_name, lat=row.lat / 1e5, lng=row.lng / 1e5,
            borough=Borough(code=row.borough, name=BOROUGHS.get(row.borough, row.borough)),
        ),
        distance_m=row.distance,
        organisation=Named(id=row.organisation_id, name=row.organisation_name),
        checked=bool(row.features & CHECKED),
        listed_by=row.source_label,
        confirmed_on=row.confirmed_on,
    )  # fmt: skip


def _page(engine: Engine, asked: Asked, response: Response) -> Page:
    if geo.borough_at(*(origin := LONDON.centre(asked.cell))) is None:
        raise HTTPException(404)
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    window = windows.ahead(now)
    question = near.Question(
        origin=origin, radius=asked.radius, from_=clock.epoch(window.from_), before=clock.epoch(window.before),
        now=clock.epoch(now), must=0, must_of_activity=0, category=None, ages=near.ALL_AGES, order=asked.order,
        match=None,
    )  # fmt: skip
    with engine.connect() as connection:
        density = catalogue.density(connection)
        hits = near.find(question, density=density, connection=connection, count=asked.limit + 1, after=None)
        ids = statements.packed([hit.id for hit in hits[: asked.limit]], "sqlite")
        rows = statements.fetch(connection, statements.by_ids(queries.LISTED_ROWS, "sqlite"), {"ids": ids})
    by_id = {row[0]: row for row in rows}
    items = [queries.Listing._make((*by_id[hit.id], metres(hit.distance))) for hit in hits[: asked.limit]]
    response.headers["Cache-Control"] = "public, max-age=60"
    return Page(items=[_session(item) for item in items], next=None)


def application(data: str) -> Any:
    """The app on the SQLite database in the folder `data`."""
    engine = create_engine(f"sqlite:///{data}/goodends.db", isolation_level="AUTOCOMMIT")

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _record: object) -> None:
        for pragma in ("cache_size=-16000", "mmap_size=268435456", "query_only=ON"):
            connection.execute(f"PRAGMA {pragma}")

    app = FastAPI()

    @app.get("/sessions")
    def sessions(asked: Annotated[Asked, Query()], response: Response) -> Page:
        return _page(engine, asked, response)

    @app.get("/sessions-async")
    async def sessions_async(asked: Annotated[Asked, Query()], response: Response) -> Page:
        return _page(engine, asked, response)

    return app

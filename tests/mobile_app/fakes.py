"""A made-up afternoon in Peckham, in the backend's own shapes, for pages that are looked at without a database."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from backend.activities.models import FEATURES, Category, bits
from backend.activities.queries import Ask, Listing, Page
from backend.core import clock

PLACES = [
    # title, category, venue, group, minutes from now, length, cost, ages, join and tags, metres
    ("Open-mic and beats", "music", "Bassline Yard", "Bassline", 40, 120, "free", (13, 19), ["turn_up"], 600),
    ("Boxing for beginners", "sport", "Northfold Boxing Club", "Northfold", 70, 90, "free", (11, 16), ["book"], 950),
    (
        "Second Supper: cook, eat, chat",
        "food",
        "Copeland Hall",
        "Second Supper",
        100,
        120,
        "free",
        (0, 120),
        ["turn_up", "food_there"],
        300,
    ),
    (
        "Build your first game",
        "games",
        "Rye Lane Library",
        "Pixel Room",
        100,
        150,
        "donation",
        (14, 18),
        ["turn_up", "step_free"],
        3100,
    ),
    (
        "Bike fix-up and evening ride",
        "outdoors",
        "Burgess Park, by the lake",
        "Wheel Good",
        130,
        90,
        "fixed",
        (12, 17),
        ["turn_up"],
        1180,
    ),
    (
        "Print your own T-shirt at Llanfair with a very long name that goes on",
        "art",
        "The Old Print Works Community Arts Centre",
        "Inky",
        140,
        90,
        "range",
        (16, 120),
        ["ring"],
        2300,
    ),
    ("CV and a brew", "work", "Elm Street Hub", "Elm Street", 150, 60, "unknown", (16, 24), [], 1600),
    ("Big Brothers mentoring", "talk", "The Doorway", "The Doorway", 200, 60, "free", (11, 18), ["book"], 1900),
    ("Stay and play", "family", "Sunrise Children’s Centre", "Sunrise", 230, 60, "free", (0, 4), ["turn_up"], 2100),
]


def listings(now: datetime) -> list[Listing]:
    """Nine sessions from soon on, one for each kind."""
    start = now.replace(minute=0 if now.minute < 30 else 30, second=0, microsecond=0)
    found = []
    for number, (title, kind, venue, group, after, length, cost, ages, names, metres) in enumerate(PLACES, 1):
        starts = clock.epoch(start + timedelta(minutes=after))
        money = {"fixed": (200, 200), "range": (100, 300)}.get(cost, (0, 0))
        features = bits(names) | (FEATURES["free"] if cost == "free" else 0) | FEATURES["checked"]
        found.append(
            Listing(
                id=number, activity_id=number, starts_at=starts, ends_at=starts + length * 60, status=int(number == 8),
                reason="", moved=False, capacity=None, lat=5147000 + number * 60, lng=-7000 - number * 90, features=features,
                age_min=ages[0], age_max=ages[1], category_number=Category(kind).number, slug="-".join(title.lower().split()[:3]),
                title=title, cost=cost, cost_min=money[0], cost_max=money[1], confirmed_on="2026-11-01", venue_id=number,
                venue_name=venue, borough="E09000028", organisation_id=number, organisation_name=group,
                organisation_slug=group.lower(), source_label=None, distance=metres,
            )
        )  # fmt: skip
    return found


def fitting(ask: Ask, now: datetime) -> list[Listing]:
    """The same few filters as the real thing, plainly."""
    must = bits((*ask.join, *ask.access, *ask.tags)) | (FEATURES["free"] if ask.free else 0)
    return [
        item if ask.cell is not None else item._replace(distance=None)
        for item in listings(now)
        if item.features & must == must
        and (ask.category is None or item.category is ask.category)
        and ask.from_ <= item.starts < ask.before
        and (ask.ages is None or (item.age_min <= ask.ages[1] and item.age_max >= ask.ages[0]))
        and ask.text.lower() in item.title.lower()
    ]


def sessions_near(ask: Ask, *, now: datetime, limit: int = 20, cursor: str | None = None) -> Page:
    found = fitting(ask, now)
    first = int(cursor) if cursor else 0
    rest = len(found) > first + limit
    return Page(found[first : first + limit], str(first + limit) if rest else None)


def count(ask: Ask, *, now: datetime) -> int:
    return len(fitting(ask, now))


def counts_by_day(ask: Ask, *, now: datetime) -> dict[date, int]:
    first = clock.today(ask.from_)
    today = {first: len(fitting(ask, now))}
    return {day: 0 if day.weekday() == 0 else (day.day * 7) % 23 for day in clock.days(first, 14)} | today


def install(patch: object) -> None:
    """Put these in the place of the real reads. `patch` sets an attribute by dotted name, as monkeypatch does."""
    for name, function in (("sessions_near", sessions_near), ("count", count), ("counts_by_day", counts_by_day)):
        patch(f"backend.activities.queries.{name}", function)  # type: ignore[operator]

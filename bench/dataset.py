"""A London of any size, in the tables that the migrations make.

Venues stand at real postcodes, so the density is London's own; what happens in them is invented. Activities are made
here, sessions by the database from the schedules (one INSERT … SELECT), and they are what `sessions.sync` would have
made: the tests hold the two against each other.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from backend.activities import calendar as school
from backend.activities.calendar import SchoolCalendar, Stretch
from backend.activities.text import words_of
from backend.activities.vocabulary import ACCESS, JOIN, TAGS, Category, bits
from backend.geo import postcodes
from backend.geo.grid import LONDON, Grid
from backend.geo.places import ward_table

T = TypeVar("T")

SEED = 2026
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
CHECKED_BY = "Ife, Violence Reduction Unit"

# (what it is called, its category, how common). The last few are the rare ones that searches look for.
THINGS: tuple[tuple[str, Category, int], ...] = (
    ("Boxing", Category.SPORT, 90), ("Football", Category.SPORT, 160), ("Basketball", Category.SPORT, 70),
    ("Netball", Category.SPORT, 30), ("Skateboarding", Category.SPORT, 25), ("Street dance", Category.MUSIC, 60),
    ("Beat making", Category.MUSIC, 50), ("Open mic", Category.MUSIC, 40), ("Choir", Category.MUSIC, 35),
    ("Drama", Category.ART, 60), ("Painting", Category.ART, 55), ("Film making", Category.ART, 35),
    ("Pottery", Category.ART, 15), ("Cooking", Category.FOOD, 60), ("Youth café", Category.FOOD, 80),
    ("Supper", Category.FOOD, 25), ("CV workshop", Category.WORK, 30), ("Barbering", Category.WORK, 20),
    ("Bike repair", Category.WORK, 20), ("Gardening", Category.OUTDOORS, 45), ("Canoeing", Category.OUTDOORS, 15),
    ("City farm", Category.OUTDOORS, 12), ("Chess", Category.GAMES, 30), ("Gaming", Category.GAMES, 60),
    ("Coding", Category.GAMES, 35), ("Mentoring", Category.TALK, 70), ("Homework help", Category.TALK, 60),
    ("Stay and play", Category.FAMILY, 60), ("Baby group", Category.FAMILY, 30),
    ("Capoeira", Category.SPORT, 2), ("Beekeeping", Category.OUTDOORS, 1), ("Ukulele", Category.MUSIC, 1),
)  # fmt: skip
MANNERS = ("Beginners", "Friday", "Open", "Young", "Girls", "Summer", "Rising", "Community", "Drop-in", "Big")

# How common each feature is, out of a thousand activities.
COMMON = {
    "step_free": 550, "accessible_toilet": 400, "hearing_loop": 60, "quiet_space": 120, "sign_language": 8,
    "changing_place": 15, "parking": 200, "girls_only": 40, "boys_only": 15, "send_friendly": 90, "lgbtq": 12,
    "beginners": 350, "food_there": 180, "kit_to_borrow": 160, "young_carers": 6, "refugees_welcome": 20,
    "faith_based": 40, "bring_a_mate": 220, "mentors": 70,
}  # fmt: skip
AGES = ((0, 120, 15), (11, 16, 25), (13, 19, 20), (8, 12, 15), (16, 25, 10), (11, 25, 10), (0, 5, 5))
# When things start, as (minutes after midnight, how common): weekday evenings, and daytime.
STARTS = (
    (600, 8),
    (660, 6),
    (780, 4),
    (840, 4),
    (930, 10),
    (960, 18),
    (990, 10),
    (1020, 20),
    (1080, 16),
    (1140, 10),
    (1200, 4),
)

assert set(COMMON) == {*ACCESS, *TAGS}  # noqa: S101  -- a new feature must be given a share here.


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is. An activity has about 20 sessions in the twelve weeks."""

    sessions: int
    grid: Grid = field(default=LONDON)

    @property
    def activities(self) -> int:
        return self.sessions // 20

    @property
    def venues(self) -> int:
        return self.activities * 2 // 5

    @property
    def organisations(self) -> int:
        return self.activities // 5

    @property
    def name(self) -> str:
        """How files and tables call it: 10k, 1M."""
        return f"{self.sessions // 10**6}M" if self.sessions >= 10**6 else f"{self.sessions // 1000}k"


def calendar(today: date) -> SchoolCalendar:
    """The school calendar that the product ships with, for the years that the twelve weeks touch."""
    holidays = {day for year in (today.year, today.year + 1) for day in school.bank_holidays_of(year)}
    terms = tuple(Stretch(first, last) for _, first, last in school.LONDON_TERMS)
    return SchoolCalendar({None: terms}, frozenset(holidays))


class London:
    """The rows of one dataset, table by table, the same for the same size and day."""

    def __init__(self, size: Size, now: datetime, today: date) -> None:
        self.size, self.now, self.today = size, now, today
        self.dice = random.Random(SEED)

    def tables(self) -> Iterator[tuple[str, tuple[str, ...], Iterator[tuple[Any, ...]]]]:
        """Each table's name, columns and rows, in an order that satisfies foreign keys."""
        yield (
            "school_term",
            ("borough", "name", "first_on", "last_on"),
            iter([(None, name, first, last) for name, first, last in school.LONDON_TERMS]),
        )
        yield (
            "bank_holiday",
            ("on_date", "name"),
            iter([(day, "Bank holiday") for day in sorted(calendar(self.today).bank_holidays)]),
        )
        yield "organisation", ORGANISATION, self._organisations()
        yield "organisation_check", ("organisation_id", "kind", "passed_on", "expires_on", "checked_by"), self._checks()
        yield "venue", VENUE, self._venues()
        yield "activity", ACTIVITY, self._activities()
        yield "schedule", SCHEDULE, self._schedules()

    def _organisations(self) -> Iterator[tuple[Any, ...]]:
        for n in range(1, self.size.organisations + 1):
            label = None if self.is_group(n) else "A borough's family directory"
            yield (n, f"group-{n}", f"Group {n}", "", int(label is not None), label, self.now, self.now)

    def is_group(self, organisation_id: int) -> bool:
        """Four in five joined; the others stand in a public directory."""
        return organisation_id % 5 > 0

    def checks_of(self, organisation_id: int) -> list[date]:
        """Until when each of a group's checks is in date. One in fifty lacks one; some run out within weeks."""
        if not self.is_group(organisation_id):
            return []
        last = self.today + timedelta(days=20 + organisation_id * 7919 % 700)
        return [last] * (5 if organisation_id % 50 == 1 else 6)

    def _checks(self) -> Iterator[tuple[Any, ...]]:
        for n in range(1, self.size.organisations + 1):
            for kind, last in enumerate(self.checks_of(n)):
                yield (n, kind, last - timedelta(days=1000), last, CHECKED_BY)

    def _venues(self) -> Iterator[tuple[Any, ...]]:
        known, wards = postcodes.table(), ward_table()
        for n in range(1, self.size.venues + 1):
            row = self.dice.randrange(len(known.lat))
            lat, lng, ward = known.lat[row], known.lng[row], wards[known.ward[row]]
            cell = self.size.grid.cell(lat, lng)
            yield (n, f"Hall {n}", "1 Long Lane", lat, lng, cell, ward.borough, ward.code, "", False)

    def _activities(self) -> Iterator[tuple[Any, ...]]:
        things = _weighted([((name, category), weight) for name, category, weight in THINGS])
        ages = _weighted([((low, high), weight) for low, high, weight in AGES])
        for n in range(1, self.size.activities + 1):
            [(name, category)] = self.dice.choices(*things)
            [(low, high)] = self.dice.choices(*ages)
            title = f"{MANNERS[n % len(MANNERS)]} {name.lower()} {n % 97}"
            free = self.dice.random() < 0.62
            pence = 0 if free else self.dice.choice((100, 200, 350, 500))
            features = bits([*self._features(), *(["free"] if free else [])])
            # The activity's cell is written with its venue's, once both are in the database.
            yield (
                n, self.dice.randint(1, self.size.organisations), self.dice.randint(1, self.size.venues),
                title.replace(" ", "-"), title, f"{name} for everybody who likes it.", category.number, features, low,
                high, "free" if free else "fixed", pence, pence, "", "[]", "", "", "[]", "", "",
                self.today - timedelta(days=n % 60), "Ife", self.now, self.now,
            )  # fmt: skip

    def _features(self) -> list[str]:
        found = [name for name, share in COMMON.items() if self.dice.random() * 1000 < share]
        return [self.dice.choice(JOIN), *found]

    def _schedules(self) -> Iterator[tuple[Any, ...]]:
        """One rule an activity, on one day of the week or two: 20 sessions in twelve weeks on average."""
        starts = _weighted(STARTS)
        first_on = self.today - timedelta(days=90)
        for n in range(1, self.size.activities + 1):
            [minute] = self.dice.choices(*starts)
            rule = "FREQ=WEEKLY;BYDAY=" + ",".join(DAYS[day] for day in weekdays(n))
            capacity = self.dice.choice((8, 12, 20, 40)) if n % 4 == 0 else None
            yield (n, n, first_on, minute, self.dice.choice((60, 90, 120)), rule, 0, False, capacity)


ORGANISATION = ("id", "slug", "name", "about", "standing", "source_label", "created_at", "updated_at")
VENUE = ("id", "name", "address", "lat", "lng", "cell", "borough", "ward", "access_note", "approximate")
ACTIVITY = (
    "id", "organisation_id", "venue_id", "slug", "title", "about", "category", "features", "age_min", "age_max", "cost",
    "cost_min", "cost_max", "cost_note", "languages", "ask_for", "ask_for_note", "at_the_door", "bring", "times_note",
    "confirmed_on", "confirmed_by", "created_at", "updated_at",
)  # fmt: skip
SCHEDULE = (
    "id",
    "activity_id",
    "first_on",
    "starts_minute",
    "minutes",
    "rule",
    "applies",
    "on_bank_holidays",
    "capacity",
)


def weekdays(schedule_id: int) -> list[int]:
    """On which days a schedule runs, Monday 0: mostly two, so that an activity has 20 sessions in twelve weeks."""
    first = schedule_id * 31 % 7
    days = 1 if schedule_id % 3 == 0 else 3 if schedule_id % 14 == 1 else 2
    return sorted((first + n * (1 + schedule_id % 3)) % 7 for n in range(days))


def words(title: str, about: str, venue_id: int) -> tuple[str, str]:
    """An activity's words for the text index: its title's, and all others."""
    return " ".join(words_of(title)), " ".join(words_of(f"{about} hall {venue_id}"))


def _weighted(pairs: Iterable[tuple[T, int]]) -> tuple[list[T], list[int]]:
    """Values and weights as `Random.choices` takes them."""
    values, weights = zip(*pairs, strict=True)
    return list(values), list(weights)

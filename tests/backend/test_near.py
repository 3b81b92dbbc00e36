"""What's on near you, against a plain slow reference."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask

from backend.activities import near, queries
from backend.activities.queries import Ask, Listing
from backend.activities.vocabulary import ACCESS, JOIN, TAGS, Category, Cost, bits
from backend.core import clock
from backend.core.paging import BadCursor
from backend.geo.grid import LONDON, cell_of, distance, squared
from tests import make


@pytest.fixture
def town(app: Flask, now: datetime) -> list[Listing]:
    """Ninety activities around Peckham at odd places and times, and all their sessions as the plain list."""
    make.calendar()
    dice = random.Random(7)
    groups = [make.organisation(name=f"Group {n}", checked=n % 3 > 0) for n in range(6)]
    for n in range(90):
        at = (5_147_000 + dice.randint(-4000, 4000), -6_900 + dice.randint(-6000, 6000))
        make.activity(
            organisation_id=dice.choice(groups),
            venue_id=make.venue(at=at, name=f"Hall {n}"),
            title=f"{dice.choice(['Boxing', 'Beats', 'Cooking', 'Chess'])} {n}",
            category=dice.choice(list(Category)),
            features=tuple(dice.sample(JOIN + ACCESS[:2] + TAGS[:3], dice.randint(1, 4))),
            age_min=(low := dice.choice([0, 8, 11, 16])),
            age_max=low + dice.choice([3, 8, 80]),
            cost=dice.choice([Cost.FREE, Cost.FREE, Cost.FIXED]),
            when=make.times(
                first_on=now.date() + timedelta(dice.randint(0, 6)),
                starts_minute=dice.choice([600, 930, 960, 1020, 1110, 1200]),
            ),
        )
    make.work()
    return everything(now)


def ask(now: datetime, *, days: int = 7, cell: int | None = cell_of(*make.PECKHAM), **given: object) -> Ask:
    return Ask(from_=now, before=now + timedelta(days=days), cell=cell, **given)


def everything(now: datetime) -> list[Listing]:
    """All listed sessions, page by page."""
    items: list[Listing] = []
    cursor = None
    while True:
        page = queries.sessions_near(ask(now, cell=None, days=90), now=now, limit=100, cursor=cursor)
        items += page.items
        cursor = page.cursor
        if cursor is None:
            return items


def reference(town: list[Listing], asked: Ask) -> list[int]:
    """The same question, answered the slow way."""
    origin = LONDON.centre(asked.cell) if asked.cell is not None else None
    must = bits((*asked.join, *asked.access, *asked.tags, *(["free"] if asked.free else []),
                 *(["after_school"] if asked.after_school else [])))  # fmt: skip
    low, high = asked.ages or (0, 120)
    found = []
    for row in town:
        away = distance(row.lat, row.lng, *origin) if origin else 0
        if (
            clock.epoch(asked.from_) <= row.starts_at < clock.epoch(asked.before)
            and row.features & must == must
            and (asked.category is None or row.category is asked.category)
            and row.age_min <= high
            and row.age_max >= low
            and (origin is None or away <= squared(asked.radius))
        ):
            found.append((away if asked.order == "nearest" and origin else 0, row.starts_at, row.id))
    return [key[2] for key in sorted(found)]


ASKS = [
    {},
    {"order": "nearest"},
    {"radius": 1500},
    {"radius": 20_000, "order": "nearest"},
    {"category": Category.SPORT},
    {"category": Category.SPORT, "order": "nearest", "days": 60},
    {"ages": (13, 15), "free": True},
    {"free": True, "order": "nearest", "days": 84},
    {"after_school": True},
    {"after_school": True, "order": "nearest", "days": 84},
    {"tags": ("girls_only",), "join": ("book",), "days": 84},
    {"tags": ("girls_only",), "access": ("step_free",), "order": "nearest", "days": 84, "radius": 20_000},
    {"cell": None, "tags": ("send_friendly",)},
    {"cell": None},
]


@pytest.mark.parametrize("forced", [True, False], ids=["activities first", "sessions in order"])
def test_every_plan_gives_what_the_plain_reference_gives_page_by_page(
    town: list[Listing], forced: bool, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(near._Run, "activity_first", lambda _run: forced)
    for given in ASKS:
        asked = ask(now, **given)
        expected = reference(town, asked)
        assert expected, f"{given}: a question that nothing answers proves nothing"
        assert every_page(asked, now) == expected, given
        assert queries.count(asked, now=now) == min(len(expected), 1000)
        assert sum(queries.counts_by_day(asked, now=now).values()) == len(expected)


def every_page(asked: Ask, now: datetime) -> list[int]:
    found, cursor = [], None
    while True:
        page = queries.sessions_near(asked, now=now, limit=7, cursor=cursor)
        found += [item.id for item in page.items]
        cursor = page.cursor
        if cursor is None:
            return found


def test_a_cursor_of_another_question_is_refused(town: list[Listing], now: datetime) -> None:
    first = queries.sessions_near(ask(now), now=now, limit=5)
    assert first.cursor
    with pytest.raises(BadCursor):
        queries.sessions_near(ask(now, free=True), now=now, limit=5, cursor=first.cursor)
    with pytest.raises(BadCursor):
        queries.sessions_near(ask(now), now=now, limit=5, cursor=first.cursor[:-1] + "!")


def test_a_cursor_still_works_a_minute_later(town: list[Listing], now: datetime) -> None:
    asked = ask(now)
    first = queries.sessions_near(asked, now=now, limit=5)
    later = queries.sessions_near(asked, now=now + timedelta(minutes=1), limit=5, cursor=first.cursor)
    assert not {item.id for item in first.items} & {item.id for item in later.items}


def test_a_misspelt_word_finds_what_was_meant_and_says_so(town: list[Listing], now: datetime) -> None:
    page = queries.sessions_near(ask(now, text="boxign", radius=20_000), now=now)
    assert page.corrected == "boxing"
    assert page.items
    assert all("Boxing" in item.title for item in page.items)


def test_a_word_that_is_nothing_like_any_finds_nothing_and_invents_nothing(town: list[Listing], now: datetime) -> None:
    page = queries.sessions_near(ask(now, text="zzqqxx"), now=now)
    assert page.items == []
    assert page.corrected is None


def test_words_written_as_a_query_language_are_only_words(town: list[Listing], now: datetime) -> None:
    for hostile in (
        '" OR 1=1 --',
        "boxing'); DROP TABLE session;--",
        "a:* & !b",
        "NEAR(",
        "\x00",
        "🥊" * 500,
        "x" * 9000,
    ):
        queries.sessions_near(ask(now, text=hostile), now=now)
    assert replace(ask(now), text="boxing").text == "boxing"

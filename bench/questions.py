"""Questions like those that people ask, from anywhere in London, with any mix of filters."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from backend.activities.queries import Ask
from backend.activities.vocabulary import ACCESS, JOIN, TAGS, Category
from backend.geo import postcodes
from backend.geo.grid import cell_of

# Words that no other word of the dataset shares a stem with, so that finding them needs no knowledge of stemming.
WORDS = ("football", "chess", "capoeira", "beekeeping", "ukulele", "drama", "netball", "coding")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and the page size to read it with."""

    ask: Ask
    limit: int


def positions(count: int, *, seed: int) -> list[int]:
    """Cells of people: where postcodes are, so that crowded places come up as often as they are lived in."""
    known, dice = postcodes.table(), random.Random(seed)
    rows = [dice.randrange(len(known.lat)) for _ in range(count)]
    return [cell_of(known.lat[row], known.lng[row]) for row in rows]


def random_questions(count: int, *, now: datetime, seed: int) -> list[Asked]:
    """Any mix of place, radius, window, order, filters and words."""
    dice = random.Random(seed)
    return [_question(dice, cell, now) for cell in positions(count, seed=seed)]


def _question(dice: random.Random, cell: int, now: datetime) -> Asked:
    def sometimes(share: float, value: Any, otherwise: Any = None) -> Any:
        return value if dice.random() < share else otherwise

    from_ = now + sometimes(0.4, timedelta(hours=dice.randint(0, 24 * 60)), timedelta())
    ask = Ask(
        from_=from_,
        before=from_ + dice.choice((timedelta(hours=4), timedelta(days=1), timedelta(days=7), timedelta(days=84))),
        cell=sometimes(0.9, cell),
        radius=dice.choice((800, 2_400, 2_400, 8_000, 20_000)),
        order=dice.choice(("soonest", "nearest")),
        category=sometimes(0.3, dice.choice(list(Category))),
        ages=sometimes(0.3, dice.choice(((13, 13), (11, 15), (4, 4), (16, 19)))),
        free=dice.random() < 0.3,
        after_school=dice.random() < 0.15,
        holiday=dice.random() < 0.1,
        checked=dice.random() < 0.1,
        join=sometimes(0.1, (dice.choice(JOIN),), ()),
        access=sometimes(0.15, (dice.choice(ACCESS),), ()),
        tags=sometimes(0.15, (dice.choice(TAGS),), ()),
        text=sometimes(0.15, dice.choice(WORDS), ""),
    )
    return Asked(ask, dice.choice((7, 20, 100)))

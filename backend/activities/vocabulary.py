"""The words that listings are described in: kinds of thing to do, costs, when, how to join, access facts, tags.

Yes-or-no facts are bits of one integer, `features`, so that a filter is one comparison in the search.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Category(StrEnum):
    """The nine kinds of thing to do, in the order that screens show them."""

    SPORT = "sport"
    MUSIC = "music"
    ART = "art"
    FOOD = "food"
    WORK = "work"
    OUTDOORS = "outdoors"
    GAMES = "games"
    TALK = "talk"
    FAMILY = "family"

    @property
    def number(self) -> int:
        return CATEGORY_NUMBERS[self]


CATEGORY_NUMBERS = {category: number for number, category in enumerate(Category)}
CATEGORY_LABELS = {
    Category.SPORT: "Sport and moving",
    Category.MUSIC: "Music and stage",
    Category.ART: "Art and making",
    Category.FOOD: "Food and hanging out",
    Category.WORK: "Work and skills",
    Category.OUTDOORS: "Outdoors",
    Category.GAMES: "Games and tech",
    Category.TALK: "Mentoring and talking",
    Category.FAMILY: "Family",
}


class Cost(StrEnum):
    """How something is paid for. Amounts are pence per session."""

    FREE = "free"
    FIXED = "fixed"
    RANGE = "range"
    DONATION = "donation"  # Pay what you can.
    UNKNOWN = "unknown"  # A source that does not say; shown as "Ask about cost", never as free.


class Applies(IntEnum):
    """In which weeks a schedule runs, by the school calendar of the venue's borough."""

    ALWAYS = 0
    TERM_TIME = 1
    HOLIDAYS = 2


class Status(IntEnum):
    """What became of a session."""

    SCHEDULED = 0
    CANCELLED = 1
    WITHDRAWN = 2  # The schedule no longer has this date, but somebody had booked, so the row stays.


# Bits of `features`. A bit never changes its meaning once it is in use; new ones go at the end.
JOIN = ("turn_up", "book", "ring")
ACCESS = ("step_free", "accessible_toilet", "hearing_loop", "quiet_space", "sign_language", "changing_place", "parking")
TAGS = (
    "girls_only",
    "boys_only",
    "send_friendly",
    "lgbtq",
    "beginners",
    "food_there",
    "kit_to_borrow",
    "young_carers",
    "refugees_welcome",
    "faith_based",
    "bring_a_mate",
    "mentors",
)
MARKS = ("free", "after_school", "holiday", "checked")
FEATURES = {name: 1 << bit for bit, name in enumerate((*JOIN, *ACCESS, *TAGS, *MARKS))}
FREE, AFTER_SCHOOL, HOLIDAY, CHECKED = (FEATURES[name] for name in MARKS)

AGE_LOWEST, AGE_HIGHEST = 0, 120


def bits(names: list[str] | tuple[str, ...]) -> int:
    """Feature names as one integer. Raises KeyError for a name that does not exist."""
    found = 0
    for name in names:
        found |= FEATURES[name]
    return found


def named(features: int, names: tuple[str, ...]) -> list[str]:
    """Which of `names` are set, in the order of `names`."""
    return [name for name in names if features & FEATURES[name]]

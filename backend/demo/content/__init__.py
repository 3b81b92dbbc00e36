"""The words of the demo, and how they are read. Everything in the TOML files beside this one is invented.

`groups-*.toml` are the groups and where they meet, by parts of London; `boroughs.toml` is what the groups of a borough
share; `words.toml` and `doors.toml` are lists to draw from. The rest are ideas for things to do, by category, with
several titles and tellings each so that no two groups say the same.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from backend.activities.vocabulary import ACCESS, JOIN, TAGS, Category

FOLDER = Path(__file__).parent
# What a borough's indoor place puts on, each starting with another one, and how much of it.
ROOM_KINDS = (Category.FAMILY, Category.GAMES, Category.WORK, Category.ART, Category.FOOD, Category.TALK)
ROOM_MORE = 12
KNOWN = {*JOIN, *ACCESS, *TAGS}


class BadContent(ValueError):
    """A line of the demo's content cannot be used; the message says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Idea:
    """Something that groups run. Each use takes the next title and telling.

    `ages` are "11-16", `cost` "free", "£2", "£1-£3", "donation"; `when` names of `timetable.PATTERNS`; `with_` names of
    JOIN, ACCESS and TAGS. `outside` is for what needs no roof; `needs` ("water", "pool") is what a
    group must have to run it. Fixed times have `starts` ("17:00") and either `days`, counted from the day on which the
    demo is loaded, or `on` ("TU").
    """

    category: Category
    titles: tuple[str, ...]
    about: tuple[str, ...]
    ages: tuple[str, ...]
    when: tuple[str, ...]
    minutes: int
    cost: tuple[str, ...] = ("free",)
    with_: tuple[str, ...] = ()
    bring: str = ""
    languages: tuple[str, ...] = ()
    ask_for: str = ""
    ask_for_note: str = ""
    at_the_door: tuple[str, ...] = ()
    outside: bool = False
    needs: str = ""
    days: tuple[int, ...] = ()
    on: tuple[str, ...] = ()
    starts: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where something happens: a venue near a named place, or at a point given in degrees.

    `outside` is for courts and open spaces: no door to knock on and no roof.
    """

    name: str
    street: str
    place: str
    outside: bool = False
    at: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A community group.

    `kinds` are the categories of what it runs, the most usual first. `runs` names ideas (by first title) that it runs
    for certain, `own` are ideas of nobody else's, and `more` is how many it draws besides (None: as many as most).
    """

    name: str
    borough: str
    about: str
    since: int
    kinds: tuple[Category, ...]
    venue: Spot
    languages: tuple[str, ...] = ()
    runs: tuple[str, ...] = ()
    has: tuple[str, ...] = ()
    own: tuple[Idea, ...] = ()
    more: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Borough:
    """What the groups of a borough share: an open space, an indoor place, and the languages that people speak.

    The indoor place is a group of its own too, with the words of `about`.
    """

    name: str
    about: str
    outdoors: Spot
    indoors: Spot
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """Lists that activities draw from: see words.toml and doors.toml."""

    lists: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> list[str]:
        found: list[str] = self.lists[name]
        return found


@cache
def words() -> Words:
    """Names, ways to spot people, steps at the door and the like."""
    return Words(_read("words") | _read("doors"))


@cache
def ideas() -> dict[Category, tuple[Idea, ...]]:
    """Every idea, by category, in the order of the files."""
    return {
        category: tuple(
            idea(row, category)
            for path in sorted(FOLDER.glob(f"{category}*.toml"))
            for row in _read(path.stem)["idea"]
        )
        for category in Category
    }  # fmt: skip


@cache
def by_title() -> dict[str, Idea]:
    """Every idea by its first title."""
    return {one.titles[0]: one for kind in ideas().values() for one in kind}


@cache
def groups() -> tuple[Group, ...]:
    """Every group, file by file, then each borough's indoor place."""
    named = [_group(row) for path in sorted(FOLDER.glob("groups-*.toml")) for row in _read(path.stem)["group"]]
    return (*named, *(_room(number, one) for number, one in enumerate(boroughs().values())))


@cache
def boroughs() -> dict[str, Borough]:
    """What is shared in each borough, by its name."""
    return {
        row["name"]: Borough(
            name=row["name"], about=row["about"], outdoors=_spot(row["outdoors"]), indoors=_spot(row["indoors"]),
            languages=tuple(row["languages"]),
        )
        for row in _read("boroughs")["borough"]
    }  # fmt: skip


def idea(row: dict[str, Any], category: Category) -> Idea:
    """An idea from its row. Raises BadContent for a feature that no activity can have."""
    values = {("with_" if name == "with" else name): _frozen(value) for name, value in row.items() if name != "kind"}
    found = Idea(category=category, **values)
    unknown = set(found.with_) - KNOWN
    if unknown:
        raise BadContent(f"{found.titles[0]}: {sorted(unknown)}")
    return found


def _group(row: dict[str, Any]) -> Group:
    values = {name: _frozen(value) for name, value in row.items() if name not in {"kinds", "venue", "own"}}
    return Group(
        kinds=tuple(Category(kind) for kind in row["kinds"]),
        venue=_spot(row["venue"]),
        own=tuple(idea(one, Category(one["kind"])) for one in row.get("own", [])),
        **values,
    )


def _room(number: int, borough: Borough) -> Group:
    """A borough's indoor place as a group: something on every school day, and a bit of everything besides."""
    drop_ins = [title for title, one in by_title().items() if "drop-in" in one.when]
    first = number % len(ROOM_KINDS)
    return Group(
        name=borough.indoors.name,
        borough=borough.name,
        about=borough.about,
        since=2005 + number % 15,
        kinds=(*ROOM_KINDS[first:], *ROOM_KINDS[:first]),
        venue=borough.indoors,
        runs=tuple(drop_ins[(2 * number + more) % len(drop_ins)] for more in (0, 1)),
        more=ROOM_MORE,
    )


def _spot(row: dict[str, Any]) -> Spot:
    return Spot(**{name: _frozen(value) for name, value in row.items()})


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))

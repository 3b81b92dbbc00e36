"""A map's frame, and where its pins go. Pure arithmetic: no request, no database.

One unit of the drawing is one CSS pixel, so a pin is as large on every screen, and the middle of the frame is (0, 0).
A frame is named by the square of the grid that it is centred on and by a level of zoom, so that everybody who looks
at the same streets shares one base map.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple, Self

from backend.activities.queries import Listing
from backend.geo.grid import COLUMNS, LONDON
from backend.geo.outlines import LAT_M, LNG_M

WIDTH, HEIGHT = 640, 880  # Pixels of the base map; a phone shows the middle of it.
LEVELS = (34.0, 24.0, 17.0, 12.0, 8.5, 6.0, 4.25, 3.0)  # Metres to a pixel, from far to near.
CLOSEST = len(LEVELS) - 1

# Where a pin's tip may be so that every screen from 320 px wide shows the pin whole, in pixels from the middle.
WEST, EAST, NORTH, SOUTH = -136, 136, -150, 190

PIN = (-22, -52, 44, 52)  # A pin's target around its tip: left, top, width, height.
CLUSTER = (-24, -24, 48, 48)  # A cluster's target around its middle.
STEP = 140  # Pixels that one press moves the map.
SLACK = 1.05  # A circle may stand this much over the edge: hardly anything is at its very rim.
CLOSER = 2  # Levels.


@dataclass(frozen=True, slots=True)
class Frame:
    """What a map shows: centred on `cell`, at `level` of zoom."""

    cell: int
    level: int

    @property
    def unit(self) -> float:
        """Metres to a pixel."""
        return LEVELS[self.level]

    @property
    def middle(self) -> tuple[int, int]:
        """The middle as (lat, lng)."""
        return LONDON.centre(self.cell)

    @property
    def radius(self) -> int:
        """Metres from the middle that hold every place where a pin may be."""
        return ceil(max(-WEST, EAST, -NORTH, SOUTH) * 1.25 * self.unit)

    def at(self, lat: int, lng: int) -> tuple[int, int]:
        """A position in pixels from the middle, eastwards and southwards."""
        middle_lat, middle_lng = self.middle
        return round((lng - middle_lng) * LNG_M / self.unit), round((middle_lat - lat) * LAT_M / self.unit)

    def holds(self, lat: int, lng: int) -> bool:
        """Whether a pin there is shown whole on every screen."""
        x, y = self.at(lat, lng)
        return WEST <= x <= EAST and NORTH <= y <= SOUTH

    def moved(self, east: int, north: int) -> Frame:
        """The frame a step away, by whole squares of the grid."""
        row, column = divmod(self.cell, COLUMNS)
        across = max(1, round(STEP * self.unit / (LONDON.lng_step * LNG_M)))
        down = max(1, round(STEP * self.unit / (LONDON.lat_step * LAT_M)))
        return Frame((row + north * down) * COLUMNS + column + east * across, self.level)

    def closer_on(self, group: Group) -> Frame | None:
        """A closer frame around a group, without asking whether it pulls it apart; None at the closest level."""
        if self.level == CLOSEST:
            return None
        lats, lngs = [item.lat for item in group.items], [item.lng for item in group.items]
        cell = LONDON.cell((min(lats) + max(lats)) // 2, (min(lngs) + max(lngs)) // 2)
        return Frame(cell, min(self.level + CLOSER, CLOSEST))


def usual(cell: int, radius: int) -> Frame:
    """The closest frame around a square that holds a circle of `radius` metres."""
    level = max((n for n, unit in enumerate(LEVELS) if EAST * unit * SLACK >= radius), default=0)
    return Frame(cell, level)


def fitting(frame: Frame, items: Sequence[Listing]) -> Frame:
    """The frame, or a closer one that still shows every item."""
    for level in range(min(frame.level + CLOSER, CLOSEST), frame.level, -1):
        nearer = Frame(frame.cell, level)
        if all(nearer.holds(item.lat, item.lng) for item in items):
            return nearer
    return frame


class Group(NamedTuple):
    """What stands at one place of a map: a pin, whose tip is at (`x`, `y`), or a cluster, whose middle is there.

    `single` says that it is one activity, however many of its dates are asked for. `box` is its target: left, top,
    right, bottom.
    """

    items: tuple[Listing, ...]
    x: float
    y: float
    single: bool
    box: tuple[float, float, float, float]

    @classmethod
    def of(cls, items: tuple[Listing, ...], x: float, y: float) -> Self:
        """The group of these items there."""
        first = items[0].activity_id
        single = all(item.activity_id == first for item in items)
        left, top, width, height = PIN if single else CLUSTER
        return cls(items, x, y, single, (x + left, y + top, x + left + width, y + top + height))

    def joined(self, other: Group) -> Group:
        """Both as one, in the middle of all that they hold."""
        mine, theirs = len(self.items), len(other.items)
        x = (self.x * mine + other.x * theirs) / (mine + theirs)
        y = (self.y * mine + other.y * theirs) / (mine + theirs)
        return Group.of(self.items + other.items, x, y)


def groups(frame: Frame, items: Sequence[Listing]) -> list[Group]:
    """The items that the frame holds, as pins and clusters of which no two targets overlap.

    Each item joins what it overlaps, and a cluster that has grown is looked at again, until nothing overlaps. There is
    room for about a hundred targets, so this is quick however many items there are.
    """
    placed: list[Group] = []
    for item in items:
        x, y = frame.at(item.lat, item.lng)
        if not (WEST <= x <= EAST and NORTH <= y <= SOUTH):
            continue
        new = Group.of((item,), x, y)
        while (clash := _clash(new, placed)) is not None:
            new = placed.pop(clash).joined(new)
        placed.append(new)
    return sorted(placed, key=lambda one: (one.y, one.x))


def _clash(new: Group, placed: list[Group]) -> int | None:
    """The first of the groups whose target overlaps that of a new one, by its place in the list."""
    left, top, right, bottom = new.box
    for number, one in enumerate(placed):
        box = one.box
        if left < box[2] and box[0] < right and top < box[3] and box[1] < bottom:
            return number
    return None


def closer(frame: Frame, group: Group) -> Frame | None:
    """The frame that pulls a cluster apart; None when its activities are at one place, or too close for any."""
    lats, lngs = [item.lat for item in group.items], [item.lng for item in group.items]
    cell = LONDON.cell((min(lats) + max(lats)) // 2, (min(lngs) + max(lngs)) // 2)
    for level in range(frame.level + 1, len(LEVELS)):
        nearer = Frame(cell, level)
        apart = groups(nearer, group.items)
        if len(apart) > 1 and sum(len(one.items) for one in apart) == len(group.items):
            return nearer
    return None

"""A map's frame, and where its pins go. Pure arithmetic: no request, no database.

One unit of the drawing is one CSS pixel, so a pin is as large on every screen, and the middle of the frame is (0, 0).
A frame is named by the square of the grid that it is centred on and by a level of zoom, so that everybody who looks
at the same streets shares one base map.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

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


def fitting(cell: int, items: Sequence[Listing], *, level: int = 0) -> Frame:
    """The closest frame around a square that shows all of the items, though no closer than a walk of some minutes."""
    nearest = LEVELS.index(8.5)
    for closer in range(nearest, level, -1):
        frame = Frame(cell, closer)
        if all(frame.holds(item.lat, item.lng) for item in items):
            return frame
    return Frame(cell, level)


@dataclass(frozen=True, slots=True)
class Group:
    """What stands at one place of a map: one activity's pin, or several under a number. `x` and `y` are its tip or middle."""

    items: tuple[Listing, ...]
    x: float
    y: float

    @property
    def single(self) -> bool:
        """Whether it is one activity, however many of its dates are asked for."""
        return len({item.activity_id for item in self.items}) == 1

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Its target: left, top, right, bottom."""
        left, top, width, height = PIN if self.single else CLUSTER
        return self.x + left, self.y + top, self.x + left + width, self.y + top + height

    def meets(self, other: Group) -> bool:
        """Whether the two targets overlap."""
        left, top, right, bottom = self.box
        other_left, other_top, other_right, other_bottom = other.box
        return left < other_right and other_left < right and top < other_bottom and other_top < bottom

    def joined(self, other: Group) -> Group:
        """Both as one, in the middle of all that they hold."""
        mine, theirs = len(self.items), len(other.items)
        return Group(
            self.items + other.items,
            (self.x * mine + other.x * theirs) / (mine + theirs),
            (self.y * mine + other.y * theirs) / (mine + theirs),
        )


def groups(frame: Frame, items: Sequence[Listing]) -> list[Group]:
    """The items that the frame holds, as pins and clusters of which no two targets overlap.

    Each item joins what it overlaps, and a cluster that has grown is looked at again, until nothing overlaps. There is
    room for about a hundred targets, so this is quick however many items there are.
    """
    placed: list[Group] = []
    for item in items:
        if not frame.holds(item.lat, item.lng):
            continue
        new = Group((item,), *frame.at(item.lat, item.lng))
        while clash := next((one for one in placed if one.meets(new)), None):
            placed.remove(clash)
            new = clash.joined(new)
        placed.append(new)
    return sorted(placed, key=lambda one: (one.y, one.x))


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

"""Maps drawn without tiles: London's 33 boroughs, and a window on the streets around a point.

Positions become whole units of the drawing (equirectangular at 51.5° north, y downwards), so that paths are short.
What is drawn comes from tools/geography; the drawing itself, its colours and pins, belongs to the doors.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from backend.geo.paths import Point
from backend.geo.places import DATA, gazetteer
from backend.geo.shapes import Line, shapes

CREDIT = (
    "Contains OS data © Crown copyright and database right 2025. "
    "Contains Royal Mail data © Royal Mail copyright and database right 2025. "
    "Contains National Statistics data © Crown copyright and database right 2025."
)
LAT_M, LNG_M = 1.11258, 0.69441  # Metres in 1e-5 degree at 51.5° north (WGS84), as in backend.geo.grid.
LONDON_UNIT_M = 80  # Metres to a unit of the London map, and its margin in units: as the tool draws it.
LONDON_MARGIN = 6
MARGIN = 0.06  # How far beyond its edge a window looks, as a part of its size: room for wide strokes.
NEAREST = 2.0  # Units: points of a border or bank closer together than this are drawn as one.


@dataclass(frozen=True, slots=True)
class LondonMap:
    """The viewBox is 0 0 `width` `height`. `boroughs` has a closed path per GSS code; `river` is a line to stroke.

    `labels` are points inside the boroughs with room for a number. Neighbours share their border to the unit.
    """

    width: int
    height: int
    boroughs: dict[str, str]
    river: str
    labels: dict[str, tuple[int, int]]
    north: int
    west: int

    def project(self, lat: int, lng: int) -> tuple[int, int]:
        """A position (1e-5 degree) in units of the map."""
        x = round((lng - self.west) * LNG_M / LONDON_UNIT_M) + LONDON_MARGIN
        return x, round((self.north - lat) * LAT_M / LONDON_UNIT_M) + LONDON_MARGIN


@dataclass(frozen=True, slots=True)
class Road:
    """A stretch of a main road, as points for a smooth curve; class 1 is drawn wider than 2."""

    name: str
    road_class: int
    points: list[Point]


@dataclass(frozen=True, slots=True)
class Label:
    """A neighbourhood's name and where to write its middle; rank 1 matters most, 3 goes first when it is tight."""

    name: str
    rank: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class MapWindow:
    """What lies in a window, in units of the drawing: the viewBox is 0 0 `width` `height`.

    Lines run a little beyond the edge. Draw in this order: land, `borders` (dashed), `river` (closed), `parks`
    (closed, smooth), `roads`, `labels`. Each of the first three is a list of lines of points, for backend.geo.paths.
    """

    width: int
    height: int
    unit_m: float
    north: float
    west: float
    borders: list[list[Point]]
    river: list[list[Point]]
    parks: list[list[Point]]
    roads: list[Road]
    labels: list[Label]

    def project(self, lat: int, lng: int) -> tuple[int, int]:
        """A position (1e-5 degree) in units of the window; outside it, the numbers lie outside the viewBox."""
        return round((lng - self.west) * LNG_M / self.unit_m), round((self.north - lat) * LAT_M / self.unit_m)


@cache
def london_map() -> LondonMap:
    """The map of the 33 boroughs: their paths together are about 6 KB."""
    drawn = json.loads((DATA / "london.json").read_text(encoding="utf-8"))
    labels = {code: (x, y) for code, (x, y) in drawn["labels"].items()}
    return LondonMap(**{**drawn, "labels": labels})


@lru_cache(maxsize=256)
def window(lat: int, lng: int, width_m: int, height_m: int, width: int = 640) -> MapWindow:
    """What lies within `width_m` × `height_m` metres around a point, drawn `width` units wide.

    Kept for the windows asked for last, so that a page costs nothing for its map; treat the answer as fixed.
    """
    unit_m = width_m / width
    frame = MapWindow(
        width=width,
        height=round(height_m / unit_m),
        unit_m=unit_m,
        north=lat + height_m / 2 / LAT_M,
        west=lng - width_m / 2 / LNG_M,
        borders=[],
        river=[],
        parks=[],
        roads=[],
        labels=[],
    )
    known = shapes()
    for _, _, border in known.borders:
        frame.borders.extend(_thinned(run) for run in _runs(frame, border))
    frame.river.extend(_thinned(ring) for bank in known.river if (ring := _clipped(frame, bank)))
    frame.parks.extend([frame.project(*at) for at in park] for _, park in known.parks if _touches(frame, park))
    for name, road_class, road in known.roads:
        frame.roads.extend(Road(name, road_class, run) for run in _runs(frame, road, around=1))
    frame.labels.extend(_labels(frame))
    return frame


def _bounds(frame: MapWindow) -> tuple[float, float, float, float]:
    """West, north, east and south in units, with the margin."""
    across, down = frame.width * MARGIN, frame.height * MARGIN
    return -across, -down, frame.width + across, frame.height + down


def _runs(frame: MapWindow, line: Line, around: int = 0) -> list[list[Point]]:
    """The stretches of a line that pass through the window, with `around` more points at each end for a curve."""
    points: list[Point] = [frame.project(*at) for at in line]
    inside = [_meets(frame, a, b) for a, b in pairwise(points)]
    runs, start = [], 0
    for index, here in enumerate([*inside, False]):
        if here:
            continue
        if index > start:
            runs.append(points[max(0, start - around) : index + 1 + around])
        start = index + 1
    return runs


def _meets(frame: MapWindow, a: Point, b: Point) -> bool:
    """Whether the box around a step from a to b meets the window."""
    west, north, east, south = _bounds(frame)
    return max(a[0], b[0]) >= west and min(a[0], b[0]) <= east and max(a[1], b[1]) >= north and min(a[1], b[1]) <= south


def _touches(frame: MapWindow, shape: Line) -> bool:
    points = [frame.project(*at) for at in shape]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return _meets(frame, (min(xs), min(ys)), (max(xs), max(ys)))


def _clipped(frame: MapWindow, ring: Line) -> list[Point]:
    """The part of a closed shape inside the window (Sutherland and Hodgman: cut by one edge after another)."""
    west, north, east, south = _bounds(frame)
    points: list[Point] = [frame.project(*at) for at in ring]
    for axis, edge, sign in ((0, west, 1), (1, north, 1), (0, east, -1), (1, south, -1)):
        kept: list[Point] = []
        for a, b in zip([points[-1], *points], points, strict=False) if points else ():
            before, here = (a[axis] - edge) * sign, (b[axis] - edge) * sign
            if (before < 0) != (here < 0):
                part = before / (before - here)
                kept.append((a[0] + (b[0] - a[0]) * part, a[1] + (b[1] - a[1]) * part))
            if here >= 0:
                kept.append(b)
        points = kept
    return points


def _thinned(points: list[Point]) -> list[Point]:
    """Without the points that come too close after one that is kept; the ends stay."""
    kept = points[:1]
    for point in points[1:-1]:
        if abs(point[0] - kept[-1][0]) + abs(point[1] - kept[-1][1]) >= NEAREST:
            kept.append(point)
    return kept + points[-1:]


def _labels(frame: MapWindow) -> list[Label]:
    """The neighbourhoods whose point lies in the window, those that matter most first."""
    placed = [(entry, *frame.project(entry.lat, entry.lng)) for entry in gazetteer().places]
    return [
        Label(entry.name, entry.rank, x, y)
        for entry, x, y in sorted(placed, key=lambda one: (one[0].rank, one[0].name))
        if 0 <= x <= frame.width and 0 <= y <= frame.height
    ]

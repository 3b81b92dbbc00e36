"""Borders, river, parks and roads as lines of points, read from `data/shapes.pack`; all in 1e-5 degree.

Borders are shared: an arc is a line between two boroughs (or a borough and what lies outside London), stored once.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from functools import cache

from backend.geo.columns import unpack
from backend.geo.places import DATA

Line = list[tuple[int, int]]  # Points as (lat, lng).


@dataclass(frozen=True, slots=True)
class Shapes:
    """`borders` has (left, right, line): the codes of the boroughs on either side, None outside London."""

    borders: list[tuple[str | None, str | None, Line]]
    river: list[Line]
    parks: list[tuple[str, Line]]
    roads: list[tuple[str, int, Line]]


@cache
def shapes() -> Shapes:
    """All shapes, read on the first call (about 20 ms)."""
    header, columns = unpack(DATA / "shapes.pack")
    codes = [None, *header["codes"]]
    lines = _lines(columns, "borders")
    sides = zip(columns["left"], columns["right"], lines, strict=True)
    return Shapes(
        borders=[(codes[left], codes[right], line) for left, right, line in sides],
        river=_lines(columns, "river"),
        parks=list(zip(header["parks"], _lines(columns, "parks"), strict=True)),
        roads=list(zip(header["roads"], columns["classes"], _lines(columns, "roads"), strict=True)),
    )


def _lines(columns: dict[str, array[int]], name: str) -> list[Line]:
    found, start = [], 0
    for size in columns[f"{name}_sizes"]:
        end = start + size
        found.append(list(zip(columns[f"{name}_lat"][start:end], columns[f"{name}_lng"][start:end], strict=True)))
        start = end
    return found


@cache
def borough_rings() -> dict[str, list[Line]]:
    """Each borough's outline as closed rings, the outer one first."""
    found: dict[str, list[Line]] = {}
    for left, right, line in shapes().borders:
        if left:
            found.setdefault(left, []).append(line)
        if right:
            found.setdefault(right, []).append(line[::-1])
    return {code: sorted(_joined(parts), key=len, reverse=True) for code, parts in sorted(found.items())}


def _joined(parts: list[Line]) -> list[Line]:
    """Lines put end to end into rings; every line has its borough on the left, so ends meet starts."""
    waiting: dict[tuple[int, int], list[Line]] = {}
    for part in parts:
        waiting.setdefault(part[0], []).append(part)
    rings = []
    while waiting:
        ring = waiting[min(waiting)].pop()[:]
        while ring[0] != ring[-1]:
            ring += waiting[ring[-1]].pop()[1:]
        waiting = {start: left for start, left in waiting.items() if left}
        rings.append(ring)
    return rings


@cache
def _boxes() -> list[tuple[str, int, int, int, int]]:
    """The bounds of each borough as (code, south, north, west, east)."""
    found = []
    for code, (outer, *_) in borough_rings().items():
        lats, lngs = [lat for lat, _ in outer], [lng for _, lng in outer]
        found.append((code, min(lats), max(lats), min(lngs), max(lngs)))
    return found


def borough_around(lat: int, lng: int) -> str | None:
    """The code of the borough whose outline holds the point, or None outside London."""
    for code, south, north, west, east in _boxes():
        if south <= lat <= north and west <= lng <= east:
            crossings = sum(_crossings(ring, lat, lng) for ring in borough_rings()[code])
            if crossings % 2:
                return code
    return None


def _crossings(ring: Line, lat: int, lng: int) -> int:
    """How many sides of the ring a line from the point to the east crosses: odd means inside."""
    count = 0
    before_lat, before_lng = ring[-1]
    for here_lat, here_lng in ring:
        # Whole numbers throughout, so that a point on a shared border is inside exactly one of its two boroughs.
        if (before_lat > lat) != (here_lat > lat):
            across = (lng - here_lng) * (before_lat - here_lat) - (before_lng - here_lng) * (lat - here_lat)
            count += (across < 0) == (before_lat > here_lat)
        before_lat, before_lng = here_lat, here_lng
    return count

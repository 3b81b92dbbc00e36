"""Writes `shapes.pack` (borders, river, parks and roads for local maps) and `london.json` (the map of 33 boroughs)."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import numpy as np
from shapely import unary_union
from shapely.geometry import LineString, Point, Polygon

from backend.geo.columns import pack
from backend.geo.paths import area, line
from backend.geo.places import degrees
from tools.geography import topology
from tools.geography.parks import Park
from tools.geography.river import River
from tools.geography.squares import CELL, OUTSIDE, SHAPE, SOUTH, WEST, Labels
from tools.geography.topology import Arc
from tools.geography.transform import Floats, to_degrees

ROADS = Path(__file__).parent / "facts" / "roads.csv"
FINE = 1.0  # Squares of 50 m: smaller corners of a border are dropped for local maps.
COARSE = 26.0  # And for the map of London.
WATER = 1_500.0  # Square metres: smaller corners of the river's banks are dropped.
UNIT = 80.0  # Metres to a unit of the London map.
MARGIN = 6  # Units left free around it.
TOUCH = 3  # Squares: boroughs that share less of a border than this only meet at a point.

Pairs = list[tuple[int, int]]


def pack_shapes(arcs: list[Arc], river: River, parks: list[Park], codes: list[str]) -> bytes:
    """Everything a local map is drawn from, in 1e-5 degree. A label of 0 beside a border is outside London."""
    borders = [_positions(_metres(topology.simplify(arc.points, FINE))) for arc in arcs]
    banks = [_positions(ring) for ring in _banks(river)]
    green = [_positions(park.outline) for park in parks]
    names, classes, roads = _roads()
    return pack(
        {"codes": codes, "parks": [park.name for park in parks], "roads": names},
        {
            "left": [arc.left for arc in arcs],
            "right": [arc.right for arc in arcs],
            "classes": classes,
            **_columns("borders", borders),
            **_columns("river", banks),
            **_columns("parks", green),
            **_columns("roads", roads),
        },
    )


def london(arcs: list[Arc], river: River, labels: dict[str, tuple[int, int]], inside: Labels) -> bytes:
    """The map of London as paths in whole units, with the sizes of its viewBox."""
    coarse = [Arc(arc.left, arc.right, topology.simplify(arc.points, COARSE)) for arc in arcs]
    places = [_positions(_metres(arc.points)) for arc in coarse]
    north = max(lat for arc in places for lat, _ in arc)
    west = min(lng for arc in places for _, lng in arc)

    def project(lat: int, lng: int) -> tuple[int, int]:
        # 1.11258 and 0.69441 m are the sizes of 1e-5 degree at 51.5° north, as in backend.geo.grid.
        return round((lng - west) * 0.69441 / UNIT) + MARGIN, round((north - lat) * 1.11258 / UNIT) + MARGIN

    both = zip(coarse, places, strict=True)
    drawn = [Arc(arc.left, arc.right, [project(*at) for at in place]) for arc, place in both]
    boroughs = {
        code: "".join(area(topology.outline(drawn, ring)) for ring in topology.rings(drawn, number))
        for number, code in enumerate(sorted(labels), 1)
    }
    points = [point for arc in drawn for point in arc.points]
    stream = [project(lat, lng) for lat, lng in _positions(_course(river, inside))]
    shown = {
        "west": west,
        "north": north,
        "width": int(max(x for x, _ in points)) + MARGIN,
        "height": int(max(y for _, y in points)) + MARGIN,
        "river": line(stream),
        "labels": {code: project(*at) for code, at in sorted(labels.items())},
        "boroughs": boroughs,
    }
    return (json.dumps(shown, indent=1) + "\n").encode()


def neighbours(arcs: list[Arc], codes: list[str]) -> dict[str, list[str]]:
    """The boroughs that share a border, which in the Thames is its middle: across the river counts."""
    shared: dict[tuple[int, int], int] = {}
    for arc in arcs:
        pair = (min(arc.left, arc.right), max(arc.left, arc.right))
        shared[pair] = shared.get(pair, 0) + len(arc.points)
    touching = {pair for pair, length in shared.items() if length >= TOUCH and OUTSIDE not in pair}
    return {
        code: [other for there, other in enumerate(codes, 1) if (min(here, there), max(here, there)) in touching]
        for here, code in enumerate(codes, 1)
    }


def _metres(points: Iterable[topology.Point]) -> Floats:
    return np.array(list(points)) * CELL + [WEST, SOUTH]


def _positions(metres: Floats) -> Pairs:
    """National Grid metres as (lat, lng) in 1e-5 degree."""
    lat, lng = to_degrees(metres[:, 0], metres[:, 1])
    return list(zip(np.rint(lat * 1e5).astype(int).tolist(), np.rint(lng * 1e5).astype(int).tolist(), strict=True))


def _columns(name: str, lines: list[Pairs]) -> dict[str, list[int]]:
    return {
        f"{name}_sizes": [len(line) for line in lines],
        f"{name}_lat": [lat for line in lines for lat, _ in line],
        f"{name}_lng": [lng for line in lines for _, lng in line],
    }


def _banks(river: River) -> list[Floats]:
    """The river as closed rings: the line widened by half its width on either side."""
    discs = [Point(at).buffer(width / 2, 8) for at, width in zip(river.line, river.width, strict=True)]
    water = unary_union([unary_union(pair).convex_hull for pair in pairwise(discs)])
    shapes = [water] if isinstance(water, Polygon) else list(water.geoms)
    rings = [ring for shape in shapes for ring in (shape.exterior, *shape.interiors)]
    return [np.array(topology.simplify(list(ring.coords), WATER)) for ring in rings]


def _course(river: River, inside: Labels) -> Floats:
    """The middle line from where the river meets London to where it leaves, with few corners."""
    columns, rows = ((river.line - [WEST, SOUTH]) // CELL).astype(int).T
    within = [
        bool(inside[max(0, row - 6) : row + 7, max(0, column - 6) : column + 7].any())
        for column, row in zip(columns.clip(0, SHAPE[1] - 1), rows.clip(0, SHAPE[0] - 1), strict=True)
    ]
    first, last = within.index(True), len(within) - 1 - within[::-1].index(True)
    return np.array(LineString(river.line[first : last + 1]).simplify(60).coords)


def _roads() -> tuple[list[str], list[int], list[Pairs]]:
    with ROADS.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    points = [[tuple(map(degrees, point.split())) for point in row["points"].split(";")] for row in rows]
    return [row["name"] for row in rows], [int(row["class"]) for row in rows], points  # type: ignore[return-value]

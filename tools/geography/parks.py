"""Parks, commons, heaths and woods: the gaps without postcodes around points that we know to be green.

`facts/parks.csv` gives a point inside each, its size in hectares (round figures) and, where it lies in one
borough, which. From the point a patch grows, fast where postcodes are far and not at all close to one, until it
has its size. What comes out has the right place and size, and much of the right shape.
"""

from __future__ import annotations

import csv
import heapq
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, label
from scipy.spatial import cKDTree

from tools.geography import topology
from tools.geography.river import River
from tools.geography.source import Release
from tools.geography.transform import Floats, to_grid

FACTS = Path(__file__).parent / "facts" / "parks.csv"
CELL = 25  # Metres.
BUILT = 32.0  # A patch does not come nearer to a postcode's point than this, in metres.
OPEN = 110.0  # And at this distance it grows at full speed.
ASTRAY = 100.0  # How far the listed point may be from the widest part of the gap, in metres.
FINE = 1.6  # Squares: the triangle below which a corner of the outline is dropped.
AROUND = [(dx, dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1) if dx or dy]

Square = tuple[int, int]


@dataclass(frozen=True)
class Park:
    """`outline` is closed, in National Grid metres; `squares` are those of `CELL` metres that it covers."""

    name: str
    borough: str
    outline: Floats
    squares: list[Square]


def build(release: Release, river: River) -> list[Park]:
    """All parks of the list, in its order; where two meet, the smaller one was there first."""
    with FACTS.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    lat = np.array([float(row["lat"]) for row in rows])
    lng = np.array([float(row["lng"]) for row in rows])
    seeds = np.column_stack(to_grid(lat, lng))
    postcodes = cKDTree(np.column_stack([release.east, release.north]))
    water = cKDTree(river.line)
    sizes = np.sqrt([float(row["hectares"]) for row in rows])
    taken: set[Square] = set()
    found: dict[int, Park] = {}
    for index in sorted(range(len(rows)), key=lambda i: (float(rows[i]["hectares"]), i)):
        row = rows[index]
        wanted = round(float(row["hectares"]) * 10_000 / CELL**2)
        own = _Ground(postcodes, water, river.width, seeds, sizes, index)
        patch = _patch(own, wanted, taken)
        if len(patch) < 8:
            raise ValueError(f"There is no gap around the point of {row['name']}.")
        taken |= patch
        found[index] = Park(row["name"], row["borough"], _outline(patch), sorted(patch))
    return [found[index] for index in range(len(rows))]


@dataclass(frozen=True)
class _Ground:
    """What a park may grow on: no houses, no river, and no place where another park's point is nearer for its size."""

    postcodes: cKDTree
    water: cKDTree
    widths: Floats
    seeds: Floats
    sizes: Floats
    index: int

    def free(self, points: Floats) -> NDArray[np.bool_]:
        """Which points are neither wet nor another park's."""
        away, nearest = self.water.query(points)
        free = np.asarray(away > self.widths[nearest] / 2 + 10)
        seed = self.seeds[self.index]
        mine = np.hypot(*(points - seed).T) / self.sizes[self.index]
        for other in np.flatnonzero(np.hypot(*(self.seeds - seed).T) < 5_000):
            if other != self.index:
                free &= mine <= np.hypot(*(points - self.seeds[other]).T) / self.sizes[other]
        return free


def _patch(ground: _Ground, wanted: int, taken: set[Square]) -> set[Square]:
    """The squares that the patch reaches first, `wanted` of them or as many as the gap holds."""
    reach = int(2.5 * np.sqrt(wanted)) + 4
    column, row = (int(axis // CELL) for axis in ground.seeds[ground.index])
    ys, xs = np.mgrid[row - reach : row + reach + 1, column - reach : column + reach + 1]
    points = np.column_stack([(xs.ravel() + 0.5) * CELL, (ys.ravel() + 0.5) * CELL])
    gap = ground.postcodes.query(points)[0].reshape(xs.shape)
    free = ground.free(points).reshape(xs.shape)
    speed = np.where(free & (gap > BUILT), np.clip((gap - BUILT) / (OPEN - BUILT), 0.05, 1.0), 0.0)
    near = {(x - column + reach, y - row + reach) for x, y in taken}
    grown = _grow(speed, _widest(speed, gap, reach), wanted, near)
    return {(x + column - reach, y + row - reach) for x, y in grown}


def _grow(speed: NDArray[np.float64], start: Square, wanted: int, taken: set[Square]) -> set[Square]:
    heap: list[tuple[float, Square]] = [(0.0, start)]
    seen: set[Square] = set()
    while heap and len(seen) < wanted:
        when, square = heapq.heappop(heap)
        if square in seen or square in taken:
            continue
        seen.add(square)
        for dx, dy in AROUND:
            x, y = square[0] + dx, square[1] + dy
            if 0 <= y < speed.shape[0] and 0 <= x < speed.shape[1] and speed[y, x] > 0 and (x, y) not in seen:
                heapq.heappush(heap, (when + (dx * dx + dy * dy) ** 0.5 / speed[y, x], (x, y)))
    return seen


def _widest(speed: NDArray[np.float64], gap: NDArray[np.float64], middle: int) -> Square:
    """The open square furthest from any postcode among those within `ASTRAY` of the point."""
    ys, xs = np.nonzero(speed > 0)
    away = np.hypot(xs - middle, ys - middle) * CELL
    best = int(np.argmax(np.where(away <= ASTRAY, gap[ys, xs], -away)))
    return int(xs[best]), int(ys[best])


def _outline(patch: set[Square]) -> Floats:
    """The edge of the patch, rounded off and simplified; its largest piece."""
    squares = np.array(sorted(patch))
    low = squares.min(axis=0) - 6
    mask = np.zeros(tuple((squares.max(axis=0) - low + 7)[::-1]), dtype=np.float64)
    mask[squares[:, 1] - low[1], squares[:, 0] - low[0]] = 1
    # Small patches would shrink under a wide blur.
    soft = gaussian_filter(mask, min(3.5, len(patch) ** 0.5 / 5)) > 0.42
    pieces, _ = label(soft)
    largest = pieces == 1 + int(np.bincount(pieces.ravel())[1:].argmax())
    arcs = topology.trace(largest.astype(np.int16))
    ring = max(arcs, key=lambda arc: len(arc.points))
    corners = np.array(topology.simplify(ring.points, max(FINE, len(patch) / 90)), dtype=np.float64)
    return np.asarray((corners + low) * CELL)

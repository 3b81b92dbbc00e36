"""The Thames, found as the gap between the postcodes of its two banks.

Which district lies on which bank is a fact (`SOUTH_BANK`; Richmond has both, ward by ward). The middle of the
river is where the nearest northern and southern postcodes are equally far. Where a bank has no houses for a
stretch (docks, marshes, parks) that line strays, so it is pulled through `facts/river.csv`: points in midstream
that anybody can name (bridges, piers, tunnels) with the river's width there in metres.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d
from scipy.spatial import cKDTree

from tools.geography import topology
from tools.geography.source import Release
from tools.geography.squares import CELL, SHAPE, SOUTH, WEST, middles
from tools.geography.transform import Floats, to_grid

FACTS = Path(__file__).parent / "facts"
SOUTH_BANK = {
    "E09000004", "E09000006", "E09000008", "E09000011", "E09000021", "E09000022", "E09000023", "E09000024",
    "E09000028", "E09000029", "E09000032",
    "E07000107", "E07000109", "E07000111", "E07000207", "E07000208", "E07000210", "E07000211", "E07000215",
}  # fmt: skip
# Wards of Richmond upon Thames on the Surrey side; the rest, from Hampton to St Margarets, are on the Middlesex side.
RICHMOND_SOUTH = {
    "Barnes", "East Sheen", "Ham, Petersham & Richmond Riverside", "Kew", "Mortlake & Barnes Common",
    "North Richmond", "South Richmond",
}  # fmt: skip
STEP = 50.0  # Metres between the points of the line while it is worked on.
SETBACK = 30.0  # Metres between the water and the middle of a riverside postcode, more or less.
NEAR = 3_000.0  # Metres from the line within which it decides what is north and what is south.


@dataclass(frozen=True)
class River:
    """The middle line from west to east in National Grid metres, and the river's width at each point."""

    line: NDArray[np.float64]
    width: NDArray[np.float64]


def south_bank(release: Release) -> NDArray[np.bool_]:
    """Which postcodes lie south of the Thames (the east bank at Kingston and Ham counts as south)."""
    wards = {code for code, name in release.names.items() if name.removesuffix(" Ward") in RICHMOND_SOUTH}
    return np.array(
        [
            district in SOUTH_BANK or (district == "E09000027" and ward in wards)
            for district, ward in zip(release.districts, release.wards, strict=True)
        ]
    )


def build(release: Release) -> River:
    """The river from Sunbury to Stone Ness."""
    points = np.column_stack([release.east, release.north])
    south = south_bank(release)
    banks = cKDTree(points[~south]), cKDTree(points[south])
    east, north = middles()
    squares = np.column_stack([east.ravel(), north.ravel()])
    nearer = (banks[1].query(squares)[0] < banks[0].query(squares)[0]).reshape(SHAPE)
    traced = max(topology.trace(nearer.astype(np.int16)), key=lambda arc: len(arc.points))
    line = np.array(traced.points) * CELL + [WEST, SOUTH]
    if line[0, 0] > line[-1, 0]:
        line = line[::-1]
    anchors, widths = _facts()
    line = _even(line)
    ends = cKDTree(line).query(anchors[[0, -1]])[1]
    line = _pulled(_even(line[ends[0] : ends[1] + 1]), anchors)
    at = cKDTree(line).query(anchors)[1]
    stated = np.interp(np.arange(len(line)), at, widths)
    gap = banks[0].query(line)[0] + banks[1].query(line)[0] - 2 * SETBACK
    width = gaussian_filter1d(np.clip(gap, stated * 0.85, stated * 1.15), 4)
    return River(line, width)


def _facts() -> tuple[Floats, Floats]:
    """The anchors as National Grid metres, and the widths there."""
    with (FACTS / "river.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    lat = np.array([float(row["lat"]) for row in rows])
    lng = np.array([float(row["lng"]) for row in rows])
    return np.column_stack(to_grid(lat, lng)), np.array([float(row["width"]) for row in rows])


def _even(line: Floats) -> Floats:
    """The line with a point every `STEP` metres, slightly smoothed."""
    along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    at = np.linspace(0, along[-1], round(along[-1] / STEP) + 1)
    even = np.column_stack([np.interp(at, along, line[:, axis]) for axis in (0, 1)])
    return np.asarray(gaussian_filter1d(even, 2, axis=0, mode="nearest"))


def _pulled(line: Floats, anchors: Floats) -> Floats:
    """The line shifted so that it passes each anchor; between two anchors the shift goes over from one to the next."""
    at = cKDTree(line).query(anchors)[1]
    if (np.diff(at) <= 0).any():
        raise ValueError("The anchors of the river are not in order from west to east along it.")
    shift = anchors - line[at]
    index = np.arange(len(line))
    return _even(line + np.column_stack([np.interp(index, at, shift[:, axis]) for axis in (0, 1)]))


def is_south(river: River, release: Release) -> NDArray[np.bool_]:
    """For every square of the raster, whether it lies south: by the line nearby, by the nearest postcode elsewhere."""
    points = np.column_stack([release.east, release.north])
    east, north = middles()
    squares = np.column_stack([east.ravel(), north.ravel()])
    south = south_bank(release)[cKDTree(points).query(squares)[1]]
    away, nearest = cKDTree(river.line).query(squares)
    nearest = np.clip(nearest, 1, len(river.line) - 2)
    along = river.line[nearest + 1] - river.line[nearest - 1]
    aside = squares - river.line[nearest]
    right = along[:, 0] * aside[:, 1] - along[:, 1] * aside[:, 0] < 0
    beside = (away < NEAR) & (nearest > 1) & (nearest < len(river.line) - 2)
    return np.asarray(np.where(beside, right, south), dtype=bool).reshape(SHAPE)

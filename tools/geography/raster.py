"""Every square's borough: that of the nearest postcode on the same bank of the Thames.

The neighbours' postcodes take part, so the edge of London comes out like any border between two boroughs. Parks
that lie in one borough count as its ground, since no postcode speaks for them.
"""

from __future__ import annotations

import numpy as np
from scipy.ndimage import distance_transform_edt, gaussian_filter, label
from scipy.spatial import cKDTree

from backend.geo.places import borough_codes
from tools.geography import river as rivers
from tools.geography.parks import CELL as PARK_CELL
from tools.geography.parks import Park
from tools.geography.river import River
from tools.geography.source import Release
from tools.geography.squares import CELL, OUTSIDE, SHAPE, SOUTH, WEST, Labels, middles
from tools.geography.transform import Floats

LONELY = 120.0  # Metres from the nearest postcode at which a park may speak for its ground.
BLUR = 1.6  # Squares: rounds off the corners that single postcodes cut out of a border.


def build(release: Release, river: River, parks: list[Park], codes: list[str]) -> Labels:
    """Label every square by its borough's place in `codes`, counted from 1; one piece per borough."""
    numbers = {code: number for number, code in enumerate(codes, 1)}
    points = np.column_stack([release.east, release.north])
    owners = np.array([numbers.get(code, OUTSIDE) for code in release.districts], dtype=np.int16)
    south = rivers.south_bank(release)
    green, green_owners = _green(parks, numbers, cKDTree(points))
    east, north = middles()
    squares = np.column_stack([east.ravel(), north.ravel()])
    map_south = rivers.is_south(river, release)
    below = map_south.ravel()
    columns, rows = ((green - [WEST, SOUTH]) // CELL).astype(int).T
    green_south = map_south[rows, columns]
    rough = np.zeros(len(squares), dtype=np.int16)
    for bank in (False, True):
        here = np.concatenate([points[south == bank], green[green_south == bank]])
        whose = np.concatenate([owners[south == bank], green_owners[green_south == bank]])
        rough[below == bank] = whose[cKDTree(here).query(squares[below == bank])[1]]
    return _whole(_rounded(rough.reshape(SHAPE), len(codes)))


def _green(parks: list[Park], numbers: dict[str, int], postcodes: cKDTree) -> tuple[Floats, Labels]:
    """Points spread over the parks that lie in one borough, away from houses, and that borough's number at each."""
    points, owners = [], []
    for park in parks:
        if park.borough:
            # Every second square each way is as dense as the squares that we label.
            kept = [square for square in park.squares if square[0] % 2 == 0 and square[1] % 2 == 0]
            points += [((x + 0.5) * PARK_CELL, (y + 0.5) * PARK_CELL) for x, y in kept]
            owners += [numbers[borough_codes()[park.borough]]] * len(kept)
    spread = np.array(points)
    lonely = postcodes.query(spread)[0] > LONELY
    return spread[lonely], np.array(owners, dtype=np.int16)[lonely]


def label_points(labels: Labels, count: int) -> list[tuple[float, float]]:
    """For each borough the point furthest from its edge, as National Grid metres: room for a label."""
    found = []
    for number in range(1, count + 1):
        depth = distance_transform_edt(labels == number)
        row, column = np.unravel_index(int(depth.argmax()), depth.shape)
        found.append((WEST + (int(column) + 0.5) * CELL, SOUTH + (int(row) + 0.5) * CELL))
    return found


def _rounded(rough: Labels, count: int) -> Labels:
    """Each square goes to the label with most weight around it."""
    best = np.full(rough.shape, -1.0)
    chosen = rough.copy()
    for number in range(count + 1):
        weight = gaussian_filter((rough == number).astype(np.float64), BLUR, truncate=3.0)
        better = weight > best
        best[better] = weight[better]
        chosen[better] = number
    return chosen


def _whole(labels: Labels) -> Labels:
    """Gives each stray piece to the neighbour around most of its edge, so that a borough is one shape."""
    labels = labels.copy()
    for number in range(labels.max() + 1):
        pieces, count = label(labels == number)
        if count < 2:
            continue
        sizes = np.bincount(pieces.ravel())[1:]
        for piece in range(1, count + 1):
            if piece == 1 + int(sizes.argmax()):
                continue
            mask = pieces == piece
            edge = np.zeros_like(mask)
            edge[1:] |= mask[:-1]
            edge[:-1] |= mask[1:]
            edge[:, 1:] |= mask[:, :-1]
            edge[:, :-1] |= mask[:, 1:]
            around = labels[edge & ~mask]
            labels[mask] = np.bincount(around).argmax()
    return labels

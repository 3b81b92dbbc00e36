"""A raster over London in which every square knows whose postcode is nearest.

Squares are `CELL` metres on the National Grid; row 0 is the south. The neighbours' postcodes take part, so the
edge of London comes out like any border between two boroughs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, label
from scipy.spatial import cKDTree

from tools.geography.source import FIRST_BOROUGH, LAST_BOROUGH, Release

CELL = 50
WEST, SOUTH, EAST, NORTH = 499_000, 152_000, 566_000, 204_000
SHAPE = ((NORTH - SOUTH) // CELL, (EAST - WEST) // CELL)
OUTSIDE = 0  # The label of everything that is not London; boroughs are 1…33 in the order of their codes.
BLUR = 1.6  # Squares: rounds off the corners that single postcodes cut out of a border.

Labels = NDArray[np.int16]


@dataclass(frozen=True)
class Raster:
    """`labels` names a borough per square; `gap` is the distance to the nearest postcode in metres."""

    labels: Labels
    gap: NDArray[np.float64]
    codes: list[str]


def middles() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Eastings and northings of the middles of all squares, as two arrays of the raster's shape."""
    east = WEST + CELL * (np.arange(SHAPE[1]) + 0.5)
    north = SOUTH + CELL * (np.arange(SHAPE[0]) + 0.5)
    return tuple(np.meshgrid(east, north))  # type: ignore[return-value]


def build(release: Release) -> Raster:
    """Label every square by its nearest postcode, round the borders off, and keep one piece per borough."""
    codes = [f"E09{number:06}" for number in range(int(FIRST_BOROUGH[3:]), int(LAST_BOROUGH[3:]) + 1)]
    numbers = {code: number for number, code in enumerate(codes, 1)}
    owners = np.array([numbers.get(code, OUTSIDE) for code in release.districts], dtype=np.int16)
    east, north = middles()
    gap, nearest = cKDTree(np.column_stack([release.east, release.north])).query(
        np.column_stack([east.ravel(), north.ravel()])
    )
    rough = owners[nearest].reshape(SHAPE)
    return Raster(_whole(_rounded(rough, len(codes))), gap.reshape(SHAPE), codes)


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

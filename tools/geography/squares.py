"""The squares that the maps are worked out on: 50 m, on the National Grid, row 0 in the south."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

CELL = 50
WEST, SOUTH, EAST, NORTH = 499_000, 152_000, 566_000, 204_000
SHAPE = ((NORTH - SOUTH) // CELL, (EAST - WEST) // CELL)
OUTSIDE = 0  # The label of everything that is not London; boroughs are 1…33 in the order of their codes.

Labels = NDArray[np.int16]


def middles() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Eastings and northings of the middles of all squares, as two arrays of the raster's shape."""
    east = WEST + CELL * (np.arange(SHAPE[1]) + 0.5)
    north = SOUTH + CELL * (np.arange(SHAPE[0]) + 0.5)
    both = np.meshgrid(east, north)
    return both[0], both[1]

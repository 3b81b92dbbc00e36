"""The grid of cells over London: the only location that a phone ever sends, and what sessions are found by.

A cell is about half a kilometre square. Coordinates are integers of 1e-5 degree (51.47° → 5_147_000), which is
1.1 m north to south and 0.7 m east to west in London. Distances are compared as integers, `dlat²·KY + dlng²·KX`,
so that SQLite, PostgreSQL and Python agree to the last digit and a cursor can carry them.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isqrt

# A metre grid around 51.5° north: 1e-5° of latitude is 1.11258 m and of longitude 0.69441 m (WGS84 ellipsoid,
# radii of curvature at 51.5°). Squared and scaled by 1000 they make the two whole-number weights below.
KY = 1238
KX = 482

COLUMNS = 4096  # More columns than any grid in use, so that `row * COLUMNS + column` is unique.


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid whose south-west corner is (`south`, `west`) and whose cells are `lat_step` × `lng_step` units."""

    south: int = 5_120_000
    west: int = -62_000
    lat_step: int = 450
    lng_step: int = 720

    def cell(self, lat: int, lng: int) -> int:
        """The cell of a point. Points outside London have cells too, as long as they lie north-east of the corner."""
        row = (lat - self.south) // self.lat_step
        column = (lng - self.west) // self.lng_step
        if row < 0 or not 0 <= column < COLUMNS:
            raise ValueError(f"({lat}, {lng}) is outside the grid")
        return row * COLUMNS + column

    def centre(self, cell: int) -> tuple[int, int]:
        """The middle of a cell as (lat, lng): what every answer for the cell measures from."""
        row, column = divmod(cell, COLUMNS)
        return (
            self.south + row * self.lat_step + self.lat_step // 2,
            self.west + column * self.lng_step + self.lng_step // 2,
        )

    def ring(self, cell: int, step: int) -> list[int]:
        """The cells exactly `step` cells away (by the larger of rows and columns); step 0 is the cell itself."""
        row, column = divmod(cell, COLUMNS)
        if step == 0:
            return [cell]
        top = [(row + step, column + c) for c in range(-step, step + 1)]
        bottom = [(row - step, column + c) for c in range(-step, step + 1)]
        sides = [(row + r, column + c) for r in range(-step + 1, step) for c in (-step, step)]
        return [r * COLUMNS + c for r, c in top + bottom + sides if r >= 0 and 0 <= c < COLUMNS]

    def clearance(self, step: int) -> int:
        """No point outside the rings 0…`step` is nearer than this to any point of the middle cell (squared)."""
        lat, lng = self.lat_step * step, self.lng_step * step
        return min(lat * lat * KY, lng * lng * KX)

    def reach(self, step: int) -> int:
        """No point inside the rings 0…`step` is further than this from any point of the middle cell (squared)."""
        lat, lng = self.lat_step * (step + 1), self.lng_step * (step + 1)
        return lat * lat * KY + lng * lng * KX

    def steps(self, radius: int) -> int:
        """How many rings it takes to hold a circle of `radius` metres around any point of the middle cell."""
        step = 0
        while self.clearance(step) < squared(radius):
            step += 1
        return step

    def within(self, lat: int, lng: int, radius: int) -> list[int]:
        """The cells that a circle of `radius` metres around a point touches, nearest rings first."""
        middle = self.cell(lat, lng)
        limit = squared(radius)
        return [
            cell
            for step in range(self.steps(radius) + 1)
            for cell in self.ring(middle, step)
            if self._gap(cell, lat, lng) <= limit
        ]

    def _gap(self, cell: int, lat: int, lng: int) -> int:
        """The squared distance from a point to the nearest edge of a cell, 0 inside it."""
        row, column = divmod(cell, COLUMNS)
        south, west = self.south + row * self.lat_step, self.west + column * self.lng_step
        up = max(south - lat, 0, lat - (south + self.lat_step - 1))
        across = max(west - lng, 0, lng - (west + self.lng_step - 1))
        return up * up * KY + across * across * KX


def squared(radius: int) -> int:
    """A distance in metres as the squared unit that rows are compared in."""
    return radius * radius * 1000


def metres(distance: int) -> int:
    """A squared distance back in whole metres, rounded down."""
    return isqrt(distance // 1000)


def distance(lat: int, lng: int, other_lat: int, other_lng: int) -> int:
    """The squared distance between two points, the same number that the databases compute."""
    dlat, dlng = lat - other_lat, lng - other_lng
    return dlat * dlat * KY + dlng * dlng * KX


LONDON = Grid()


def cell_of(lat: int, lng: int) -> int:
    """The public cell of a point."""
    return LONDON.cell(lat, lng)

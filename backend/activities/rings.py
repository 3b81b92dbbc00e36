"""Squares of cells around a point, ring by ring: which of them can hold what is nearer than something else.

Distances are squared, as in geo.grid. They are counted from the point itself, the middle of the asker's cell, so
that in a crowded place the asker's own cell is often enough.
"""

from __future__ import annotations

from backend.geo.grid import COLUMNS, KX, KY, Grid


class Rings:
    """The squares of cells around the asker's: how near and how far from the asker their points can be."""

    def __init__(self, grid: Grid, origin: tuple[int, int]) -> None:
        self.grid = grid
        self.row, self.column = divmod(grid.cell(*origin), COLUMNS)
        lat, lng = origin
        # From the origin to the first point beyond its own cell, southwards, northwards, westwards and eastwards.
        self.south, self.west = (lat - grid.south) % grid.lat_step + 1, (lng - grid.west) % grid.lng_step + 1
        self.north, self.east = grid.lat_step + 1 - self.south, grid.lng_step + 1 - self.west

    def clear(self, step: int) -> int:
        """No point outside the rings 0…`step` is nearer than this to the origin (squared distance)."""
        lat = min(self.south, self.north) + self.grid.lat_step * step
        lng = min(self.west, self.east) + self.grid.lng_step * step
        return min(lat * lat * KY, lng * lng * KX)

    def reach(self, step: int) -> int:
        """No point inside the rings 0…`step` is further than this from the origin (squared distance)."""
        lat = max(self.south, self.north) + self.grid.lat_step * step
        lng = max(self.west, self.east) + self.grid.lng_step * step
        return lat * lat * KY + lng * lng * KX

    def ring(self, step: int, *, from_: int, to: int | None) -> list[int]:
        """The cells of a ring that can hold points from this to that squared distance; `to` None is any distance."""
        cells = self.grid.ring(self.row * COLUMNS + self.column, step)
        if not from_ and to is None:
            return cells
        return [cell for cell in cells if self._furthest(cell) >= from_ and (to is None or self._nearest(cell) <= to)]

    def _nearest(self, cell: int) -> int:
        rows, columns = cell // COLUMNS - self.row, cell % COLUMNS - self.column
        lat = _beyond(rows, self.grid.lat_step, self.south, self.north)
        lng = _beyond(columns, self.grid.lng_step, self.west, self.east)
        return lat * lat * KY + lng * lng * KX

    def _furthest(self, cell: int) -> int:
        rows, columns = cell // COLUMNS - self.row, cell % COLUMNS - self.column
        lat = max(self.north + rows * self.grid.lat_step, self.south - rows * self.grid.lat_step)
        lng = max(self.east + columns * self.grid.lng_step, self.west - columns * self.grid.lng_step)
        return lat * lat * KY + lng * lng * KX


def _beyond(cells: int, step: int, before: int, after: int) -> int:
    """How far it is along one axis to a cell so many cells onwards (or, when negative, back)."""
    if cells == 0:
        return 0
    return after + (cells - 1) * step if cells > 0 else before + (-cells - 1) * step

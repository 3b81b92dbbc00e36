"""Every live London postcode, held as columns of whole numbers: 180,754 of them in about 5 MB.

They are read from `data/postcodes.pack` when first asked for (about 0.1 s) and kept for the life of the process.
Source: Ordnance Survey Code-Point Open, see tools/geography. Points are 1e-5 degree.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from backend.geo.columns import unpack
from backend.geo.grid import distance, squared

DATA = Path(__file__).parent / "data"
LETTERS = "ABDEFGHJLNPQRSTUWXYZ"  # All that the last two letters of a postcode are made of.
REACH = 3_000  # Metres: a point further than this from every London postcode has no borough.

# Buckets for finding the nearest postcode: about 500 m either way, in 1e-5 degree.
BUCKET_LAT, BUCKET_LNG = 450, 720
BUCKET_M = 499  # The shorter side of a bucket in metres, rounded down.
STRIDE = 1_000  # More buckets than there are from west to east, so that a bucket is one number.


@dataclass(frozen=True, slots=True)
class Postcodes:
    """The table. Row numbers run through all columns in postcode order; a sector is a run of rows."""

    sectors: dict[str, range]
    outcodes: dict[str, list[str]]
    ends: array[int]
    lat: array[int]
    lng: array[int]
    ward: array[int]

    def row(self, sector: str, end: str) -> int | None:
        """The row of a postcode, given as its sector ("E8 3") and last two letters ("AH"), or None."""
        rows = self.sectors.get(sector)
        if rows is None or len(end) != 2 or end[0] not in LETTERS or end[1] not in LETTERS:
            return None
        wanted = LETTERS.index(end[0]) * len(LETTERS) + LETTERS.index(end[1])
        row = bisect_left(self.ends, wanted, rows.start, rows.stop)
        return row if row < rows.stop and self.ends[row] == wanted else None

    def names(self, sector: str, start: str = "") -> Iterator[str]:
        """The postcodes of a sector in order, those whose end begins with `start`."""
        for row in self.sectors.get(sector, range(0)):
            first, second = divmod(self.ends[row], len(LETTERS))
            end = LETTERS[first] + LETTERS[second]
            if end.startswith(start):
                yield sector + end

    def middle(self, sectors: Sequence[str]) -> tuple[int, int, Counter[int]]:
        """The mean point of the sectors' postcodes, and how many of them lie in each ward."""
        runs = [self.sectors[sector] for sector in sectors]
        count = sum(len(rows) for rows in runs)
        lat = sum(sum(self.lat[rows.start : rows.stop]) for rows in runs)
        lng = sum(sum(self.lng[rows.start : rows.stop]) for rows in runs)
        wards: Counter[int] = Counter()
        for rows in runs:
            wards.update(self.ward[rows.start : rows.stop])
        return round(lat / count), round(lng / count), wards


@cache
def table() -> Postcodes:
    """The table, read on the first call."""
    header, columns = unpack(DATA / "postcodes.pack")
    sectors: dict[str, range] = {}
    outcodes: dict[str, list[str]] = {}
    start = 0
    for sector, size in zip(header["sectors"], columns["sizes"], strict=True):
        sectors[sector] = range(start, start + size)
        outcodes.setdefault(sector[:-2], []).append(sector)
        start += size
    ends, wards = array("H", columns["ends"]), array("H", columns["wards"])
    return Postcodes(sectors, outcodes, ends, columns["lat"], columns["lng"], wards)


@cache
def _buckets() -> dict[int, array[int]]:
    """The rows in each bucket."""
    known = table()
    found: defaultdict[int, array[int]] = defaultdict(lambda: array("i"))
    for row, (lat, lng) in enumerate(zip(known.lat, known.lng, strict=True)):
        found[(lat // BUCKET_LAT) * STRIDE + lng // BUCKET_LNG].append(row)
    return dict(found)


def nearest(lat: int, lng: int, reach: int = REACH) -> int | None:
    """The row of the nearest postcode, or None when there is none within `reach` metres."""
    buckets, known = _buckets(), table()
    best, best_distance = None, squared(reach) + 1
    row, column = lat // BUCKET_LAT, lng // BUCKET_LNG
    for step in range(reach // BUCKET_M + 2):
        # Everything in this ring is at least (step - 1) buckets away, so a nearer find ends the search.
        if squared(max(0, step - 1) * BUCKET_M) >= best_distance:
            break
        for key in _ring(row, column, step):
            for candidate in buckets.get(key, ()):
                away = distance(lat, lng, known.lat[candidate], known.lng[candidate])
                if away < best_distance:
                    best, best_distance = candidate, away
    return best


def _ring(row: int, column: int, step: int) -> Iterator[int]:
    if step == 0:
        yield row * STRIDE + column
        return
    for c in range(column - step, column + step + 1):
        yield (row - step) * STRIDE + c
        yield (row + step) * STRIDE + c
    for r in range(row - step + 1, row + step):
        yield r * STRIDE + column - step
        yield r * STRIDE + column + step

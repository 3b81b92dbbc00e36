"""Writes `postcodes.pack`: every live London postcode with its point and ward, about 0.5 MB."""

from __future__ import annotations

import numpy as np

from backend.geo.columns import pack
from tools.geography.source import Release

LETTERS = "ABDEFGHJLNPQRSTUWXYZ"  # The last two letters of a postcode never hold C, I, K, M, O or V.


def write(release: Release, ward_codes: list[str]) -> bytes:
    """The pack: a header with the sectors in order, and columns of sector sizes, ends, latitudes, longitudes, wards.

    Within a sector an end is a number, first letter × 20 + second letter. Wards are places in `ward_codes`.
    """
    rows = np.flatnonzero(release.london())
    numbers = {code: number for number, code in enumerate(ward_codes)}
    sectors: list[str] = []
    sizes: list[int] = []
    for row in rows:
        sector = release.postcodes[row][:-2]
        if not sectors or sectors[-1] != sector:
            sectors.append(sector)
            sizes.append(0)
        sizes[-1] += 1
    if len(set(sectors)) != len(sectors):
        raise ValueError("A sector's postcodes are not next to each other.")
    return pack(
        {"sectors": sectors},
        {
            "sizes": sizes,
            "ends": [_end(release.postcodes[row]) for row in rows],
            "lat": release.lat[rows].tolist(),
            "lng": release.lng[rows].tolist(),
            "wards": [numbers[release.wards[row]] for row in rows],
        },
    )


def _end(postcode: str) -> int:
    return LETTERS.index(postcode[-2]) * len(LETTERS) + LETTERS.index(postcode[-1])

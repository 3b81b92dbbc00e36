"""Outlines (being written)."""

from __future__ import annotations

from backend.geo import postcodes
from backend.geo.places import ward_table


def borough_around(lat: int, lng: int) -> str | None:
    row = postcodes.nearest(lat, lng, 500)
    return None if row is None else ward_table()[postcodes.table().ward[row]].borough

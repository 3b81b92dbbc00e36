"""British National Grid to latitude and longitude (WGS84), written out so that no grid file is needed.

Method and constants: Ordnance Survey, "A guide to coordinate systems in Great Britain", annexes B and C
(transverse Mercator on the Airy 1830 ellipsoid, then the seven-parameter Helmert shift). The guide gives the
shift's error as about 5 m across Britain; over London it is smaller (see the README of this folder).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

AIRY = (6_377_563.396, 6_356_256.909)  # Semi-axes in metres of the ellipsoid that the National Grid lies on.
GRS80 = (6_378_137.0, 6_356_752.314_140)  # And of WGS84.
SCALE, TRUE_LAT, TRUE_LNG, FALSE_EAST, FALSE_NORTH = 0.9996012717, np.radians(49), np.radians(-2), 4e5, -1e5

# OSGB36 → WGS84: the guide prints the other direction, so every sign is turned.
SHIFT = np.array([446.448, -125.157, 542.060])
PARTS_PER_MILLION = -20.4894
SECONDS = np.array([0.1502, 0.2470, 0.8421])


def to_degrees(eastings: Floats, northings: Floats) -> tuple[Floats, Floats]:
    """National Grid metres → WGS84 degrees as (latitude, longitude)."""
    lat, lng = _from_grid(eastings, northings)
    x, y, z = _to_cartesian(lat, lng)
    scale = 1 + PARTS_PER_MILLION * 1e-6
    rx, ry, rz = np.radians(SECONDS / 3600)
    moved = (
        SHIFT[0] + x * scale - y * rz + z * ry,
        SHIFT[1] + x * rz + y * scale - z * rx,
        SHIFT[2] - x * ry + y * rx + z * scale,
    )
    lat, lng = _from_cartesian(*moved)
    return np.degrees(lat), np.degrees(lng)


def to_grid(lat: Floats, lng: Floats) -> tuple[Floats, Floats]:
    """WGS84 degrees → National Grid metres, by turning `to_degrees` round until it agrees to a millimetre."""
    east, north = np.full_like(lat, 530_000.0), np.full_like(lat, 180_000.0)
    for _ in range(12):
        there_lat, there_lng = to_degrees(east, north)
        east = east + (lng - there_lng) * 69_400
        north = north + (lat - there_lat) * 111_260
    return east, north


def _meridian_arc(lat: Floats) -> Floats:
    a, b = AIRY
    n = (a - b) / (a + b)
    d, s = lat - TRUE_LAT, lat + TRUE_LAT
    terms = (
        (1 + n + 1.25 * n**2 + 1.25 * n**3) * d
        - (3 * n + 3 * n**2 + 2.625 * n**3) * np.sin(d) * np.cos(s)
        + (1.875 * n**2 + 1.875 * n**3) * np.sin(2 * d) * np.cos(2 * s)
        - (35 / 24) * n**3 * np.sin(3 * d) * np.cos(3 * s)
    )
    return np.asarray(b * SCALE * terms)


def _from_grid(eastings: Floats, northings: Floats) -> tuple[Floats, Floats]:
    """Inverse transverse Mercator: grid metres → radians on the Airy ellipsoid (annex C of the guide)."""
    a, b = AIRY
    e2 = 1 - (b / a) ** 2
    north = northings - FALSE_NORTH
    lat = north / (a * SCALE) + TRUE_LAT
    for _ in range(8):
        lat = lat + (north - _meridian_arc(lat)) / (a * SCALE)
    sin2, tan = np.sin(lat) ** 2, np.tan(lat)
    nu = a * SCALE / np.sqrt(1 - e2 * sin2)
    rho = a * SCALE * (1 - e2) / (1 - e2 * sin2) ** 1.5
    eta2 = nu / rho - 1
    t2, sec, east = tan**2, 1 / np.cos(lat), eastings - FALSE_EAST
    seven = tan / (2 * rho * nu)
    eight = tan / (24 * rho * nu**3) * (5 + 3 * t2 + eta2 - 9 * t2 * eta2)
    nine = tan / (720 * rho * nu**5) * (61 + 90 * t2 + 45 * t2**2)
    ten = sec / nu
    eleven = sec / (6 * nu**3) * (nu / rho + 2 * t2)
    twelve = sec / (120 * nu**5) * (5 + 28 * t2 + 24 * t2**2)
    return (
        lat - seven * east**2 + eight * east**4 - nine * east**6,
        TRUE_LNG + ten * east - eleven * east**3 + twelve * east**5,
    )


def _to_cartesian(lat: Floats, lng: Floats) -> tuple[Floats, Floats, Floats]:
    a, b = AIRY
    e2 = 1 - (b / a) ** 2
    nu = a / np.sqrt(1 - e2 * np.sin(lat) ** 2)
    return nu * np.cos(lat) * np.cos(lng), nu * np.cos(lat) * np.sin(lng), (1 - e2) * nu * np.sin(lat)


def _from_cartesian(x: Floats, y: Floats, z: Floats) -> tuple[Floats, Floats]:
    a, b = GRS80
    e2 = 1 - (b / a) ** 2
    p = np.hypot(x, y)
    lat = np.arctan2(z, p * (1 - e2))
    for _ in range(6):
        nu = a / np.sqrt(1 - e2 * np.sin(lat) ** 2)
        lat = np.arctan2(z + e2 * nu * np.sin(lat), p)
    return lat, np.arctan2(y, x)

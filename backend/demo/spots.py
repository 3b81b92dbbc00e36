"""Where the demo's venues stand: near a real place, in its borough, at a real postcode, on nobody's doorstep."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cache

from backend.core.slugs import slug
from backend.demo import content
from backend.demo.content import Spot
from backend.demo.dice import Dice
from backend.geo import postcodes, queries
from backend.geo.places import degrees, ward_table

# How far a venue may lie from the place it is named for, in 1e-5 degree: about 550 m either way.
NORTH, EAST = 500, 800
TRIES = 200
LEVEL = 0.75  # The share of halls without a step.
CLOSE = 90  # Metres to the nearest postcode: keeps venues on streets, out of rivers, railways and woods.


@dataclass(frozen=True, slots=True)
class Point:
    """A venue's point (1e-5 degree), its postcode, and the GSS codes of its borough and ward."""

    lat: int
    lng: int
    postcode: str
    borough: str
    ward: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedVenue:
    """A venue. `key` names it within the demo; `outside` is an open space with no door to knock on."""

    key: str
    name: str
    address: str
    point: Point
    access: tuple[str, ...]
    access_note: str
    outside: bool


class NoRoom(RuntimeError):
    """No point near the place lies in the borough: the content names a place of another one."""


def venue(spot: Spot, *, borough: str) -> PlannedVenue:
    """The venue at a spot, always the same. `borough` is a GSS code. Raises NoRoom, UnknownPlace."""
    key = f"{borough}/{slug(spot.name)}"
    dice = Dice("venue", key)
    level = spot.outside or dice.chance(LEVEL)
    note = "paths" if spot.outside else "level" if level else "steps"
    return PlannedVenue(
        key=key, name=spot.name, address=f"{spot.street}, {spot.place}", outside=spot.outside,
        point=point(spot, borough=borough), access=_access(dice, level=level, outside=spot.outside),
        access_note=dice.pick(content.words()[note]),
    )  # fmt: skip


def _access(dice: Dice, *, level: bool, outside: bool) -> tuple[str, ...]:
    """What a venue has; the shares are a guess at London's halls."""
    shares = {"accessible_toilet": 0.75 if level else 0.1, "parking": 0.2}
    if not outside:
        shares |= {"hearing_loop": 0.25, "quiet_space": 0.35, "changing_place": 0.06 if level else 0.0}
    return (*(("step_free",) if level else ()), *(name for name, share in shares.items() if dice.chance(share)))


@cache
def point(spot: Spot, *, borough: str) -> Point:
    """The same point every time for a venue's name. `borough` is a GSS code. Raises NoRoom, UnknownPlace."""
    if spot.at is not None:
        lat, lng = (degrees(str(part)) for part in spot.at)
        return _at(lat, lng, borough, reach=400) or _no_room(spot)
    place = queries.find(spot.place)
    dice = Dice("spot", spot.name, spot.place)
    for attempt in range(TRIES):
        # The search widens, for places on the edge of their borough.
        wider = 1 + attempt // 50
        lat = place.lat + dice.between(-NORTH, NORTH) * wider
        lng = place.lng + dice.between(-EAST, EAST) * wider
        found = _at(lat, lng, borough, reach=CLOSE)
        if found:
            return found
    return _no_room(spot)


def _no_room(spot: Spot) -> Point:
    raise NoRoom(f"{spot.name}, {spot.place}")


def _at(lat: int, lng: int, borough: str, *, reach: int) -> Point | None:
    row = postcodes.nearest(lat, lng, reach)
    if row is None:
        return None
    ward = ward_table()[postcodes.table().ward[row]]
    return Point(lat, lng, _name(row), borough, ward.code) if ward.borough == borough else None


def _name(row: int) -> str:
    """The postcode in a row of the table."""
    starts, sectors = _sectors()
    first, second = divmod(postcodes.table().ends[row], len(postcodes.LETTERS))
    sector = sectors[bisect_right(starts, row) - 1]
    return f"{sector}{postcodes.LETTERS[first]}{postcodes.LETTERS[second]}"


@cache
def _sectors() -> tuple[list[int], list[str]]:
    runs = sorted((rows.start, sector) for sector, rows in postcodes.table().sectors.items())
    return [start for start, _ in runs], [sector for _, sector in runs]

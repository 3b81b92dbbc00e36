"""The names of London: its boroughs, wards and neighbourhoods, each with a point.

Neighbourhoods (`data/places.csv`) and boroughs (`data/boroughs.csv`) are facts that we wrote; wards come from
Code-Point Open (`data/areas.json`, see tools/geography). All are read once and kept; points are 1e-5 degree.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from backend.geo.grid import cell_of
from backend.geo.spelling import Likeness, key, words

DATA = Path(__file__).parent / "data"
Kind = Literal["postcode", "sector", "outcode", "place", "ward", "borough"]


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere in London that a person can name. `borough` and `ward` are GSS codes ("E09000028")."""

    name: str
    kind: Kind
    lat: int
    lng: int
    borough: str
    borough_name: str
    ward: str | None
    ward_name: str | None

    @property
    def cell(self) -> int:
        """The square of the coarse grid that the point lies in."""
        return cell_of(self.lat, self.lng)

    @property
    def slug(self) -> str:
        """The name for an address: "peckham", "e8-3ah". `queries.find` takes it back."""
        if self.kind == "ward" and not _is_plain_ward(self.name):
            return slug_of(f"{self.name} {self.borough_name} ward")
        return slug_of(self.name)


@dataclass(frozen=True, slots=True)
class Borough:
    """One of the 33 (the City of London is one here). The point is a good place for a label on a map."""

    code: str
    name: str
    slug: str
    lat: int
    lng: int
    neighbours: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ward:
    """A ward of a borough; the point is the middle of its postcodes."""

    code: str
    name: str
    borough: str
    lat: int
    lng: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A name in the gazetteer. A smaller `rank` comes first: 0 boroughs, 1–3 neighbourhoods, 4 wards."""

    name: str
    kind: Kind
    rank: int
    lat: int
    lng: int
    borough: str
    ward: str | None = None


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Every name: `exact` from key to entry; `typed` for typing ahead, as (key, its endings from each word, entry)."""

    exact: dict[str, Entry]
    typed: list[tuple[str, tuple[str, ...], Entry]]
    places: list[Entry]


def slug_of(name: str) -> str:
    """A name as it stands in an address: "Elephant and Castle" → "elephant-and-castle"."""
    return "-".join(words(name))


def degrees(text: str) -> int:
    """Degrees as written ("51.4715") in 1e-5 degree."""
    return round(float(text) * 100_000)


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@cache
def borough_table() -> dict[str, Borough]:
    """The 33 boroughs by code, in the order of their codes."""
    names = {row["code"]: row["name"] for row in _rows("boroughs.csv")}
    return {
        code: Borough(code, names[code], slug_of(names[code]), lat, lng, tuple(neighbours))
        for code, lat, lng, neighbours in _areas()["boroughs"]
    }


@cache
def ward_table() -> list[Ward]:
    """All wards in the order of their codes: the order that the postcode file counts them in."""
    return [Ward(*row) for row in _areas()["wards"]]


@cache
def _areas() -> dict[str, list[Any]]:
    loaded: dict[str, list[Any]] = json.loads((DATA / "areas.json").read_text(encoding="utf-8"))
    return loaded


@cache
def gazetteer() -> Gazetteer:
    """Every name in London that we know, ready to be looked up."""
    towns = {row["name"]: _place_entry(row) for row in _rows("places.csv")}
    # Boroughs come before neighbourhoods and those before wards, so the first to claim a name keeps it.
    plain = [pair for row in _rows("boroughs.csv") for pair in _borough_names(row, towns)]
    plain += [(name, towns[row["name"]]) for row in _rows("places.csv") for name in [row["name"], *_others(row)]]
    plain += [(ward.name, _ward_entry(ward)) for ward in ward_table()]
    exact: dict[str, Entry] = {}
    parts = [(words(name), entry) for name, entry in plain]
    for own, entry in parts:
        exact.setdefault(key(own), entry)
    # A ward is not offered beside the neighbourhood, nor that beside the borough, that has its name.
    offered = [(own, entry) for own, entry in parts if exact[key(own)].kind == entry.kind]
    typed = [(key(own), tuple(key(own[i:]) for i in range(1, len(own))), entry) for own, entry in offered]
    for own, entry in parts:
        for longer in _longer(key(own), entry):
            exact.setdefault(longer, entry)
    return Gazetteer(exact, typed, list(towns.values()))


@cache
def likeness() -> Likeness:
    """The names by their spelling, for "did you mean"."""
    return Likeness.of(own for own, _, _ in gazetteer().typed)


def _others(row: dict[str, str]) -> list[str]:
    return [name for name in row["other names"].split("|") if name]


@cache
def borough_codes() -> dict[str, str]:
    """Codes of boroughs by their names."""
    return {row["name"]: row["code"] for row in _rows("boroughs.csv")}


def _place_entry(row: dict[str, str]) -> Entry:
    lat, lng = degrees(row["lat"]), degrees(row["lng"])
    return Entry(row["name"], "place", int(row["rank"]), lat, lng, borough_codes()[row["borough"]])


def _borough_names(row: dict[str, str], towns: dict[str, Entry]) -> list[tuple[str, Entry]]:
    """A borough stands where its town is: people who type "Hackney" look for what is near its middle."""
    town = towns[row["town"]]
    entry = Entry(row["name"], "borough", 0, town.lat, town.lng, row["code"])
    return [(name, entry) for name in [row["name"], *_others(row)]]


def _ward_entry(ward: Ward) -> Entry:
    return Entry(ward.name, "ward", 4, ward.lat, ward.lng, ward.borough, ward.code)


def _longer(own: str, entry: Entry) -> Iterator[str]:
    """Keys of longer ways to say a name: found, but not offered while typing."""
    if entry.kind == "borough":
        yield from (f"{own}borough", f"boroughof{own}", f"londonboroughof{own}", f"royalboroughof{own}")
    if entry.kind == "ward":
        around = key(words(borough_table()[entry.borough].name))
        yield from (f"{own}ward", f"{own}{around}ward")


@cache
def _ward_names() -> Counter[str]:
    return Counter(key(words(ward.name)) for ward in ward_table())


def _is_plain_ward(name: str) -> bool:
    """Whether a ward's name alone leads to it: no other ward, neighbourhood or borough has the name."""
    own = key(words(name))
    return _ward_names()[own] == 1 and gazetteer().exact[own].kind == "ward"

"""Where is that? From a postcode, part of one, or a name to a point in London, and back from a point to names.

A name shared by a borough and its town ("Hackney", "Croydon") means the borough, with the point of its town
centre: what is near the town hall, the station and the high street is what people look for.
"""

from __future__ import annotations

from functools import cache, lru_cache

from backend.core.errors import NotFound
from backend.geo import lookup, postcodes, shapes
from backend.geo.grid import distance
from backend.geo.outlines import CREDIT
from backend.geo.places import Borough, Entry, Place, Ward, borough_table, gazetteer, likeness, ward_table
from backend.geo.spelling import key, shown, words

__all__ = [
    "CREDIT",
    "Borough", "Place", "UnknownPlace", "Ward", "borough", "borough_at", "boroughs", "find", "in_london",
    "place_near", "suggest", "wards",
]  # fmt: skip

TRY = "Try a London postcode, like SE15, or a place, like Peckham."
AFTER_NAMES = {"london", "station", "uk", "england"}


class UnknownPlace(NotFound):
    """Nothing in London has that name. `suggestions` are up to five places spelled like it, best first."""

    def __init__(self, text: str, suggestions: list[Place] | None = None, *, outside: bool = False) -> None:
        self.suggestions = suggestions or []
        asked = shown(text)
        if outside:
            message = f"That's outside London. {TRY}"
        elif not asked:
            message = TRY
        elif self.suggestions:
            message = f"We can't find “{asked}”. Did you mean {self.suggestions[0].name}?"
        else:
            message = f"We can't find “{asked}”. {TRY}"
        super().__init__(message)


def find(text: str) -> Place:
    """The place that `text` names: a postcode in any spacing, its beginning, or a name; else UnknownPlace."""
    parts = lookup.letters(text)
    found = lookup.read(parts) or _named(text) or lookup.pasted(parts)
    if found:
        return found
    area = lookup.looks_like(parts)
    if area is None:
        raise UnknownPlace(text, _alike(text, 5))
    suggestions = lookup.beginnings(parts)[:5]
    raise UnknownPlace(text, suggestions, outside=not suggestions and area not in lookup.INNER)


def suggest(text: str, limit: int = 6) -> list[Place]:
    """Places that `text` may be the beginning of, best first, for typing ahead; never raises."""
    parts = lookup.letters(text)
    found: list[Place] = []
    if lookup.looks_like(parts):
        found = lookup.completions(parts, limit, spaced=text[-1:].isspace())
    return found or _beginning(text, limit) or _alike(text, limit)


@lru_cache(maxsize=8192)
def place_near(lat: int, lng: int) -> Place:
    """The neighbourhood whose point is nearest: to say "near Peckham" about a cell."""
    nearest = min(gazetteer().places, key=lambda entry: distance(lat, lng, entry.lat, entry.lng))
    return _place(nearest)


def borough_at(lat: int, lng: int) -> tuple[str, str | None] | None:
    """The codes of borough and ward at a point, those of the nearest postcode; None over 3 km from London."""
    row = postcodes.nearest(lat, lng)
    if row is None:
        return None
    ward = ward_table()[postcodes.table().ward[row]]
    return ward.borough, ward.code


def in_london(lat: int, lng: int) -> bool:
    """Whether a point lies inside one of the 33 boroughs, by outlines good to about 50 m."""
    return shapes.borough_around(lat, lng) is not None


@cache
def boroughs() -> list[Borough]:
    """All 33 in the order of their names."""
    return sorted(borough_table().values(), key=lambda one: one.name)


def borough(code_or_slug: str) -> Borough:
    """The borough with that GSS code ("E09000028") or slug ("southwark"); else UnknownPlace."""
    for one in boroughs():
        if code_or_slug in {one.code, one.slug}:
            return one
    raise UnknownPlace(code_or_slug)


def wards(of: str | Borough) -> list[Ward]:
    """A borough's wards in the order of their names."""
    code = of.code if isinstance(of, Borough) else borough(of).code
    return sorted((ward for ward in ward_table() if ward.borough == code), key=lambda ward: ward.name)


@cache
def _place(entry: Entry) -> Place:
    borough_name = borough_table()[entry.borough].name
    if entry.kind == "borough":
        return Place(entry.name, "borough", entry.lat, entry.lng, entry.borough, borough_name, None, None)
    at = (entry.borough, entry.ward) if entry.ward else borough_at(entry.lat, entry.lng)
    ward = next((one for one in ward_table() if at and one.code == at[1]), None)
    code, name = (ward.code, ward.name) if ward else (None, None)
    return Place(entry.name, entry.kind, entry.lat, entry.lng, entry.borough, borough_name, code, name)


def _named(text: str) -> Place | None:
    """A name as it is, without "London" or "station" behind it, or with its own borough behind it."""
    exact = gazetteer().exact
    parts = words(text)
    while parts:
        if entry := exact.get(key(parts)):
            return _place(entry)
        for split in range(1, len(parts)):
            entry, around = exact.get(key(parts[:split])), exact.get(key(parts[split:]))
            if entry and around and around.kind == "borough" and around.borough == entry.borough:
                return _place(entry)
        # Several boroughs have an Abbey ward: "Abbey, Merton" and "Abbey ward, Merton" say which.
        if entry := exact.get(key([*(word for word in parts if word != "ward"), "ward"])):
            return _place(entry)
        if parts[-1] not in AFTER_NAMES:
            return None
        parts = parts[:-1]
    return None


def _beginning(text: str, limit: int) -> list[Place]:
    """Places with a name, or a word in one, that begins with `text`; its own name before another name it has."""
    start = key(words(text))
    if not start:
        return []
    scored: dict[Entry, tuple[int, int, int, str]] = {}
    for own, later, entry in gazetteer().typed:
        fit = _fit(start, own, later)
        if fit is not None:
            other_name = own != key(words(entry.name))
            score = (fit + other_name, entry.rank, len(own), own)
            scored[entry] = min(score, scored.get(entry, score))
    return [_place(entry) for entry in sorted(scored, key=scored.__getitem__)[:limit]]


def _fit(start: str, own: str, later: tuple[str, ...]) -> int | None:
    """How well a name goes on from `start`: 0 it is the name, 1 it ends with a word of it, then within, then later."""
    if own == start:
        return 0
    if own.startswith(start):
        return 1 if any(len(own) - len(word) == len(start) for word in later) else 2
    return 3 if any(word.startswith(start) for word in later) else None


def _alike(text: str, limit: int) -> list[Place]:
    """Places whose name begins with `text`, then those spelled like it, fewest slips first."""
    wanted = key(words(text))
    if len(wanted) < 3:
        return []
    found = _beginning(text, limit)
    near = [(edits, gazetteer().exact[one]) for edits, one in likeness().nearest(wanted)]
    near.sort(key=lambda one: (one[0], one[1].rank, one[1].name))
    return list(dict.fromkeys(found + [_place(entry) for _, entry in near]))[:limit]

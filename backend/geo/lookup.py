"""Postcodes as people type them: whole or in part, in any spacing and case, also inside a pasted address.

"E8 3AH" is a postcode, "E8 3" its sector, "E8" its outcode; "W1" is a district, all of W1A to W1W.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from itertools import islice

from backend.geo import postcodes
from backend.geo.places import Kind, Place, borough_table, ward_table
from backend.geo.spelling import LONGEST

FULL = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9])([A-Z]{2})")
INSIDE = re.compile(r"\b([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9])([A-Z]{2})\b")
LOOKS_LIKE = re.compile(r"([A-Z]{1,2})[0-9][A-Z0-9]?(?:[0-9][A-Z]{0,2})?")
# Postal areas that lie wholly in London; others, such as Bromley's BR, reach across its edge.
INNER = {"E", "EC", "N", "NW", "SE", "SW", "W", "WC"}
DISTRICT = re.compile(r"[A-Z]{1,2}[0-9]")


def letters(text: str) -> list[str]:
    """The runs of plain letters and digits in `text`, in capitals; a very long text is cut short."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).upper()[: LONGEST * 2]
    return re.findall("[A-Z0-9]+", plain)


def read(parts: list[str]) -> Place | None:
    """The postcode, sector or outcode that the parts spell when run together, or None."""
    joined = "".join(parts)
    full = FULL.fullmatch(joined)
    if full:
        return _postcode(full[1], full[2], full[3])
    if not LOOKS_LIKE.fullmatch(joined):
        return None
    sectors, sector = outcode(joined), f"{joined[:-1]} {joined[-1]}"
    # "E1 1" is a sector and "E11" an outcode: a space before the last digit decides, else the outcode wins.
    if sector in postcodes.table().sectors and (len(parts[-1]) == 1 or not sectors):
        return _district(sector, "sector", (sector,))
    return _district(joined, "outcode", sectors) if sectors else None


def pasted(parts: list[str]) -> Place | None:
    """The first London postcode inside a longer text, such as an address."""
    found = (_postcode(match[1], match[2], match[3]) for match in INSIDE.finditer(" ".join(parts)))
    return next((place for place in found if place), None)


def looks_like(parts: list[str]) -> str | None:
    """The postal area ("SE", "M") if the parts have the shape of a postcode or its beginning, else None."""
    shape = LOOKS_LIKE.fullmatch("".join(parts))
    return shape[1] if shape else None


def beginnings(parts: list[str]) -> list[Place]:
    """For a postcode that does not exist: its sector and its outcode, or failing those an outcode spelled like it."""
    joined = "".join(parts)
    full = FULL.fullmatch(joined)
    if not full:
        return [place for start in (joined[:-1], joined[:-2]) if (place := read([start]))]
    found = []
    sector = f"{full[1]} {full[2]}"
    if sector in postcodes.table().sectors:
        found.append(_district(sector, "sector", (sector,)))
    # Outside the inner areas a longer number is another town: DA11 is Gravesend, not a slip for DA1.
    shorter = [full[1][:-1]] if looks_like(parts) in INNER and not outcode(full[1]) else []
    for name in [full[1], *shorter]:
        sectors = outcode(name)
        if sectors:
            found.append(_district(name, "outcode", sectors))
    return found


def completions(parts: list[str], limit: int, *, spaced: bool) -> list[Place]:
    """What the parts may be the beginning of: outcodes, then sectors, then postcodes."""
    joined, table = "".join(parts), postcodes.table()
    spaced = spaced or len(parts) > 1
    names = [joined]
    if not spaced:
        names += [name for name in table.outcodes if name.startswith(joined)]
    for cut in (0, 1):
        # The last digit typed may begin the sector: "E8 3", or "E83" where no outcode has that name.
        own = table.outcodes.get(joined[: len(joined) - cut], [])
        names += [sector for sector in own if sector.replace(" ", "").startswith(joined)]
    for cut in (0, 1, 2):
        start = joined[: len(joined) - cut]
        names += islice(table.names(f"{start[:-1]} {start[-1:]}", joined[len(start) :]), limit)
    found = (read(name.split()) for name in names)
    return list(islice(dict.fromkeys(place for place in found if place), limit))


def outcode(joined: str) -> tuple[str, ...]:
    """The sectors of an outcode, or of every part of a district such as W1; empty when London has none."""
    known = postcodes.table().outcodes
    if joined in known or not DISTRICT.fullmatch(joined):
        return tuple(known.get(joined, ()))
    parts = (sectors for name, sectors in known.items() if name[:-1] == joined and name[-1].isalpha())
    return tuple(sector for sectors in parts for sector in sectors)


def _postcode(outcode: str, digit: str, end: str) -> Place | None:
    table = postcodes.table()
    row = table.row(f"{outcode} {digit}", end)
    if row is None:
        return None
    ward = ward_table()[table.ward[row]]
    name, borough = f"{outcode} {digit}{end}", borough_table()[ward.borough]
    return Place(name, "postcode", table.lat[row], table.lng[row], borough.code, borough.name, ward.code, ward.name)


@lru_cache(maxsize=2048)
def _district(name: str, kind: Kind, sectors: tuple[str, ...]) -> Place:
    """The middle of its London postcodes, and the borough of most of them; it has no one ward."""
    lat, lng, members = postcodes.table().middle(sectors)
    counts: Counter[str] = Counter()
    for ward, count in members.items():
        counts[ward_table()[ward].borough] += count
    code = min(counts, key=lambda one: (-counts[one], one))
    return Place(name, kind, lat, lng, code, borough_table()[code].name, None, None)

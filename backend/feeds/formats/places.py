"""Places of culture and community: a CSV file of points with a category, and no hours.

Every place becomes a venue. A kind that a young person can use by themselves gets a listing as well, without sessions,
"ring to check". Places to look at or to work in professionally stay venues only: they are there for groups to name.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from backend.activities.actions import Offer
from backend.activities.vocabulary import Category, Cost
from backend.feeds import clean, values
from backend.feeds.draft import Draft, Group, Left, Listing, Reading, Record, Refused


class Kind(NamedTuple):
    """What a category is called, and what a young person could do there, if anything."""

    called: str
    category: Category | None = None


# The 16 categories of the Cultural Infrastructure Map's audits. Libraries come with their hours from another file.
KINDS = {
    "community_centre": Kind("Community centre", Category.FOOD),
    "skate_park": Kind("Skate park", Category.SPORT),
    "dance_studio": Kind("Dance studio", Category.MUSIC),
    "music_rehearsal_studio": Kind("Music rehearsal studio", Category.MUSIC),
    "recording_studio": Kind("Recording studio", Category.MUSIC),
    "theatre": Kind("Theatre", Category.MUSIC),
    "makerspace": Kind("Makerspace", Category.ART),
    "arts_centre": Kind("Arts centre", Category.ART),
    "legal_street_art_wall": Kind("Legal street art wall", Category.ART),
    "outdoor_cultural_space": Kind("Outdoor space", Category.OUTDOORS),
    "library": Kind("Library"),
    "museum_or_gallery": Kind("Museum or gallery"),
    "theatre_rehearsal": Kind("Rehearsal space"),
    "dance_venue": Kind("Dance venue"),
    "creative_workspace": Kind("Creative workspace"),
    "cinema": Kind("Cinema"),
}

NAMELESS = 100  # Letters of an address that stand in for a name.


class Places:
    """The layout of the Cultural Infrastructure Map, one row a place."""

    name = "places"
    kind = "csv"
    label = "GLA Cultural Infrastructure Map"
    signature = frozenset({"id", "category", "name", "address", "lat", "lng"})

    def survey(self, record: Record) -> None:
        """Nothing depends on other rows."""

    def whose(self) -> str:
        """The map's own name."""
        return self.label

    def read(self, record: Record, reading: Reading) -> Draft | Left:
        """What a row says. Raises Refused."""
        source_id = clean.identity(record.get("id"))
        kind = KINDS.get(str(record.get("category", "")).strip().lower())
        if kind is None:
            raise Refused("category", f"“{values.told(record.get('category'))}” is not a kind that we know")
        name = clean.line(record.get("name"), "name", reading, longest=130)
        address = clean.line(record.get("address"), "address", reading, longest=300)
        title = _title(kind, name, address)
        spot = values.spot(record["lat"], record["lng"], record.get("postcode"), address, approximate=False)
        website = clean.website(record.get("website"), "website", reading)
        if kind.category is None:
            return Draft(source_id, title, address, spot)
        confirmed = values.confirmed(_audited(record.get("audit_year")), "audit_year", reading)
        offer = Offer(
            title=title, category=kind.category, about=f"{kind.called}.", features=("ring",), cost=Cost.UNKNOWN,
            website=website,
        )  # fmt: skip
        return Draft(
            source_id, title, address, spot, Listing(Group(title, spot.borough, website), offer, (), confirmed)
        )


def _title(kind: Kind, name: str, address: str) -> str:
    """The place's name, with its kind where the name alone ("Barking") would not tell; or else kind and street."""
    if name:
        said = name.lower()
        return name if any(word in said for word in _words(kind)) else f"{name} {kind.called.lower()}"
    if not address:
        raise Refused("name", "is missing, and there is no address to name it by")
    return f"{kind.called}, {address[:NAMELESS].rsplit(',', 1)[0] if len(address) > NAMELESS else address}"


def _words(kind: Kind) -> list[str]:
    return [
        *kind.called.lower().split(),
        "studio",
        "centre",
        "hall",
        "park",
        "space",
        "school",
        "club",
        "church",
        "house",
    ]


def _audited(year: object) -> date | None:
    """The first day of the year of the audit: never later than it was."""
    if year in {None, ""}:
        return None
    text = str(year).strip()
    if not (text.isascii() and text.isdigit() and len(text) == 4 and text >= "1950"):
        raise Refused("audit_year", f"“{values.told(year)}” is not a year")
    return date(int(text), 1, 1)

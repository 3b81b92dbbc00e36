"""The places of London: looking one up, suggestions while somebody types, and the boroughs."""

from __future__ import annotations

from typing import Any

from backend.geo import queries
from backend.geo.grid import cell_of
from backend.geo.places import Borough, Place
from backend.geo.queries import UnknownPlace
from mobile_api import examples, fields
from mobile_api.blueprint import blueprint
from mobile_api.contract import DAY, Kept, contract
from mobile_api.fields import Question, describe
from mobile_api.shown import Answer, Degrees, Many, One, Plain, Words

KINDS = ["borough", "place", "ward", "outcode", "sector", "postcode"]
LONGEST = 80  # Letters.
MOST = 10

SLUG = fields.Text(longest=LONGEST)


class CodeAndName(Answer):
    """A borough or a ward."""

    code = Plain(str, "The GSS code.")
    name = Plain(str)


class AreaOut(Answer):
    """Somewhere in London that a person can name."""

    name = Plain(str)
    slug = Plain(str, "Use it as `place`.")
    kind = Plain(str, "`outcode` and `sector` are the beginnings of postcodes.", enum=KINDS)
    cell = Plain(int, "The cell that it lies in. Use it as `cell`.", minimum=0)
    lat = Degrees("Decimal degrees (WGS84).")
    lng = Degrees("Decimal degrees (WGS84).")
    borough = One(CodeAndName)
    ward = One(CodeAndName, "Null where it spans several.", allow_none=True)


class AreasOut(Answer):
    """What a text names, and what it may be the beginning of."""

    match = One(AreaOut, "The place that the text names; null if it names none.", allow_none=True)
    items = Many(AreaOut, "Places that the text may be the beginning of, or that are spelled like it. Best first.")


class AreasIn(Question):
    """A text to look up."""

    q = fields.Text(
        longest=LONGEST, required=True, metadata=describe("A postcode, a name, or the beginning of either.", "peck")
    )
    limit = fields.Whole(low=1, high=MOST, load_default=6, metadata=describe("How many suggestions at most.", 6))


@blueprint.get("/areas", tags=["Places"])
@contract(takes=AreasIn, returns=AreasOut, example=examples.AREAS, tried="/areas?q=peck")
def areas(asked: dict[str, Any]) -> Kept:
    """Find a place by its name or postcode, or by the beginning of one.

    For typing ahead, and for turning what somebody typed into a cell. Anyone may.
    """
    text = asked["q"]
    try:
        match = queries.find(text)
    except UnknownPlace:
        match = None
    items = queries.suggest(text, asked["limit"])
    shown = {"match": match and area(match), "items": [area(place) for place in items]}
    return Kept(("areas", match, items), lambda: shown, seconds=DAY)


@blueprint.get(
    "/areas/<slug>",
    tags=["Places"],
    parameters=[
        {"name": "slug", "in": "path", "required": True, "schema": SLUG.openapi, "example": "peckham",
         "description": "A slug, or anything else that names a place: a postcode, a name."},
    ],
)  # fmt: skip
@contract(returns=AreaOut, errors=[UnknownPlace], example=examples.AREA, tried="/areas/peckham")
def one_area(slug: str) -> Kept:
    """One place.

    Anyone may. An unknown one answers with places that are spelled like it.
    """
    place = queries.find(fields.read(SLUG, "slug", slug))
    return Kept(("area", place), lambda: area(place), seconds=DAY)


def area(place: Place) -> dict[str, Any]:
    """A place as AreaOut shows it."""
    return {
        "name": place.name,
        "slug": place.slug,
        "kind": place.kind,
        "cell": place.cell,
        "lat": place.lat,
        "lng": place.lng,
        "borough": {"code": place.borough, "name": place.borough_name},
        "ward": {"code": place.ward, "name": place.ward_name} if place.ward else None,
    }


class BoroughOut(Answer):
    """One of the 33: the City of London counts as one here."""

    code = Plain(str, "The GSS code.")
    name = Plain(str)
    slug = Plain(str, "Use it as `place`.")
    cell = Plain(int, "The cell of its point.", minimum=0)
    lat = Degrees("A good place for a label on a map.")
    lng = Degrees("A good place for a label on a map.")
    neighbours = Words("The GSS codes of the boroughs next to it.")


class BoroughsOut(Answer):
    """All boroughs in the order of their names."""

    items = Many(BoroughOut)


@blueprint.get("/boroughs", tags=["Places"])
@contract(returns=BoroughsOut, example=examples.BOROUGHS, tried="/boroughs")
def boroughs() -> Kept:
    """The 33 boroughs of London.

    Anyone may.
    """
    found = queries.boroughs()
    return Kept(("boroughs", found), lambda: {"items": [_borough(one) for one in found]}, seconds=DAY)


def _borough(one: Borough) -> dict[str, Any]:
    return {
        "code": one.code,
        "name": one.name,
        "slug": one.slug,
        "cell": cell_of(one.lat, one.lng),
        "lat": one.lat,
        "lng": one.lng,
        "neighbours": list(one.neighbours),
    }

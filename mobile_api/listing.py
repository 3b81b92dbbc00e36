"""A session as answers list it: the shape that lists, activities and organisations share."""

from __future__ import annotations

from functools import lru_cache

from backend.activities.vocabulary import ACCESS, CHECKED, JOIN, TAGS, Category, Cost, Status
from backend.geo import queries as geo
from backend.geo.queries import UnknownPlace
from mobile_api.shown import Always, Answer, Bit, Degrees, Flag, Made, Moment, Named, Page, Part, Plain

STATUSES = [status.name.lower() for status in Status]
CATEGORIES = [category.value for category in Category]


@lru_cache(maxsize=256)
def borough_name(code: str) -> str:
    """A borough's name from its GSS code; the code itself for one outside London."""
    try:
        return geo.borough(code).name
    except UnknownPlace:
        return code


class ActivityName(Answer):
    """An activity by name."""

    id = Plain(int, attribute="activity_id")
    title = Plain(str, "What the group calls it.")
    slug = Plain(str)


class Price(Answer):
    """What a session costs."""

    kind = Plain(
        str, "`donation` is pay what you can; `unknown` means that the source does not say, so never take it as free.",
        attribute="cost", enum=[cost.value for cost in Cost],
    )  # fmt: skip
    min = Plain(int, "Pence.", attribute="cost_min", minimum=0)
    max = Plain(int, "Pence.", attribute="cost_max", minimum=0)
    currency = Always("GBP", attribute="cost")


class AgeRange(Answer):
    """For whom, in years, both ends included. 0 and 120 mean no limit."""

    min = Plain(int, attribute="age_min", minimum=0, maximum=120)
    max = Plain(int, attribute="age_max", minimum=0, maximum=120)


class BoroughName(Answer):
    """A borough."""

    code = Plain(str, "The GSS code.", attribute="borough")
    name = Made(borough_name, {"type": "string"}, attribute="borough")


class VenueName(Answer):
    """Where it is."""

    id = Plain(int, attribute="venue_id")
    name = Plain(str, attribute="venue_name")
    borough = Part(BoroughName)
    lat = Degrees("Decimal degrees (WGS84).")
    lng = Degrees("Decimal degrees (WGS84).")


class OrganisationName(Answer):
    """Who runs it."""

    id = Plain(int, attribute="organisation_id")
    name = Plain(str, attribute="organisation_name")


class SessionOut(Answer):
    """One dated occurrence of an activity."""

    keyed = False

    id = Plain(int, "Stays the same when the session moves or is called off.")
    url = Page("/activities", slug="slug", attribute="activity_id", says="The activity's page, for people.")
    activity = Part(ActivityName)
    starts_at = Moment("London time, with its offset.")
    ends_at = Moment("London time, with its offset.")
    status = Made(STATUSES.__getitem__, {"type": "string", "enum": STATUSES}, "`cancelled` is called off.")
    reason = Plain(str, "Why it was called off or moved; empty if nobody said.")
    moved = Flag("Whether it is at another time or place than usual.")
    category = Made(CATEGORIES.__getitem__, {"type": "string", "enum": CATEGORIES}, attribute="category_number")
    cost = Part(Price)
    age = Part(AgeRange)
    join = Named(JOIN, "How to join.", attribute="features")
    access = Named(ACCESS, "What the place has. What is not here is not known.", attribute="features")
    tags = Named(TAGS, "What else holds.", attribute="features")
    venue = Part(VenueName)
    distance_m = Plain(
        int,
        "Metres from the middle of the cell; null for all of London.",
        attribute="distance",
        allow_none=True,
        minimum=0,
    )
    organisation = Part(OrganisationName)
    checked = Bit(
        CHECKED, "Whether the group passed all six of our checks, and they are in date.", attribute="features"
    )
    listed_by = Plain(
        str,
        "The directory that vouches for it; null for groups that we check.",
        attribute="source_label",
        allow_none=True,
    )
    confirmed_on = Plain(str, "When somebody last said that it is true.", format="date")

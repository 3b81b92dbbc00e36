"""What is on: sessions near a place, how many on each day, one activity whole, and the kinds of thing to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Any

from backend.activities import details, queries
from backend.activities.queries import Listing, NoSuchActivity, TooWide
from backend.activities.vocabulary import ACCESS, CATEGORY_LABELS, JOIN, TAGS, Applies
from backend.core import clock
from backend.core.paging import BadCursor
from backend.geo.queries import UnknownPlace
from mobile_api import asking, examples
from mobile_api.asking import Near
from mobile_api.blueprint import blueprint
from mobile_api.contract import DAY, Kept, Linked, contract, minute
from mobile_api.listing import CATEGORIES, AgeRange, BoroughName, Price, SessionOut
from mobile_api.questions import Listed, Where
from mobile_api.shown import Answer, Date, Degrees, Flag, Made, Many, Named, One, Page, Part, Plain, Words

APPLIES = [applies.name.lower() for applies in Applies]


class NearOut(Answer):
    """What the answer is about."""

    keyed = False

    cell = Plain(int, "Ask with `cell` for the same answer.", minimum=0)
    name = Plain(str, "The place, or for a cell or a postcode the neighbourhood that is nearest.")
    kind = Plain(str, enum=["borough", "place", "ward", "outcode", "sector", "cell"])


class SessionsOut(Answer):
    """A page of sessions."""

    keyed = False

    items = Many(SessionOut)
    next = Plain(
        str, "Give it as `cursor` for the next page; null on the last. `Link` has the whole address.", allow_none=True
    )
    near = One(NearOut, "Null when the answer is about all of London.", allow_none=True)
    corrected = Plain(
        str, "What was looked for instead, when nothing had the words of `q`; else null.", allow_none=True
    )


@dataclass(frozen=True, slots=True)
class SessionsPage:
    """What SessionsOut shows."""

    items: list[Listing]
    next: str | None
    near: Near | None
    corrected: str | None


@blueprint.get("/sessions", tags=["Activities"])
@contract(
    takes=Listed,
    returns=SessionsOut,
    errors=[UnknownPlace, TooWide, BadCursor],
    example=examples.SESSIONS,
    tried="/sessions?place=peckham&when=after-school&free=true",
)
def sessions(asked: dict[str, Any]) -> Kept:
    """What's on near a place.

    Sessions that have not ended, soonest or nearest first, a page at a time. The first page decides which window of
    time the later ones are about, so that a list keeps its shape while you read it. Anyone may.
    """
    now = minute()
    question = asking.read(asked, now=now)

    def page() -> Linked:
        found = queries.sessions_near(question.ask, now=now, limit=question.limit, cursor=question.cursor)
        cursor = asking.next_cursor(question, found.cursor)
        link = asking.address(asked, question, cursor) if cursor else None
        return Linked(SessionsPage(found.items, cursor, question.near, found.corrected), link)

    return Kept((queries.version(), clock.epoch(now), question.key), page)


class DayCount(Answer):
    """How many sessions start on one day."""

    day = Date("A day in London.")
    sessions = Plain(int, "How many.", minimum=0)


class CountsOut(Answer):
    """Every day of the window, those with nothing on too."""

    days = Many(DayCount)
    near = One(NearOut, "Null when the answer is about all of London.", allow_none=True)


@blueprint.get("/sessions/counts", tags=["Activities"])
@contract(
    takes=Where,
    returns=CountsOut,
    errors=[UnknownPlace, TooWide],
    example=examples.COUNTS,
    tried="/sessions/counts?place=peckham",
)
def counts(asked: dict[str, Any]) -> Kept:
    """How many sessions there are on each day.

    Takes the same question as the list of sessions, for a row of days to pick from. Anyone may.
    """
    now = minute()
    question = asking.read(asked, now=now)

    def days() -> dict[str, Any]:
        found = queries.counts_by_day(question.ask, now=now)
        return {"days": [{"day": day, "sessions": number} for day, number in found.items()], "near": question.near}

    return Kept(("counts", queries.version(), clock.epoch(now), question.key), days)


class VenueOut(Answer):
    """Where an activity is."""

    id = Plain(int)
    name = Plain(str)
    address = Plain(str)
    postcode = Plain(str, allow_none=True)
    borough = Part(BoroughName)
    lat = Degrees("Decimal degrees (WGS84).")
    lng = Degrees("Decimal degrees (WGS84).")
    access_note = Plain(str, "How to get in, in the group's words.")
    approximate = Flag("Whether the point is only the middle of a postcode or an area.")


class RunBy(Answer):
    """Who runs an activity."""

    id = Plain(int)
    name = Plain(str)
    slug = Plain(str)


class ScheduleOut(Answer):
    """When an activity happens, again and again or once. The sessions are what came of it: go by those."""

    first_on = Date("The first day.")
    last_on = Date("The last day; null for one that goes on.", allow_none=True)
    starts = Made(
        lambda minute: time(minute // 60, minute % 60).isoformat("minutes"),
        {"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]$"},
        "By a London clock, all year.",
        attribute="starts_minute",
    )
    minutes = Plain(int, "How long.", minimum=1)
    rule = Plain(str, "How it repeats, as an RFC 5545 RRULE; null for once.", allow_none=True)
    applies = Made(APPLIES.__getitem__, {"type": "string", "enum": APPLIES}, "In which weeks of the school year.")
    on_bank_holidays = Flag("Whether it runs on bank holidays too.")


class ActivityOut(Answer):
    """An activity, whole."""

    id = Plain(int)
    url = Page("/activities", slug="slug", attribute="id", says="The activity's page, for people.")
    title = Plain(str, "What the group calls it.")
    slug = Plain(str)
    about = Plain(str, "What it is, in the group's words. Plain text.")
    category = Plain(str, enum=CATEGORIES)
    cost = Part(Price)
    cost_note = Plain(str, "More about the cost.")
    age = Part(AgeRange)
    join = Named(JOIN, "How to join.", attribute="features")
    access = Named(ACCESS, "What the place has. What is not here is not known.", attribute="features")
    tags = Named(TAGS, "What else holds.", attribute="features")
    languages = Words("Languages spoken there.")
    ask_for = Plain(str, "Who to ask for: a first name.")
    ask_for_note = Plain(str, "How to know them.")
    at_the_door = Words("What happens when you get there, step by step.")
    bring = Plain(str, "What to bring.")
    times_note = Plain(str, "Times as a source tells them, when they could not be made into sessions.")
    telephone = Plain(str, "The group's public number.", allow_none=True)
    website = Plain(str, allow_none=True)
    venue = One(VenueOut, "Null when nobody said where.", allow_none=True)
    organisation = One(RunBy)
    checked = Flag("Whether the group passed all six of our checks, and they are in date.")
    listed_by = Plain(
        str,
        "The directory that vouches for it; null for groups that we check.",
        attribute="source_label",
        allow_none=True,
    )
    confirmed_on = Date("When somebody last said that it is true.")
    confirmed_by = Plain(str, "Who said so.")
    schedules = Many(ScheduleOut)
    sessions = Many(SessionOut, "The next eight, those that are called off among them.")


@blueprint.get(
    "/activities/<number:activity_id>",
    tags=["Activities"],
    parameters=[
        {"name": "activity_id", "in": "path", "description": "The activity's id, as sessions give it.", "example": 712}
    ],
)
@contract(returns=ActivityOut, errors=[NoSuchActivity], example=examples.ACTIVITY, tried="/activities/712")
def activity(activity_id: int) -> Kept:
    """One activity, with its next sessions.

    Anyone may. Activities that may not be shown at the moment are not found.
    """
    now = minute()

    def whole() -> dict[str, Any]:
        found = details.activity(activity_id, now=now)
        group = found["organisation"]
        return {**found, "checked": group["checked"], "source_label": group["source_label"]}

    return Kept(("activity", queries.version(), clock.epoch(now), activity_id), whole)


class CategoryOut(Answer):
    """A kind of thing to do."""

    name = Plain(str, "Use it as `category`.", enum=CATEGORIES)
    label = Plain(str, "What people read.")


class CategoriesOut(Answer):
    """The kinds of thing to do."""

    items = Many(CategoryOut)


@blueprint.get("/categories", tags=["Activities"])
@contract(returns=CategoriesOut, example=examples.CATEGORIES, tried="/categories")
def categories() -> Kept:
    """The nine kinds of thing to do, in the order that screens show them.

    Anyone may.
    """
    items = [{"name": category.value, "label": label} for category, label in CATEGORY_LABELS.items()]
    return Kept(("categories", items), lambda: {"items": items}, seconds=DAY)

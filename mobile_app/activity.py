"""An activity's page: what takes the fear out of going for the first time, and how to get there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import Response, redirect
from werkzeug.wrappers import Response as AnyResponse

from backend.activities import details, queries
from backend.activities.queries import Ask, Listing
from backend.core import clock
from backend.geo.grid import LONDON
from mobile_app import contact, pictures, structured, trust, view
from mobile_app.door import ID, Door
from mobile_app.map import Drawn, spot
from mobile_app.page import page
from mobile_app.pattern import all_over, in_a_row, patterns
from mobile_app.view import Tag

READ_AT_ONCE = 360  # Letters of a description before "Read more".
SHOWN_AT_ONCE = 4  # Sessions before "More dates".
CLOSE_BY = 2_400  # Metres: half an hour's walk.
INSTEAD = 3  # Cards.
EVENING = 17  # From this hour on, what is on today is on "tonight".


def add_pages(door: Door) -> None:
    """Add this area's pages to the door."""
    one = f"/activities/{ID.format('activity_id')}"
    door.add_url_rule(one, view_func=activity, defaults={"slug": ""})
    door.add_url_rule(f"{one}/<slug>", view_func=activity)


def activity(activity_id: int, slug: str) -> AnyResponse:
    """One activity. An old or cut address leads to the right one."""
    moment = clock.now()
    item = details.activity(activity_id, now=moment)
    if slug != item["slug"]:
        return redirect(view.activity_url(activity_id, item["slug"]), 302)
    return _page(item, moment)


def _page(item: dict[str, Any], moment: datetime) -> Response:
    today = clock.today(moment)
    sessions: list[Listing] = item["sessions"]
    on = [session for session in sessions if not session.cancelled]
    off = sessions[0] if sessions and sessions[0].cancelled else None
    elsewhere = on[0] if on and on[0].venue_id != item["venue_id"] else None
    lines = patterns(item["schedules"], today)
    return page(
        "activity.html",
        tab="whats-on",
        item=item,
        about=about(item["about"]),
        kind=view.kind(item["category"]),
        tags=tags(item),
        vouching=trust.vouching(item["organisation"], item["confirmed_on"]),
        checks=trust.in_short(item["organisation"]),
        next=on[0] if on else None,
        sessions=[_row(session, item, today) for session in sessions],
        at_once=SHOWN_AT_ONCE,
        patterns=lines,
        over=all_over(item["schedules"], today),
        off=_off(off, on[0] if on else None, moment) if off else None,
        instead=_instead(off, item, moment) if off else [],
        way=way_in(item, has_times=bool(on)),
        place=_place(item["venue"], elsewhere),
        spot=_spot(item, elsewhere),
        facts=structured.events(item, sessions),
        picture=pictures.address(item, lines),
        said=_said(item, lines),
        today=today,
        now=moment,
        call=contact.dial(_telephone(item)),
        telephone=_telephone(item),
        site=contact.site(_website(item)),
        host=contact.host,
        in_a_row=in_a_row,
    )


def _telephone(item: dict[str, Any]) -> str:
    return item["telephone"] or item["organisation"]["telephone"] or ""


def _website(item: dict[str, Any]) -> str:
    return item["website"] or item["organisation"]["website"] or ""


def tags(item: dict[str, Any]) -> list[Tag]:
    """Everything that the page says in a word or two: cost, ages, how to join, then what it is like."""
    cost = Tag(view.cost(item["cost"], item["cost_min"], item["cost_max"]), "free" if item["cost"] == "free" else "sun")
    ages = Tag(view.ages(item["age_min"], item["age_max"]), "sun")
    join = [Tag(_joins(item["join"]), "sky")] if item["join"] else []
    return [cost, ages, *join, *[Tag(view.TAGS[name], "pink") for name in item["tags"] if name in view.TAGS]]


def _joins(ways: list[str]) -> str:
    return "Book or turn up" if {"book", "turn_up"} <= set(ways) else view.JOINS[ways[0]]


@dataclass(frozen=True, slots=True)
class About:
    """What a group says about it, in paragraphs: the first words at once, the rest when asked for."""

    first: list[str]
    rest: list[str]


def about(text: str) -> About:
    """A long text in two parts, so that when and where are never a long way down."""
    paragraphs = [line.strip() for line in text.splitlines() if line.strip()]
    count, length = 0, 0
    while count < len(paragraphs) and (count == 0 or length + len(paragraphs[count]) <= READ_AT_ONCE):
        length += len(paragraphs[count])
        count += 1
    # Two more lines are shorter than the button that would hide them.
    if sum(map(len, paragraphs[count:])) <= READ_AT_ONCE / 3:
        count = len(paragraphs)
    return About(paragraphs[:count], paragraphs[count:])


def sorry(reason: str) -> str:
    """Why it is off, in the group's words and with a sorry, unless they have said it themselves."""
    said = reason.strip()
    if said and said[-1] not in ".!?":
        said += "."
    return said if "sorry" in said.lower() else f"{said} Sorry about that.".strip()


@dataclass(frozen=True, slots=True)
class Row:
    """One date on the page: the session, its day, and whether it is at another place than usual."""

    session: Listing
    day: str
    elsewhere: bool

    @property
    def reason(self) -> str:
        """Why it is off."""
        return sorry(self.session.reason)

    @property
    def news(self) -> str:
        """What somebody who knows the pattern must be told about this date."""
        if not self.session.moved or self.session.cancelled:
            return ""
        return f"Moved: at {self.session.venue_name} this time" if self.elsewhere else "Moved: not the usual time"


def _row(session: Listing, item: dict[str, Any], today: date) -> Row:
    day = view.day_long(clock.london(session.starts).date(), today)
    return Row(session, day, session.venue_id != item["venue_id"])


@dataclass(frozen=True, slots=True)
class Off:
    """The next date is called off: a headline, the reason in the group's words, and when it is on again."""

    headline: str
    reason: str
    again: str


def _off(session: Listing, following: Listing | None, moment: datetime) -> Off:
    today = clock.today(moment)
    starts = clock.london(session.starts)
    day = starts.date()
    if day == today:
        name = "Tonight" if starts.hour >= EVENING else "Today"
    else:
        name = f"{day:%A}" if day - today < timedelta(7) else view.day_long(day, today)
    again = view.on_day(clock.london(following.starts).date(), today) if following else ""
    return Off(f"{name} is off", sorry(session.reason), again)


def _instead(off: Listing, item: dict[str, Any], moment: datetime) -> list[Listing]:
    """What else is on near the same place on the same day, nearest first, for some of the same ages."""
    day = clock.london(off.starts).date()
    ask = Ask(
        from_=max(moment, clock.midnight(day)),
        before=clock.midnight(day + timedelta(1)),
        cell=LONDON.cell(off.lat, off.lng),
        radius=CLOSE_BY,
        ages=(item["age_min"], item["age_max"]),
        order="nearest",
    )
    found = queries.sessions_near(ask, now=moment, limit=INSTEAD + 1).items
    return [one for one in found if one.activity_id != item["id"]][:INSTEAD]


@dataclass(frozen=True, slots=True)
class Way:
    """The one thing to do next: what the button says, where it leads, and its icon."""

    words: str
    url: str
    icon: str


def way_in(item: dict[str, Any], *, has_times: bool) -> Way | None:
    """How to join: book on the group's own site, ring, or put the date in a calendar and turn up."""
    call = contact.dial(_telephone(item))
    ring = Way(f"Call {_unbroken(_telephone(item))}", call, "phone") if call else None
    site = contact.site(_website(item))
    look = Way("See their website", site, "external-link") if site else None
    if not has_times:
        return ring or look
    if "turn_up" not in item["join"]:
        if "book" in item["join"] and site:
            return Way("Book on their website", site, "external-link")
        if item["join"] and (ring or look):
            return ring or look
    session = next(one for one in item["sessions"] if not one.cancelled)
    return Way("Add to my calendar", f"/sessions/{session.id}/calendar.ics", "calendar-plus")


def _unbroken(number: str) -> str:
    """A number that a line's end does not cut in two."""
    return number.replace(" ", "\u00a0")


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is: its name, its address on one line, and the page that says how to get there."""

    name: str
    address: str
    directions: str
    lat: str
    lng: str


def _place(venue: dict[str, Any] | None, elsewhere: Listing | None) -> Place | None:
    """Where the next date is: the usual place, or the one that this date alone is at (`elsewhere`)."""
    if elsewhere is not None:
        said = f"This time only. In {view.borough_name(elsewhere.borough)}, not at the usual place."
        return Place(elsewhere.venue_name, said, *_way_there(elsewhere.lat, elsewhere.lng))
    if venue is None:
        return None
    postcode = venue["postcode"] or ""
    address = venue["address"].strip().rstrip(",")
    if postcode and postcode.replace(" ", "") not in address.replace(" ", ""):
        address = f"{address}, {postcode}" if address else postcode
    directions, lat, lng = _way_there(venue["lat"], venue["lng"])
    return Place(venue["name"], address, "" if venue["approximate"] else directions, lat, lng)


def _way_there(lat: int, lng: int) -> tuple[str, str, str]:
    """The way to a point, and the point in degrees.

    It is a plain link to an open map, followed only when tapped; a script turns it into the phone's own maps.
    """
    north, east = f"{lat / 1e5:.5f}", f"{lng / 1e5:.5f}"
    return f"https://www.openstreetmap.org/directions?to={north}%2C{east}", north, east


def _spot(item: dict[str, Any], elsewhere: Listing | None) -> Drawn | None:
    """A map of where it is; none of a place that its source knows only roughly."""
    venue = item["venue"]
    if elsewhere is not None:
        return spot(elsewhere.lat, elsewhere.lng, view.kind(item["category"]))
    if venue is None or venue["approximate"]:
        return None
    return spot(venue["lat"], venue["lng"], view.kind(item["category"]))


def _said(item: dict[str, Any], lines: list[str]) -> str:
    """One line for search engines and for links shared in a chat."""
    when = lines[0] if lines else ""
    cost = view.cost(item["cost"], item["cost_min"], item["cost_max"])
    where = item["venue"]["name"] if item["venue"] else ""
    return ". ".join(
        part for part in (when, where, f"{cost}, {view.ages(item['age_min'], item['age_max']).lower()}") if part
    )

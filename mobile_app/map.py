"""The map: what is on, where it is, drawn under pins. Everything on it is a link, so it works without scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache, partial

from flask import Response, redirect, request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from backend.activities import queries
from backend.activities.queries import Listing
from backend.core import clock
from backend.core.errors import NotFound
from backend.geo import queries as geo
from backend.geo.grid import LONDON, distance, metres
from mobile_app import basemap, filters, view
from mobile_app.chips import chips
from mobile_app.door import Door
from mobile_app.filters import METRES, NUMBER, Asked
from mobile_app.frame import CLOSEST, LEVELS, Frame, Group, closer, fitting, groups, usual
from mobile_app.geo import no_such_place
from mobile_app.listed import listed
from mobile_app.marks import Mark, marks_svg, pin_svg
from mobile_app.page import DAY, page

PAGES = 3  # Of a hundred sessions each: more would be a map of numbers only.
CARDS = 12  # Of one place, or beside the map.
SPOT_LEVEL = 4  # Of zoom: near enough to see the streets around.


class NoSuchMap(NotFound):
    """There is no map of that: it is outside London, or no level that we draw."""

    message = "We only have maps of London."


@dataclass(frozen=True, slots=True)
class Tool:
    """A way to move the map: its icon, its name, and where it leads."""

    icon: str
    name: str
    url: str


def add_pages(door: Door) -> None:
    """Add this area's pages to the door."""
    door.add_url_rule("/map", view_func=map_page)
    door.add_url_rule("/map/base.svg", view_func=base)
    door.add_url_rule("/map/beside", view_func=beside)


def map_page() -> AnyResponse:
    """What is on in a window on London, with the picked one's card below. All of London is a map of boroughs."""
    moment = clock.now()
    try:
        asked = filters.read(request.args, moment)
    except geo.UnknownPlace as error:
        return no_such_place(error)
    if filters.worth_tidying(asked, request.args):
        return redirect(asked.address("/map"), 302)
    frame = _frame(asked)
    if frame is None:
        return redirect("/ends#boroughs", 302)
    items, more = _in_frame(asked, frame, moment)
    placed = groups(frame, items)
    seen = [item for group in placed for item in group.items]
    picked = _picked(placed, items)
    return page(
        "map.html",
        tab="whats-on",
        asked=asked,
        chips=chips(asked),
        frame=frame,
        map=_drawn(asked, frame, placed, picked),
        number=len({item.activity_id for item in seen}),
        more=more,
        cards=_cards(picked.items if picked else ()),
        others=[card for card in _cards(seen) if not picked or card not in picked.items],
        tools=_tools(asked, frame),
        further=_address(asked, Frame(frame.cell, frame.level - 1)) if frame.level else "",
        home=asked.address("/map") if asked.near and (frame.cell != asked.cell) else "",
        when=_when(asked, moment),
        now=moment,
        today=clock.today(moment),
        kinds=view.KINDS.values(),
    )


def base() -> AnyResponse:
    """The drawn map under the pins: one file for everybody who looks at a place."""
    frame = _read(request.args.get("look", ""), request.args.get("zoom", ""))
    if frame is None:
        raise NoSuchMap
    response = Response(basemap.svg(frame), mimetype="image/svg+xml")
    response.headers["Cache-Control"] = f"public, max-age={DAY}"
    # The drawing has its colours inside itself, and nothing else.
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    response.add_etag()
    return response.make_conditional(request)


def beside() -> AnyResponse:
    """The map beside Discover's list, of the things in the list, for a script that puts it there on a wide screen."""
    moment = clock.now()
    try:
        asked = filters.read(request.args, moment)
    except geo.UnknownPlace as error:
        return no_such_place(error)
    if asked.cell is None:
        return page("_map-beside.html", asked=asked, map=None)
    found, running = listed(asked, moment, None)
    items = [*found.items, *running]
    frame = fitting(usual(asked.cell, METRES[asked.within]), items)
    return page("_map-beside.html", asked=asked, map=_drawn(asked, frame, groups(frame, items), None))


@dataclass(frozen=True, slots=True)
class Drawn:
    """A map: the address of its base, the name of where it is, and what draws the marks while the page is written.

    Not before: a page notes the icons that it carries as it is written.
    """

    base: str
    name: str
    marks: Callable[[], Markup]


def spot(lat: int, lng: int, kind: view.Kind) -> Drawn | None:
    """A small map of one place, with a pin that leads nowhere; None outside London."""
    if geo.borough_at(lat, lng) is None:
        return None
    frame = Frame(LONDON.cell(lat, lng), SPOT_LEVEL)
    return Drawn(_base(frame), geo.place_near(lat, lng).name, partial(pin_svg, *frame.at(lat, lng), kind))


def _base(frame: Frame) -> str:
    return f"/map/base.svg?look={frame.cell}&zoom={frame.level}"


def _frame(asked: Asked) -> Frame | None:
    """What to look at: what the address says, or else around the asker's ends."""
    looked = _read(request.args.get("look", ""), request.args.get("zoom", ""))
    if looked is not None or asked.cell is None:
        return looked
    return usual(asked.cell, METRES[asked.within])


def _read(look: str, zoom: str) -> Frame | None:
    """The frame in an address; None when it says nothing that we can draw."""
    if not NUMBER.fullmatch(look) or not NUMBER.fullmatch(zoom) or int(zoom) > CLOSEST:
        return None
    frame = Frame(int(look), int(zoom))
    return frame if _in_london(frame) else None


def _in_london(frame: Frame) -> bool:
    return _near_london(frame.cell)


@lru_cache(maxsize=20_000)
def _near_london(cell: int) -> bool:
    return cell > 0 and geo.borough_at(*LONDON.centre(cell)) is not None


def _address(asked: Asked, frame: Frame, **more: str) -> str:
    return asked.address("/map", look=str(frame.cell), zoom=str(frame.level), **more)


def _in_frame(asked: Asked, frame: Frame, moment: datetime) -> tuple[list[Listing], bool]:
    """Everything that fits and may be in the frame, nearest to its middle first; and whether there is more."""
    ask = replace(asked.ask(moment), cell=frame.cell, radius=frame.radius, order="nearest")
    found: list[Listing] = []
    cursor = None
    for _ in range(PAGES):
        answer = queries.sessions_near(ask, now=moment, limit=queries.MOST, cursor=cursor)
        found += answer.items
        cursor = answer.cursor
        if cursor is None:
            break
    middle = LONDON.centre(asked.cell) if asked.cell is not None else None
    return [_measured(item, middle) for item in found], cursor is not None


def _measured(item: Listing, middle: tuple[int, int] | None) -> Listing:
    """The item with its distance from the asker's own ends, wherever the map looks."""
    return item._replace(distance=metres(distance(*middle, item.lat, item.lng)) if middle else None)


def _picked(placed: list[Group], items: list[Listing]) -> Group | None:
    """The group that the address picks; without one, the pin nearest to the middle, or one item of a cluster."""
    pick = request.args.get("pick", "")
    for group in placed:
        if NUMBER.fullmatch(pick) and any(item.id == int(pick) for item in group.items):
            return group
    alone = {group.items[0].id: group for group in placed if group.single}
    shown = {item.id for group in placed for item in group.items}
    first = next((item for item in items if item.id in shown), None)
    pin = next((alone[item.id] for item in items if item.id in alone), None)
    return pin or (Group.of((first,), 0, 0) if first else None)


def _cards(items: Iterable[Listing]) -> list[Listing]:
    """Things to show as cards: each activity once, soonest first."""
    once: dict[int, Listing] = {}
    for item in sorted(items, key=lambda one: one.starts_at):
        once.setdefault(item.activity_id, item)
    return list(once.values())[:CARDS]


def _drawn(asked: Asked, frame: Frame, placed: list[Group], picked: Group | None) -> Drawn:
    chosen = {item.id for item in picked.items} if picked in placed else set()
    marks = [_mark(asked, frame, group, chosen, picking=picked is not None) for group in placed]
    here = None
    if asked.cell is not None and frame.holds(*LONDON.centre(asked.cell)):
        here = frame.at(*LONDON.centre(asked.cell))
    # The picked one is drawn last, so that it lies on top.
    marks.sort(key=lambda one: one.picked)
    name = geo.place_near(*frame.middle).name
    return Drawn(_base(frame), name, partial(marks_svg, marks, here, name))


def _mark(asked: Asked, frame: Frame, group: Group, chosen: set[int], *, picking: bool) -> Mark:
    first = group.items[0]
    kind = view.kind(first.category)
    picked = any(item.id in chosen for item in group.items)
    x, y = round(group.x), round(group.y)
    if group.single:
        label = f"{first.title}, {view.hours(first.starts, first.ends)}"
        page_url = view.activity_url(first.activity_id, first.slug)
        url = _address(asked, frame, pick=str(first.id)) if picking else page_url
        return Mark(x, y, 0, label, url, kind.icon, kind.colour, picked)
    number = len({item.activity_id for item in group.items})
    nearer = closer(frame, group) if picking else frame.closer_on(group)
    if nearer is not None and _in_london(nearer):
        url = _address(asked, nearer)
    else:
        url = _address(asked, frame, pick=str(first.id))
    at_one = len({item.venue_id for item in group.items}) == 1
    where = f"at {first.venue_name}" if at_one else f"around {geo.place_near(first.lat, first.lng).name}"
    return Mark(x, y, number, f"{view.things(number)} {where}", url, kind.icon, kind.colour, picked and nearer is None)


def _tools(asked: Asked, frame: Frame) -> list[Tool]:
    """The ways to move the map that lead somewhere."""
    moves = [
        ("plus", "Zoom in", Frame(frame.cell, frame.level + 1)),
        ("minus", "Zoom out", Frame(frame.cell, frame.level - 1)),
        ("arrow-left", "Go west", frame.moved(-1, 0)),
        ("arrow-up", "Go north", frame.moved(0, 1)),
        ("arrow-down", "Go south", frame.moved(0, -1)),
        ("arrow-right", "Go east", frame.moved(1, 0)),
    ]
    return [
        Tool(icon, name, _address(asked, then))
        for icon, name, then in moves
        if 0 <= then.level < len(LEVELS) and _in_london(then)
    ]


def _when(asked: Asked, moment: datetime) -> str:
    """When the map is about, as its first chip says it."""
    day = asked.on(moment)
    if asked.when == "tonight":
        return "Tonight"
    if day is not None:
        return view.day(day, clock.today(moment))
    return {"weekend": "This weekend", "holiday": "This holiday"}.get(asked.when, "Any day")

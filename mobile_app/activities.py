"""Discover: what is on near you, today and this week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import redirect, request
from werkzeug.wrappers import Response as AnyResponse

from backend.activities import queries
from backend.core import clock
from backend.geo import queries as geo
from mobile_app import filters, view
from mobile_app.chips import chips
from mobile_app.door import Door
from mobile_app.filters import Asked
from mobile_app.geo import no_such_place
from mobile_app.listed import listed
from mobile_app.page import page, wants_part

DAY_CHIPS = 7
COUNTED = 1000  # The backend counts exactly up to here.
FURTHER = {15: 30, 30: 60}


def add_pages(door: Door) -> None:
    """Add this area's pages to the door."""
    door.add_url_rule("/", view_func=discover)
    door.add_url_rule("/filters", view_func=every_filter)


def discover() -> AnyResponse:
    """What is on: the whole page, the part that a filter changes, or the next cards of the list."""
    moment = clock.now()
    try:
        asked = filters.read(request.args, moment)
    except geo.UnknownPlace as error:
        return no_such_place(error)
    if not wants_part() and filters.worth_tidying(asked, request.args):
        return redirect(asked.address(), 302)
    cursor = request.args.get("cursor")
    found, running = listed(asked, moment, cursor)
    facts: dict[str, Any] = {
        "asked": asked, "found": found, "running": running, "now": moment, "today": clock.today(moment),
    }  # fmt: skip
    if wants_part() and request.headers.get("HX-Target", "").endswith("#more"):
        return page("_more.html", **facts)
    facts |= _around(asked, bool(found.items or running), moment)
    if not wants_part():
        return page("discover.html", **facts)
    part = page("_part.html", **facts)
    part.headers["HX-Push-Url"] = asked.address()
    return part


def every_filter() -> AnyResponse:
    """Every filter at once, as a page of its own or as a sheet over Discover."""
    moment = clock.now()
    try:
        asked = filters.read(request.args, moment)
    except geo.UnknownPlace as error:
        return no_such_place(error)
    if filters.worth_tidying(asked, request.args):
        return redirect(asked.address("/filters"), 302)
    number = queries.count(asked.ask(moment), now=moment)
    template = "_filters.html" if wants_part() else "filters.html"
    kinds = {kind.slug: kind.name for kind in view.KINDS.values()}
    return page(template, asked=asked, number=number, most=COUNTED, filters=filters, kind_names=kinds)


def _around(asked: Asked, anything: bool, moment: datetime) -> dict[str, Any]:
    """What stands around the list: days with counts, filters, how many there are, ways on when there are none."""
    today = clock.today(moment)
    by_day = queries.counts_by_day(asked.ask_ahead(moment), now=moment)
    number = _number(asked, by_day, moment)
    return {
        "days": _days(asked, by_day, today),
        "chips": chips(asked),
        "number": number,
        "said": said(asked, number, moment),
        "heading": heading(asked),
        "nothing": "" if anything else nothing(asked, moment),
        "ways": [] if anything else ways_on(asked, by_day, moment),
        "kind_urls": asked.addresses("category", view.KINDS),
    }


def _number(asked: Asked, by_day: dict[date, int], moment: datetime) -> int:
    """How many things fit: from the days' own counts, which are there already, where they cover the question."""
    if asked.when in {"now", "tonight", "holiday"}:
        return queries.count(asked.ask(moment), now=moment)
    from_, before = asked.window(moment)
    days = clock.days(clock.today(from_), (clock.today(before) - clock.today(from_)).days)
    if not all(day in by_day for day in days):
        return queries.count(asked.ask(moment), now=moment)
    return sum(by_day[day] for day in days)


@dataclass(frozen=True, slots=True)
class DayChip:
    """A day to pick: its name, what is on, whether it is picked, and where it leads."""

    id: str
    name: str
    on: str
    picked: bool
    url: str


def _days(asked: Asked, by_day: dict[date, int], today: date) -> list[DayChip]:
    """The next days with what each holds, the picked one among them, and "Any day"."""
    plain = asked.but(when=asked.when if asked.when == "after-school" else "", any_day=False)
    several = asked.any_day or plain.when != asked.when
    picked = None if several else asked.day or today
    days = clock.days(today, DAY_CHIPS)
    if picked and picked not in days:
        days.append(picked)
    *urls, any_day = plain.addresses("day", [*(plain.day_word(day, today) for day in days), plain.any_word])
    chips = [
        DayChip(
            f"d-{day.isoformat()}",
            view.day(day, today),
            f"{by_day[day]} on" if day in by_day else "",
            day == picked,
            url,
        )
        for day, url in zip(days, urls, strict=True)
    ]
    return [*chips, DayChip("d-any", "Any day", "All", asked.any_day, any_day)]


def heading(asked: Asked) -> str:
    """What the list is about."""
    if asked.exact:
        return f"On near {asked.name}"
    return "On near you" if asked.near else "On across London"


def said(asked: Asked, number: int, moment: datetime) -> str:
    """How many there are and when: "14 free things today"."""
    count = view.things(number, most=COUNTED)
    if asked.free:
        count = count.replace(" thing", " free thing")
    return f"{count} {_when(asked, moment)}"


def _when(asked: Asked, moment: datetime) -> str:
    day = asked.on(moment)
    if asked.when in {"now", "tonight"}:
        return {"now": "on now", "tonight": "tonight"}[asked.when]
    if day is not None:
        return view.on_day(day, clock.today(moment))
    return {"weekend": "this weekend", "holiday": "in the holidays"}.get(asked.when, "in the next 2 weeks")


def nothing(asked: Asked, moment: datetime) -> str:
    """The headline when the list is empty: "Nothing on Monday near you yet"."""
    return f"Nothing {_when(asked, moment)} {'near you' if asked.near else 'here'} yet"


@dataclass(frozen=True, slots=True)
class Way:
    """A way on from an empty list: what it says and where it leads."""

    words: str
    url: str


def ways_on(asked: Asked, by_day: dict[date, int], moment: datetime) -> list[Way]:
    """Three ways on from an empty list, the most useful first. Each that names a number leads to that many things."""
    ways = [way for make in (_next_day, _further, _fewer_filters) if (way := make(asked, by_day, moment))]
    plain = Asked(place=asked.place, cell=asked.cell, exact=asked.exact, any_day=True, free=False, within=60)
    spare = [
        Way("See everything near you", plain.address()),
        Way("See all of London", plain.but(place=None, cell=None, exact=False, london=True).address()),
        Way("Pick another area", "/ends"),
    ]
    return [*ways, *(spare if asked.near else spare[1:])][:3]


def _next_day(asked: Asked, by_day: dict[date, int], moment: datetime) -> Way | None:
    today = clock.today(moment)
    day = asked.on(moment)
    later = [one for one, number in sorted(by_day.items()) if number and day and one > day]
    if not later:
        return None
    then = asked.but(day=later[0], when="after-school" if asked.when == "after-school" else "")
    name = f"{later[0]:%A}" if later[0] - today < timedelta(7) else view.day_long(later[0], today)
    return Way(f"See {name}: {view.things(by_day[later[0]])}", then.address())


def _further(asked: Asked, _by_day: dict[date, int], moment: datetime) -> Way | None:
    if not asked.near or asked.within not in FURTHER:
        return None
    then = asked.but(within=FURTHER[asked.within])
    number = queries.count(then.ask(moment), now=moment)
    return Way(f"Look a bit further out: {view.things(number, most=COUNTED)}", then.address()) if number else None


def _fewer_filters(asked: Asked, _by_day: dict[date, int], moment: datetime) -> Way | None:
    """Drop the filter that hides the most, or look at what costs money too."""
    on = [chip for chip in chips(asked) if chip.on]
    if asked.q:
        return Way(f"Drop “{asked.q}”", asked.but(q="").address())
    counted = [(queries.count(chip.then.ask(moment), now=moment), chip) for chip in on[:4]]
    if not counted:
        return None
    number, chip = max(counted, key=lambda pair: pair[0])
    if not number:
        return None
    words = "Show what costs money too" if chip.id == "f-free" else f"Drop “{chip.words.lower()}”"
    return Way(f"{words}: {view.things(number, most=COUNTED)}", chip.then.address())

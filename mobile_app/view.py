"""How things are said on the screen: times, days, distances, money, ages, tags. Pure functions.

Moments are aware datetimes and are said as a London clock shows them. Distances are metres, money is pence.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil

from backend.core import clock
from backend.geo import queries as geo

# 80 metres a minute is the walking speed of British estate agents' and councils' "minutes' walk": about 4.8 km/h.
METRES_A_MINUTE = 80
LONGEST_WALK = 30  # Minutes. Further than this we speak of a bus.
# London buses average about 15 km/h (250 m a minute) over streets about 1.3 times the straight line, plus the wait.
BUS_METRES_A_MINUTE = 190
BUS_WAIT = 6

SOON = timedelta(minutes=60)
NO_LIMIT = {None, 120}


@dataclass(frozen=True, slots=True)
class Kind:
    """A category as people see it: its name, its icon, its colour on a map."""

    slug: str
    name: str
    icon: str
    colour: str


KINDS = {
    kind.slug: kind
    for kind in (
        Kind("sport", "Sport and moving", "volleyball", "#FF7452"),
        Kind("music", "Music and stage", "music-2", "#FFF8EE"),
        Kind("art", "Art and making", "palette", "#FF9CC7"),
        Kind("food", "Food and hanging out", "soup", "#FFC42E"),
        Kind("work", "Work and skills", "briefcase", "#7FD0F0"),
        Kind("outdoors", "Outdoors", "trees", "#7FD9A8"),
        Kind("games", "Games and tech", "gamepad-2", "#CDB8FF"),
        Kind("talk", "Mentoring and talking", "message-circle-heart", "#BFEBCF"),
        Kind("family", "Family", "house", "#FFD2BF"),
    )
}

JOINS = {"turn_up": "Just turn up", "book": "Book a place", "ring": "Ring to check"}
ACCESS = {
    "step_free": "Step-free",
    "accessible_toilet": "Accessible toilet",
    "hearing_loop": "Hearing loop",
    "quiet_space": "Quiet space",
    "sign_language": "Sign language",
    "changing_place": "Changing Places toilet",
    "parking": "Blue Badge parking",
}
TAGS = {
    "food_there": "Food there",
    "beginners": "Beginners welcome",
    "kit_to_borrow": "Kit to borrow",
    "bring_a_mate": "Bring a mate",
    "girls_only": "Girls only",
    "boys_only": "Boys only",
    "send_friendly": "SEND friendly",
    "lgbtq": "LGBTQ+",
    "young_carers": "Young carers",
    "refugees_welcome": "Refugees welcome",
    "faith_based": "Faith group",
    "mentors": "Mentors there",
}


def kind(slug: str) -> Kind:
    """A category by its slug; one we have no pattern for is shown as talk, the calmest."""
    return KINDS.get(slug) or Kind(slug, slug.replace("_", " ").capitalize(), KINDS["talk"].icon, KINDS["talk"].colour)


@functools.cache
def borough_name(code: str) -> str:
    """A borough's name from its code; the code itself for one outside London."""
    try:
        return geo.borough(code).name
    except geo.UnknownPlace:
        return code


def activity_url(activity_id: int, slug: str) -> str:
    """Where an activity's page is; the words after the number are for people and may change."""
    return f"/activities/{activity_id}/{slug}"


def organisation_url(organisation_id: int, slug: str) -> str:
    """Where a group's page is."""
    return f"/organisations/{organisation_id}/{slug}"


def hour(moment: datetime) -> str:
    """A time of day: "5pm", "5:30pm"."""
    return "".join(_clock(clock.london(moment)))


def hours(starts: datetime, ends: datetime | None) -> str:
    """From when to when: "5–7pm", "11am–1pm", "5:30–7pm", or just "5pm" when the end is not known."""
    first, half = _clock(clock.london(starts))
    if ends is None:
        return first + half
    last, other_half = _clock(clock.london(ends))
    same_half = half == other_half and ends - starts < timedelta(hours=12)
    return f"{first}–{last}{other_half}" if same_half else f"{first}{half}–{last}{other_half}"


def _clock(local: datetime) -> tuple[str, str]:
    """A London time as people say it, and which half of the day it is in."""
    hour = local.hour % 12 or 12
    return f"{hour}:{local.minute:02}" if local.minute else f"{hour}", "am" if local.hour < 12 else "pm"


def nearness(starts: datetime, ends: datetime | None, now: datetime) -> str:
    """Whether it is on: "On now", "Starts soon" (under an hour), or nothing."""
    if starts <= now:
        return "On now" if ends is not None and now < ends else ""
    return "Starts soon" if starts - now < SOON else ""


def day(when: date, today: date) -> str:
    """A day on a chip: "Today", "Fri 21". A day that may be read late is named, never "tomorrow"."""
    return "Today" if when == today else f"{when:%a} {when.day}"


def day_long(when: date, today: date) -> str:
    """A day in a line of its own: "Today", "Fri 21 Aug"; the year when it is not this one."""
    if when == today:
        return "Today"
    return f"{when:%a} {when.day} {when:%b}" + ("" if when.year == today.year else f" {when.year}")


def on_day(when: date, today: date) -> str:
    """A day inside a sentence: "today", "on Monday" within a week, "on Mon 30 Nov" after."""
    if when == today:
        return "today"
    return f"on {when:%A}" if timedelta(0) < when - today < timedelta(7) else f"on {day_long(when, today)}"


def away(metres: int | None) -> str:
    """How far, in minutes and never miles: "8 min walk", "bus, about 25 min"; nothing when it is not known."""
    if metres is None:
        return ""
    walk = max(1, ceil(metres / METRES_A_MINUTE))
    if walk <= LONGEST_WALK:
        return f"{walk}\u00a0min\u00a0walk"  # Held together, so that no line ends in a bare number.
    return f"bus, about {5 * ceil((metres / BUS_METRES_A_MINUTE + BUS_WAIT) / 5)} min"


def money(pence: int) -> str:
    """An amount: "50p", "£2", "£2.50"."""
    if 0 < pence < 100:
        return f"{pence}p"
    return f"£{pence // 100}" + (f".{pence % 100:02}" if pence % 100 else "")


def cost(kind: str, lowest: int, highest: int) -> str:
    """What it costs, in pence: "Free", "£2", "£1–£3", "Pay what you can", "Ask about cost"."""
    match kind:
        case "free":
            return "Free"
        case "donation":
            return "Pay what you can"
        case "fixed" | "range" if highest > 0:
            return money(highest) if lowest == highest else f"{money(lowest)}–{money(highest)}"
        case _:
            return "Ask about cost"


def ages(youngest: int | None, oldest: int | None) -> str:
    """Who it is for, in whole years: "11–16", "16 and over", "Up to 12", "All ages". 0, 120 and None are no limit."""
    if not youngest:
        return "All ages" if oldest in NO_LIMIT else f"Up to {oldest}"
    if oldest in NO_LIMIT:
        return f"{youngest} and over"
    return f"{youngest}–{oldest}" if youngest != oldest else f"Age {youngest}"


@dataclass(frozen=True, slots=True)
class Tag:
    """A word or two on a tint; `tint` is a class name's end, or nothing for plain."""

    words: str
    tint: str = ""


def tags(terms: tuple[str, int, int], span: tuple[int, int], join: str = "") -> list[Tag]:
    """Up to three tags of a session, always in this order: cost (kind, lowest, highest), ages, how to join."""
    return [
        Tag(cost(*terms), "free" if terms[0] == "free" else ""),
        Tag(ages(*span)),
        *([Tag(JOINS[join])] if join in JOINS else []),
    ]


def things(number: int, *, most: int | None = None) -> str:
    """A count of things: "1 thing", "14 things", "1,000+ things" when counting stopped at `most`."""
    if most is not None and number >= most:
        return f"{most:,}+ things"
    return f"{number:,} thing" + ("" if number == 1 else "s")

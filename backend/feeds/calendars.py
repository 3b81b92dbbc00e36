"""Sessions as an iCalendar file, for a person's own calendar (RFC 5545).

Each session is an event of its own: "term time only" and skipped dates then need no rule that a phone might misread.
Times are written on London's clock with its time zone, so a 17:00 session is at 17:00 on both sides of a clock change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard

from backend.activities.queries import Listing
from backend.activities.vocabulary import CATEGORY_LABELS
from backend.core import clock

PRODUCT = "-//Good Ends//What is on//EN"
ZONE = "Europe/London"
HOUR = timedelta(hours=1)


def calendar(item: Mapping[str, Any], sessions: Sequence[Listing], *, page: str, version: int, now: datetime) -> bytes:
    """A calendar of an activity's sessions, called-off ones as such.

    `item` is what activities.details gives, `page` the address of the activity's page, whose host makes the events'
    names unique. `version` is the catalogue's: it grows with every change that a session can have, so it is each
    event's SEQUENCE and tells a calendar that knows an older one which is newer.
    """
    found = Calendar()
    found.add("prodid", PRODUCT)
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    found.add("method", "PUBLISH")
    found.add("x-wr-calname", _plain(item["title"]))
    found.add_component(london())
    for session in sessions:
        found.add_component(_event(item, session, page=page, version=version, now=now))
    data: bytes = found.to_ical()
    return data


def london() -> Timezone:
    """London's clock since 1996: an hour ahead from the last Sunday of March to the last of October."""
    zone = Timezone()
    zone.add("tzid", ZONE)
    winter, summer = TimezoneStandard(), TimezoneDaylight()
    for part, name, month, hour, before, after in (
        (winter, "GMT", 10, 2, HOUR, timedelta(0)),
        (summer, "BST", 3, 1, timedelta(0), HOUR),
    ):
        last = 27 if month == 10 else 31  # The last Sundays of October and March 1996, when this rule began.
        part.add("dtstart", datetime(1996, month, last, hour))  # noqa: DTZ001 (RFC 5545 wants the wall clock here)
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": "-1su"})
        part.add("tzname", name)
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        zone.add_component(part)
    return zone


def _event(item: Mapping[str, Any], session: Listing, *, page: str, version: int, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"session-{session.id}@{urlsplit(page).hostname}")
    event.add("dtstamp", now)
    event.add("sequence", version)
    event.add("summary", _plain(session.title))
    event.add("dtstart", clock.london(session.starts))
    event.add("dtend", clock.london(session.ends))
    event.add("location", _location(item, session))
    event.add("geo", (session.lat / 1e5, session.lng / 1e5))
    event.add("categories", [CATEGORY_LABELS[session.category]])
    event.add("description", _description(item, session, page))
    event.add("url", page)
    event.add("status", "CANCELLED" if session.cancelled else "CONFIRMED")
    return event


def _location(item: Mapping[str, Any], session: Listing) -> str:
    """The place on one line; only its name when this date is elsewhere, since the address at hand is the usual one."""
    venue = item["venue"]
    if venue is None or venue["id"] != session.venue_id:
        return _plain(session.venue_name)
    postcode = "" if (venue["postcode"] or "") in venue["address"] else venue["postcode"]
    return ", ".join(_plain(part) for part in (venue["name"], venue["address"], postcode) if part)


def _description(item: Mapping[str, Any], session: Listing, page: str) -> str:
    off = f"Called off. {session.reason}".strip() if session.cancelled else ""
    ask = f"Ask for {item['ask_for']}. {item['ask_for_note']}".strip() if item["ask_for"] else ""
    bring = f"What to bring: {item['bring']}" if item["bring"] else ""
    return "\n".join(_plain(line) for line in (off, ask, bring, page) if line)


def _plain(text: str) -> str:
    """Text without control characters, which no calendar may hold."""
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()

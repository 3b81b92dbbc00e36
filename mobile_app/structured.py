"""What search engines read in a page: schema.org Events as JSON-LD, one for each session.

Source: schema.org's Event and Google's event guidelines; times carry London's offset of their own day.
"""

from __future__ import annotations

from typing import Any

from flask import current_app, request

from backend.activities.queries import Listing
from backend.core import clock
from mobile_app import view

SCHEMA = "https://schema.org/"
NO_OLDEST = 120


def base_url() -> str:
    """The public address of the site, without a slash at its end."""
    return current_app.config.get("BASE_URL") or request.host_url.rstrip("/")


def events(item: dict[str, Any], sessions: list[Listing]) -> dict[str, Any] | None:
    """An activity's sessions as Events; None when it has none."""
    if not sessions:
        return None
    shared = _shared(item)
    return {"@context": "https://schema.org", "@graph": [{**shared, **_own(session, shared)} for session in sessions]}


def _shared(item: dict[str, Any]) -> dict[str, Any]:
    """What all sessions of an activity have in common; empty values are left out, never null."""
    page = base_url() + view.activity_url(item["id"], item["slug"])
    organisation = item["organisation"]
    facts: dict[str, Any] = {
        "@type": "Event",
        "name": item["title"],
        "url": page,
        "description": item["about"],
        "image": f"{page.rpartition('/')[0]}/picture.png",
        "eventAttendanceMode": f"{SCHEMA}OfflineEventAttendanceMode",
        "location": _location(item["venue"]),
        "organizer": {
            "@type": "Organization",
            "name": organisation["name"],
            "url": base_url() + view.organisation_url(organisation["id"], organisation["slug"]),
        },
        "typicalAgeRange": _ages(item["age_min"], item["age_max"]),
        "offers": _offers(item, page),
    }
    if item["cost"] in {"free", "donation", "fixed", "range"}:
        facts["isAccessibleForFree"] = item["cost"] in {"free", "donation"}
    return {name: value for name, value in facts.items() if value not in ("", None)}


def _own(session: Listing, shared: dict[str, Any]) -> dict[str, Any]:
    """What is a session's own: its address on the page, its times, and whether it is on."""
    facts: dict[str, Any] = {
        "@id": f"{shared['url']}#session-{session.id}",
        "url": f"{shared['url']}#session-{session.id}",
        "startDate": clock.london(session.starts).isoformat(),
        "endDate": clock.london(session.ends).isoformat(),
        "eventStatus": SCHEMA + ("EventCancelled" if session.cancelled else "EventScheduled"),
    }
    if session.moved and "location" in shared:
        place = {"@type": "Place", "name": session.venue_name, "geo": _geo(session.lat, session.lng)}
        if session.venue_name != shared["location"]["name"]:
            facts["location"] = place
    return facts


def _location(venue: dict[str, Any] | None) -> dict[str, Any] | None:
    if venue is None:
        return None
    address = {
        "@type": "PostalAddress",
        "streetAddress": venue["address"],
        "addressLocality": "London",
        "postalCode": venue["postcode"],
        "addressCountry": "GB",
    }
    return {
        "@type": "Place",
        "name": venue["name"],
        "address": {name: value for name, value in address.items() if value},
        "geo": _geo(venue["lat"], venue["lng"]),
    }


def _geo(lat: int, lng: int) -> dict[str, Any]:
    return {"@type": "GeoCoordinates", "latitude": lat / 1e5, "longitude": lng / 1e5}


def _ages(youngest: int, oldest: int) -> str:
    """The age range: "11-17", "16-" for no oldest, nothing for everybody."""
    if oldest >= NO_OLDEST:
        return f"{youngest}-" if youngest else ""
    return f"{youngest}-{oldest}"


def _offers(item: dict[str, Any], page: str) -> dict[str, Any] | None:
    """The price in pounds. A cost that nobody told us has no offer, and "pay what you can" starts from nothing."""
    if item["cost"] == "unknown":
        return None
    offer = {"@type": "Offer", "priceCurrency": "GBP", "url": page, "availability": f"{SCHEMA}InStock"}
    if item["cost"] == "range" and item["cost_min"] != item["cost_max"]:
        return {
            "@type": "AggregateOffer",
            "priceCurrency": "GBP",
            "lowPrice": f"{item['cost_min'] / 100:.2f}",
            "highPrice": f"{item['cost_max'] / 100:.2f}",
        }
    return offer | {"price": f"{item['cost_max'] / 100:.2f}" if item["cost"] != "donation" else "0.00"}

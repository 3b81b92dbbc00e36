"""The answers that the document shows: made up, in the shape that the schemas say (a test holds them to it)."""

from __future__ import annotations

from typing import Any

SESSION: dict[str, Any] = {
    "id": 48213,
    "url": "https://goodends.example/activities/712/boxing-for-beginners",
    "activity": {"id": 712, "title": "Boxing for beginners", "slug": "boxing-for-beginners"},
    "starts_at": "2026-11-24T17:00:00+00:00",
    "ends_at": "2026-11-24T18:30:00+00:00",
    "status": "scheduled",
    "reason": "",
    "moved": False,
    "category": "sport",
    "cost": {"kind": "free", "min": 0, "max": 0, "currency": "GBP"},
    "age": {"min": 11, "max": 16},
    "join": ["turn_up"],
    "access": ["step_free"],
    "tags": ["beginners", "kit_to_borrow"],
    "venue": {
        "id": 96,
        "name": "Northfold Hall",
        "borough": {"code": "E09000028", "name": "Southwark"},
        "lat": 51.47,
        "lng": -0.069,
    },
    "distance_m": 240,
    "organisation": {"id": 31, "name": "Northfold Boxing Club"},
    "checked": True,
    "listed_by": None,
    "confirmed_on": "2026-11-02",
}
NEAR = {"cell": 245836, "name": "Peckham", "kind": "place"}
SESSIONS = {
    "items": [SESSION],
    "next": "t8zl00.t9cjo0.5pWB3gAAAAAAAAAAAAAAAGoR1pAAAAAAAAC8VQ",
    "near": NEAR,
    "corrected": None,
}
COUNTS = {"days": [{"day": "2026-11-24", "sessions": 14}, {"day": "2026-11-25", "sessions": 9}], "near": NEAR}

ACTIVITY = {
    "id": 712,
    "url": "https://goodends.example/activities/712/boxing-for-beginners",
    "title": "Boxing for beginners",
    "slug": "boxing-for-beginners",
    "about": "Pads, bags and skipping. Nobody gets hit.",
    "category": "sport",
    "cost": {"kind": "free", "min": 0, "max": 0, "currency": "GBP"},
    "cost_note": "",
    "age": {"min": 11, "max": 16},
    "join": ["turn_up"],
    "access": ["step_free"],
    "tags": ["beginners", "kit_to_borrow"],
    "languages": ["English", "Somali"],
    "ask_for": "Temi",
    "ask_for_note": "Orange lanyard, big laugh.",
    "at_the_door": ["Ring the bell.", "Say your first name.", "Watch first if you like."],
    "bring": "Trainers and water.",
    "times_note": "",
    "telephone": "020 7946 0123",
    "website": "https://northfold.example",
    "venue": {
        "id": 96,
        "name": "Northfold Hall",
        "address": "1 Rye Lane",
        "postcode": "SE15 4ST",
        "borough": {"code": "E09000028", "name": "Southwark"},
        "lat": 51.47,
        "lng": -0.069,
        "access_note": "Ramp at the side door.",
        "approximate": False,
    },
    "organisation": {"id": 31, "name": "Northfold Boxing Club", "slug": "northfold-boxing-club"},
    "checked": True,
    "listed_by": None,
    "confirmed_on": "2026-11-02",
    "confirmed_by": "the group",
    "schedules": [
        {
            "first_on": "2026-09-08",
            "last_on": None,
            "starts": "17:00",
            "minutes": 90,
            "rule": "FREQ=WEEKLY",
            "applies": "term_time",
            "on_bank_holidays": False,
        }
    ],
    "sessions": [{**SESSION, "distance_m": None}],
}

CATEGORIES = {"items": [{"name": "sport", "label": "Sport and moving"}, {"name": "music", "label": "Music and stage"}]}

ORGANISATION = {
    "id": 31,
    "url": "https://goodends.example/organisations/31/northfold-boxing-club",
    "name": "Northfold Boxing Club",
    "slug": "northfold-boxing-club",
    "about": "A gym under the railway arches, open to everybody since 2009.",
    "standing": "group",
    "borough": {"code": "E09000028", "name": "Southwark"},
    "running_since": 2009,
    "website": "https://northfold.example",
    "telephone": "020 7946 0123",
    "checked": True,
    "checks": [{"kind": "identity", "passed_on": "2026-03-02", "expires_on": "2028-03-02"}],
    "listed_by": None,
    "sessions": [{**SESSION, "distance_m": None}],
    "ring_to_check": [
        {
            "id": 713,
            "url": "https://goodends.example/activities/713/sparring",
            "title": "Sparring",
            "slug": "sparring",
            "category": "sport",
            "times_note": "Most Saturdays",
        }
    ],
}

AREA = {
    "name": "Peckham",
    "slug": "peckham",
    "kind": "place",
    "cell": 245836,
    "lat": 51.4715,
    "lng": -0.069,
    "borough": {"code": "E09000028", "name": "Southwark"},
    "ward": {"code": "E05011113", "name": "Rye Lane"},
}
AREAS = {"match": None, "items": [AREA]}
BOROUGHS = {
    "items": [
        {
            "code": "E09000028",
            "name": "Southwark",
            "slug": "southwark",
            "cell": 249935,
            "lat": 51.4777,
            "lng": -0.0766,
            "neighbours": ["E09000022", "E09000023"],
        }
    ]
}

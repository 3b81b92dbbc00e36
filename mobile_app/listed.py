"""What Discover lists, for the list itself and for the map beside it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from backend.activities import queries
from backend.activities.statements import Order
from mobile_app.filters import Asked

FIRST_CARDS = 20
RUNNING_CARDS = 8


def listed(asked: Asked, moment: datetime, cursor: str | None) -> tuple[queries.Page, list[queries.Listing]]:
    """The list's next page, and, where it ends, what has been open for a while today: nearest first."""
    ask = asked.ask(moment)
    fresh = asked.fresh_from(moment)
    if fresh is None:
        return queries.sessions_near(ask, now=moment, limit=FIRST_CARDS, cursor=cursor), []
    found = queries.sessions_near(replace(ask, from_=fresh), now=moment, limit=FIRST_CARDS, cursor=cursor)
    if found.cursor:
        return found, []
    order: Order = "nearest" if asked.near else "soonest"
    running = queries.sessions_near(replace(ask, before=fresh, order=order), now=moment, limit=RUNNING_CARDS)
    return found, running.items

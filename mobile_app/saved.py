"""Saved: kept on the phone only. The server never learns who saved what; it draws the cards a phone asks for again."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from backend.activities import queries
from backend.core import clock
from mobile_app import filters, view
from mobile_app.door import Door
from mobile_app.page import DAY, page

MOST = 50  # Cards in one answer.


def add_pages(door: Door) -> None:
    """Add this area's pages to the door."""
    door.add_url_rule("/saved", view_func=saved)
    door.add_url_rule("/saved/cards", view_func=cards)


def saved() -> Response:
    """The page itself, the same for everybody: a script on the phone fills in what that phone kept."""
    return page("saved.html", keep=DAY, tab="saved", kind_icons=[kind.icon for kind in view.KINDS.values()])


def cards() -> Response:
    """The cards of the activities whose numbers are given, with the next session of each as it now stands."""
    moment = clock.now()
    numbers = [number for number in request.args.getlist("id") if filters.NUMBER.fullmatch(number)][:MOST]
    found = [card for number in dict.fromkeys(numbers) if (card := _card(int(number)))]
    return page("_saved-cards.html", cards=found, now=moment, today=clock.today(moment))


def _card(activity_id: int) -> dict[str, Any] | None:
    """The next session as a row like those of sessions_near; None when the activity has gone or has no date."""
    try:
        activity = queries.activity(activity_id, now=clock.now())
    except queries.NoSuchActivity:
        return None
    return {**activity, **activity["sessions"][0], "distance": None} if activity["sessions"] else None

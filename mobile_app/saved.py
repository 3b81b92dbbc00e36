"""Saved: kept on the phone only.

To say what has become of them a phone asks for cards by the numbers of activities, with nothing that says whose phone
it is; the answer is not kept anywhere, and logs hold no query strings.
"""

from __future__ import annotations

from datetime import datetime

from flask import Response, request

from backend.activities import details
from backend.activities.queries import Listing, NoSuchActivity
from backend.core import clock
from backend.geo.grid import LONDON, distance, metres
from backend.geo.queries import UnknownPlace
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
    middle = _middle()
    found = [_measured(card, middle) for number in dict.fromkeys(numbers) if (card := _next(int(number), moment))]
    return page("_saved-cards.html", keep=0, cards=found, now=moment, today=clock.today(moment))


def _next(activity_id: int, moment: datetime) -> Listing | None:
    """The next session of an activity, a called-off one too; None when it has gone or has no date."""
    try:
        sessions: list[Listing] = details.activity(activity_id, now=moment)["sessions"]
    except NoSuchActivity:
        return None
    return sessions[0] if sessions else None


def _middle() -> tuple[int, int] | None:
    """The middle of the asker's square, when the phone says which it is."""
    try:
        asked = filters.read(request.args, clock.now())
    except UnknownPlace:
        return None
    return None if asked.cell is None else LONDON.centre(asked.cell)


def _measured(card: Listing, middle: tuple[int, int] | None) -> Listing:
    return card._replace(distance=metres(distance(card.lat, card.lng, *middle))) if middle else card

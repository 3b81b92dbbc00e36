"""Your ends: choosing an area by typing, by tapping a borough, or by where the phone is."""

from __future__ import annotations

from flask import Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from backend.geo import queries
from mobile_app.door import Door
from mobile_app.filters import near_place
from mobile_app.london import counts_today
from mobile_app.page import page

KEEP = 300  # Seconds: what is on today changes.
SUGGESTIONS = 6
SHORTEST = 2  # Letters before we suggest anything.


def add_pages(door: Door) -> None:
    """Add this area's pages to the door."""
    door.add_url_rule("/ends", view_func=ends)
    # What people type can be their own postcode, so it travels in the body and never stands in an address or a log.
    door.add_url_rule("/ends", view_func=choose, methods=["POST"])
    door.add_url_rule("/ends/suggestions", view_func=suggestions, methods=["POST"])


def ends() -> Response:
    """The page to choose an area on."""
    return page("ends.html", keep=KEEP, boroughs=queries.boroughs(), counts=counts_today(), typed="", error=None)


def choose() -> AnyResponse:
    """What was typed: Discover there, or what else to try."""
    typed = request.form.get("q", "")
    try:
        place = queries.find(typed)
    except queries.UnknownPlace as error:
        return no_such_place(error, typed)
    return redirect(near_place(place).address(), 303)


def suggestions() -> Response:
    """Places whose names go on from what has been typed so far."""
    typed = request.form.get("q", "").strip()
    found = queries.suggest(typed, SUGGESTIONS) if len(typed) >= SHORTEST else []
    return page("_suggestions.html", keep=0, places=[(place, near_place(place).where) for place in found])


def no_such_place(error: queries.UnknownPlace, typed: str = "") -> Response:
    """We do not know that place: say so, keep what was typed, and offer what it may have been."""
    typed = typed or request.args.get("place", "")
    places = [(place, near_place(place).where) for place in error.suggestions]
    return page("ends.html", keep=0, status=404, boroughs=queries.boroughs(), typed=typed, error=error, places=places)

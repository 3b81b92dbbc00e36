"""Dates for a person's own calendar, as files that every phone opens."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Response

from backend.activities import details, queries
from backend.activities.actions import NoSuchSession
from backend.activities.queries import Listing
from backend.core import clock
from backend.core.errors import NotFound
from backend.feeds import calendars
from mobile_app import structured, view
from mobile_app.door import ID, Door

EVERY = 1_000  # Sessions: more than 12 weeks hold.
KEEP = 300  # How long a cache may keep a file, in seconds: somebody may call a session off.


class NoDates(NotFound):
    """The activity has no dates that a calendar could hold."""

    message = "This one has no dates yet."


def add_pages(door: Door) -> None:
    """Add this area's pages to the door."""
    door.add_url_rule(f"/activities/{ID.format('activity_id')}/calendar.ics", view_func=activity_calendar)
    door.add_url_rule(f"/sessions/{ID.format('session_id')}/calendar.ics", view_func=session_calendar)


def activity_calendar(activity_id: int) -> Response:
    """Every date of an activity that we know of, called-off ones too, so that a calendar takes those off."""
    moment = clock.now()
    item = details.activity(activity_id, now=moment, most=EVERY)
    return _file(item, item["sessions"], moment)


def session_calendar(session_id: int) -> Response:
    """One date."""
    moment = clock.now()
    found = details.sessions([session_id])
    if not found:
        raise NoSuchSession
    return _file(details.activity(found[0].activity_id, now=moment), found, moment)


def _file(item: dict[str, Any], sessions: list[Listing], moment: datetime) -> Response:
    if not sessions:
        raise NoDates
    page = structured.base_url() + view.activity_url(item["id"], item["slug"])
    data = calendars.calendar(item, sessions, page=page, version=queries.version(), now=moment)
    response = Response(data, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{item["slug"] or "good-ends"}.ics"'
    response.headers["Cache-Control"] = f"public, max-age={KEEP}"
    return response

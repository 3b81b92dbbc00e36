"""What may be shown: an activity whose group is vouched for. Pages, calendars and pictures all ask here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from backend.activities import details
from backend.activities.queries import NoSuchActivity
from backend.core import clock
from mobile_app import trust

# Ids end where every database and JavaScript still count exactly; a longer one is no page of ours.
ID = "<int(max=9007199254740991):{}>"


def activity(activity_id: int, moment: datetime, most: int = details.NEXT) -> dict[str, Any]:
    """An activity that may be shown, with its organisation's checks and `most` next sessions. Raises NoSuchActivity."""
    item = details.activity(activity_id, now=moment, most=most)
    item["organisation"] = trust.organisation(item["organisation_id"])
    over = item["listed_until"] is not None and item["listed_until"] <= moment
    if over or not trust.vouched(item["organisation"], clock.today(moment)):
        raise NoSuchActivity
    return item

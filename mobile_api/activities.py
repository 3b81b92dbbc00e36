"""What is on: sessions near a place, how many on each day, one activity whole, and the kinds of thing to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from backend.activities import details, queries
from backend.activities.models import ACCESS, CATEGORY_LABELS, JOIN, TAGS, Category, Cost, Status
from backend.activities.queries import Listing, NoSuchActivity, TooWide
from backend.core import clock
from backend.core.paging import BadCursor
from backend.geo import queries as geo
from backend.geo.queries import UnknownPlace
from mobile_api import asking, examples
from mobile_api.asking import Listed, Near, Where
from mobile_api.blueprint import blueprint
from mobile_api.contract import DAY, Kept, Linked, contract, minute
from mobile_api.shown import Answer, Date, Degrees, Flag, Made, Many, Moment, Named, One, Page, Part, Plain

STATUSES = tuple(status.name.lower() for status in Status)


@lru_cache(maxsize=256)
def borough_name(code: str) -> str:
    """A borough's name from its GSS code; the code itself for one outside London."""
    try:
        return geo.borough(code).name
    except UnknownPlace:
        return code

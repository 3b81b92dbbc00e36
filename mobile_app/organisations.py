"""A group's page: who they are, who checked them and when, and what they offer next."""

from __future__ import annotations

from flask import redirect
from werkzeug.wrappers import Response

from backend.activities import details
from backend.activities.vocabulary import Category
from backend.core import clock
from backend.geo import queries as geo
from backend.organisations import queries
from mobile_app import contact, structured, trust, view
from mobile_app.door import ID, Door
from mobile_app.filters import LONGEST_TEXT, Asked
from mobile_app.page import page

CATEGORIES = tuple(Category)
AT_ONCE = 24  # Cards: a council has hundreds.


def add_pages(door: Door) -> None:
    """Add this area's pages to the door."""
    one = f"/organisations/{ID.format('organisation_id')}"
    door.add_url_rule(one, view_func=organisation, defaults={"slug": ""})
    door.add_url_rule(f"{one}/<slug>", view_func=organisation)


def organisation(organisation_id: int, slug: str) -> Response:
    """One group. An old or cut address leads to the right one."""
    moment = clock.now()
    found = queries.organisation(organisation_id, now=moment)
    if slug != found["slug"]:
        return redirect(view.organisation_url(organisation_id, found["slug"]), 302)
    offers = details.of_organisation(organisation_id, now=moment)
    return page(
        "organisation.html",
        tab="whats-on",
        group=found,
        # A group's face is the pattern of what it does first, and stays the same for one that offers nothing now.
        kind=view.kind(offers[0].category if offers else CATEGORIES[organisation_id % len(CATEGORIES)]),
        label=trust.label(found),
        checks=trust.passed(found),
        offers=offers,
        at_once=AT_ONCE,
        everything=Asked(london=True, any_day=True, free=False, q=found["name"][:LONGEST_TEXT]).address(),
        untimed=details.without_sessions(organisation_id, now=moment),
        call=contact.dial(found["telephone"]),
        site=contact.site(found["website"]),
        host=contact.host,
        borough=_borough(found["borough"]),
        url=structured.base_url() + view.organisation_url(organisation_id, found["slug"]),
        today=clock.today(moment),
        now=moment,
    )


def _borough(code: str | None) -> geo.Borough | None:
    """Where the group is; a directory may name a borough outside London, which has no page of ours."""
    return next((one for one in geo.boroughs() if one.code == code), None)

"""The groups that run activities, and what was checked about them."""

from __future__ import annotations

from typing import Any

from backend.activities import details, queries
from backend.core import clock
from backend.organisations.models import CheckKind, Standing
from backend.organisations.queries import NoSuchOrganisation, organisation
from mobile_api import examples
from mobile_api.blueprint import blueprint
from mobile_api.contract import Kept, contract, minute
from mobile_api.listing import CATEGORIES, BoroughName, SessionOut
from mobile_api.shown import Answer, Date, Flag, Made, Many, One, Page, Plain

KINDS = [kind.name.lower() for kind in CheckKind]
STANDINGS = [standing.name.lower() for standing in Standing]


class CheckOut(Answer):
    """One of the six checks on a group."""

    kind = Made(KINDS.__getitem__, {"type": "string", "enum": KINDS})
    passed_on = Date()
    expires_on = Date("The last day that it counts; after it, the group and all it offers are hidden.")


class Timeless(Answer):
    """An activity whose times nobody has told us yet: ring to check."""

    id = Plain(int)
    url = Page("/activities", slug="slug", attribute="id", says="The activity's page, for people.")
    title = Plain(str)
    slug = Plain(str)
    category = Plain(str, enum=CATEGORIES)
    times_note = Plain(str, "Times as a source tells them.")


class OrganisationOut(Answer):
    """A group that runs activities."""

    id = Plain(int)
    url = Page("/organisations", slug="slug", attribute="id", says="The group's page, for people.")
    name = Plain(str)
    slug = Plain(str)
    about = Plain(str, "Who they are, in their words. Plain text.")
    standing = Made(
        STANDINGS.__getitem__,
        {"type": "string", "enum": STANDINGS},
        "`group`: it joined Good Ends and we check it. `directory`: a public directory lists it and vouches for it.",
    )
    borough = One(BoroughName, "Null for one that works across London.", allow_none=True, attribute="home")
    running_since = Plain(int, "The year.", allow_none=True)
    website = Plain(str, allow_none=True)
    telephone = Plain(str, "The group's public number.", allow_none=True)
    checked = Flag("Whether all six checks are passed and in date.")
    checks = Many(CheckOut, "What was checked, and until when it counts.")
    listed_by = Plain(
        str,
        "The directory that vouches for it; null for groups that we check.",
        attribute="source_label",
        allow_none=True,
    )
    sessions = Many(SessionOut, "The next session of each activity.")
    ring_to_check = Many(Timeless, "Activities whose times nobody has told us yet.")


@blueprint.get(
    "/organisations/<number:organisation_id>",
    tags=["Organisations"],
    parameters=[
        {"name": "organisation_id", "in": "path", "description": "The group's id, as sessions give it.", "example": 31}
    ],
)
@contract(
    returns=OrganisationOut, errors=[NoSuchOrganisation], example=examples.ORGANISATION, tried="/organisations/31"
)
def one_organisation(organisation_id: int) -> Kept:
    """One group, what we checked about it, and what it has on next.

    Anyone may. A group whose checks are not complete and in date is not found.
    """
    now = minute()

    def whole() -> dict[str, Any]:
        group = organisation(organisation_id, now=now)
        return {
            **group,
            "home": {"borough": group["borough"]} if group["borough"] else None,
            "sessions": details.of_organisation(organisation_id, now=now),
            "ring_to_check": details.without_sessions(organisation_id, now=now),
        }

    return Kept(("organisation", queries.version(), clock.epoch(now), organisation_id), whole)

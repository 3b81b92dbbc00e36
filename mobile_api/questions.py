"""The parameters of a question about sessions: near what, when, of what kind, in which order."""

from __future__ import annotations

from enum import StrEnum

from backend.activities.queries import FURTHEST, MOST
from backend.activities.vocabulary import ACCESS, JOIN, TAGS, Category
from backend.activities.windows import When
from backend.geo.grid import COLUMNS
from mobile_api import fields
from mobile_api.fields import Question, describe

USUAL_RADIUS = 2_400  # Metres; half an hour's walk.
USUAL_LIMIT = 20
WIDEST = 100  # Days.
HIGHEST_CELL = 256 * COLUMNS - 1  # North of every grid over London.


class Order(StrEnum):
    """Which sessions come first."""

    SOONEST = "soonest"
    NEAREST = "nearest"


class Where(Question):
    """Near what, and what kind of sessions: what lists and counts have in common."""

    place = fields.Text(
        longest=80,
        load_default=None,
        metadata=describe("A postcode, the beginning of one, or the name or slug of a place in London.", "peckham"),
    )
    cell = fields.Whole(
        low=0,
        high=HIGHEST_CELL,
        load_default=None,
        metadata=describe("A cell, in place of `place`. With neither, the question is about all of London.", 245836),
    )
    radius = fields.Whole(
        low=1,
        high=FURTHEST,
        load_default=None,
        metadata=describe(
            f"How far around, in metres; {USUAL_RADIUS:,} if you do not say. Needs a place or a cell.", 1500
        ),
    )
    day = fields.Day(load_default=None, metadata=describe("One day in London.", "2026-11-24"))
    from_ = fields.Moment(
        data_key="from",
        load_default=None,
        metadata=describe(
            "Sessions that start then or later: a date, from its midnight on, or a date and time with an offset (write"
            " a `+` as `%2B`). Without `until`, seven days on.",
            "2026-11-24",
        ),
    )
    until = fields.Moment(
        load_default=None,
        metadata=describe(
            f"Sessions that start before then; a date includes that day. At most {WIDEST} days after `from`, which is"
            " the beginning of today if you do not say.",
            "2026-11-30",
        ),
    )
    when = fields.Choice(
        When,
        load_default=None,
        metadata=describe(
            "A time in words, by London's clocks. `now`: has started and is not over. `today`, `tomorrow`: that day."
            " `tonight`: starts today from 17:00. `weekend`: this Saturday and Sunday, or what is left of them."
            " `after-school`: starts 15:00–18:30 on a school day of the venue's borough, in the next seven days;"
            " together with `day`, on that day. `holiday`: the school holiday that it is, or else the next one, by the"
            " terms of the borough that you ask about. Without `day`, `from`, `until` or `when`: the next seven days.",
            "after-school",
        ),
    )
    category = fields.Choice(Category, load_default=None, metadata=describe("One kind of thing to do.", "sport"))
    age = fields.Ages(
        load_default=None, metadata=describe("Open to somebody of this age, or of some age in a range.", "13-15")
    )
    free = fields.Truth(load_default=False, metadata=describe("`true`: only what costs nothing.", True))
    checked = fields.Truth(
        load_default=False, metadata=describe("`true`: only from groups that passed all six of our checks.", True)
    )
    join = fields.Names(
        JOIN, load_default=(), metadata=describe("How to join. Repeat it to ask for several at once.", ["turn_up"])
    )
    access = fields.Names(
        ACCESS, load_default=(), metadata=describe("What the place has. May be repeated.", ["step_free"])
    )
    tag = fields.Names(TAGS, load_default=(), metadata=describe("What else holds. May be repeated.", ["beginners"]))
    q = fields.Text(
        longest=80,
        load_default="",
        metadata=describe(
            "Words to look for. If nothing has them, near spellings are tried and `corrected` says so.", "boxing"
        ),
    )


class Listed(Where):
    """The whole question about a list of sessions."""

    order = fields.Choice(
        Order,
        load_default=None,
        metadata=describe("`soonest` first, or `nearest` first, which needs a place or a cell.", "nearest"),
    )
    limit = fields.Whole(
        low=1,
        high=MOST,
        load_default=USUAL_LIMIT,
        metadata=describe(f"How many at most; {USUAL_LIMIT} if you do not say.", 20),
    )
    cursor = fields.Cursor(load_default=None, metadata=describe("Where to go on: `next` of the page before.", None))

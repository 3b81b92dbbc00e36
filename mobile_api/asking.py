"""What a question about sessions means: from checked parameters to the backend's `Ask`.

A place becomes its cell before anything else, so that answers depend on the cell and never on the person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus

from flask import current_app
from marshmallow import ValidationError

from backend.activities import windows
from backend.activities.queries import Ask, TooWide
from backend.activities.windows import When, Window
from backend.core import clock
from backend.core.paging import BadCursor
from backend.geo import queries as geo
from backend.geo.grid import LONDON
from mobile_api.blueprint import PREFIX
from mobile_api.questions import USUAL_LIMIT, USUAL_RADIUS, WIDEST, Order


@dataclass(frozen=True, slots=True)
class Near:
    """Where a question is about: a cell, and the name of what was asked for or of what lies there."""

    cell: int
    name: str
    kind: str
    borough: str | None
    param: tuple[str, str | int]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, understood. `key` is all that its answer depends on, besides the catalogue and the time."""

    ask: Ask
    near: Near | None
    limit: int
    cursor: str | None
    key: tuple[object, ...]


def read(given: dict[str, Any], *, now: datetime) -> Asked:
    """The question that checked parameters ask. Raises UnknownPlace, TooWide, BadCursor and ValidationError."""
    _check(given)
    near = _where(given)
    cursor, window = _cursor(given.get("cursor"))
    window = window or _window(given, near, now)
    order = given.get("order")
    ask = Ask(
        from_=window.from_,
        before=window.before,
        cell=near.cell if near else None,
        radius=given["radius"] or USUAL_RADIUS,
        order="nearest" if order is Order.NEAREST else "soonest",
        category=given["category"],
        ages=given["age"],
        free=given["free"],
        after_school=given["when"] is When.AFTER_SCHOOL,
        holiday=given["when"] is When.HOLIDAY,
        checked=given["checked"],
        join=given["join"],
        access=given["access"],
        tags=given["tag"],
        text=given["q"],
    )
    limit = given.get("limit", USUAL_LIMIT)
    return Asked(ask, near, limit, cursor, _key(ask, near, limit, cursor))


def _check(given: dict[str, Any]) -> None:
    """Refuse parameters that do not go together: better than to leave one of them out without a word."""
    wrong: dict[str, list[str]] = {}
    if given["place"] is not None and given["cell"] is not None:
        wrong["cell"] = ["cannot go together with place"]
    if given["place"] is None and given["cell"] is None:
        if given["radius"] is not None:
            wrong["radius"] = ["needs a place or a cell"]
        if given.get("order") is Order.NEAREST:
            wrong["order"] = ["nearest needs a place or a cell"]
    spanned = given["from_"] is not None or given["until"] is not None
    if given["day"] is not None and spanned:
        wrong["day"] = ["cannot go together with from or until"]
    if given["when"] is not None:
        if spanned:
            wrong["when"] = ["cannot go together with from or until"]
        elif given["day"] is not None and given["when"] is not When.AFTER_SCHOOL:
            wrong["when"] = ["cannot go together with day, except after-school"]
    if wrong:
        raise ValidationError(wrong)


def _where(given: dict[str, Any]) -> Near | None:
    if given["place"] is not None:
        return _at_place(given["place"])
    return None if given["cell"] is None else at_cell(given["cell"])


@lru_cache(maxsize=4096)
def _at_place(text: str) -> Near:
    place = geo.find(text)
    if place.kind == "postcode":
        # A postcode is a handful of front doors, so the answer speaks of its cell.
        return at_cell(place.cell)
    return Near(place.cell, place.name, place.kind, place.borough, ("place", place.slug))


@lru_cache(maxsize=8192)
def at_cell(cell: int) -> Near:
    """A cell by the neighbourhood that lies nearest. Raises UnknownPlace for one outside London."""
    middle = LONDON.centre(cell)
    there = geo.borough_at(*middle)
    if there is None:
        raise geo.UnknownPlace("", outside=True)
    return Near(cell, geo.place_near(*middle).name, "cell", there[0], ("cell", cell))


def _window(given: dict[str, Any], near: Near | None, now: datetime) -> Window:
    if given["when"] is not None:
        return windows.of(given["when"], now=now, day=given["day"], borough=near.borough if near else None)
    if given["day"] is not None:
        return windows.on(given["day"])
    if given["from_"] is None and given["until"] is None:
        return windows.ahead(now)
    return _span(given["from_"], given["until"], now)


def _span(first: date | datetime | None, last: date | datetime | None, now: datetime) -> Window:
    """The window of `from` and `until`. A date is the beginning of its day as `from` and its end as `until`."""
    from_ = first if isinstance(first, datetime) else clock.midnight(first or clock.today(now))
    if last is None:
        before = from_ + timedelta(days=windows.AHEAD)
    else:
        before = last if isinstance(last, datetime) else clock.midnight(last + timedelta(1))
    if before <= from_:
        raise TooWide(fields={"until": ["must be later than from, which is the beginning of today if it is not given"]})
    if before - from_ > timedelta(days=WIDEST):
        raise TooWide(fields={"until": [f"must be within {WIDEST} days of from"]})
    return Window(from_, before)


def _cursor(text: str | None) -> tuple[str | None, Window | None]:
    """The backend's cursor, and the window that the first page looked at: the next page looks at the same one."""
    if text is None:
        return None, None
    try:
        from_, before, cursor = text.split(".")
        first, last = int(from_, 36), int(before, 36)
    except ValueError as error:
        raise BadCursor from error
    if f"{_base36(first)}.{_base36(last)}.{cursor}" != text or not 0 < last - first <= WIDEST * 86_400 or last > 2**32:
        raise BadCursor
    return cursor, Window(clock.from_epoch(first), clock.from_epoch(last))


def next_cursor(asked: Asked, cursor: str | None) -> str | None:
    """The cursor of the page after this one, which carries the window along; None after the last."""
    if cursor is None:
        return None
    return f"{_base36(clock.epoch(asked.ask.from_))}.{_base36(clock.epoch(asked.ask.before))}.{cursor}"


def _base36(number: int) -> str:
    digits = ""
    while number > 0:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits or "0"


PLAIN = re.compile(r"[A-Za-z0-9_.:-]*")
_IN_ORDER = (
    "radius", "day", "from_", "until", "when", "category", "age", "free", "checked", "join", "access", "tag", "q",
    "order",
)  # fmt: skip


def address(given: dict[str, Any], asked: Asked, cursor: str) -> str:
    """The absolute address of the next page, with the parameters in one order whatever order they came in."""
    pairs: list[tuple[str, Any]] = [asked.near.param] if asked.near else []
    for name in _IN_ORDER:
        value = given[name]
        if value is None or value is False or value in ((), ""):
            continue
        key = name.rstrip("_")
        pairs += [(key, one) for one in value] if name in {"join", "access", "tag"} else [(key, _written(value))]
    pairs += [("limit", asked.limit)] if asked.limit != USUAL_LIMIT else []
    query = "&".join([f"{name}={_quoted(value)}" for name, value in (*pairs, ("cursor", cursor))])
    return f"{current_app.config['BASE_URL']}{PREFIX}/sessions?{query}"


def _quoted(value: str | int) -> str:
    """A value as it stands in an address. Nearly all of ours are plain already, and quoting is slow."""
    text = str(value)
    return text if PLAIN.fullmatch(text) else quote_plus(text)


def _written(value: Any) -> str:
    """A value in the one spelling that its field reads."""
    if value is True:
        return "true"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%SZ}"
    if isinstance(value, tuple):
        return str(value[0]) if value[0] == value[1] else f"{value[0]}-{value[1]}"
    return str(value)


def _key(ask: Ask, near: Near | None, limit: int, cursor: str | None) -> tuple[object, ...]:
    return (
        near and (near.cell, near.name, near.kind), ask.radius, clock.epoch(ask.from_), clock.epoch(ask.before),
        ask.order, ask.category and ask.category.value, ask.ages, ask.free, ask.after_school, ask.holiday, ask.checked,
        ask.join, ask.access, ask.tags, ask.text, limit, cursor,
    )  # fmt: skip

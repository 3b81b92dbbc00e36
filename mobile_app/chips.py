"""The filters within one tap of Discover: each a link to the same page with it switched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mobile_app import view
from mobile_app.filters import AGES, WHENS, Asked

# What each filter's values are called on a chip.
NAMES: Mapping[str, Mapping[str, str]] = {
    "category": {kind.slug: kind.name for kind in view.KINDS.values()},
    "when": WHENS,
    "age": {value: f"Ages {words}" for value, words in AGES.items()},
    "join": view.JOINS,
    "access": view.ACCESS,
    "tag": view.TAGS,
}
# Always shown, on or off; others are shown while they are on.
QUICK = (
    ("when", "after-school"),
    ("age", "13-15"),
    ("join", "turn_up"),
    ("tag", "food_there"),
    ("access", "step_free"),
)


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter: what it says, whether it is on, and the question with it switched."""

    id: str
    words: str
    on: bool
    then: Asked


def chips(asked: Asked) -> list[Chip]:
    """Free first, then those that are on, so that they are in view on a phone, then the quick ones that are off."""
    on = [(field, value) for field in NAMES for value in _held(asked, field)]
    off = [pair for pair in QUICK if pair not in on]
    free = Chip("f-free", "Free", asked.free, asked.but(free=not asked.free))
    return [free, *(_chip(asked, *pair, on=True) for pair in on), *(_chip(asked, *pair, on=False) for pair in off)]


def _held(asked: Asked, field: str) -> tuple[str, ...]:
    value: str | tuple[str, ...] = getattr(asked, field)
    if isinstance(value, tuple):
        return value
    return (value,) if value else ()


def _chip(asked: Asked, field: str, value: str, *, on: bool) -> Chip:
    if field in {"access", "tag"}:
        held = _held(asked, field)
        # In the order of the page's lists, so that one set of filters has one address.
        then = asked.but(**{field: tuple(one for one in NAMES[field] if (one in held) != (one == value))})
    else:
        then = asked.but(**{field: "" if on else value})
    return Chip(f"f-{field}-{value}", NAMES[field][value], on, then)

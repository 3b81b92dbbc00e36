"""London's 33 boroughs as a drawing whose parts are links, with how much is on in each. It needs no script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from markupsafe import Markup

from backend.activities import details
from backend.core import clock
from backend.core.errors import Unavailable
from backend.geo import outlines
from backend.geo import queries as geo
from backend.geo.shapes import shapes
from mobile_app.door import Door

ROOM = (44, 30)  # Units of the drawing, across and down, that a number needs for itself.


@dataclass(frozen=True, slots=True)
class Shape:
    """A borough as it is drawn: `next_to` are the slugs of its neighbours; `x`, `y` a point with room for a number."""

    code: str
    slug: str
    name: str
    path: str
    next_to: tuple[str, ...]
    x: int
    y: int
    roomy: bool


def add_pages(door: Door) -> None:
    """Give the templates the drawing; it has no page of its own."""
    door.record_once(lambda setup: setup.app.jinja_env.globals.update(london_svg=svg, borough_slug=slug_of))


@cache
def slug_of(code: str) -> str:
    """A borough's word in addresses; empty for one that is not London's."""
    return next((one.slug for one in geo.boroughs() if one.code == code), "")


@cache
def drawn() -> tuple[Shape, ...]:
    """All 33, in the order of their names."""
    map_ = outlines.london_map()
    slugs = {one.code: one.slug for one in geo.boroughs()}
    found = []
    for one in geo.boroughs():
        x, y = map_.labels[one.code]
        near = tuple(sorted(slugs[code] for code in neighbours(one.code)))
        found.append(Shape(one.code, one.slug, one.name, map_.boroughs[one.code], near, x, y, one.code in _roomy()))
    return tuple(found)


def svg(counts: Mapping[str, int] | None = None) -> Markup:
    """The drawing, with how much is on in each borough where `counts` (by code) says so.

    A script on the phone puts that phone's own borough in sun and the ones next to it in coral.
    """
    return _svg() if counts is None else _written(counts)


@cache
def _svg() -> Markup:
    return _written(None)


def _written(counts: Mapping[str, int] | None) -> Markup:
    """Boroughs as links, then the river, then the numbers, so that neither river nor neighbour lies over a number."""
    map_ = outlines.london_map()
    links, numbers = [], []
    for one in drawn():
        number = 0 if counts is None else counts.get(one.code, 0)
        said = "" if counts is None else f", {number} on today"
        links.append(
            f'<a href="/?place={one.slug}" data-ends="place={one.slug}" data-ends-name="{one.name}" '
            f'data-next="{" ".join(one.next_to)}" aria-label="{one.name}{said}"><path d="{one.path}"/></a>'
        )
        if number and one.roomy:
            numbers.append(f'<text x="{one.x}" y="{one.y + 8}" data-of="{one.slug}">{number}</text>')
    return Markup(  # noqa: S704 (names and paths are ours)
        f'<svg class="london" viewBox="0 0 {map_.width} {map_.height}" role="group" '
        f'aria-label="Map of London’s boroughs" data-london>{"".join(links)}'
        f'<path class="thames" d="{map_.river}"/><g aria-hidden="true">{"".join(numbers)}</g></svg>'
    )


@cache
def _roomy() -> frozenset[str]:
    """The boroughs in which a number fits: those whose label is far enough from every other's."""
    labels = outlines.london_map().labels
    kept: dict[str, tuple[int, int]] = {}
    # The City's code comes first, and it is the smallest, so it gives way to the boroughs around it.
    for code, (x, y) in sorted(labels.items(), reverse=True):
        if all(abs(x - other_x) >= ROOM[0] or abs(y - other_y) >= ROOM[1] for other_x, other_y in kept.values()):
            kept[code] = (x, y)
    return frozenset(kept)


def neighbours(code: str) -> set[str]:
    """The boroughs that share a border with one, also one along the river."""
    return {
        other
        for left, right, _ in shapes().borders
        for mine, other in ((left, right), (right, left))
        if mine == code and other is not None
    }


def counts_today() -> dict[str, int]:
    """How many things are still on today in each borough, by its code; nothing while the database does not answer.

    The map and the list lead on without numbers too.
    """
    moment = clock.now()
    tomorrow = clock.midnight(clock.today(moment) + timedelta(1))
    try:
        return details.counts_by_borough(now=moment, until=tomorrow)
    except Unavailable:
        return {}

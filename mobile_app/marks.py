"""Pins and clusters as SVG. Discover carries a map of up to twenty, so they are written here and not in a template.

Each mark is a link with a target of at least 44 by 48 pixels around what is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup, escape

from mobile_app import assets, view
from mobile_app.frame import HEIGHT, WIDTH

SHAPE = "M22 51c-2-4-6-6.5-11.5-11A20 20 0 1 1 33.5 40C28 44.5 24 47 22 51Z"  # A pin 44 wide and 52 high.
CREAM = "#FFF8EE"
BOX = f'viewBox="{-WIDTH // 2} {-HEIGHT // 2} {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'


@dataclass(frozen=True, slots=True)
class Mark:
    """A pin, or a cluster of `number`: where it is in pixels from the middle, what it says, where it leads."""

    x: int
    y: int
    number: int
    label: str
    url: str
    icon: str
    colour: str
    picked: bool


def marks_svg(marks: list[Mark], here: tuple[int, int] | None, name: str) -> Markup:
    """All marks of a map of the place called `name`, over the dot of the asker's own ends (`here`) if it is on it."""
    assets.also(icons=tuple(mark.icon for mark in marks if not mark.number))
    dot = ""
    if here:
        dot = (
            f'<circle class="mark-here" cx="{here[0]}" cy="{here[1]}" r="10"><title>Your ends, roughly</title></circle>'
        )
    return Markup(  # noqa: S704 (what a group wrote is escaped; the rest is ours)
        f'<svg class="marks" {BOX} role="group" aria-label="What’s on, on a map of {escape(name)}">'
        f'<defs><path id="pin" d="{SHAPE}"/></defs>{dot}{"".join(map(_link, marks))}</svg>'
    )


def pin_svg(x: int, y: int, kind: view.Kind) -> Markup:
    """One pin that only shows where something is."""
    assets.also(icons=(kind.icon,))
    return Markup(  # noqa: S704 (icons are ours)
        f'<svg class="marks" {BOX} aria-hidden="true"><defs><path id="pin" d="{SHAPE}"/></defs>'
        f"{_pin(x, y, kind.icon, CREAM, scale=1.15)}</svg>"
    )


def _link(mark: Mark) -> str:
    x, y = mark.x, mark.y
    if mark.number:
        drawn = (
            f'<rect class="mark-hit" x="{x - 24}" y="{y - 24}" width="48" height="48" rx="24"/>'
            f'<circle class="cluster" cx="{x}" cy="{y}" r="22.5"/><text x="{x}" y="{y + 6}">{mark.number}</text>'
        )
    else:
        pin = _pin(x, y, mark.icon, CREAM if mark.picked else mark.colour, scale=1.28 if mark.picked else 1)
        drawn = f'<rect class="mark-hit" x="{x - 22}" y="{y - 52}" width="44" height="52" rx="14"/>{pin}'
    state, said = (' mark-picked" aria-current="true', ", picked") if mark.picked else ("", "")
    return f'<a href="{escape(mark.url)}" class="mark{state}" aria-label="{escape(mark.label)}{said}">{drawn}</a>'


def _pin(x: int, y: int, icon: str, colour: str, *, scale: float) -> str:
    size = f" scale({scale})" if scale != 1 else ""
    return (
        f'<g transform="translate({x} {y}){size}"><use class="mark-pin" href="#pin" x="-22" y="-52" fill="{colour}"/>'
        f'<use class="mark-icon" href="#i-{icon}" x="-11" y="-41" width="22" height="22"/></g>'
    )

"""The drawn map under the pins: land, river, parks, main roads and names as one small SVG file, no tiles.

It is a file of its own, the same for everybody who looks at a place, and follows the phone's light or dark by itself.
"""

from __future__ import annotations

from functools import lru_cache

from markupsafe import escape

from backend.geo import outlines, paths
from backend.geo import queries as geo
from mobile_app.frame import HEIGHT, WIDTH, Frame

LETTER = 8.2  # Pixels: about how wide a letter of a name is.
LINE = 18  # Pixels that a name takes from top to bottom.
CLEAR = 17  # Pixels that a name keeps from the very middle.
EDGE = 8  # Pixels that a name keeps from the edge.
NAMES = 34  # More would be a muddle.
FAR = 20.0  # Metres to a pixel: from here on the smaller roads are left out.
APART = (0, 6)  # Pixels: points of a border closer together than this are drawn as one, from near and from far.
SPECKS = (6, 14)  # Pixels: a park smaller than this is left out, from near and from far.

STYLE = (
    ":root{--land:#f8e5c8;--line:#d6ba96;--water:#a9dcf2;--park:#c3e8cf;--muted:#664c62;--ink:#2b0f2a;--road:#fff}"
    "@media(prefers-color-scheme:dark){:root{--land:#33203a;--line:#5a4160;--water:#173c55;--park:#1f4a3a;"
    "--muted:#d2bccb;--ink:#fff2e3;--road:#2d1a2b}}"
    "path{fill:none;stroke-linecap:round;stroke-linejoin:round}"
    ".l{fill:var(--land)}.b{stroke:var(--line);stroke-width:1.5;stroke-dasharray:2 5}.w{fill:var(--water)}"
    ".p{fill:var(--park)}.c{stroke:var(--line)}.r{stroke:var(--road)}.c1{stroke-width:8}.r1{stroke-width:5}"
    ".c2{stroke-width:6}.r2{stroke-width:3.5}"
    "text{font:600 13px system-ui,sans-serif;fill:var(--muted);text-anchor:middle;paint-order:stroke;"
    "stroke:var(--land);stroke-width:4px;stroke-linejoin:round}"
    ".n{font:800 19px system-ui,sans-serif;fill:var(--ink)}"
)


@lru_cache(maxsize=256)
def svg(frame: Frame) -> str:
    """The base map of a frame."""
    lat, lng = frame.middle
    seen = outlines.window(lat, lng, round(WIDTH * frame.unit), round(HEIGHT * frame.unit), WIDTH)
    far = frame.unit > FAR
    speck = SPECKS[far]
    classes = (1,) if far else (2, 1)
    roads = {
        number: "".join(paths.curve(road.points) for road in seen.roads if road.road_class == number)
        for number in classes
    }
    drawn = [
        f'<path class="l" d="M0 0h{WIDTH}v{HEIGHT}H0z"/>',
        _path("b", "".join(paths.line(_thinned(border, APART[far])) for border in seen.borders)),
        _path("w", "".join(paths.area(_thinned(bank, APART[far])) for bank in seen.river)),
        _path("p", "".join(paths.closed_curve(park) for park in seen.parks if _size(park) >= speck)),
        "<defs>" + "".join(f'<path id="k{number}" d="{path}"/>' for number, path in roads.items()) + "</defs>",
        # All edges lie under all surfaces, so that roads join without a seam.
        *[f'<use href="#k{number}" class="c c{number}"/>' for number in roads],
        *[f'<use href="#k{number}" class="r r{number}"/>' for number in roads],
        *_names(seen, geo.place_near(lat, lng).name),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f"<style>{STYLE}</style>{''.join(drawn)}</svg>"
    )


def _path(classes: str, path: str) -> str:
    return f'<path class="{classes}" d="{path}"/>' if path else ""


def _thinned(points: list[paths.Point], apart: int) -> list[paths.Point]:
    """Without the points that come too close after one that is kept; the ends stay."""
    kept = points[:1]
    for point in points[1:-1]:
        if abs(point[0] - kept[-1][0]) + abs(point[1] - kept[-1][1]) >= apart:
            kept.append(point)
    return kept + points[-1:]


def _size(shape: list[paths.Point]) -> float:
    """How wide or high a shape is, whichever is more."""
    across, down = [at[0] for at in shape], [at[1] for at in shape]
    return max(max(across) - min(across), max(down) - min(down))


def _names(seen: outlines.MapWindow, main: str) -> list[str]:
    """The names that fit without touching: the one in the middle first and larger, then those that matter most."""
    found: list[str] = []
    taken: list[tuple[float, float, float, float]] = []
    for label in sorted(seen.labels, key=lambda one: (one.name != main, one.rank)):
        size = 1.45 if label.name == main else 1.0
        half = len(label.name) * LETTER * size / 2
        # The middle stays free for the dot that says "your ends".
        central = abs(label.y - HEIGHT // 2) < CLEAR * 2 and abs(label.x - WIDTH // 2) < CLEAR * 2
        y = min(label.y, HEIGHT // 2 - CLEAR) if central else label.y
        box = (label.x - half, y - LINE * size, label.x + half, y + 4)
        inside = box[0] >= EDGE and box[2] <= WIDTH - EDGE and box[1] >= 0 and box[3] <= HEIGHT
        clear = all(box[2] < b[0] or b[2] < box[0] or box[3] < b[1] or b[3] < box[1] for b in taken)
        if inside and clear and len(found) < NAMES:
            taken.append(box)
            big = ' class="n"' if label.name == main else ""
            found.append(f'<text{big} x="{label.x}" y="{y}">{escape(label.name)}</text>')
    return found

"""The built front end: which hashed file is which, and the drawings that a page may carry inside itself.

`npm run build` makes mobile_app/static. A page holds only the icons and patterns it uses: templates call `icon()` and
`moquette()`, which note the name, and the base template ends with `sprite()`.
"""

from __future__ import annotations

import functools
import json
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

STATIC = Path(__file__).parent / "static"
URL = "/static/"


class NotBuilt(RuntimeError):
    """The front end has not been built."""

    def __init__(self) -> None:
        super().__init__("mobile_app/static is missing or old: run `npm ci && npm run build` (make run does it).")


@dataclass(frozen=True)
class Assets:
    """What the build left: files by the name of their source, and drawings by name."""

    files: dict[str, str]
    icons: dict[str, str]
    moquette: dict[str, str]

    def url(self, source: str) -> str:
        """The address of a built file, by the end of its source path: "css/app.css", "gabarito-800.woff2"."""
        for name, file in self.files.items():
            if name.endswith(source):
                return URL + file
        raise KeyError(f"The build made nothing from {source}.")


@functools.cache
def built() -> Assets:
    """The build's output, read once. Raises NotBuilt."""
    try:
        manifest = json.loads((STATIC / "manifest.json").read_text())
        icons = json.loads((STATIC / "icons.json").read_text())
        moquette = json.loads((STATIC / "moquette.json").read_text())
    except FileNotFoundError as error:
        raise NotBuilt from error
    return Assets({name: entry["file"] for name, entry in manifest.items()}, icons, moquette)


class _Used:
    """The drawings that the page being made has used so far."""

    def __init__(self) -> None:
        self.icons: set[str] = set()
        self.kinds: set[str] = set()


# A page calls `icon` a hundred times, and a context variable is the quickest place to note it.
_used: ContextVar[_Used] = ContextVar("used")


def start_page() -> None:
    """Begin a page: it has used no drawing yet."""
    _used.set(_Used())


def asset(source: str) -> str:
    """The address of a built file, for templates."""
    return built().url(source)


def icon(name: str, classes: str = "") -> Markup:
    """An icon as an inline drawing. It is decoration: the words stand beside it, or in the control's label."""
    _used.get().icons.add(name)
    return _icon(name, classes)


@functools.cache
def _icon(name: str, classes: str) -> Markup:
    more = f" {classes}" if classes else ""
    # The size is said here as well, for a page whose style sheet did not arrive.
    return Markup(f'<svg class="ic{more}" width="20" height="20" aria-hidden="true"><use href="#i-{name}"/></svg>')  # noqa: S704 (names are ours)


def moquette(kind: str, classes: str = "") -> Markup:
    """A tile of a kind's bus-seat pattern, filling the box it stands in."""
    _used.get().kinds.add(kind)
    return _moquette(kind, classes)


@functools.cache
def _moquette(kind: str, classes: str) -> Markup:
    more = f" {classes}" if classes else ""
    return Markup(  # noqa: S704 (kinds are ours)
        f'<svg class="mq{more}" aria-hidden="true"><rect width="100%" height="100%" fill="url(#mq-{kind})"/></svg>'
    )


def also(icons: tuple[str, ...] = (), kinds: tuple[str, ...] = ()) -> str:
    """Carry drawings that a part of the page will need only once a script has changed it."""
    _used.get().icons.update(icons)
    _used.get().kinds.update(kinds)
    return ""


def sprite() -> Markup:
    """Every icon and pattern that this page has used so far, once each."""
    drawings = built()
    symbols = [
        f'<symbol id="i-{name}" viewBox="0 0 24 24">{drawings.icons[name]}</symbol>'
        for name in sorted(_used.get().icons)
    ]
    size = 'width="48" height="48" patternUnits="userSpaceOnUse"'
    patterns = [
        f'<pattern id="mq-{kind}" {size}>{drawings.moquette[kind]}</pattern>' for kind in sorted(_used.get().kinds)
    ]
    return Markup("".join(symbols) + "<defs>" + "".join(patterns) + "</defs>")  # noqa: S704 (drawings are ours)

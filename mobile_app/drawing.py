"""A link's picture, 1200 × 630: what a chat shows when somebody shares an activity (Open Graph's usual size).

Put together from tiles that tools/drawings.py made and from the app's own font. Nothing here asks the database or the
network. Letters that the font does not have (emoji, other scripts) are left out; a title that is mostly of such letters
gives way to the name of its kind.
"""

from __future__ import annotations

import hashlib
import io
import unicodedata
from dataclasses import astuple, dataclass
from functools import cache, lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from mobile_app import assets, view

ART = Path(__file__).parent / "src" / "art"
WIDTH, HEIGHT = 1200, 630
EDGE = 72  # Pixels of margin.
BAND = 176  # How much of the moquette shows above the sheet.
CORNER = 60
FINE = 4  # Shapes are drawn this many times larger and then made small, for smooth edges.
TITLE_SIZES = (104, 88, 74, 62)  # The largest at which the title fits.
TITLE_LINES = 2
COLOURS = 96
WORDMARK_ROOM = 330  # Pixels that a line near the foot leaves free.
STYLE = 1  # Grows when the drawing changes, so that kept pictures are drawn again.

PAPER, INK, MUTED = "#fff8ee", "#2b0f2a", "#664c62"
TINTS = {"free": "#d2f1df", "sun": "#ffedbf", "sky": "#d3edf8", "pink": "#ffdcea", "": "#ffffff"}
FONTS = ("gabarito-latin-800-normal.woff2", "gabarito-latin-ext-800-normal.woff2")
MISSING = "\uffff"  # No font has this letter, so it shows what a missing one looks like.


@dataclass(frozen=True, slots=True)
class Card:
    """What a picture says: a kind's slug, the title, a few tags, and up to two lines below."""

    kind: str
    title: str
    tags: tuple[tuple[str, str], ...] = ()
    lines: tuple[str, ...] = ()

    @property
    def version(self) -> str:
        """Changes with everything that the picture shows."""
        return hashlib.sha256(repr((STYLE, astuple(self))).encode("utf-8", "replace")).hexdigest()[:12]


def draw(card: Card) -> bytes:
    """The picture as a PNG of at most 96 colours."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    _moquette(picture, card.kind)
    pen = ImageDraw.Draw(picture)
    _tags(picture, pen, card.tags, BAND + 50)
    title = _readable(card.title) or view.kind(card.kind).name
    size, lines = _fitted(title)
    y = BAND + 118
    for line in lines:
        _write(pen, (EDGE, y), line, size, INK)
        y += round(size * 1.04)
    y = max(y + 22, BAND + 262)
    for line in card.lines[:2]:
        _write(
            pen, (EDGE, y), _cut(_drawable(line), 36, WIDTH - 2 * EDGE - (WORDMARK_ROOM if y > 470 else 0)), 36, MUTED
        )
        y += 48
    mark = _wordmark()
    picture.paste(mark, (WIDTH - EDGE - mark.width, HEIGHT - 44 - mark.height), mark)
    out = io.BytesIO()
    picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(out, "PNG")
    return out.getvalue()


@cache
def _strip() -> Image.Image:
    """All kinds' patterns side by side."""
    return Image.open(ART / "moquette.png").convert("RGB")


@cache
def _wordmark() -> Image.Image:
    return Image.open(ART / "wordmark.png").convert("RGBA")


def _moquette(picture: Image.Image, kind: str) -> None:
    """The kind's pattern across the top, and the sheet of paper with its round corners over it."""
    strip = _strip()
    tile = strip.height
    at = list(view.KINDS).index(kind) * tile if kind in view.KINDS else 0
    pattern = strip.crop((at, 0, at + tile, tile))
    depth = BAND + CORNER
    for x in range(0, WIDTH, tile):
        for y in range(0, depth, tile):
            picture.paste(pattern.crop((0, 0, tile, min(tile, depth - y))), (x, y))
    picture.paste(PAPER, (0, BAND), _rounded(WIDTH, CORNER * 2, CORNER))
    picture.paste(PAPER, (0, depth, WIDTH, HEIGHT))


@lru_cache(maxsize=64)
def _rounded(width: int, height: int, radius: int) -> Image.Image:
    """A mask of a rectangle with round corners."""
    mask = Image.new("L", (width * FINE, height * FINE))
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, width * FINE - 1, height * FINE - 1), radius * FINE, fill=255)
    return mask.reduce(FINE)


def _tags(picture: Image.Image, pen: ImageDraw.ImageDraw, tags: tuple[tuple[str, str], ...], y: int) -> None:
    x = EDGE
    for words, tint in tags:
        said = _drawable(words)
        width = round(_length(said, 30)) + 40
        if x + width > WIDTH - EDGE:
            return
        picture.paste(TINTS.get(tint, TINTS[""]), (x, y), _rounded(width, 52, 18))
        _write(pen, (x + 20, y + 8), said, 30, INK)
        x += width + 14


def _fitted(title: str) -> tuple[int, list[str]]:
    """The largest size at which the title fits on two lines, and those lines; cut short when it never does."""
    for size in TITLE_SIZES:
        lines = _wrapped(title, size)
        if len(lines) <= TITLE_LINES:
            return size, lines
    kept = lines[: TITLE_LINES - 1]
    return size, [*kept, _cut(" ".join(lines[len(kept) :]), size, WIDTH - 2 * EDGE)]


def _wrapped(text: str, size: int) -> list[str]:
    """Words on lines; a word that is wider than a line is broken."""
    room = WIDTH - 2 * EDGE
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if _length(longer, size) <= room:
            lines[-1] = longer
            continue
        lines.append("")
        for letter in word:
            if _length(lines[-1] + letter, size) > room:
                lines.append("")
            lines[-1] += letter
    return [line for line in lines if line]


def _cut(text: str, size: int, room: int) -> str:
    """The text, or as much of it as fits with an ellipsis."""
    if _length(text, size) <= room:
        return text
    while text and _length(f"{text}…", size) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _readable(title: str) -> str:
    """The title without letters that cannot be drawn; nothing when hardly a word is left."""
    letters = sum(letter.isalnum() for letter in title)
    left = _drawable(title)
    return left if sum(letter.isalnum() for letter in left) * 2 > letters else ""


def _drawable(text: str) -> str:
    composed = unicodedata.normalize("NFC", text[:300])
    kept = "".join(letter if _font_of(letter) is not None else " " for letter in composed)
    return " ".join(kept.split())


@lru_cache(maxsize=4096)
def _font_of(letter: str) -> int | None:
    """Which of the fonts has a letter; None when neither does."""
    if letter.isspace():
        return 0
    if not letter.isprintable():
        return None
    for number in range(len(FONTS)):
        font = _font(number, 32)
        if bytes(font.getmask(letter)) != bytes(font.getmask(MISSING)):
            return number
    return None


@lru_cache(maxsize=32)
def _font(number: int, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(assets.STATIC / assets.asset(FONTS[number]).removeprefix(assets.URL), size)


def _runs(text: str) -> list[tuple[int, str]]:
    """The text in stretches of one font each."""
    found: list[tuple[int, str]] = []
    for letter in text:
        number = _font_of(letter) or 0
        if found and (found[-1][0] == number or letter.isspace()):
            found[-1] = (found[-1][0], found[-1][1] + letter)
        else:
            found.append((number, letter))
    return found


def _length(text: str, size: int) -> float:
    return sum(_font(number, size).getlength(part) for number, part in _runs(text))


def _write(pen: ImageDraw.ImageDraw, at: tuple[float, float], text: str, size: int, colour: str) -> None:
    """Write from the top left; all stretches stand on one line."""
    x, y = at
    base = y + _font(0, size).getmetrics()[0]
    for number, part in _runs(text):
        font = _font(number, size)
        pen.text((x, base), part, fill=colour, font=font, anchor="ls")
        x += font.getlength(part)

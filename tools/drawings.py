"""Draws the pictures that the server cannot draw itself, from the same SVG that the pages carry.

    .venv/bin/python -m tools.drawings

It writes the moquette and the wordmark as the tiles that links' pictures are put together from, and the picture of
the front page. Run it after changing one of those drawings; a test says when that was forgotten. Needs Playwright
and Chromium ($CHROMIUM, or chromium on PATH).
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from playwright.sync_api import Browser, sync_playwright

APP = Path(__file__).parent.parent / "mobile_app"
MOQUETTE = APP / "src/art/moquette.svg"
TEMPLATES = APP / "templates"
WORDMARK = TEMPLATES / "mobile_app/_art/wordmark.html"
SCENES = TEMPLATES / "mobile_app/_art/scenes.html"
FONT = APP / "src/fonts/gabarito-800.woff2"

TILE = 120  # Pixels: a pattern's 48 units at 2.5 times their size.
WORDMARK_SIZE = (273, 60)
SHARED_SIZE = (1200, 630)
SUN, INK, NIGHT = "#ffc42e", "#2b0f2a", "#5c0f4b"


def digest(*sources: Path) -> str:
    """What a drawing was made from, so that a test can tell an old one."""
    return hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:16]


def main() -> None:
    """Draw everything."""
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"), chromium_sandbox=False
        )
        _moquette(browser)
        _wordmark(browser)
        _front_page(browser)
        browser.close()


def _moquette(browser: Browser) -> None:
    """All kinds side by side, in the order of their file."""
    patterns = re.findall(r'<pattern id="mq-\w+"[^>]*>(.*?)</pattern>', MOQUETTE.read_text(), re.DOTALL)
    tiles = "".join(
        f'<svg x="{i * 48}" width="48" height="48" viewBox="0 0 48 48">{shapes}</svg>'
        for i, shapes in enumerate(patterns)
    )
    width = len(patterns) * TILE
    size = f'width="{width}" height="{TILE}" viewBox="0 0 {len(patterns) * 48} 48"'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{tiles}</svg>'
    _save(_shot(browser, svg, (width, TILE)), MOQUETTE.with_suffix(".png"), digest(MOQUETTE), colours=64)


def _wordmark(browser: Browser) -> None:
    symbol = _wordmark_svg(*WORDMARK_SIZE)
    picture = _shot(browser, f"<style>body{{color:{INK}}}.wm-lens{{fill:#ff7452}}</style>{symbol}", WORDMARK_SIZE)
    _save(picture, APP / "src/art/wordmark.png", digest(WORDMARK), colours=None)


def _wordmark_svg(width: int, height: int) -> str:
    symbol = re.search(r"<symbol.*?</symbol>", WORDMARK.read_text(), re.DOTALL)
    assert symbol is not None  # noqa: S101 (the file is ours)
    start = f'<svg class="wm" width="{width}" height="{height}"'
    inside = symbol[0].replace("<symbol", start).replace("</symbol>", "</svg>")
    return re.sub(r'id="wordmark" ', "", inside)


def _front_page(browser: Browser) -> None:
    """The street of Discover under its question: what a link to the front page shows in a chat."""
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    scene = environment.from_string('{% from "mobile_app/_art/scenes.html" import skyline %}{{ skyline("") }}').render()
    font = FONT.read_bytes().hex()
    page = f"""<style>
      body {{ margin: 0; width: 1200px; height: 630px; overflow: hidden; position: relative; }}
      body {{ background: {SUN}; color: {INK}; }}
      :root {{ --hero: {SUN}; --tower: {NIGHT}; }} .wm-lens {{ fill: #ff7452; }}
      .wm {{ position: absolute; left: 72px; top: 60px; }}
      h1 {{ position: absolute; left: 72px; top: 138px; margin: 0; width: 900px; }}
      h1 {{ font: 800 104px/1 Display; letter-spacing: -0.012em; }}
      .street {{ position: absolute; right: 0; bottom: 0; }}
      .street svg {{ display: block; width: 780px; height: 332px; overflow: visible; }}
    </style><body>{_wordmark_svg(273, 60)}<h1>What’s good in your ends?</h1><div class="street">{scene}</div>
    <script>const b = Uint8Array.from("{font}".match(/../g), h => parseInt(h, 16));
      const f = new FontFace("Display", b); document.fonts.add(f); window.ready = f.load();</script>"""
    picture = _shot(browser, page, SHARED_SIZE)
    _save(picture.convert("RGB"), APP / "src/public/icons/share.png", digest(SCENES, WORDMARK, FONT), colours=96)


def _shot(browser: Browser, html: str, size: tuple[int, int]) -> Image.Image:
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.set_content(f"<style>*{{margin:0}}svg{{display:block}}</style>{html}")
    page.evaluate("window.ready")
    data = page.screenshot(omit_background=True)
    page.close()
    return Image.open(io.BytesIO(data))


def _save(picture: Image.Image, path: Path, made_from: str, *, colours: int | None) -> None:
    if colours:
        picture = picture.convert("RGB").quantize(colours, dither=Image.Dither.NONE)
    facts = PngInfo()
    facts.add_text("made-from", made_from)
    picture.save(path, optimize=True, pnginfo=facts)
    print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()

"""`python -m tools.pictures URL`: the two pictures of the README, taken from a running site with demo data."""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image

from tools.browser import launched

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
SHOTS = {"discover": "/?place=peckham", "map": "/map?place=peckham"}


def main(url: str) -> None:
    """Take each picture on a phone's screen at twice its points."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with launched() as browser:
        context = browser.new_context(viewport={"width": 390, "height": 844}, device_scale_factor=2)
        page = context.new_page()
        for name, path in SHOTS.items():
            page.goto(url + path, wait_until="networkidle")
            page.screenshot(path=FOLDER / f"{name}.png")
            # Flat colours: a palette of 96 holds them all at a third of the size.
            picture = Image.open(FOLDER / f"{name}.png").convert("RGB").quantize(96, dither=Image.Dither.NONE)
            picture.save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main(sys.argv[1])

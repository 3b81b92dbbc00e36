"""A real browser for tests and audits: how it is started, and the facts that a picture hides."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
ARGUMENTS = (
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-dev-shm-usage",
)

# How every page is looked at: width in px, colour scheme, text size.
VIEWS = (
    (390, "light", 1),
    (390, "dark", 1),
    (1280, "light", 1),
    (1280, "dark", 1),
    (320, "light", 1),
    (640, "light", 2),
)

# WCAG 2.0 to 2.2, levels A and AA, and axe's own best practices.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# What a finger must hit: at least 44 px each way. Links in running text and shapes of a drawn map, which has a list
# beside it, are the two exceptions that WCAG 2.2 (2.5.8) makes as well.
_SMALL = """() => [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button]')]
  .filter(element => {
    const box = element.getBoundingClientRect(), style = getComputedStyle(element);
    return box.width && box.height && style.visibility !== 'hidden' && style.display !== 'inline'
      && !element.closest('svg') && !element.matches('.sr-only, [class*=sr-only]')
      && !(element.matches('input') && element.closest('label'))
      && (box.width < 43.5 || box.height < 43.5);
  })
  .map(element => `${(element.getAttribute('aria-label') || element.innerText || element.name || element.tagName)
    .trim().slice(0, 30)} ${Math.round(element.getBoundingClientRect().width)}×${
    Math.round(element.getBoundingClientRect().height)}`)"""

_AXE = """rules => axe.run(document, {runOnly: rules}).then(result =>
  result.violations.map(v => `${v.id}: ${v.nodes.map(node => node.target.join(' ')).slice(0, 3).join(', ')}`))"""


def executable() -> str | None:
    """Where a Chromium is: $CHROMIUM, or one of its usual names on PATH."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@contextmanager
def launched() -> Iterator[Any]:
    """A running browser. Raises FileNotFoundError where there is none."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  -- only those who drive a browser need it.

    path = executable()
    if path is None:
        raise FileNotFoundError("no Chromium: install it, or set CHROMIUM to its path")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, chromium_sandbox=False, args=list(ARGUMENTS))
        yield browser
        browser.close()


def sideways(page: Any) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def small_targets(page: Any) -> list[str]:
    """What is smaller than 44 px each way, with its size."""
    return list(page.evaluate(_SMALL))


def violations(page: Any) -> list[str]:
    """What axe finds wrong. The page's context must have been opened with `bypass_csp=True`."""
    page.add_script_tag(path=str(AXE))
    return list(page.evaluate(_AXE, RULES))


def larger_text(page: Any, factor: int = 2) -> None:
    """Set the text size as a person would in the browser's settings; also needs `bypass_csp=True`."""
    page.add_style_tag(content=f"html {{ font-size: {factor * 100}% !important }}")


class FirstLoad:
    """Counts what a page's first load costs: bytes over the wire, hosts, errors. Make it before `goto`."""

    def __init__(self, page: Any) -> None:
        self.bytes = 0
        self.requests: list[str] = []
        self.errors: list[str] = []
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", self._add)
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _add(self, event: dict[str, Any]) -> None:
        self.bytes += int(event["encodedDataLength"])

"""`make audit`: Lighthouse, axe and first-load weight of every kind of page, written to docs/quality.md.

Starts the site as `make run` does, with demo data in a folder of its own. Lighthouse comes from npm by npx when it is
not there; without it (or without Chromium) the audit ends with what is missing.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tools.browser import VIEWS, FirstLoad, executable, larger_text, launched, sideways, small_targets, violations
from tools.ports import free_port

ROOT = Path(__file__).parents[1]
REPORT = ROOT / "docs" / "quality.md"
LIGHTHOUSE = os.environ.get("LIGHTHOUSE", "npx --yes lighthouse@12.8.2").split()
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")

PATHS = (
    "/?place=peckham",
    "/",
    "/filters?place=peckham",
    "/map?place=peckham",
    "/ends",
    "/saved",
    "/support",
    "/about",
    "/how-we-check",
    "/api/v1/docs",
)
INTRODUCTION = """Written by `make audit`; do not edit. Each page is looked at by axe-core (WCAG 2.0 to 2.2, A and AA,
and best practices) at 390 and 1280 px in light and dark, at 320 px, and at 640 px with text at 200 %; in the same views
nothing may scroll sideways, and at 390 px every target is at least 44 px. Weight is the first load over the wire from
our own server, without a CDN. Pages that ask search engines to stay away are unlisted. Lighthouse 12 runs as a
mid-range phone on slow 4G, the middle of three runs."""
SCORED = 5  # How many of the pages Lighthouse runs on: those that people open first.


@dataclass
class Findings:
    """What was found about one page. `scores` are Lighthouse's, 0–100."""

    path: str
    kilobytes: float = 0
    requests: int = 0
    wrong: list[str] = field(default_factory=list)
    scores: dict[str, int] = field(default_factory=dict)
    unlisted: bool = False  # Asks search engines to stay away, so a score for being found says nothing.


def main() -> None:
    """Audit and write the report. Ends with 1 if anything is wrong or scores below 95."""
    with tempfile.TemporaryDirectory() as folder:
        url, process = _start(folder)
        try:
            pages = _audit(url)
        finally:
            process.terminate()
            process.wait(20)
    REPORT.write_text(_report(pages))
    print(REPORT.read_text())
    low = [page.path for page in pages if any(score < 95 for score in page.scores.values())]
    sys.exit(1 if low or any(page.wrong for page in pages) else 0)


def _start(folder: str) -> tuple[str, subprocess.Popen[bytes]]:
    port = free_port()
    environ = {**os.environ, "PORT": str(port), "DATA_DIR": folder, "MODE": "demo"}
    process = subprocess.Popen([sys.executable, "-m", "tools.serve"], cwd=ROOT, env=environ)
    url = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"{url}/ready", timeout=2):  # noqa: S310  -- our own server.
                return url, process
        except OSError:
            time.sleep(0.3)
    raise SystemExit("The site did not start.")


def _audit(url: str) -> list[Findings]:
    with launched() as browser:
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{url}/?place=peckham&day=any")
        activity = page.locator("article.act h3 a").first.get_attribute("href").split("?")[0]
        page.goto(url + activity)
        group = page.locator("a[href^='/organisations/']").first.get_attribute("href")
        context.close()
        paths = (PATHS[0], activity, *PATHS[1:], group)
        pages = [_look(browser, url, path) for path in paths]
    for page in pages[:SCORED]:
        page.scores = _lighthouse(url + page.path)
        if page.unlisted:
            del page.scores["seo"]
    return pages


def _look(browser: Any, url: str, path: str) -> Findings:
    found = Findings(path)
    context = browser.new_context(viewport={"width": 390, "height": 844}, device_scale_factor=2)
    page = context.new_page()
    load = FirstLoad(page)
    page.goto(url + path, wait_until="networkidle")
    found.kilobytes, found.requests = round(load.bytes / 1000, 1), len(load.requests)
    found.wrong += load.errors + [r for r in load.requests if not r.startswith((url, "data:", "blob:"))]
    found.wrong += ["a cookie"] * len(context.cookies())
    found.unlisted = page.locator("meta[name=robots][content*=noindex]").count() > 0
    context.close()
    for width, scheme, zoom in VIEWS:
        found.wrong += _view(browser, url + path, width, scheme, zoom)
    return found


def _view(browser: Any, address: str, width: int, scheme: str, zoom: int) -> list[str]:
    context = browser.new_context(
        viewport={"width": width, "height": 844}, color_scheme=scheme, reduced_motion="reduce", bypass_csp=True
    )
    page = context.new_page()
    page.goto(address, wait_until="load")
    if zoom != 1:
        larger_text(page, zoom)
    wrong = violations(page)
    wrong += [f"{sideways(page)} px too wide"] if sideways(page) > 1 else []
    wrong += [f"small: {target}" for target in small_targets(page)] if (width, scheme) == (390, "light") else []
    context.close()
    return [f"{width} {scheme} ×{zoom}: {one}" for one in wrong]


def _lighthouse(address: str) -> dict[str, int]:
    flags = ["--quiet", "--output=json", "--output-path=stdout", "--chrome-flags=--headless --no-sandbox --disable-gpu"]
    environ = {**os.environ, "CHROME_PATH": executable() or ""}
    # The middle of three runs: a busy machine makes any one of them slow.
    runs = []
    for _ in range(3):
        done = subprocess.run([*LIGHTHOUSE, address, *flags], env=environ, capture_output=True, check=True)
        report = json.loads(done.stdout)
        runs.append({name: round(report["categories"][name]["score"] * 100) for name in CATEGORIES})
    return {name: sorted(run[name] for run in runs)[1] for name in CATEGORIES}


def _report(pages: list[Findings]) -> str:
    lines = [
        "# How good the pages are",
        "",
        *INTRODUCTION.splitlines(),
        "",
        (
            f"{datetime.now(UTC):%d %B %Y}, {os.cpu_count()} cores, {platform.system()} {platform.machine()},"
            f" Python {platform.python_version()}."
        ),
        "",
        "| page | kB | requests | axe, width, targets | performance | accessibility | best practices | SEO |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for page in pages:
        scores = " | ".join(str(page.scores.get(name, "unlisted" if page.unlisted else "–")) for name in CATEGORIES)
        wrong = "; ".join(page.wrong) or "nothing found"
        lines.append(f"| `{page.path}` | {page.kilobytes} | {page.requests} | {wrong} | {scores} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()

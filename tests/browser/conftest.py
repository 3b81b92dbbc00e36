"""A real Chromium on the real site, started as `make run` starts it, with the demo data."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tools import browser
from tools.ports import free_port

ROOT = Path(__file__).parents[2]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@dataclass
class Site:
    """A running site: where it answers, its process, and its data."""

    url: str
    process: subprocess.Popen[bytes]
    folder: Path


@pytest.fixture(scope="session")
def site_here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Good Ends as a newcomer gets it, on a port of its own."""
    folder = tmp_path_factory.mktemp("run")
    port = free_port()
    environ = {**os.environ, "PORT": str(port), "DATA_DIR": str(folder), "WEB_CONCURRENCY": "1"}
    environ.pop("MODE", None)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "tools.serve"], cwd=ROOT, env=environ, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 90
    while True:
        try:
            with urllib.request.urlopen(f"{url}/ready", timeout=2):
                break
        except OSError:
            assert process.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < deadline, (folder / "log").read_text()
            time.sleep(0.2)
    yield Site(url, process, folder)
    process.terminate()
    process.wait(20)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    if not browser.executable():
        if os.environ.get("CI"):
            pytest.fail("CI must have Chromium: .ci/run installs it")
        pytest.skip("NO BROWSER: install chromium, or set CHROMIUM to its path, to run the browser tests")
    with browser.launched() as running:
        yield running


@pytest.fixture
def open_page(chromium: Any, site_here: Site) -> Iterator[Callable[..., Any]]:
    """Open a path of the site in a fresh context: no memory of earlier tests."""
    contexts = []

    def open_path(path: str, *, width: int = 390, scheme: str = "light", before: Any = None, **options: Any) -> Any:
        context = chromium.new_context(
            viewport={"width": width, "height": 844 if width < 600 else 800},
            color_scheme=scheme,
            reduced_motion="reduce",
            locale="en-GB",
            timezone_id="Europe/London",
            **options,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8_000)
        if before:
            before(page)
        page.goto(site_here.url + path, wait_until="load")
        return page

    yield open_path
    for context in contexts:
        context.close()

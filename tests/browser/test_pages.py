"""Every page, as a person meets it: readable, reachable, within the window, and without a trace."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlparse

import pytest

from tests.browser.conftest import Site
from tools.browser import VIEWS, FirstLoad, larger_text, sideways, small_targets, violations

Open = Callable[..., Any]

PATHS = [
    "/",
    "/?place=peckham",
    "/?place=peckham&day=any&free=0",
    "/?place=peckham&q=zzxxqq",
    "/?place=croydonn",
    "/filters?place=peckham",
    "/map?place=peckham",
    "/ends",
    "/saved",
    "/support",
    "/about",
    "/how-we-check",
    "/offline",
    "/nothing-here",
]


@pytest.fixture
def activity_path(open_page: Open) -> str:
    """The first activity that Peckham offers."""
    href = open_page("/?place=peckham&day=any").locator("article.act h3 a").first.get_attribute("href")
    return str(href).split("?")[0].split("#")[0]


def check(page: Any, where: str) -> list[str]:
    """What is wrong with a page in this window."""
    wrong = [f"{where}: {finding}" for finding in violations(page)]
    if (extra := sideways(page)) > 1:
        wrong.append(f"{where}: {extra} px too wide")
    return wrong


@pytest.mark.parametrize("path", PATHS)
def test_a_page_has_no_accessibility_violation_and_fits_in_light_dark_narrow_and_large_text(
    open_page: Open, path: str
) -> None:
    wrong = []
    for width, scheme, zoom in VIEWS:
        page = open_page(path, width=width, scheme=scheme, bypass_csp=True)
        if zoom != 1:
            larger_text(page, zoom)
        wrong += check(page, f"{width} {scheme} ×{zoom}")
        if width == 390 and scheme == "light":
            wrong += [f"small target: {target}" for target in small_targets(page)]
    assert wrong == []


def test_an_activity_and_its_group_are_as_good_as_the_lists(open_page: Open, activity_path: str) -> None:
    group = open_page(activity_path).locator("a[href^='/organisations/']").first.get_attribute("href")
    wrong = []
    for path in (activity_path, str(group)):
        for width, scheme, zoom in VIEWS:
            page = open_page(path, width=width, scheme=scheme, bypass_csp=True)
            if zoom != 1:
                larger_text(page, zoom)
            wrong += check(page, f"{path} {width} {scheme} ×{zoom}")
    assert wrong == []


@pytest.mark.parametrize("path", ["/?place=peckham", "/map?place=peckham", "/ends", "/saved", "/support"])
def test_looking_round_asks_no_other_host_sets_no_cookie_and_logs_no_error(
    open_page: Open, site_here: Site, path: str
) -> None:
    loads: list[FirstLoad] = []
    page = open_page(path, before=lambda page: loads.append(FirstLoad(page)))
    page.wait_for_load_state("networkidle")
    assert {urlparse(url).netloc for url in loads[0].requests} <= {urlparse(site_here.url).netloc, ""}
    assert page.context.cookies() == []
    assert loads[0].errors == []


def test_the_first_load_of_discover_is_at_most_60_kb(open_page: Open) -> None:
    loads: list[FirstLoad] = []
    page = open_page("/?place=peckham", before=lambda page: loads.append(FirstLoad(page)))
    page.wait_for_selector("article.act")
    page.wait_for_load_state("load")
    assert 10_000 < loads[0].bytes <= 60_000

"""The app as a person with a phone meets it: with scripts, without them, and with no signal."""

from __future__ import annotations

import re
from typing import Any

# Waits, for eight seconds at most, until this phone's service worker has the page that is open.
KEPT = """async () => {
  for (let tries = 0; tries < 80; tries++) {
    if (navigator.serviceWorker.controller && (await caches.match(location.href))) return;
    await new Promise((later) => setTimeout(later, 100));
  }
  throw new Error("nothing was kept");
}"""


def cards(page: Any) -> int:
    return int(page.locator("article.act").count())


def test_filters_change_the_list_in_place_and_say_what_there_is(open_page):
    page = open_page("/?place=peckham")
    page.evaluate("window.same = true")

    page.click("#f-free")
    page.wait_for_url("**/?place=peckham&free=0")

    page.wait_for_function("document.getElementById('said').textContent.includes('today')")
    assert page.evaluate("window.same") is True
    assert page.evaluate("document.activeElement.id") == "f-free"
    page.go_back()
    page.wait_for_selector("#f-free[aria-current]")


def test_the_sheet_says_how_many_fit_before_it_is_closed(open_page):
    page = open_page("/?place=peckham")
    page.click("#f-all")
    page.wait_for_selector("dialog[open]")

    with page.expect_response(re.compile(r"/filters\?.*age=13-15")):
        page.locator("dialog label", has_text="13–15").click()
    page.locator("#filter-foot button").click()
    page.wait_for_url("**/?place=peckham&age=13-15")

    assert page.locator("dialog[open]").count() == 0
    assert page.locator("#f-age-13-15[aria-current]").count() == 1


def test_everything_works_without_scripts(open_page):
    page = open_page("/?place=peckham", java_script_enabled=False)
    assert cards(page) > 0
    page.click("#f-all")
    page.locator("label", has_text="13–15").click()
    page.click("#filter-foot button")
    page.wait_for_url("**/?place=peckham&age=13-15")
    page.goto(page.url.replace("/?place=peckham&age=13-15", "/ends"))
    page.fill("#q", "Hackney Central")
    page.click("main form button")
    page.wait_for_url("**/?place=hackney-central")
    assert page.locator("[data-save]:visible").count() == 0


def test_the_ends_that_were_chosen_are_kept_on_the_phone(open_page, site_here):
    page = open_page("/ends")
    page.locator("#q").press_sequentially("peck", delay=20)
    page.locator("#suggestions a").first.click()
    page.wait_for_url("**/?place=peckham")

    page.goto(site_here.url + "/")
    page.wait_for_url("**/?place=peckham")
    page.goto(site_here.url + "/saved")
    assert page.locator(".dockbar a", has_text="What’s on").get_attribute("href").endswith("/?place=peckham")

    page.goto(site_here.url + "/ends")
    page.get_by_text("Show all of London").click()
    page.goto(site_here.url + "/")
    page.wait_for_timeout(300)
    assert page.url == site_here.url + "/"


def test_a_link_from_a_friend_does_not_change_my_ends(open_page, site_here):
    page = open_page("/ends")
    page.fill("#q", "Peckham")
    page.click("main form button")
    page.wait_for_url("**/?place=peckham")

    page.goto(site_here.url + "/?place=croydon")
    page.goto(site_here.url + "/")
    page.wait_for_url("**/?place=peckham")


def test_location_is_asked_for_on_a_tap_and_only_the_square_leaves_the_phone(open_page):
    page = open_page("/ends", geolocation={"latitude": 51.470123, "longitude": -0.069321}, permissions=["geolocation"])
    asked = []
    page.on("request", lambda request: asked.append(request.url + (request.post_data or "")))

    page.click("[data-locate]")
    page.wait_for_url(re.compile(r"/\?cell=\d+$"))

    assert not [url for url in asked if "51.47" in url or "0.069" in url]
    assert "On near you" in page.inner_text("main")


def test_what_was_saved_works_with_no_signal(open_page, site_here):
    page = open_page("/?place=peckham&day=any&free=0")
    title = page.locator("article.act a").first.inner_text()
    page.locator("[data-save]").first.click()
    page.evaluate(KEPT)
    page.goto(site_here.url + "/saved", wait_until="networkidle")
    assert page.locator("article.act a").first.inner_text() == title

    page.context.set_offline(True)
    page.goto(site_here.url + "/saved")
    assert page.locator("article.act a").first.inner_text() == title
    page.wait_for_selector("[data-saved-note]:visible")
    assert re.search(r"Updated \d+:\d\d[ap]m", page.inner_text("[data-saved-note]"))

    page.locator("[data-save]").first.click()
    page.reload()
    assert "Nothing saved yet" in page.inner_text("main")


def test_one_without_dates_is_kept_beside_the_others(open_page, site_here):
    page = open_page("/?place=peckham&day=any")
    page.click("main [data-save] >> nth=0")
    plain = '<article class="act" data-act="0"><h2><a href="/about">Stay and play</a></h2></article>'
    page.evaluate(
        """(html) => {
          const key = Object.keys(localStorage).find((name) => localStorage[name].includes("data-act"));
          const kept = JSON.parse(localStorage[key]);
          localStorage[key] = JSON.stringify([{ id: "0", html, at: Date.now() }, ...kept]);
        }""",
        plain,
    )
    page.goto(site_here.url + "/saved", wait_until="networkidle")

    assert page.locator("[data-saved-list] article").count() == 2
    assert "Stay and play" in page.inner_text("[data-saved-list] article >> nth=1")


def test_with_no_signal_the_helplines_open_and_other_pages_say_what_still_works(open_page, site_here):
    page = open_page("/?place=peckham")
    page.evaluate(KEPT)
    page.context.set_offline(True)

    page.goto(site_here.url + "/support")
    assert page.locator('a[href="tel:08001111"]').count() == 1
    page.goto(site_here.url + "/?place=barking")
    assert page.inner_text("h1") == "You’re offline"
    page.goto(site_here.url + "/?place=peckham")
    assert "No signal" in page.inner_text("[data-stale]")
    kept = page.evaluate(
        "caches.open('pages').then((c) => c.keys()).then((all) => all.map((one) => new URL(one.url).pathname))"
    )
    assert not [path for path in kept if path.startswith(("/support", "/filters"))]


def test_the_quick_exit_leaves_nothing_to_go_back_to(open_page, site_here):
    page = open_page("/saved")
    page.route(
        "https://www.bbc.co.uk/**", lambda route: route.fulfill(body="<h1>Weather</h1>", content_type="text/html")
    )
    page.goto(site_here.url + "/support")
    for _ in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url("https://www.bbc.co.uk/weather")

    page.go_back()
    assert page.url == site_here.url + "/saved"

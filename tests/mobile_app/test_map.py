"""The map: pins that can be pressed, links that lead on, and a base that is small."""

from __future__ import annotations

import gzip
import re
from html import unescape
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.activities.queries import Listing
from backend.activities.vocabulary import Category
from backend.geo import queries as geo
from backend.geo.grid import LONDON
from mobile_app import basemap, frame, london
from mobile_app.frame import CLOSEST, LEVELS, Frame
from tests import make

pytestmark = pytest.mark.usefixtures("at")
PECKHAM = geo.find("peckham")
SMALLEST_TARGET = 44  # Pixels.
LARGEST_BASE = 12_500  # Bytes of gzip, from far; near ones are half of it and less.


@pytest.fixture(autouse=True)
def term(app):
    make.calendar()


def marks(html: str) -> list[tuple[str, str]]:
    """What every pin and cluster says, and where it leads."""
    found = re.findall(r'<a href="([^"]*)" class="mark[^>]*aria-label="([^"]*)"', html)
    return [(unescape(label), unescape(url)) for url, label in found]


def at_place(lat: int, lng: int, **given) -> int:
    return make.activity(venue_id=make.venue(at=(lat, lng), name=given.pop("venue", "A hall")), **given)


def items(points: list[tuple[int, int]]):
    """Listings at these places, without a database."""
    blank = Listing(**dict.fromkeys(Listing._fields, 0))
    return [
        blank._replace(id=number, activity_id=number, lat=lat, lng=lng) for number, (lat, lng) in enumerate(points, 1)
    ]


def test_a_thing_is_a_pin_with_its_name_and_the_nearest_is_picked_with_its_card_below(client):
    activity = at_place(PECKHAM.lat, PECKHAM.lng, title="Open-mic", category=Category.MUSIC)
    at_place(PECKHAM.lat + 1_200, PECKHAM.lng, title="Boxing")
    make.work()

    html = client.get("/map?place=peckham").text

    assert [label for label, _ in marks(html)] == ["Boxing, 5–6:30pm", "Open-mic, 5–6:30pm, picked"]
    sheet = html[html.index('id="picked"') :]
    assert f'href="/activities/{activity}/open-mic"' in sheet[: sheet.index("only-wide")]
    assert "2 things on this map" in html


def test_pressing_a_pin_picks_it(client):
    at_place(PECKHAM.lat, PECKHAM.lng, title="Open-mic")
    at_place(PECKHAM.lat + 1_200, PECKHAM.lng, title="Boxing")
    make.work()

    url = dict(marks(client.get("/map?place=peckham").text))["Boxing, 5–6:30pm"]
    html = client.get(url).text

    assert ("Boxing, 5–6:30pm, picked") in dict(marks(html))
    assert html.count("mark-picked") == 1


def test_things_that_would_overlap_are_a_number_which_leads_closer_until_they_are_apart(client):
    for number in range(3):
        at_place(PECKHAM.lat + number * 200, PECKHAM.lng, title=f"Thing {number}")
    make.work()

    html = client.get("/map?place=peckham").text
    assert [label for label, _ in marks(html)] == ["3 things around Peckham"]

    for _ in LEVELS:
        if len(marks(html)) == 3:
            break
        html = client.get(marks(html)[0][1]).text

    assert sorted(label.partition(",")[0] for label, _ in marks(html)) == ["Thing 0", "Thing 1", "Thing 2"]


def test_things_at_one_place_are_a_number_that_leads_to_their_list(client):
    hall = make.venue(at=(PECKHAM.lat, PECKHAM.lng), name="Copeland Hall")
    for number in range(3):
        make.activity(venue_id=hall, title=f"Thing {number}")
    make.work()

    ((label, url),) = marks(client.get("/map?place=peckham").text)
    html = client.get(url).text

    assert label == "3 things at Copeland Hall"
    assert "3 here:" in html
    assert html.count('<article class="act"') == 3


def test_an_empty_map_offers_to_look_further_until_all_of_it_is_in_view(client):
    at_place(PECKHAM.lat + 3_000, PECKHAM.lng, title="Far away")
    make.work()

    html = client.get("/map?place=peckham").text
    assert "Nothing today on this bit of the map" in html
    for _ in LEVELS:
        further = re.search(r'href="([^"]*)">Look a bit further', html)
        if not further:
            break
        html = client.get(unescape(further[1])).text

    assert [label for label, _ in marks(html)] == ["Far away, 5–6:30pm, picked"]


def test_the_map_keeps_the_filters_and_leads_back_to_the_list_with_them(client):
    html = client.get("/map?place=peckham&age=13-15&free=0").text

    assert 'href="/?place=peckham&amp;free=0&amp;age=13-15"' in html
    assert "age=13-15" in re.search(r'href="([^"]*)" aria-label="Zoom in"', html)[1]


def test_every_way_to_move_the_map_leads_to_a_map(client):
    html = client.get("/map?place=peckham").text
    found = re.findall(r'class="map-tool" href="([^"]*)" aria-label="([^"]*)"', html)
    tools = {name: unescape(url) for url, name in found}

    assert set(tools) == {"Zoom in", "Zoom out", "Go west", "Go north", "Go south", "Go east"}
    for url in tools.values():
        assert client.get(url).status_code == 200
    assert "My ends" in client.get(tools["Go west"]).text


def test_a_card_says_how_far_it_is_from_ones_own_ends_wherever_the_map_looks(client):
    at_place(PECKHAM.lat, PECKHAM.lng + 2_000, title="East of here")
    make.work()
    near = client.get("/map?place=peckham").text
    moved = client.get(f"/map?place=peckham&look={LONDON.cell(PECKHAM.lat, PECKHAM.lng + 1500)}&zoom=2").text

    walk = re.compile(r"A hall · (\d+\s*min\s*walk)")
    assert walk.search(near)[1] == walk.search(moved)[1]


@pytest.mark.parametrize("address", ["/map", "/map?place=london", "/map?look=12&zoom=2", "/map?look=x&zoom=1"])
def test_without_a_place_the_map_is_londons_boroughs(client, address):
    answer = client.get(address)

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/ends")


@pytest.mark.parametrize(
    "query", ["", "look=1&zoom=2", "look=999999999&zoom=2", "look=-5&zoom=2", f"look={PECKHAM.cell}&zoom=99"]
)
def test_there_is_no_base_of_what_is_no_map(client, query):
    assert client.get(f"/map/base.svg?{query}").status_code == 404


@pytest.mark.parametrize("level", range(len(LEVELS)))
@pytest.mark.parametrize("place", ["peckham", "soho", "croydon", "heathrow", "upminster"])
def test_a_base_is_small_well_formed_and_needs_nothing_else(place, level):
    svg = basemap.svg(Frame(geo.find(place).cell, level))

    ET.fromstring(svg)
    assert len(gzip.compress(svg.encode(), 6)) <= (LARGEST_BASE if level < 2 else 10_000)
    assert "http" not in svg.replace("http://www.w3.org/2000/svg", "")
    assert "prefers-color-scheme:dark" in svg


def test_a_base_may_be_kept_and_is_asked_for_again_by_its_tag(client):
    url = f"/map/base.svg?look={PECKHAM.cell}&zoom=2"
    answer = client.get(url)

    assert answer.content_type.startswith("image/svg+xml")
    assert "style-src 'unsafe-inline'" in answer.headers["Content-Security-Policy"]
    assert "max-age=86400" in answer.headers["Cache-Control"]
    assert client.get(url, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(-2500, 2500), st.integers(-4000, 4000)), max_size=80),
    st.integers(0, CLOSEST),
)
def test_no_two_targets_overlap_and_each_is_large_enough_and_nothing_is_lost(offsets, level):
    shown = Frame(PECKHAM.cell, level)
    lat, lng = shown.middle
    placed = frame.groups(shown, items([(lat + dlat, lng + dlng) for dlat, dlng in offsets]))

    boxes = [one.box for one in placed]
    for number, (left, top, right, bottom) in enumerate(boxes):
        assert right - left >= SMALLEST_TARGET
        assert bottom - top >= SMALLEST_TARGET
        for other in boxes[number + 1 :]:
            assert right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top
    every = items([(lat + dlat, lng + dlng) for dlat, dlng in offsets])
    held = [item.id for item in every if shown.holds(item.lat, item.lng)]
    assert sorted(item.id for one in placed for item in one.items) == held


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(-400, 400), st.integers(-600, 600)), min_size=2, max_size=12))
def test_a_cluster_leads_to_a_frame_that_pulls_it_apart_and_loses_nobody(offsets):
    shown = Frame(PECKHAM.cell, 0)
    lat, lng = shown.middle
    for group in frame.groups(shown, items([(lat + dlat, lng + dlng) for dlat, dlng in offsets])):
        nearer = None if group.single else frame.closer(shown, group)
        if nearer is not None:
            apart = frame.groups(nearer, group.items)
            assert len(apart) > 1
            assert sum(len(one.items) for one in apart) == len(group.items)


def test_wide_discover_asks_for_a_map_of_the_same_things_whose_base_phones_never_fetch(client):
    activity = at_place(PECKHAM.lat, PECKHAM.lng, title="Open-mic")
    make.work()

    html = client.get("/?place=peckham&day=2026-11-24").text
    column = client.get("/map/beside?place=peckham").text

    assert 'hx-get="/map/beside?place=peckham" hx-trigger="intersect once"' in html
    assert marks(column) == [("Open-mic, 5–6:30pm", f"/activities/{activity}/open-mic")]
    assert re.search(r'<source media="\(min-width: 56.25rem\)" srcset="/map/base.svg', column)
    assert 'src="/map' not in column


def test_filtering_with_a_script_changes_the_map_beside_the_list_too(client):
    headers = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "div#results"}

    html = client.get("/?place=peckham", headers=headers).text

    assert re.search(r'<aside [^>]*id="map-col"[^>]*hx-swap-oob="true"', html)


def test_london_is_33_links_that_need_no_script_and_say_how_much_is_on(client):
    make.activity(venue_id=make.venue())
    make.work()

    html = client.get("/ends").text
    drawing = html[html.index('class="london"') : html.index("</svg>", html.index('class="london"'))]

    assert len(re.findall(r'<a href="/\?place=[a-z-]+"', drawing)) == 33
    assert 'aria-label="Southwark, 1 on today"' in drawing
    assert 'aria-label="Hackney, 0 on today"' in drawing
    assert "style=" not in drawing


def test_a_phone_without_signal_has_the_map_of_london_too(client):
    html = client.get("/offline").text

    assert html.count('<a href="/?place=') >= 33
    assert "on today" not in html


def test_each_borough_knows_its_neighbours():
    by_slug = {one.slug: one for one in london.drawn()}

    assert set(by_slug["southwark"].next_to) >= {"lambeth", "lewisham", "tower-hamlets", "city-of-london"}
    assert all(one.slug in by_slug[other].next_to for one in by_slug.values() for other in one.next_to)
    assert sum(len(one.path) for one in by_slug.values()) <= 8_000


def test_the_map_beside_the_list_shows_what_the_list_shows(client):
    for number in range(21):
        long_day = make.times(starts_minute=9 * 60, minutes=11 * 60)
        make.activity(title=f"Open since morning {number}", when=long_day)
    make.activity(title="Boxing for beginners", venue_id=make.venue(at=(5_146_000, -6_900)))
    make.work()

    beside = client.get("/map/beside?place=peckham").text

    assert "Boxing for beginners" in client.get("/?place=peckham").text
    assert "Boxing for beginners" in beside

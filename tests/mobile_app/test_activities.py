"""Discover: what is on near you."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from backend.activities.vocabulary import Category, Cost
from tests import make
from tests.conftest import NOW

pytestmark = pytest.mark.usefixtures("at")
PART = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "div#results"}


@pytest.fixture(autouse=True)
def term(app):
    make.calendar()


def boxing(**given):
    return make.activity(title="Boxing for beginners", **given)


def titles(html: str) -> list[str]:
    return re.findall(r"<h3><a [^>]*>([^<]*)</a>", html)


def test_what_is_on_near_a_place_today_is_shown_with_its_hours_and_how_far(client):
    activity = boxing(venue_id=make.venue(name="Northfold Hall"))
    make.work()

    html = client.get("/?place=peckham").text

    assert titles(html) == ["Boxing for beginners"]
    assert "5–6:30pm" in html
    assert re.search(r"Northfold Hall · \d+\s*min\s*walk", html)
    assert f'href="/activities/{activity}/boxing-for-beginners"' in html
    assert "1 free thing today" in html
    assert "On near Peckham" in html


def test_free_is_on_until_somebody_turns_it_off(client):
    make.activity(title="Paid football", cost=Cost.FIXED, cost_min=200, cost_max=200)
    make.work()

    assert titles(client.get("/?place=peckham").text) == []
    assert titles(client.get("/?place=peckham&free=0").text) == ["Paid football"]


def test_each_day_says_how_many_are_on_and_a_day_with_none_is_there_too(client):
    boxing()
    boxing(when=make.times(first_on=NOW.date() + timedelta(2), rule=None))
    make.work()

    html = client.get("/?place=peckham").text
    days = dict(re.findall(r'id="d-([\d-]+)"[^>]*><b>[^<]*</b><span>([^<]*)</span>', html))

    assert (days["2026-11-24"], days["2026-11-25"], days["2026-11-26"]) == ("1 on", "0 on", "1 on")


def test_an_empty_day_offers_three_ways_on_that_lead_somewhere(client):
    boxing(when=make.times(first_on=NOW.date() + timedelta(6), rule=None))
    make.activity(title="Over the hill", venue_id=make.venue(at=(5_151_000, -6_900)))
    make.work()

    html = client.get("/?place=peckham").text
    ways = re.findall(r'<a class="btn btn-(?:primary|line)" href="([^"]*)">([^<]*)</a>', html)

    assert "Nothing today near you yet" in html
    assert [words for _, words in ways][:2] == ["See Monday: 1 thing", "Look a bit further out: 1 thing"]
    assert len(ways) == 3
    for address, words in ways[:2]:
        assert len(titles(client.get(address.replace("&amp;", "&")).text)) == 1, words


def test_a_filter_that_hides_everything_can_be_dropped(client):
    boxing()
    make.work()

    html = client.get("/?place=peckham&access=step_free").text

    assert "Drop “step-free”: 1 thing" in html


def test_a_script_gets_only_the_part_that_changes(client):
    boxing()
    make.work()

    answer = client.get("/?place=peckham&within=15&when=", headers=PART)

    assert "<html" not in answer.text
    assert answer.text.lstrip().startswith('<div class="cols-main" id="results">')
    assert answer.headers["HX-Push-Url"] == "/?place=peckham&within=15"
    assert "HX-Request" in answer.headers["Vary"]


def test_the_part_needs_no_drawing_that_the_page_does_not_carry(client):
    for kind in Category:
        make.activity(title=f"{kind} things", category=kind, features=("turn_up", "step_free", "food_there"))
    make.work()

    page = client.get("/?place=peckham&category=sport").text
    part = client.get("/?place=peckham&access=step_free&tag=food_there&q=things", headers=PART).text

    carried = set(re.findall(r'id="(?:i|mq)-([\w-]+)"', page))
    assert set(re.findall(r"#(?:i|mq)-([\w-]+)", part)) <= carried


def test_the_list_goes_on_without_repeating_itself(client):
    for number in range(25):
        make.activity(title=f"Club {number:02}", when=make.times(starts_minute=17 * 60 + number))
    make.work()

    html = client.get("/?place=peckham").text
    more = re.search(r'id="more" href="([^"]*)"', html)
    assert more is not None
    rest = client.get(more[1].replace("&amp;", "&")).text
    part = client.get(more[1].replace("&amp;", "&"), headers=PART | {"HX-Target": "a#more"}).text

    assert titles(html) + titles(rest) == [f"Club {number:02}" for number in range(25)]
    assert titles(part) == titles(rest)
    assert "cols-main" not in part
    assert 'id="more"' not in rest


def test_a_cursor_of_another_list_is_refused_in_words(client):
    answer = client.get("/?place=peckham&cursor=nonsense")

    assert answer.status_code == 422
    assert "worn out" in answer.text


def test_what_a_group_wrote_is_shown_as_text(client):
    make.activity(title='<script>alert("hi")</script>', venue_id=make.venue(name="<b>Hall</b> & more"))
    make.work()

    html = client.get("/?place=peckham").text

    assert "<script>alert" not in html
    assert "<b>Hall</b>" not in html
    assert "&lt;script&gt;" in html


def test_words_are_found_on_any_day_and_mended(client):
    boxing(when=make.times(first_on=NOW.date() + timedelta(3), rule=None))
    make.work()

    html = client.get("/?place=peckham&q=boxin+for+beginers").text

    assert titles(html) == ["Boxing for beginners"]
    assert "Fri 27, 5–6:30pm" in html


def test_a_called_off_session_says_so(client):
    activity = boxing()
    make.work()
    from backend.activities import actions

    session = make.sessions_of(activity)[0]
    actions.cancel_session(session_id=session.id, reason="Temi’s not well", now=NOW)
    make.work()

    html = client.get("/?place=peckham").text

    # Shown or not is the backend's to decide; shown as if it were on it must never be.
    assert "Called off" in html or titles(html) == []


def test_a_place_that_is_not_in_london_says_what_to_try(client):
    answer = client.get("/?place=croydonn")

    assert answer.status_code == 404
    assert "Did you mean Croydon?" in answer.text
    assert 'href="/?place=croydon"' in answer.text
    assert 'value="croydonn"' in answer.text


def test_a_square_outside_london_says_so(client):
    answer = client.get("/?cell=99")

    assert answer.status_code == 404
    assert "outside London" in answer.text


def test_a_whole_postcode_in_an_address_is_replaced_by_its_square(client):
    answer = client.get("/?place=SE15+4ST&free=0")

    assert answer.status_code == 302
    assert re.fullmatch(r"/\?cell=\d+&free=0", answer.location)


def test_a_form_sent_without_scripts_ends_at_a_plain_address(client):
    answer = client.get("/?place=peckham&within=30&age=13-15&when=&free=&category=&join=&order=soonest")

    assert answer.status_code == 302
    assert answer.location == "/?place=peckham&age=13-15"


def test_every_filter_is_on_one_page_which_says_how_many_fit(client):
    boxing(age_min=11, age_max=16)
    make.work()

    assert "Show 1 thing" in client.get("/filters?place=peckham&age=13-15").text
    assert "Nothing fits yet" in client.get("/filters?place=peckham&age=19-24").text
    part = client.get("/filters?place=peckham", headers=PART | {"HX-Target": "dialog#sheet"}).text
    assert "<html" not in part
    assert 'id="filter-form"' in part


def test_answers_are_the_same_for_everybody_and_may_be_kept_a_minute(client):
    answer = client.get("/?place=peckham")

    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert "Set-Cookie" not in answer.headers
    assert client.get("/?place=peckham").text == answer.text


def test_a_long_day_that_began_this_morning_comes_after_what_one_can_be_in_time_for(client):
    boxing()
    make.activity(title="The library", when=make.times(starts_minute=9 * 60, minutes=11 * 60))
    make.work()

    html = client.get("/?place=peckham").text

    assert titles(html) == ["Boxing for beginners", "The library"]
    assert html.index("Boxing for beginners") < html.index("Open already") < html.index("The library")
    assert "2 free things today" in html
    assert titles(client.get("/?place=peckham&when=now").text) == ["The library"]


def test_when_nothing_starts_any_more_what_is_open_is_shown_and_not_an_empty_page(client):
    make.activity(title="The library", when=make.times(starts_minute=9 * 60, minutes=11 * 60))
    make.work()

    html = client.get("/?place=peckham").text

    assert titles(html) == ["The library"]
    assert "Open now" in html
    assert "yet" not in html


def test_what_a_directory_lists_says_so_on_its_card_with_the_date_it_was_confirmed(client):
    boxing(organisation_id=make.organisation(name="The Drum", checked=False))
    make.work()

    html = client.get("/?place=peckham").text

    assert "Lambeth&#39;s family directory, Nov 2026. Not checked by us." in html


@pytest.mark.parametrize("path", ["/", "/map", "/filters"])
def test_no_page_keeps_a_whole_postcode_in_its_address(client, path):
    answer = client.get(f"{path}?place=SE15+4ST")

    assert answer.status_code == 302
    assert "cell=" in answer.headers["Location"]
    assert "SE15" not in answer.headers["Location"].upper()


def test_the_parts_that_scripts_ask_for_are_kept_apart_by_caches(client):
    assert "HX-Target" in client.get("/?place=peckham").headers["Vary"]

"""An activity's page: everything somebody needs who has never been."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from backend.activities import actions
from backend.activities.vocabulary import Applies, Category, Cost
from tests import make
from tests.conftest import NOW

pytestmark = pytest.mark.usefixtures("at")


@pytest.fixture(autouse=True)
def term(app):
    make.calendar()


def page(client, activity: int) -> str:
    answer = client.get(f"/activities/{activity}", follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def text_of(html: str) -> str:
    """The words of a page, as they are read."""
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def events(html: str) -> list[dict]:
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)[1])["@graph"]


def without_times(**given) -> int:
    organisation = make.organisation(name="Early Years", checked=False)
    return actions.add_activity(
        organisation_id=organisation, venue_id=make.venue(), offer=make.offer(title="Stay and play", **given), times=[],
        confirmed_on=(NOW - timedelta(days=900)).date(), confirmed_by="the directory", now=NOW,
    )  # fmt: skip


def test_the_page_says_when_where_who_to_ask_for_and_what_happens_at_the_door(client):
    activity = make.activity(
        title="Open-mic and beats",
        category=Category.MUSIC,
        features=("turn_up", "step_free", "bring_a_mate"),
        ask_for="Temi",
        ask_for_note="Orange lanyard, big laugh.",
        at_the_door=("Ring the green bell.", "Say your name."),
        bring="Headphones.",
        languages=("Somali", "Yoruba"),
        cost=Cost.FIXED,
        cost_min=200,
        cost_max=200,
        cost_note="First go is free.",
        venue_id=make.venue(name="Bassline Yard"),
    )
    make.work()

    text = text_of(page(client, activity))

    assert "Today, Tue 24 November 5pm to 6:30pm" in text
    assert "Bassline Yard 1 Rye Lane, SE15 4ST" in text
    assert "Ask for Temi at the door Orange lanyard, big laugh." in text
    assert "Step-free" in text
    assert "What to bring Headphones." in text
    assert "£2 each time First go is free." in text
    assert "Somali and Yoruba" in text
    assert "Every Tuesday, 5–6:30pm" in text
    assert "Ring the green bell. Say your name. You can bring a mate. You can leave when you want." in text
    assert "checked by us" in text


def test_a_cut_or_an_old_address_leads_to_the_right_one(client):
    activity = make.activity(title="Boxing for beginners")

    for wrong in (f"/activities/{activity}", f"/activities/{activity}/boxing-for-beg"):
        answer = client.get(wrong)
        assert answer.status_code == 302
        assert answer.headers["Location"] == f"/activities/{activity}/boxing-for-beginners"


@pytest.mark.parametrize("number", ["999999", "9007199254740991", "9007199254740992", "99999999999999999999999", "-1"])
def test_an_activity_that_is_not_there_is_a_plain_not_found(client, number):
    answer = client.get(f"/activities/{number}/x")

    assert answer.status_code == 404


def test_a_group_whose_checks_ran_out_is_hidden_with_all_that_it_offers(client):
    group = make.organisation(expires_on=(NOW - timedelta(days=1)).date())
    activity = make.activity(organisation_id=group)
    make.work()

    assert client.get(f"/activities/{activity}/boxing-for-beginners").status_code == 404
    assert client.get(f"/activities/{activity}/calendar.ics").status_code == 404
    assert client.get(f"/activities/{activity}/picture.png").status_code == 404


def test_a_called_off_date_says_sorry_why_when_it_is_on_again_and_what_is_on_instead(client):
    activity = make.activity(when=make.times(rule="FREQ=WEEKLY;BYDAY=TU,TH"))
    make.activity(title="Second Supper", category=Category.FOOD)
    make.work()
    actions.cancel_session(session_id=make.sessions_of(activity)[0].id, reason="Ade’s not well", now=NOW)

    html = page(client, activity)
    text = text_of(html)

    assert "Tonight is off Ade’s not well. Sorry about that. It’s on again on Thursday." in text
    assert "Called off" in text
    assert text.index("On instead, close by") < text.index("Second Supper")
    assert [event["eventStatus"].rpartition("/")[2] for event in events(html)][:2] == [
        "EventCancelled",
        "EventScheduled",
    ]


def test_a_sorry_is_said_once(client):
    activity = make.activity()
    make.work()
    actions.cancel_session(session_id=make.sessions_of(activity)[0].id, reason="No heating. Sorry!", now=NOW)

    text = text_of(page(client, activity))

    assert text.count("No heating. Sorry!") == 2
    assert "Sorry about that" not in text


def test_a_long_description_does_not_push_when_and_where_out_of_sight(client):
    activity = make.activity(about="\n\n".join(["Short and sweet.", "Long " * 100, "Last words."]))
    make.work()

    html = page(client, activity).partition("<main")[2]

    assert '<p class="mt-3">Short and sweet.</p>' in html
    assert html.index("<summary") < html.index("Last words.") < html.index("</details>") < html.index("Today, Tue")


def test_a_date_at_another_place_says_so(client):
    activity = make.activity()
    make.work()
    schedule = make.sessions_of(activity)[0].schedule_id
    later = NOW.date() + timedelta(7)
    actions.move_date(
        schedule_id=schedule, on_date=later, to_date=later, to_venue_id=make.venue(name="Copeland Hall"), now=NOW
    )
    make.work()

    html = page(client, activity)

    assert "Tue 1 Dec, 5–6:30pm Moved: at Copeland Hall this time" in text_of(html)
    assert [event["location"]["name"] for event in events(html)][:2] == ["Northfold Hall", "Copeland Hall"]


def test_when_the_next_date_is_elsewhere_the_page_sends_nobody_to_the_usual_place(client):
    activity = make.activity()
    make.work()
    today = NOW.date()
    yard = make.venue(name="Copeland Yard", at=(5_150_000, -5_000))
    schedule = make.sessions_of(activity)[0].schedule_id
    actions.move_date(schedule_id=schedule, on_date=today, to_date=today, to_venue_id=yard, now=NOW)
    make.work()

    html = page(client, activity)

    assert "Copeland Yard This time only. In Southwark, not at the usual place. Get directions" in text_of(html)
    assert "to=51.50000%2C-0.05000" in html


def test_times_that_nobody_told_us_are_not_guessed(client):
    activity = without_times(times_note="Mondays, mornings. Ring first.", features=("ring",), telephone="020 7926 0000")

    html = page(client, activity)
    text = text_of(html)

    assert "Ring to check" in text
    assert "They say: Mondays, mornings. Ring first." in text
    assert 'href="tel:02079260000"' in html
    assert "calendar.ics" not in html
    assert "application/ld+json" not in html


def test_a_directorys_entry_says_whose_word_it_is_and_how_old(client):
    text = text_of(page(client, without_times()))

    assert "listed by Lambeth's family directory, last confirmed 7 June 2024. Not checked by us." in text.replace(
        "&#39;", "'"
    )
    assert "checked by us ·" not in text


def test_nothing_is_promised_for_a_group_that_we_have_not_met(client):
    assert "You can leave when you want" not in text_of(page(client, without_times()))
    assert "You can leave when you want" in text_of(page(client, make.activity()))


@pytest.mark.parametrize(
    ("given", "words", "leads"),
    [
        ({"features": ("turn_up",)}, "Add to my calendar", "/sessions/"),
        (
            {"features": ("book",), "website": "bassline.example/book"},
            "Book on their website",
            "https://bassline.example/book",
        ),
        ({"features": ("ring",), "telephone": "+44 (0)20 7946 0123"}, "Call", "tel:+442079460123"),
        ({"features": ("book",), "telephone": "020 7946 0123"}, "Call", "tel:02079460123"),
        ({"features": ("book",)}, "Add to my calendar", "/sessions/"),
    ],
)
def test_the_bar_has_one_button_that_does_something(client, given, words, leads):
    activity = make.activity(**given)
    make.work()

    html = page(client, activity)
    bar = html[html.index('class="bookbar') :]

    assert bar[: bar.index("</section>")].count("<a ") == 1
    assert words in bar
    assert f'href="{leads}' in bar


def test_a_website_that_is_no_web_address_is_never_a_link(client):
    activity = make.activity(features=("book",), website="javascript:alert(1)")
    make.work()

    assert "javascript:" not in page(client, activity)


def test_what_a_group_wrote_cannot_become_part_of_the_page(client):
    evil = "</script><script>alert(1)</script>\"'>"
    activity = make.activity(title=f"Hi {evil}", about=evil, ask_for=evil, at_the_door=(evil,), bring=evil)
    make.work()

    html = page(client, activity)

    assert "<script>alert" not in html
    assert events(html)[0]["name"] == f"Hi {evil}"


def test_search_engines_read_each_session_with_its_own_offset_place_price_and_ages(client):
    activity = make.activity(
        title="Summer into autumn", cost=Cost.RANGE, cost_min=100, cost_max=300, age_min=11, age_max=17,
        when=make.times(first_on=NOW.date(), rule="FREQ=WEEKLY;INTERVAL=20;COUNT=2"),
    )  # fmt: skip
    make.work()

    event = events(page(client, activity))[0]

    assert event["@type"] == "Event"
    assert event["startDate"] == "2026-11-24T17:00:00+00:00"
    assert event["endDate"] == "2026-11-24T18:30:00+00:00"
    assert event["typicalAgeRange"] == "11-17"
    assert event["offers"] == {
        "@type": "AggregateOffer",
        "priceCurrency": "GBP",
        "lowPrice": "1.00",
        "highPrice": "3.00",
    }
    assert event["isAccessibleForFree"] is False
    assert event["location"]["address"]["postalCode"] == "SE15 4ST"
    assert event["organizer"]["url"].startswith("http")


def test_a_summer_session_is_an_hour_ahead_for_search_engines(client, at):
    summer = NOW + timedelta(days=210)
    at(summer)
    activity = make.activity(
        when=make.times(first_on=summer.date(), rule=None), organisation_id=make.organisation(), now=summer
    )
    make.work(now=summer)

    event = events(page(client, activity))[0]

    assert event["startDate"] == f"{summer.date()}T17:00:00+01:00"


def test_a_cost_that_nobody_told_us_is_neither_free_nor_an_offer(client):
    activity = make.activity(cost=Cost.UNKNOWN)
    make.work()

    event = events(page(client, activity))[0]

    assert "offers" not in event
    assert "isAccessibleForFree" not in event


def test_a_link_in_a_chat_has_a_title_a_line_and_a_picture(client):
    activity = make.activity(title="Open-mic & beats", when=make.times(applies=Applies.TERM_TIME))
    make.work()

    html = page(client, activity)
    facts = dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)"', html))

    assert facts["title"] == "Open-mic &amp; beats"
    assert facts["description"] == "Every Tuesday in term time, 5–6:30pm. Northfold Hall. Free, 11–16"
    assert re.search(rf"^http.*/activities/{activity}/picture\.png\?v=\w+$", facts["image"])
    assert f'<link rel="canonical" href="{facts["url"]}">' in html


def test_one_that_is_over_says_so_and_offers_no_dates(client, at):
    activity = make.activity(when=make.times(rule=None))
    make.work()
    at(NOW + timedelta(days=3))

    text = text_of(page(client, activity))

    assert "This one has finished" in text
    assert "Ring to check" not in text


def test_the_address_to_share_is_there_without_scripts(client):
    activity = make.activity(title="Boxing for beginners")

    assert f"/activities/{activity}/boxing-for-beginners" in text_of(page(client, activity))

"""What's on, through the API: every parameter, paging, caching, and one activity whole."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from backend.activities import actions, catalogue, queries
from backend.core import clock
from tests import make

BOXING, BEATS, CHESS = "Boxing for beginners", "Open-mic and beats", "Chess for everybody"
URL = "/api/v1/sessions"


def problem(client: FlaskClient, url: str = URL, **given: Any) -> dict[str, Any]:
    """The problem that a question is answered with."""
    answer = client.get(url, query_string=given)
    assert answer.content_type == "application/problem+json"
    told: dict[str, Any] = answer.get_json()
    assert told["status"] == answer.status_code
    return told


def wrong(client: FlaskClient, url: str = URL, **given: Any) -> dict[str, str]:
    """What is wrong with a question, by parameter."""
    told = problem(client, url, **given)
    assert told["status"] == 422
    return {fault["parameter"]: fault["detail"] for fault in told["errors"]}


def test_what_is_on_in_london_in_the_next_seven_days_is_the_plain_answer(ask: Any) -> None:
    assert ask() == [BOXING, BEATS, CHESS]


def test_a_session_says_where_when_for_whom_and_how_we_know(town: FlaskClient) -> None:
    answer = town.get(URL, query_string={"place": "peckham", "category": "music"}).get_json()

    item = answer["items"][0]
    assert item["url"] == f"http://127.0.0.1:8000/activities/{item['activity']['id']}/{item['activity']['slug']}"
    assert item["starts_at"] == "2026-11-24T19:00:00+00:00"
    assert item["ends_at"] == "2026-11-24T20:30:00+00:00"
    assert item["cost"] == {"kind": "range", "min": 200, "max": 500, "currency": "GBP"}
    assert item["age"] == {"min": 16, "max": 24}
    assert (item["join"], item["access"], item["tags"]) == (["book"], [], ["food_there"])
    assert item["venue"]["borough"] == {"code": make.SOUTHWARK, "name": "Southwark"}
    assert (item["venue"]["lat"], item["venue"]["lng"]) == (51.479, -0.061)
    assert (item["checked"], item["listed_by"]) == (False, "Lambeth's family directory")
    assert (item["status"], item["reason"], item["moved"]) == ("scheduled", "", False)
    assert 900 < item["distance_m"] < 1200
    assert answer["near"] == {"cell": 245836, "name": "Peckham", "kind": "place"}
    assert answer["corrected"] is None


def test_times_have_londons_offset_of_their_day(client: FlaskClient, at: Any) -> None:
    march = datetime(2027, 3, 22, 12, tzinfo=UTC)
    at(march)
    make.activity(when=make.times(first_on=date(2027, 3, 25)), now=march)
    make.work(now=march)
    found = client.get(URL, query_string={"until": "2027-04-02"}).get_json()["items"]
    assert [item["starts_at"] for item in found] == ["2027-03-25T17:00:00+00:00", "2027-04-01T17:00:00+01:00"]


@pytest.mark.parametrize(
    ("given", "titles"),
    [
        ({"place": "peckham"}, [BOXING, BEATS]),
        ({"place": "SE15 4ST"}, [BOXING, BEATS]),
        ({"cell": 245836}, [BOXING, BEATS]),
        ({"place": "clapham", "radius": 3000}, [CHESS]),
        ({"place": "peckham", "radius": 400}, [BOXING]),
        ({"place": "peckham", "radius": 20000, "order": "nearest"}, [BOXING, BEATS, CHESS]),
        ({"place": "clapham", "radius": 20000, "order": "nearest"}, [CHESS, BOXING, BEATS]),
        ({"place": "peckham", "order": "soonest"}, [BOXING, BEATS]),
        ({"day": "2026-11-26"}, [CHESS]),
        ({"from": "2026-11-24", "until": "2026-11-24"}, [BOXING, BEATS]),
        ({"from": "2026-11-24T18:00:00Z", "until": "2026-11-26T16:59:59+00:00"}, [BEATS]),
        ({"from": "2026-11-25"}, [CHESS, BOXING, BEATS]),
        ({"until": "2026-11-24"}, [BOXING, BEATS]),
        ({"when": "now"}, []),
        ({"when": "today"}, [BOXING, BEATS]),
        ({"when": "tonight"}, [BOXING, BEATS]),
        ({"when": "after-school"}, [BOXING, CHESS]),
        ({"when": "after-school", "day": "2026-11-26"}, [CHESS]),
        ({"when": "tomorrow"}, []),
        ({"when": "weekend"}, []),
        ({"when": "holiday", "limit": 2}, [BOXING, BEATS]),
        ({"category": "music"}, [BEATS]),
        ({"age": "13"}, [BOXING, CHESS]),
        ({"age": "17-19"}, [BEATS, CHESS]),
        ({"age": "16-16"}, [BOXING, BEATS, CHESS]),
        ({"free": "true"}, [BOXING, CHESS]),
        ({"free": "false"}, [BOXING, BEATS, CHESS]),
        ({"checked": "true"}, [BOXING, CHESS]),
        ({"join": "book"}, [BEATS]),
        ({"join": ["turn_up"]}, [BOXING, CHESS]),
        ({"access": "step_free"}, [BOXING]),
        ({"tag": ["beginners", "food_there"]}, []),
        ({"tag": "food_there"}, [BEATS]),
        ({"q": "beats"}, [BEATS]),
        ({"limit": 1}, [BOXING]),
    ],
)
def test_a_good_question_is_answered(ask: Any, given: dict[str, Any], titles: list[str]) -> None:
    assert ask(**given) == titles


@pytest.mark.parametrize(
    ("given", "parameter"),
    [
        ({"cell": "-1"}, "cell"),
        ({"cell": 99_999_999}, "cell"),
        ({"place": "peckham", "cell": 245836}, "cell"),
        ({"place": "peckham", "radius": 0}, "radius"),
        ({"place": "peckham", "radius": 20001}, "radius"),
        ({"radius": 500}, "radius"),
        ({"day": "24/11/2026"}, "day"),
        ({"day": "2026-11-24", "from": "2026-11-24"}, "day"),
        ({"from": "2026-11-24T18:00:00"}, "from"),
        ({"from": "2026-11-25", "until": "2026-11-24"}, "until"),
        ({"from": "2026-01-01", "until": "2026-12-31"}, "until"),
        ({"when": "later"}, "when"),
        ({"when": "tonight", "day": "2026-11-24"}, "when"),
        ({"when": "after-school", "from": "2026-11-24"}, "when"),
        ({"category": "knitting"}, "category"),
        ({"age": "16-13"}, "age"),
        ({"age": "121"}, "age"),
        ({"free": "yes"}, "free"),
        ({"checked": "1"}, "checked"),
        ({"join": "queue"}, "join"),
        ({"access": ["step_free", "escalator"]}, "access"),
        ({"tag": "nonsense"}, "tag"),
        ({"q": ""}, "q"),
        ({"q": "x" * 81}, "q"),
        ({"order": "nearest"}, "order"),
        ({"order": "best", "place": "peckham"}, "order"),
        ({"limit": 0}, "limit"),
        ({"limit": 101}, "limit"),
        ({"cursor": "x"}, "cursor"),
        ({"cursor": "1.2.AAAA"}, "cursor"),
        ({"colour": "red"}, "colour"),
        ({"limit": ["5", "6"]}, "limit"),
    ],
)
def test_a_bad_question_is_refused_and_the_parameter_named(
    town: FlaskClient, given: dict[str, Any], parameter: str
) -> None:
    assert list(wrong(town, **given)) == [parameter]


def test_everything_wrong_is_told_at_once(town: FlaskClient) -> None:
    assert set(wrong(town, radius="1.9", free="on", colour="red")) == {"radius", "free", "colour"}


def test_a_limit_that_is_passed_is_named(town: FlaskClient) -> None:
    assert "100" in wrong(town, limit=500)["limit"]
    assert "20000" in wrong(town, place="peckham", radius=50_000)["radius"]
    assert "100 days" in wrong(town, **{"from": "2026-11-24", "until": "2027-11-24"})["until"]


def test_an_unknown_place_is_not_found_and_answered_with_places_spelled_like_it(town: FlaskClient) -> None:
    told = problem(town, place="pekham")
    assert (told["status"], told["type"]) == (404, "/api/v1/problems/unknown-place")
    assert told["suggestions"][0] == {"name": "Peckham", "slug": "peckham", "kind": "place", "borough": "Southwark"}


def test_a_cell_outside_london_is_an_unknown_place(town: FlaskClient) -> None:
    assert problem(town, cell=0)["type"] == "/api/v1/problems/unknown-place"


def test_a_misspelt_search_is_corrected_and_says_so(town: FlaskClient) -> None:
    answer = town.get(URL, query_string={"q": "boxin for begginers"}).get_json()
    assert answer["items"][0]["activity"]["title"] == BOXING
    assert "beginners" in answer["corrected"]


def test_what_is_over_is_not_listed_and_what_is_on_now_is(town: FlaskClient, at: Any) -> None:
    at(make.NOW.replace(hour=17, minute=30))
    on_now = town.get(URL, query_string={"when": "now"}).get_json()["items"]
    assert [item["activity"]["title"] for item in on_now] == [BOXING]

    at(make.NOW.replace(hour=18, minute=30))
    assert town.get(URL, query_string={"when": "today"}).get_json()["items"][0]["activity"]["title"] == BEATS


@pytest.mark.parametrize("order", ["soonest", "nearest"])
def test_pages_followed_by_their_links_are_one_big_page(town: FlaskClient, order: str) -> None:
    for n in range(9):
        make.activity(title=f"More {n}", venue_id=make.venue(at=(5_147_000 + 90 * n, -6_900), name=f"Hall {n}"))
    make.work()
    question = {"place": "peckham", "order": order, "from": "2026-11-24", "until": "2026-12-20", "free": "true"}
    whole = town.get(URL, query_string={**question, "limit": 100})

    items, url = [], f"{URL}?limit=7&" + "&".join(f"{name}={value}" for name, value in question.items())
    while url:
        page = town.get(url)
        items += page.get_json()["items"]
        assert ("Link" in page.headers) == (page.get_json()["next"] is not None)
        link = page.headers.get("Link", "")
        assert not link or (link.startswith("<http://127.0.0.1:8000/api/v1/") and link.endswith('>; rel="next"'))
        url = link.removesuffix('>; rel="next"').removeprefix("<http://127.0.0.1:8000")

    assert len(items) == len(whole.get_json()["items"]) > 30
    assert items == whole.get_json()["items"]
    assert "Link" not in whole.headers


def test_the_link_asks_the_same_question_whatever_stands_in_it(town: FlaskClient) -> None:
    given = {
        "place": "Elephant and Castle", "radius": 9000, "when": "after-school", "age": "13-15", "free": "true",
        "tag": "beginners", "q": "boxing & beginners", "limit": 1, "order": "nearest",
    }  # fmt: skip
    first = town.get(URL, query_string=given)
    assert [item["activity"]["title"] for item in first.get_json()["items"]] == [BOXING]
    make.activity(title="Boxing, beginners again", features=("beginners",))
    make.work()
    catalogue.forget()
    link = town.get(URL, query_string=given).headers["Link"]
    address = urlsplit(link.removeprefix("<").partition(">")[0])
    told = parse_qs(address.query)
    assert told.pop("cursor")
    assert told.pop("place") == ["elephant-and-castle"]
    assert told == {name: [str(value)] for name, value in given.items() if name != "place"}
    assert town.get(f"{address.path}?{address.query}").status_code == 200


def test_a_list_keeps_its_window_over_midnight(town: FlaskClient, at: Any) -> None:
    first = town.get(URL, query_string={"limit": 1}).get_json()
    at(make.NOW + timedelta(hours=9))
    second = town.get(URL, query_string={"limit": 5, "cursor": first["next"]})
    assert second.status_code == 200
    assert CHESS in [item["activity"]["title"] for item in second.get_json()["items"]]


def test_a_cursor_of_another_question_is_refused(town: FlaskClient) -> None:
    cursor = town.get(URL, query_string={"limit": 1}).get_json()["next"]
    told = problem(town, limit=1, cursor=cursor, free="true")
    assert (told["status"], told["type"]) == (422, "/api/v1/problems/bad-cursor")


def test_an_answer_that_the_client_has_is_not_made_again(town: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    first = town.get(URL, query_string={"place": "peckham"})
    etag = first.headers["ETag"]
    assert etag.startswith('"')
    assert first.headers["Cache-Control"] == "public, max-age=60, stale-while-revalidate=300"
    assert first.headers["Vary"] == "Accept-Encoding"

    monkeypatch.setattr(queries, "sessions_near", None)  # A call would fail.
    for held in (etag, f"W/{etag}", f'"other", {etag}'):
        again = town.get(URL, query_string={"place": "peckham"}, headers={"If-None-Match": held})
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", etag)
        assert again.headers["Cache-Control"] == first.headers["Cache-Control"]


def test_any_answer_is_one_that_the_client_has_but_only_where_there_is_one(town: FlaskClient) -> None:
    any_answer = {"If-None-Match": "*"}
    assert town.get(URL, headers=any_answer).status_code == 304
    assert town.get("/api/v1/activities/999999", headers=any_answer).status_code == 404


def test_the_tag_changes_with_the_question_the_minute_and_the_catalogue(town: FlaskClient, at: Any) -> None:
    def tag(**given: Any) -> str:
        return town.get(URL, query_string=given).headers["ETag"]

    plain = tag(place="peckham")
    assert plain == tag(place="Peckham") == tag(place="peckham", radius=2400, limit=20, order="soonest", free="false")
    assert (
        len({plain, tag(), tag(place="peckham", radius=2399), tag(cell=245836), tag(place="peckham", free="true")}) == 5
    )
    at(make.NOW + timedelta(seconds=30))
    assert tag(place="peckham") == plain
    at(make.NOW + timedelta(seconds=60))
    assert tag(place="peckham") != plain

    at(make.NOW)
    assert tag(place="peckham") == plain
    session_id = town.get(URL, query_string={"place": "peckham"}).get_json()["items"][0]["id"]
    actions.cancel_session(session_id=session_id, reason="The boiler broke", now=make.NOW)
    catalogue.forget()
    assert tag(place="peckham") != plain


def test_everybody_in_a_cell_gets_the_same_answer(town: FlaskClient) -> None:
    one = town.get(URL, query_string={"place": "SE15 4ST"})
    other = town.get(URL, query_string={"place": "SE15 4RX"})
    cell = town.get(URL, query_string={"cell": one.get_json()["near"]["cell"]})
    assert one.headers["ETag"] == cell.headers["ETag"]
    assert "4ST" not in one.text
    assert other.status_code == 200


def test_any_page_on_the_web_may_read_answers_and_problems(town: FlaskClient) -> None:
    for url in (URL, f"{URL}?limit=0", "/api/v1/nothing", "/api/v1/openapi.json"):
        assert town.get(url).headers.getlist("Access-Control-Allow-Origin") == ["*"]
    asked_first = town.options(URL, headers={"Origin": "https://a.example", "Access-Control-Request-Method": "GET"})
    assert asked_first.headers["Access-Control-Allow-Origin"] == "*"
    assert "If-None-Match" in asked_first.headers["Access-Control-Allow-Headers"]


def test_head_is_get_without_a_body_and_a_body_on_get_is_left_unread(town: FlaskClient) -> None:
    head, got = town.head(URL), town.get(URL, data=b"{broken", content_type="application/json")
    assert (head.status_code, head.data, got.status_code) == (200, b"", 200)
    assert head.headers["ETag"] == got.headers["ETag"]


def test_counts_are_what_the_lists_of_each_day_hold(town: FlaskClient) -> None:
    counted = town.get("/api/v1/sessions/counts", query_string={"place": "peckham"}).get_json()
    days = {one["day"]: one["sessions"] for one in counted["days"]}
    assert list(days) == [str(day) for day in clock.days(make.NOW.date(), 7)]
    for day, number in days.items():
        listed = town.get(URL, query_string={"place": "peckham", "day": day}).get_json()["items"]
        assert len(listed) == number
    assert counted["near"]["name"] == "Peckham"


def test_counts_take_no_order_limit_or_cursor(town: FlaskClient) -> None:
    for name, value in (("order", "soonest"), ("limit", "5"), ("cursor", "x")):
        assert list(wrong(town, "/api/v1/sessions/counts", **{name: value})) == [name]


def test_an_activity_is_shown_whole_with_its_next_sessions(town: FlaskClient) -> None:
    listed = town.get(URL, query_string={"place": "peckham"}).get_json()["items"][0]
    answer = town.get(f"/api/v1/activities/{listed['activity']['id']}")
    whole = answer.get_json()
    assert (whole["title"], whole["url"], whole["checked"]) == (BOXING, listed["url"], True)
    assert whole["venue"]["postcode"] == "SE15 4ST"
    assert whole["schedules"][0] | {"first_on": ""} == {
        "first_on": "",
        "last_on": None,
        "starts": "17:00",
        "minutes": 90,
        "rule": "FREQ=WEEKLY",
        "applies": "always",
        "on_bank_holidays": True,
    }
    assert len(whole["sessions"]) == 8
    assert whole["sessions"][0] == {**listed, "distance_m": None}
    held = {"If-None-Match": answer.headers["ETag"]}
    assert town.get(f"/api/v1/activities/{whole['id']}", headers=held).status_code == 304


@pytest.mark.parametrize("name", ["0", "-1", "007", "1.0", "٣", "abc", "9" * 16, "9" * 40, "999999"])
def test_an_activity_that_is_not_there_is_not_found(town: FlaskClient, name: str) -> None:
    assert problem(town, f"/api/v1/activities/{name}")["status"] == 404


def test_an_activity_of_a_group_whose_checks_have_run_out_is_not_found(town: FlaskClient, at: Any) -> None:
    group = make.organisation(name="Lapsed", expires_on=make.NOW.date())
    hidden = make.activity(organisation_id=group)
    make.work()
    assert town.get(f"/api/v1/activities/{hidden}").status_code == 200
    at(make.NOW + timedelta(days=1))
    assert problem(town, f"/api/v1/activities/{hidden}")["type"] == "/api/v1/problems/no-such-activity"


def test_addresses_without_parameters_refuse_them(town: FlaskClient) -> None:
    assert list(wrong(town, "/api/v1/categories", page=2)) == ["page"]


def test_the_nine_categories_are_listed_in_the_order_of_the_screens(client: FlaskClient) -> None:
    items = client.get("/api/v1/categories").get_json()["items"]
    assert [item["name"] for item in items][:3] == ["sport", "music", "art"]
    assert len(items) == 9

"""Places through the API."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from backend.geo.grid import cell_of
from backend.geo.queries import boroughs


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("peckham", "Peckham", "place"),
        ("PECKHAM ", "Peckham", "place"),
        ("SE15 4ST", "SE15 4ST", "postcode"),
        ("se154st", "SE15 4ST", "postcode"),
        ("e8", "E8", "outcode"),
        ("Hackney", "Hackney", "borough"),
    ],
)
def test_a_place_is_found_by_what_people_type(client: FlaskClient, text: str, name: str, kind: str) -> None:
    match = client.get("/api/v1/areas", query_string={"q": text}).get_json()["match"]
    assert (match["name"], match["kind"]) == (name, kind)
    assert match["cell"] == cell_of(round(match["lat"] * 100_000), round(match["lng"] * 100_000))


def test_the_beginning_of_a_name_is_answered_with_suggestions(client: FlaskClient) -> None:
    found = client.get("/api/v1/areas", query_string={"q": "peck", "limit": 3}).get_json()
    assert found["match"] is None
    assert found["items"][0]["slug"] == "peckham"
    assert 0 < len(found["items"]) <= 3


def test_a_text_that_names_nothing_has_neither(client: FlaskClient) -> None:
    assert client.get("/api/v1/areas", query_string={"q": "zzzzzzzz"}).get_json() == {"match": None, "items": []}


@pytest.mark.parametrize(("query", "parameter"), [("", "q"), ("q=", "q"), ("q=a&limit=11", "limit"), ("q=a&x=1", "x")])
def test_a_bad_look_up_is_refused(client: FlaskClient, query: str, parameter: str) -> None:
    answer = client.get(f"/api/v1/areas?{query}")
    assert answer.status_code == 422
    assert [fault["parameter"] for fault in answer.get_json()["errors"]] == [parameter]


def test_a_suggestion_leads_to_its_place(client: FlaskClient) -> None:
    for item in client.get("/api/v1/areas", query_string={"q": "se1", "limit": 10}).get_json()["items"]:
        assert client.get(f"/api/v1/areas/{item['slug']}").get_json() == item


def test_an_unknown_place_is_answered_with_places_spelled_like_it(client: FlaskClient) -> None:
    answer = client.get("/api/v1/areas/pekham")
    assert answer.status_code == 404
    assert answer.get_json()["suggestions"][0]["slug"] == "peckham"


def test_all_33_boroughs_are_listed_and_lead_to_sessions(client: FlaskClient) -> None:
    answer = client.get("/api/v1/boroughs")
    items = answer.get_json()["items"]
    assert [item["code"] for item in items] == [one.code for one in boroughs()]
    assert len(items) == 33
    for item in items:
        assert client.get("/api/v1/sessions", query_string={"place": item["slug"]}).status_code == 200
        assert client.get("/api/v1/sessions", query_string={"cell": item["cell"]}).status_code == 200
    held = {"If-None-Match": answer.headers["ETag"]}
    assert client.get("/api/v1/boroughs", headers=held).status_code == 304
    assert answer.headers["Cache-Control"] == "public, max-age=86400, stale-while-revalidate=432000"

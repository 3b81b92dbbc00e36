"""Groups through the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from backend.activities import actions
from tests import make


def get(client: FlaskClient, organisation_id: int) -> Any:
    return client.get(f"/api/v1/organisations/{organisation_id}")


def test_a_group_is_shown_with_its_checks_and_what_it_has_on(town: FlaskClient) -> None:
    listed = town.get("/api/v1/sessions?place=peckham").get_json()["items"][0]
    group = get(town, listed["organisation"]["id"]).get_json()
    assert (group["name"], group["standing"], group["checked"]) == ("Northfold Boxing Club", "group", True)
    assert len(group["checks"]) == 6
    assert group["checks"][0]["kind"] == "identity"
    assert [session["activity"]["title"] for session in group["sessions"]] == [
        "Boxing for beginners",
        "Chess for everybody",
    ]
    assert group["sessions"][0] == {**listed, "distance_m": None}
    assert group["url"].endswith(f"/organisations/{group['id']}/northfold-boxing-club")


def test_nobody_who_checked_is_named(town: FlaskClient) -> None:
    listed = town.get("/api/v1/sessions?place=peckham").get_json()["items"][0]
    assert "Ife" not in get(town, listed["organisation"]["id"]).text


def test_a_directorys_entry_is_shown_as_that_directorys_word(client: FlaskClient) -> None:
    group = get(client, make.organisation(name="Second Supper", checked=False)).get_json()
    assert (group["standing"], group["checked"], group["listed_by"]) == (
        "directory",
        False,
        "Lambeth's family directory",
    )


def test_a_group_whose_checks_have_run_out_hides_by_itself(client: FlaskClient, at: Any) -> None:
    at(make.NOW)
    lapsing = make.organisation(name="Lapsed", expires_on=make.NOW.date())
    assert get(client, lapsing).status_code == 200
    at(make.NOW + timedelta(days=1))
    assert get(client, lapsing).get_json()["type"] == "/api/v1/problems/no-such-organisation"


def test_an_activity_without_sessions_is_one_to_ring_about(client: FlaskClient, at: Any) -> None:
    group = make.organisation()
    actions.add_activity(
        organisation_id=group,
        venue_id=make.venue(),
        offer=make.offer(title="Sparring", times_note="Most Saturdays"),
        times=[],
        confirmed_on=make.NOW.date(),
        confirmed_by="the group",
        now=make.NOW,
    )
    make.work()
    found = get(client, group).get_json()
    assert [(one["title"], one["times_note"]) for one in found["ring_to_check"]] == [("Sparring", "Most Saturdays")]
    assert found["sessions"] == []


@pytest.mark.parametrize("name", ["0", "x", "99999", "1.5"])
def test_a_group_that_is_not_there_is_not_found(client: FlaskClient, name: str) -> None:
    assert client.get(f"/api/v1/organisations/{name}").status_code == 404

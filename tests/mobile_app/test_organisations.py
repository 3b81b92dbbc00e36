"""A group's page: who they are, who checked them, what is on."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from backend.activities import actions
from mobile_app import organisations
from tests import make
from tests.conftest import NOW

pytestmark = pytest.mark.usefixtures("at")


@pytest.fixture(autouse=True)
def term(app):
    make.calendar()


def page(client, organisation: int) -> str:
    answer = client.get(f"/organisations/{organisation}", follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def titles(html: str) -> list[str]:
    return re.findall(r"<h3><a [^>]*>([^<]*)</a>", html)


def test_a_group_shows_the_next_date_of_each_thing_it_offers_and_its_six_checks_with_dates_and_names(client):
    group = make.organisation(name="Northfold Boxing Club")
    make.activity(organisation_id=group, title="Boxing for beginners")
    make.activity(organisation_id=group, title="Sparring", when=make.times(starts_minute=19 * 60))
    make.activity(title="Somebody else’s")
    make.work()

    html = page(client, group)

    assert titles(html) == ["Boxing for beginners", "Sparring"]
    assert html.count(", Ife, Violence Reduction Unit") == 6
    assert "Staff have had safety checks (DBS)" in html
    assert "Checked by us" in html


def test_a_directorys_entry_says_so_and_lists_what_to_ring_about(client):
    group = make.organisation(name="Early Years", checked=False)
    actions.add_activity(
        organisation_id=group,
        venue_id=make.venue(),
        offer=make.offer(title="Stay and play", times_note="Mondays, mornings"),
        times=[],
        confirmed_on=NOW.date(),
        confirmed_by="the directory",
        now=NOW,
    )

    html = page(client, group)

    assert "Listed by Lambeth" in html
    assert "We haven’t checked it ourselves" in html
    assert titles(html) == ["Stay and play"]
    assert "Mondays, mornings" in html
    assert "Checked by us" not in html


def test_a_thing_that_is_over_is_not_one_to_ring_about(client, at):
    group = make.organisation()
    make.activity(organisation_id=group, title="One afternoon", when=make.times(rule=None))
    make.work()
    at(NOW + timedelta(days=2))

    assert "One afternoon" not in page(client, group)


def test_a_check_that_ran_out_hides_the_group_and_all_it_offers(client):
    group = make.organisation(expires_on=(NOW - timedelta(days=1)).date())
    offered = make.activity(organisation_id=group)
    make.work()

    assert client.get(f"/organisations/{group}/northfold-boxing-club").status_code == 404
    assert client.get(f"/activities/{offered}/boxing-for-beginners").status_code == 404


def test_a_group_with_hundreds_of_things_shows_some_and_leads_to_all(client, monkeypatch):
    monkeypatch.setattr(organisations, "AT_ONCE", 2)
    group = make.organisation(name="The Council")
    for number in range(3):
        make.activity(organisation_id=group, title=f"Thing {number}")
    make.work()

    html = page(client, group)

    assert len(titles(html)) == 2
    link = re.search(r'href="([^"]*)">See all 3 in the list', html)[1].replace("&amp;", "&")
    assert sorted(set(titles(client.get(link).text))) == ["Thing 0", "Thing 1", "Thing 2"]


def test_a_cut_address_leads_to_the_right_one_and_an_unknown_group_is_not_found(client):
    group = make.organisation(name="Wheel Good")

    assert client.get(f"/organisations/{group}/wheel").headers["Location"] == f"/organisations/{group}/wheel-good"
    assert client.get("/organisations/999999/x").status_code == 404

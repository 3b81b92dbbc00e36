"""A small town to ask about, and the clock that the API reads."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from backend.activities.vocabulary import Category, Cost
from tests import make

CLAPHAM = (5_146_200, -13_800)


@pytest.fixture
def town(client: FlaskClient, at: Any) -> FlaskClient:
    """Peckham with boxing at five and beats at seven every Tuesday, and chess in Clapham on Thursdays."""
    make.calendar()
    group = make.organisation(name="Northfold Boxing Club")
    directory = make.organisation(name="Second Supper", checked=False)
    near = make.venue(name="Northfold Hall")
    make.activity(organisation_id=group, venue_id=near, features=("turn_up", "step_free", "beginners"))
    make.activity(
        organisation_id=directory,
        venue_id=make.venue(at=(5_147_900, -6_100), name="Bassline Yard"),
        title="Open-mic and beats",
        category=Category.MUSIC,
        features=("book", "food_there"),
        age_min=16,
        age_max=24,
        cost=Cost.RANGE,
        cost_min=200,
        cost_max=500,
        when=make.times(starts_minute=19 * 60),
    )
    make.activity(
        organisation_id=group,
        venue_id=make.venue(at=CLAPHAM, name="The Long Table", borough="E09000022"),
        title="Chess for everybody",
        category=Category.GAMES,
        age_min=0,
        age_max=120,
        when=make.times(first_on=make.NOW.date().replace(day=26)),
    )
    make.work()
    return client


@pytest.fixture
def ask(town: FlaskClient) -> Any:
    """Ask for sessions: the titles found, after checking that the answer is one."""

    def titles(**given: Any) -> list[str]:
        answer = town.get("/api/v1/sessions", query_string=given)
        assert answer.status_code == 200, answer.text
        return [item["activity"]["title"] for item in answer.get_json()["items"]]

    return titles

"""Saved is kept on the phone; the server only draws the cards that a phone asks for again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests import make
from tests.conftest import NOW

pytestmark = pytest.mark.usefixtures("at")


def test_the_page_is_the_same_for_everybody(alone):
    answer = alone.get("/saved")

    assert "Nothing saved yet" in answer.text
    assert "data-saved-list" in answer.text
    assert answer.headers["Cache-Control"].startswith("public")


def test_a_phone_gets_the_next_session_of_each_activity_it_saved(client):
    first = make.activity(title="Boxing for beginners")
    second = make.activity(title="Open-mic", when=make.times(first_on=NOW.date() + timedelta(3)))
    make.work()

    html = client.get(f"/saved/cards?place=peckham&id={second}&id={first}&id={first}&id=999999&id=x&id=-1").text

    assert html.count("<article") == 2
    assert "Today, 5–6:30pm" in html
    assert "Fri 27 Nov, 5–6:30pm" in html
    assert "min\u00a0walk" in html
    assert html.index("Open-mic") < html.index("Boxing")


def test_an_activity_that_has_gone_has_no_card(client):
    assert "<article" not in client.get("/saved/cards?id=12345").text

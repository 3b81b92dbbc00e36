"""Choosing your ends."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.geo.grid import cell_of

CELL = Path("mobile_app/src/js/cell.js").resolve()


def test_a_place_that_is_typed_leads_to_what_is_on_there(alone):
    assert alone.post("/ends", data={"q": "peckham"}).location == "/?place=peckham"
    assert alone.post("/ends", data={"q": "  e8 3"}).location == "/?place=e8-3"


def test_a_postcode_that_is_typed_becomes_its_square_and_is_in_no_address(client):
    answer = client.post("/ends", data={"q": "SE15 4ST"})

    assert answer.status_code == 303
    assert re.fullmatch(r"/\?cell=\d+", answer.location)
    # Typed words travel in the body of a form, so no log and no history holds them.
    html = client.get("/ends").text
    assert re.search(r'<form method="post" action="/ends"', html)


@pytest.mark.parametrize("typed", ["", "Nowhere at all", "M1 1AA", "\x00\u202e🏠" * 40, "<script>"])
def test_what_cannot_be_found_is_kept_and_explained(alone, typed):
    answer = alone.post("/ends", data={"q": typed})

    assert answer.status_code == 404
    assert 'role="alert"' in answer.text
    assert 'aria-describedby="problem"' in answer.text
    assert "<script>" not in answer.text


def test_typing_ahead_offers_places(alone):
    html = alone.post("/ends/suggestions", data={"q": "peck"}).text

    assert 'href="/?place=peckham"' in html
    assert alone.post("/ends/suggestions", data={"q": "p"}).text.strip() == ""


def test_every_borough_is_one_tap_away(client):
    html = client.get("/ends").text
    assert len(set(re.findall(r'data-ends="place=([\w-]+)"', html))) == 33


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no Node on PATH")
@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.floats(51.2, 51.75), st.floats(-0.6, 0.4)), min_size=50, max_size=200))
def test_the_phone_rounds_to_the_same_square_as_the_server(points):
    cells_of = f"{json.dumps(points)}.map(([latitude, longitude]) => cellOf(latitude, longitude))"
    script = f"import {{ cellOf }} from {json.dumps(CELL.as_uri())}; console.log(JSON.stringify({cells_of}))"
    found = subprocess.run(["node", "--input-type=module", "-e", script], capture_output=True, text=True, check=True)

    # JavaScript rounds halves up and Python to even; a point on the line between is in either square.
    def cells(value: float) -> set[int]:
        scaled = value * 1e5
        return (
            {round(scaled), int(scaled // 1), int(-(-scaled // 1))} if abs(scaled % 1 - 0.5) < 1e-6 else {round(scaled)}
        )

    for (latitude, longitude), cell in zip(points, json.loads(found.stdout), strict=True):
        assert cell in {cell_of(lat, lng) for lat in cells(latitude) for lng in cells(longitude)}

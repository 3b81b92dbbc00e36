"""One spelling for each value: what people, machines and mischief send instead is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from backend.activities.vocabulary import JOIN, Category
from mobile_api import fields

GOOD: list[tuple[fields.Parameter, str, Any]] = [
    (fields.Text(longest=80), "Elephant and Castle", "Elephant and Castle"),
    (fields.Text(longest=80), "  peckham ", "peckham"),
    (fields.Text(longest=80), "Łódź café", "Łódź café"),
    (fields.Text(longest=80), "মুক্তি", "মুক্তি"),
    (fields.Text(longest=80), "x" * 80, "x" * 80),
    (fields.Whole(low=0, high=100), "0", 0),
    (fields.Whole(low=0, high=100), "100", 100),
    (fields.Truth(), "true", True),
    (fields.Truth(), "false", False),
    (fields.Choice(Category), "sport", Category.SPORT),
    (fields.Ages(), "13", (13, 13)),
    (fields.Ages(), "13-15", (13, 15)),
    (fields.Ages(), "0-120", (0, 120)),
    (fields.Day(), "2026-02-28", date(2026, 2, 28)),
    (fields.Moment(), "2026-02-28", date(2026, 2, 28)),
    (fields.Moment(), "2026-07-01T15:30:00+01:00", datetime(2026, 7, 1, 14, 30, tzinfo=UTC)),
    (fields.Moment(), "2026-07-01T15:30Z", datetime(2026, 7, 1, 15, 30, tzinfo=UTC)),
    (fields.Moment(), "2026-07-01T15:30:00.999Z", datetime(2026, 7, 1, 15, 30, tzinfo=UTC)),
    (fields.Cursor(), "t8zl00.t9cjo0.PNiKq-_A", "t8zl00.t9cjo0.PNiKq-_A"),
]

HOSTILE_TEXTS = {
    "nothing": "",
    "only spaces": "   ",
    "a NUL": "peck\x00ham",
    "a line break": "peck\nham",
    "a control": "peck\x1bham",
    "an override of direction": "peck\u202eham",
    "an isolate": "peck\u2066ham",
    "a mark of direction": "peckham\u200f",
    "half a letter": "peck\ud800ham",
    "broken UTF-8": "peck\ufffdham",
    "a non-character": "peck\uffffham",
    "too long": "x" * 81,
}

HOSTILE_NUMBERS = [
    "", " ", "1.9", "1.0", "1e2", "1_000", "1,000", " 1", "1 ", "+1", "-1", "--1", "01", "007", "0x10", "0b1",
    "\u0661\u0662", "\uff11\uff12", "\u00b2", "\u2167", "1\x00", "1\n", "NaN", "Infinity", "true", "null", "[]",
    "9" * 18, "9" * 400, "5;drop", "1-2",
]  # fmt: skip

BAD: list[tuple[str, fields.Parameter, list[str]]] = [
    ("whole", fields.Whole(low=1, high=100), HOSTILE_NUMBERS),
    ("truth", fields.Truth(), ["", "0", "1", "on", "off", "yes", "no", "True", "TRUE", "t", " true", "true ", "null"]),
    ("choice", fields.Choice(Category), ["", "Sport", "SPORT", "sport ", "knitting", "0", "sport,music"]),
    (
        "ages",
        fields.Ages(),
        ["", "13-", "-13", "13\u201315", "13.5", "15-13", "13-15-17", "13 - 15", "121", "0-121", "1\u00b3",
         "\u0661\u0663"],
    ),
    (
        "day",
        fields.Day(),
        ["", "2026-2-3", "20260203", "2026-W06-2", "2026-02-30", "2025-02-29", "0001-01-01", "1999-12-31", "2100-01-01",
         "9999-12-31", "2026-02-03T00:00:00Z", "\u0662\u0660\u0662\u0666-02-03", " 2026-02-03", "today", "2026/02/03"],
    ),
    (
        "moment",
        fields.Moment(),
        ["", "2026-07-01T15:30:00", "2026-07-01 15:30:00Z", "2026-07-01T25:00:00Z", "2026-07-01T15:30:00 01:00", "now",
         "2026-07-01T15:30:00+01", "2026-07-01T15:30:00+99:00", "2026-07-01T15:30:60Z", "9999-12-31T23:59:59-12:00",
         "0001-01-01T00:00:00+12:00", "1719847800", "2026-07-01t15:30:00z", "\u0662\u0660\u0662\u0666-07-01T15:30:00Z"],
    ),
    ("cursor", fields.Cursor(), ["", " ", "a b", "a\x00", "é", "x" * 121, "a/b", "a=b"]),
]  # fmt: skip


@pytest.mark.parametrize(("field", "text", "value"), GOOD)
def test_the_one_spelling_is_read(field: fields.Parameter, text: str, value: Any) -> None:
    assert field.take([text]) == value


@pytest.mark.parametrize("text", HOSTILE_TEXTS.values(), ids=HOSTILE_TEXTS)
def test_texts_that_nobody_can_type_are_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        fields.Text(longest=80).take([text])


@pytest.mark.parametrize(("field", "text"), [(field, text) for _, field, texts in BAD for text in texts])
def test_other_spellings_are_refused(field: fields.Parameter, text: str) -> None:
    with pytest.raises(ValidationError):
        field.take([text])


@pytest.mark.parametrize("field", [field for _, field, _ in BAD])
def test_a_parameter_that_is_given_twice_is_refused(field: fields.Parameter) -> None:
    good = next(text for known, text, _ in GOOD if type(known) is type(field))
    with pytest.raises(ValidationError, match="only once"):
        field.take([good, good])


def test_names_may_be_repeated_and_come_once_each_in_their_own_order() -> None:
    assert fields.Names(JOIN).take(["ring", "turn_up", "ring"]) == ("turn_up", "ring")
    with pytest.raises(ValidationError):
        fields.Names(JOIN).take(["ring", "RING"])


@given(st.text())
def test_a_whole_number_is_read_only_as_python_writes_it(text: str) -> None:
    try:
        value = fields.Whole(low=0, high=10**6).take([text])
    except ValidationError:
        return
    assert str(value) == text


@pytest.mark.parametrize(
    "query",
    [
        "place=%ED%A0%80",
        "place=%FF%FE",
        "place=%00",
        "q=%E2%80%AEgnp",
        "place=peck%0Aham",
        "%00=1",
        "=1",
        "limit",
        "limit=",
    ],
)
def test_hostile_addresses_are_a_problem_and_never_a_fault_of_ours(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/api/v1/sessions?{query}")
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["errors"]


def test_an_endless_question_is_refused(client: FlaskClient) -> None:
    answer = client.get("/api/v1/sessions?q=" + "x" * 4_000)
    assert (answer.status_code, answer.get_json()["type"]) == (414, "/api/v1/problems/too-long")


def test_many_parameters_are_refused_one_by_one(client: FlaskClient) -> None:
    answer = client.get("/api/v1/sessions?" + "&".join(f"x{n}=1" for n in range(300)))
    assert answer.status_code == 422


def test_a_plus_that_became_a_space_is_explained(client: FlaskClient) -> None:
    answer = client.get("/api/v1/sessions?from=2026-07-01T15:30:00+01:00")
    assert "%2B" in answer.get_json()["errors"][0]["detail"]
    assert client.get("/api/v1/sessions?from=" + quote("2026-07-01T15:30:00+01:00")).status_code == 200


@pytest.mark.parametrize("slug", ["peck%00ham", "peck%E2%80%AEham", "%ED%A0%80", "x" * 81, "%20"])
def test_hostile_slugs_are_refused(client: FlaskClient, slug: str) -> None:
    answer = client.get(f"/api/v1/areas/{slug}")
    assert answer.status_code == 422
    assert [fault["parameter"] for fault in answer.get_json()["errors"]] == ["slug"]

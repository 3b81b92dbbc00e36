"""What goes wrong under /api is told as a problem, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.activities import queries
from backend.core.errors import Unavailable
from mobile_api.problems import KINDS

PROBLEM = "application/problem+json"


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/v1", "/api/v2/sessions", "/api/v1/sessions/", "/api/v1/problems/x"]
)
def test_an_unknown_address_under_api_is_a_problem(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.content_type) == (404, PROBLEM)
    assert answer.get_json()["type"] == "/api/v1/problems/not-found"


def test_an_unknown_address_elsewhere_is_not(client: FlaskClient) -> None:
    assert client.get("/nothing-here").content_type != PROBLEM
    assert client.get("/apiary").content_type != PROBLEM


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_wrong_method_is_told_which_are_right(client: FlaskClient, method: str) -> None:
    answer = client.open("/api/v1/sessions", method=method, json={})
    assert (answer.status_code, answer.content_type) == (405, PROBLEM)
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_a_problem_has_a_page_for_its_type_and_is_not_kept(client: FlaskClient) -> None:
    answer = client.get("/api/v1/sessions?limit=0")
    told = answer.get_json()
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get(told["type"]).status_code == 200
    assert told["title"] in client.get(told["type"]).text.replace("&#39;", "'")


def test_every_kind_has_a_page(client: FlaskClient) -> None:
    for name in KINDS:
        assert client.get(f"/api/v1/problems/{name}").status_code == 200


def test_a_database_that_does_not_answer_is_told_with_when_to_come_back(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise Unavailable

    monkeypatch.setattr(queries, "sessions_near", fail)
    answer = client.get("/api/v1/sessions")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert answer.get_json()["type"] == "/api/v1/problems/unavailable"


def test_a_fault_of_ours_says_nothing_about_itself(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("secret words")

    monkeypatch.setattr(queries, "sessions_near", fail)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    answer = client.get("/api/v1/sessions")
    assert (answer.status_code, answer.content_type) == (500, PROBLEM)
    assert "secret" not in answer.text
    assert answer.get_json()["type"] == "/api/v1/problems/internal"

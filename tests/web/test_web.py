"""What every answer carries, what logs say, and whether we are ready."""

from __future__ import annotations

import json
import logging
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.core import worker
from web.headers import ALWAYS
from web.logs import JsonFormatter


@pytest.mark.parametrize(
    "path", ["/health", "/ready", "/support", "/nothing-here", "/api/v1/nothing-here", "/static/none"]
)
def test_every_answer_carries_the_security_headers_whatever_its_status(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    for name in ALWAYS:
        assert name in answer.headers, (path, answer.status_code, name)
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers
    assert len(answer.headers["X-Request-Id"]) == 16


def test_a_host_that_is_not_ours_is_refused(client: FlaskClient) -> None:
    assert client.get("/health", headers={"Host": "evil.example"}).status_code == 400


def test_health_needs_nothing_but_the_process(client: FlaskClient) -> None:
    answer = client.get("/health")
    assert (answer.status_code, answer.json) == (200, {"process": "ok"})


def test_ready_says_what_is_missing_until_a_worker_has_swept(
    client: FlaskClient, app: Flask, now: object, at: object
) -> None:
    answer = client.get("/ready")
    assert answer.status_code == 503
    assert answer.json == {"database": "ok", "migrations": "ok", "worker": "no sweep in the last three minutes"}
    worker.beat(now=now)
    assert client.get("/ready").status_code == 200
    at(now + timedelta(minutes=4))
    assert client.get("/ready").status_code == 503


def test_a_log_line_has_the_request_id_and_route_but_no_query_and_no_address(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="web"):
        answer = client.get("/health?q=secret-word", headers={"X-Forwarded-For": "203.0.113.9"})
    lines = "\n".join(record.getMessage() + str(record.__dict__.get("status")) for record in caplog.records)
    assert "GET /health" in lines
    assert "secret-word" not in lines
    assert "203.0.113.9" not in lines
    assert answer.headers["X-Request-Id"]


def test_log_lines_are_json_with_an_errors_trace() -> None:
    try:
        raise ValueError("broken\nover two lines")
    except ValueError:
        import sys

        record = logging.LogRecord("x", logging.ERROR, "", 0, "it %s", ("failed",), sys.exc_info())
    record.row = 7
    line = JsonFormatter().format(record)
    assert "\n" not in line
    said = json.loads(line)
    assert said["message"] == "it failed"
    assert said["row"] == 7
    assert "ValueError" in said["error"]


def test_large_answers_are_compressed_for_those_who_can_read_it_and_still_revalidate(client: FlaskClient) -> None:
    import gzip

    plain = client.get("/support")
    small = client.get("/support", headers={"Accept-Encoding": "gzip, br"})
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.data) == plain.data
    assert len(small.data) < len(plain.data) / 2
    assert "Accept-Encoding" in small.headers["Vary"]
    assert "Content-Encoding" not in client.get("/support", headers={"Accept-Encoding": "gzip;q=0"}).headers
    assert "Content-Encoding" not in client.get("/health", headers={"Accept-Encoding": "gzip"}).headers

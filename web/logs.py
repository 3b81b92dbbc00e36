"""Structured logs: one JSON object a line, with the request's id, without query strings or addresses of people."""

from __future__ import annotations

import logging
import sys
import time
from secrets import token_hex
from typing import Any

import orjson
from flask import Flask, Response, g, has_request_context, request

PLAIN = frozenset(logging.LogRecord("", 0, "", 0, "", (), None).__dict__) | {"message", "asctime", "taskName"}


class JsonFormatter(logging.Formatter):
    """One line of JSON: when, how bad, who says it, what, and whatever was given as `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if has_request_context():
            line["request"] = g.get("request_id")
        line.update({name: value for name, value in record.__dict__.items() if name not in PLAIN})
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str).decode()


def configure(*, quiet: bool = False) -> None:
    """Send every log line to standard error as JSON; when `quiet`, only what somebody should look at."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    JsonFormatter.converter = time.gmtime
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING if quiet else logging.INFO)
    for noisy in ("huey", "alembic.runtime.migration"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def init_app(app: Flask) -> None:
    """Give each request an id and, when it ends, a line: method, route, status, milliseconds."""
    log = logging.getLogger("web")

    @app.before_request
    def begin() -> None:
        g.request_id = token_hex(8)
        g.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.get("request_id", "")
        # The route's pattern instead of the path, so that no secret of a link and no search can end up in a log.
        route = request.url_rule.rule if request.url_rule else "(none)"
        took = round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1)
        if not (request.endpoint or "").endswith("static"):
            log.info("%s %s", request.method, route, extra={"status": response.status_code, "ms": took})
        return response

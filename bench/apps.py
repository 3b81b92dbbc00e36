"""The programs that are compared, as servers start them. What each needs to know is in the environment."""

from __future__ import annotations

import os
from typing import Any


def constant() -> Any:
    """A bare Flask app with one view that says the same 14 KB every time, as much as a page of sessions."""
    from flask import Flask, Response  # noqa: PLC0415  -- each program loads only what is its own.

    app, body = Flask("constant"), b"x" * 14_000

    @app.get("/constant")
    def view() -> Response:
        return Response(body, content_type="application/json")

    return app


def django() -> Any:
    from bench.peers import django_peer  # noqa: PLC0415

    return django_peer.application(os.environ["BENCH_URL"])


def fastapi() -> Any:
    from bench.peers import fastapi_peer  # noqa: PLC0415

    return fastapi_peer.application(os.environ["DATA_DIR"])

"""Whether the process lives, and whether it is ready to serve."""

from __future__ import annotations

from datetime import timedelta

from alembic.config import Config
from alembic.script import ScriptDirectory
from flask import Blueprint, Flask, Response, current_app, jsonify
from sqlalchemy import text

from backend.core import clock
from backend.core.db import reading
from backend.core.errors import Unavailable
from backend.core.worker import last_beat

# Two missed sweeps and a little.
SILENCE = timedelta(minutes=3)

blueprint = Blueprint("health", __name__)


def init_app(app: Flask, *, migrations: str) -> None:
    """Register `/health` and `/ready`. `migrations` is the folder of Alembic's scripts."""
    app.config["MIGRATIONS"] = migrations
    app.register_blueprint(blueprint)


@blueprint.get("/health")
def health() -> Response:
    """The process answers. Anyone may ask."""
    return _answer({"process": "ok"}, 200)


@blueprint.get("/ready")
def ready() -> Response:
    """Database, migrations and the worker's heartbeat. Anyone may ask; the answer has no details worth hiding."""
    parts = {"database": "ok", "migrations": "ok", "worker": "ok"}
    try:
        if _applied() != _newest():
            parts["migrations"] = "not up to date: run `flask db upgrade`"
        beat = last_beat()
        if beat is None or clock.now() - beat > SILENCE:
            parts["worker"] = "no sweep in the last three minutes"
    except Unavailable:
        parts = {"database": "does not answer"}
    good = all(state == "ok" for state in parts.values())
    return _answer(parts, 200 if good else 503)


def _answer(parts: dict[str, str], status: int) -> Response:
    response = jsonify(parts)
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response


def _applied() -> str | None:
    with reading() as connection:
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def _newest() -> str | None:
    config = Config()
    config.set_main_option("script_location", current_app.config["MIGRATIONS"])
    return ScriptDirectory.from_config(config).get_current_head()

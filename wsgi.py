"""The app: settings → database → doors → worker → commands. The only file that knows everything."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask import Flask
from flask.cli import with_appcontext
from flask_migrate import Migrate

import mobile_api
import mobile_app
from backend import commands
from backend.activities import jobs  # noqa: F401  -- importing it tells the worker what it can be asked.
from backend.core import db as database
from backend.core.settings import Settings, SettingsError, load
from backend.core.worker import Worker
from web import compress, headers, health, logs
from web.sessions import NoSession

MIGRATIONS = str(Path(__file__).parent / "backend" / "migrations")


def create_app(settings: Settings | None = None) -> Flask:
    """The whole app. Without settings it reads the environment, and a wrong value ends the process with its name."""
    settings = settings or _load()
    app = Flask(__name__, static_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        # Host headers that are not ours are refused; bodies, parts and fields have bounds (SAFETY 29), in bytes.
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=512 * 1024,
        MAX_FORM_PARTS=200,
        SETTINGS=settings,
        BASE_URL=settings.base_url,
    )
    app.session_interface = NoSession()
    if settings.mode != "test":
        logs.configure(quiet=not settings.production)
    logs.init_app(app)
    compress.init_app(app)
    headers.init_app(app, https=settings.production)
    database.init_app(app, settings)
    Migrate(app, database.db, directory=MIGRATIONS, compare_type=True, render_as_batch=True)
    health.init_app(app, migrations=MIGRATIONS)
    app.register_blueprint(mobile_app.create_blueprint())
    mobile_api.init_app(app)
    app.extensions["worker"] = Worker(settings, app.app_context)
    for command in commands.all_commands(app.extensions["worker"]):
        app.cli.add_command(_in_context(command))
    return app


def _in_context(command: click.Command) -> click.Command:
    """The same command, run inside the app's context."""
    if isinstance(command, click.Group):
        for child in command.commands.values():
            _in_context(child)
    elif command.callback is not None:
        command.callback = with_appcontext(command.callback)
    return command


def _load() -> Settings:
    try:
        return load()
    except SettingsError as error:
        print(f"Good Ends cannot start:\n{error}", file=sys.stderr)
        raise SystemExit(2) from None

"""The door by itself: no database, no settings, as it must still stand when all else is down."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mobile_app import create_blueprint


class Whole(FlaskClient):
    """A client that reads every answer to its end, so that files are closed."""

    def open(self, *args: Any, **options: Any) -> Any:
        return super().open(*args, buffered=True, **options)


@pytest.fixture
def alone() -> FlaskClient:
    app = Flask("alone", static_folder=None)
    app.test_client_class = Whole
    app.register_blueprint(create_blueprint())
    return app.test_client()

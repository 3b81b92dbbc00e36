"""The JSON door: version 1 of the API."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the API."""

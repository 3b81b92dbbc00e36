"""Answering with a page: what every page's template is told, and how long the answer may be kept.

Pages hold nothing about the person who asked, so caches between us and the phone may share them.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Response, current_app, make_response, render_template, request

from backend.core import clock
from mobile_app import assets

MINUTE = 60
DAY = 86_400

CREDIT = (
    "Contains OS data © Crown copyright and database right 2025. Contains Royal Mail data © Royal Mail copyright and "
    "database right 2025. Contains National Statistics data © Crown copyright and database right 2025."
)


def page(template: str, *, keep: int = MINUTE, status: int = 200, **facts: Any) -> Response:
    """A page from `templates/mobile_app`. `keep` is in seconds, 0 for not at all; the template shows `facts`."""
    assets.start_page()
    facts.setdefault("now", clock.now())
    facts.setdefault("base_url", current_app.config.get("BASE_URL") or request.host_url.rstrip("/"))
    response = make_response(render_template(f"mobile_app/{template}", status=status, **facts), status)
    response.headers["Cache-Control"] = f"public, max-age={keep}" if keep else "no-store"
    # A phone that saves data gets a page without the font, and a script gets only the part that it names.
    response.headers["Vary"] = "Save-Data, HX-Request, HX-Request-Type, HX-Target"
    if keep and status == HTTPStatus.OK:
        response.add_etag()
        response.make_conditional(request)
    return response


def wants_part() -> bool:
    """Whether a script on the page asked, and only for the part of the page that changes."""
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Request-Type") != "full"

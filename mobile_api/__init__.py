"""The JSON door: version 1 of the API."""

from __future__ import annotations

from flask import Flask, Response, request

from mobile_api import activities, docs, geo, organisations, problems
from mobile_api.blueprint import blueprint, create_api

# Importing an area adds its operations to the blueprint.
AREAS = (activities, organisations, geo)


def init_app(app: Flask) -> None:
    """Register the API: its operations, its document, and its way to say what went wrong."""
    api = create_api(app)
    api.add(app)
    problems.init_app(app)
    docs.init_app(app, api.spec.to_dict())


def open_to_all(response: Response) -> Response:
    """Any page on the web may read the answers: they are the same for everybody and carry no cookie."""
    headers = response.headers
    headers["Access-Control-Allow-Origin"] = "*"
    headers["Access-Control-Expose-Headers"] = "ETag, Link, Retry-After, X-Request-Id"
    headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if request.method == "OPTIONS":
        headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        headers["Access-Control-Allow-Headers"] = "If-None-Match"
        headers["Access-Control-Max-Age"] = "86400"
    return response


blueprint.after_request(open_to_all)
docs.pages.after_request(open_to_all)

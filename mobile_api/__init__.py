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


@blueprint.after_request
def preflight(response: Response) -> Response:
    """Tell a browser that asks first that pages of other sites may ask with If-None-Match."""
    if request.method == "OPTIONS":
        response.headers.extend(problems.OPEN)
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        response.headers["Access-Control-Allow-Headers"] = "If-None-Match"
        response.headers["Access-Control-Max-Age"] = "86400"
    return response

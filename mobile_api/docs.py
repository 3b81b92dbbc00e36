"""The document of the API: as JSON for programs, as pages for people. All of it is ours: no script, no other host."""

from __future__ import annotations

import re
from hashlib import blake2b
from pathlib import Path
from typing import Any

import orjson
from flask import Blueprint, Flask, Response, current_app, make_response, render_template, request, send_from_directory
from markupsafe import Markup, escape
from werkzeug.exceptions import NotFound

from mobile_api import reader
from mobile_api.blueprint import PREFIX
from mobile_api.problems import KINDS, OPEN, Kind

HOUR = 3_600
FILES = Path(__file__).parent / "static"
CODE = re.compile(r"`([^`]+)`")
STRONG = re.compile(r"\*([^*]+)\*")

pages = Blueprint("mobile_api_pages", __name__, url_prefix=PREFIX, template_folder="templates")


def init_app(app: Flask, document: dict[str, Any]) -> None:
    """Finish the document and keep it, its text and its tag for as long as the process lives."""
    _finish(document)
    text = orjson.dumps(document, option=orjson.OPT_INDENT_2)
    app.extensions["mobile_api_document"] = (document, text, f'"{blake2b(text, digest_size=12).hexdigest()}"')
    app.jinja_env.filters["api_prose"] = prose
    app.register_blueprint(pages)


def _finish(document: dict[str, Any]) -> None:
    """Set the examples of parameters where OpenAPI 3.1 wants them, and whole addresses into the requests to try."""
    base = document["servers"][0]["url"]
    for item in document["paths"].values():
        for parameter in item["get"].get("parameters", []):
            if "example" in parameter["schema"]:
                parameter["example"] = parameter["schema"].pop("example")
        for sample in item["get"]["x-codeSamples"]:
            sample["source"] = f"curl '{base}{PREFIX}{sample['source']}'"


@pages.get("/openapi.json")
def openapi() -> Response:
    """The document, OpenAPI 3.1. Anyone may."""
    _, text, etag = current_app.extensions["mobile_api_document"]
    response = Response(text, mimetype="application/json")
    response.headers["ETag"] = etag
    response.headers.extend(OPEN)
    return _keep(response)


@pages.get("/docs")
def docs() -> Response:
    """The document for reading. Anyone may."""
    document, _, _ = current_app.extensions["mobile_api_document"]
    if "mobile_api_docs" not in current_app.extensions:
        html = render_template("mobile_api/docs.html", prefix=PREFIX, api=reader.read(document))
        current_app.extensions["mobile_api_docs"] = html
    return _page(current_app.extensions["mobile_api_docs"])


@pages.get("/problems")
def every_problem() -> Response:
    """Every kind of problem that the API can answer with. Anyone may."""
    return _problems(list(KINDS.values()), "What can go wrong")


@pages.get("/problems/<name>")
def problem(name: str) -> Response:
    """What a kind of problem means and what to do about it: its type is the address of this page. Anyone may."""
    if name not in KINDS:
        raise NotFound
    return _problems([KINDS[name]], KINDS[name].title)


@pages.get("/static/<name>")
def file(name: str) -> Response:
    """The style and the letters of these pages. Anyone may."""
    return send_from_directory(FILES, name, max_age=HOUR, conditional=True)


def prose(text: str) -> Markup:
    """Text with `code` and *stress* as HTML, a paragraph for each empty line between."""
    paragraphs = []
    for block in text.strip().split("\n\n"):
        html = STRONG.sub(r"<em>\1</em>", CODE.sub(r"<code>\1</code>", str(escape(" ".join(block.split())))))
        paragraphs.append(f"<p>{html}</p>")
    return Markup("".join(paragraphs))  # noqa: S704 -- escaped above, before the two marks are put in.


def _problems(kinds: list[Kind], title: str) -> Response:
    return _page(render_template("mobile_api/problems.html", prefix=PREFIX, kinds=kinds, title=title))


def _page(html: str) -> Response:
    response = make_response(html)
    response.headers["ETag"] = f'"{blake2b(html.encode(), digest_size=12).hexdigest()}"'
    return _keep(response)


def _keep(response: Response) -> Response:
    response.headers["Cache-Control"] = f"public, max-age={HOUR}"
    response.headers["Vary"] = "Accept-Encoding"
    response.make_conditional(request)
    return response

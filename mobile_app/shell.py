"""The pages around the others: helplines, about, how we check, offline, errors; and what makes the app installable."""

from __future__ import annotations

import functools
import hashlib
import json
from http import HTTPStatus
from pathlib import Path

from flask import Response
from werkzeug.exceptions import HTTPException

from backend.core.errors import Error, Unavailable
from mobile_app import assets
from mobile_app.door import FOLDER, Door
from mobile_app.page import DAY, page

TEMPLATES = FOLDER / "templates" / "mobile_app"
WORKER = FOLDER / "src" / "js" / "worker.js"

# Kept on the phone from the first visit on, so that they open with no signal. Support's page is among them for
# everybody, which is why finding it on a phone says nothing about who opened it.
KEPT_PAGES = ("/offline", "/saved", "/support")


def add_pages(door: Door) -> None:
    """Add this area's pages to the door."""
    door.add_url_rule("/support", view_func=support)
    door.add_url_rule("/about", view_func=about)
    door.add_url_rule("/how-we-check", view_func=how_we_check)
    door.add_url_rule("/offline", view_func=offline)
    door.add_url_rule("/manifest.webmanifest", view_func=manifest)
    door.add_url_rule("/sw.js", view_func=worker)
    door.add_url_rule("/robots.txt", view_func=robots)
    door.register_error_handler(Error, of_error)
    # For the whole site: an address that is not there belongs to no door. The API answers for its own in its own way.
    door.app_errorhandler(HTTPException)(of_http)


def support() -> Response:
    """People to ring or text now. It asks the database nothing, so it stands when all else is down."""
    response = page("support.html", keep=0, tab="support")
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def about() -> Response:
    """What this is, who made what, and whose data it stands on."""
    return page("about.html", keep=DAY)


def how_we_check() -> Response:
    """What a check is, in plain words."""
    return page("how-we-check.html", keep=DAY)


def offline() -> Response:
    """What a phone shows when it has no signal and has not seen the page that was asked for."""
    return page("offline.html", keep=DAY)


def manifest() -> Response:
    """What makes the app installable."""
    icons = [("icon-192", "192x192", "any"), ("icon-512", "512x512", "any"), ("maskable-512", "512x512", "maskable")]
    text = json.dumps(
        {
            "id": "/",
            "name": "Good Ends",
            "short_name": "Good Ends",
            "description": "What’s good in your ends: free things to do near you, all over London.",
            "lang": "en-GB",
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "background_color": "#fff8ee",
            "theme_color": "#ffc42e",
            "icons": [
                {"src": f"/static/icons/{name}.png", "sizes": sizes, "type": "image/png", "purpose": purpose}
                for name, sizes, purpose in icons
            ],
        },
        ensure_ascii=False,
    )
    response = Response(text, mimetype="application/manifest+json")
    response.headers["Cache-Control"] = f"public, max-age={DAY}"
    return response


@functools.cache
def worker_source() -> str:
    """The service worker with this build's list of files, so that a new build replaces what phones keep."""
    files = [assets.URL + file for file in assets.built().files.values() if "latin" not in file]
    kept = sorted({*files, *KEPT_PAGES})
    version = hashlib.sha256("".join(kept).encode())
    for path in sorted([WORKER, *TEMPLATES.rglob("*.html")]):
        version.update(Path(path).read_bytes())
    facts = json.dumps({"version": version.hexdigest()[:12], "files": kept})
    return f"const KEPT = {facts};\n{WORKER.read_text(encoding='utf-8')}"


def worker() -> Response:
    """The service worker, from the root so that it speaks for the whole site."""
    response = Response(worker_source(), mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Service-Worker-Allowed"] = "/"
    return response


def robots() -> Response:
    """What search engines may read: all that is on; not the endless ways to ask for it."""
    text = "User-agent: *\nDisallow: /filters\n"
    response = Response(text, mimetype="text/plain")
    response.headers["Cache-Control"] = f"public, max-age={DAY}"
    return response


def of_error(error: Error) -> Response:
    """The page for an error of ours, with its own words."""
    response = error_page(error.status, error.message)
    if isinstance(error, Unavailable):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def of_http(error: HTTPException) -> Response | HTTPException:
    """The page for an address that is not there, a form that is too big, a fault of ours."""
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return error  # A redirect, which is no error.
    response = error_page(error.code)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def error_page(status: int, message: str | None = None) -> Response:
    """What went wrong, in words, with a way on."""
    name = "not-found" if status == HTTPStatus.NOT_FOUND else "error"
    return page(f"{name}.html", keep=0, status=status, message=message)

"""Smaller answers for phones, when nothing in front of us compresses.

Flask-Compress changes strong ETags so that 304 never comes again. Here a compressed answer carries the same tag made
weak, as nginx does it, and If-None-Match compares weakly (RFC 9110, section 13.1.2), so both forms revalidate.
"""

from __future__ import annotations

import zlib

from flask import Flask, Response, request

LEAST = 700  # Bytes. Smaller answers fit into one packet anyway.
LEVEL = 5  # Within 2 % of the best size for pages, at half its time.
GZIP = 16 + zlib.MAX_WBITS

KINDS = frozenset(
    (
        "text/html",
        "text/css",
        "text/plain",
        "text/calendar",
        "text/javascript",
        "application/json",
        "application/problem+json",
        "application/manifest+json",
        "image/svg+xml",
    )
)


def init_app(app: Flask) -> None:
    """Compress what is worth it, for those who can read it."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if response.mimetype not in KINDS:
        return response
    if "Vary" in response.headers:
        response.vary.add("Accept-Encoding")
    else:
        response.headers["Vary"] = "Accept-Encoding"
    if not _worth_it(response) or request.accept_encodings.quality("gzip") <= 0:
        return response
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP)
    response.set_data(packer.compress(response.get_data()) + packer.flush())
    response.content_encoding = "gzip"
    tag, weak = response.get_etag()
    if tag and not weak:
        response.set_etag(tag, weak=True)
    return response


def _worth_it(response: Response) -> bool:
    plain = response.status_code not in {204, 206, 304} and not response.content_encoding
    return plain and not response.direct_passthrough and (response.content_length or 0) >= LEAST

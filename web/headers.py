"""The headers that every answer carries, whatever its status (SAFETY 31)."""

from __future__ import annotations

from flask import Flask, Response

# No inline script or style anywhere, nobody may frame us, and nothing is fetched from another host.
POLICY = "; ".join(  # noqa: FLY002  -- one directive a line is easier to review.
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)

ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Location is asked for by our own pages only, and never without a tap.
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=(), payment=(), usb=(), interest-cohort=()",
}


def init_app(app: Flask, *, https: bool) -> None:
    """Add the headers to every answer that does not set its own."""
    always = [*ALWAYS.items()]
    if https:
        always.append(("Strict-Transport-Security", "max-age=31536000; includeSubDomains"))

    @app.after_request
    def add(response: Response) -> Response:
        # One walk over the headers: asking for each name in turn cost as much as the rest of a small answer.
        own = {name for name, _ in response.headers}
        response.headers.extend([(name, value) for name, value in always if name not in own])
        return response

"""What goes wrong, as RFC 9457 says it: `application/problem+json`, with a type that has a page of its own.

Backend errors bring their class, status and words; this file turns them, and HTTP's own errors, into answers. It
answers for addresses under /api and for no others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
from flask import Flask, Response, request
from marshmallow import ValidationError
from werkzeug.exceptions import HTTPException

from backend.core.errors import Error, Invalid, Unavailable
from backend.geo.queries import UnknownPlace
from mobile_api.blueprint import PREFIX, blueprint
from mobile_api.shown import Answer, Many, Plain

MEDIA_TYPE = "application/problem+json"

# Any page on the web may read the answers: they are the same for everybody and carry no cookie.
OPEN = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "ETag, Link, Retry-After, X-Request-Id"),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its stable name, its status, its title, and for its page what it means and what to do."""

    name: str
    status: int
    title: str
    meaning: str


KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "bad-request", 400, "That is not a request we can read",
            "The request breaks the rules of HTTP, or names a host that is not ours. Look at what your client sends.",
        ),
        Kind(
            "not-found", 404, "There is nothing at this address",
            "The address is mistyped, or what was there has ended. The document lists every address there is.",
        ),
        Kind(
            "unknown-place", 404, "We can't find that place",
            "No London postcode, neighbourhood, ward or borough has that name, or the cell lies outside London."
            " `suggestions` holds up to five places that are spelled like it: use the slug of one as `place`.",
        ),
        Kind(
            "no-such-activity", 404, "We can't find that activity",
            "It was never there, has ended, or may not be shown at the moment. The answer is the same for all three.",
        ),
        Kind(
            "no-such-organisation", 404, "We can't find that group",
            "It was never there, has closed, or may not be shown at the moment. The answer is the same for all three.",
        ),
        Kind(
            "method-not-allowed", 405, "This address is only for reading",
            "Use GET or HEAD. The `Allow` header lists what the address takes.",
        ),
        Kind(
            "too-long", 414, "The question is too long",
            "What stands after the question mark may have 4,000 bytes. Ask for fewer things at once.",
        ),
        Kind(
            "invalid-parameters", 422, "Some of the question needs a fix",
            "`errors` names each parameter that cannot be used and says why. Nothing is guessed or cut silently: a"
            " value with a different spelling, a parameter we do not know, or one given twice is refused.",
        ),
        Kind(
            "too-wide", 422, "The question asks for too much at once",
            "One answer holds at most 100 sessions, up to 20,000 metres around, in a window of up to 100 days."
            " `errors` says which limit it is. Ask for less and follow `Link`.",
        ),
        Kind(
            "bad-cursor", 422, "That page link has worn out",
            "A cursor goes with the question it came from. Start again from the first page, and change nothing but the"
            " cursor on the way.",
        ),
        Kind(
            "too-many-requests", 429, "That was a lot of questions",
            "Wait as many seconds as `Retry-After` says. Answers may be kept for a minute, which saves most questions.",
        ),
        Kind(
            "internal", 500, "Something went wrong on our side",
            "It is not your question. Try again in a minute; the `X-Request-Id` header helps us find what happened.",
        ),
        Kind(
            "unavailable", 503, "We're having trouble",
            "A part we need does not answer. Wait as many seconds as `Retry-After` says.",
        ),
    )
}  # fmt: skip

_OF_STATUS = {400: "bad-request", 404: "not-found", 405: "method-not-allowed", 414: "too-long",
              422: "invalid-parameters", 429: "too-many-requests", 503: "unavailable"}  # fmt: skip


class Fault(Answer):
    """One thing to fix."""

    parameter = Plain(str, "The parameter's name in the address.")
    detail = Plain(str, "What is wrong with it, in words that follow on from the name.")


class Suggestion(Answer):
    """A place that may have been meant."""

    name = Plain(str, "What people call it.")
    slug = Plain(str, "Use it as `place`.")
    kind = Plain(str, "What kind of place it is.")
    borough = Plain(str, "The name of its borough.")


class Problem(Answer):
    """What went wrong (RFC 9457)."""

    type = Plain(str, "Names the kind of problem, for good; opens a page about it.", format="uri-reference")
    title = Plain(str, "The kind of problem in words.")
    status = Plain(int, "The HTTP status.", minimum=400, maximum=599)
    detail = Plain(str, "What happened this time, fit to show to a person.")
    errors = Many(Fault, "What to fix; with status 422 only.", required=False)
    suggestions = Many(Suggestion, "What may have been meant; with unknown-place only.", required=False)


def type_of(name: str) -> str:
    """The URI reference of a kind of problem: stable, and the address of its page."""
    return f"{PREFIX}/problems/{name}"


def answer(name: str, *, status: int | None = None, detail: str = "", **more: Any) -> Response:
    """A problem as a response. Without `detail` it is told in the words of its kind."""
    kind = KINDS[name]
    status = status or kind.status
    body = {"type": type_of(name), "title": kind.title, "status": status, "detail": detail or kind.meaning, **more}
    # A mistake is answered afresh each time, so that mending it shows at once.
    headers = [("Content-Type", MEDIA_TYPE), ("Cache-Control", "no-store"), *OPEN]
    return Response(orjson.dumps(body), status=status, headers=headers)


def name_of(error: type[Error]) -> str:
    """The kind of problem that a class of errors is told as."""
    name = error.__new__(error).code
    return name if name in KINDS else _OF_STATUS.get(error.status, "internal")


def example(name: str) -> dict[str, Any]:
    """A problem of that kind, for the document."""
    kind = KINDS[name]
    body: dict[str, Any] = {
        "type": type_of(name), "title": kind.title, "status": kind.status, "detail": kind.meaning,
    }  # fmt: skip
    if kind.status == 422:
        body |= _EXAMPLES[name]
    if name == "unknown-place":
        body |= {
            "detail": "We can't find “pekham”. Did you mean Peckham?",
            "suggestions": [{"name": "Peckham", "slug": "peckham", "kind": "place", "borough": "Southwark"}],
        }
    return body


def _fault(parameter: str, detail: str) -> dict[str, Any]:
    return {"detail": f"{parameter} {detail}.", "errors": [{"parameter": parameter, "detail": detail}]}


_EXAMPLES = {
    "invalid-parameters": _fault("free", "must be true or false"),
    "too-wide": _fault("until", "must be within 100 days of from"),
    "bad-cursor": _fault("cursor", "does not belong to this list"),
}


def of_error(error: Error) -> Response:
    """An error of the backend as a problem."""
    if isinstance(error, UnknownPlace):
        places = [
            {"name": place.name, "slug": place.slug, "kind": place.kind, "borough": place.borough_name}
            for place in error.suggestions
        ]
        return answer("unknown-place", detail=error.message, suggestions=places)
    name = name_of(type(error))
    more: dict[str, Any] = {}
    if isinstance(error, Invalid):
        more["errors"] = faults(error.fields)
    response = answer(name, status=error.status, detail=error.message, **more)
    if isinstance(error, Unavailable):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def of_validation(error: ValidationError) -> Response:
    """Parameters that cannot be used, each with its reason."""
    messages: dict[str, Any] = error.normalized_messages()  # type: ignore[no-untyped-call]
    found = faults(messages)
    detail = "; ".join(f"{fault['parameter']} {fault['detail']}" for fault in found[:3])
    return answer("invalid-parameters", detail=f"{detail}.", errors=found)


def faults(fields: dict[str, Any]) -> list[dict[str, str]]:
    """What is wrong by parameter, as the problem lists it."""
    return [{"parameter": name, "detail": str(reason)} for name, reasons in fields.items() for reason in reasons]


def of_http(error: HTTPException) -> Response:
    """An error of HTTP itself: no such address, wrong method, or a fault of ours."""
    status = error.code or 500
    name = _OF_STATUS.get(status, "internal" if status >= 500 else "bad-request")
    response = answer(name, status=status)
    for header, value in error.get_headers():
        if header in {"Allow", "Retry-After"}:
            response.headers[header] = value
    return response


def ours() -> bool:
    """Whether the address that was asked for is the API's."""
    return request.path == "/api" or request.path.startswith("/api/")


blueprint.register_error_handler(Error, of_error)
blueprint.register_error_handler(ValidationError, of_validation)
blueprint.register_error_handler(HTTPException, of_http)


def init_app(app: Flask) -> None:
    """Answer for errors under /api; errors elsewhere go to whatever handled them before."""
    # By class and not by status, as Flask would ask handlers of one status first, wherever they come from.
    before = app.error_handler_spec[None][None].get(HTTPException)

    @app.errorhandler(HTTPException)
    def handle(error: HTTPException) -> Any:
        if ours():
            return of_http(error)
        return before(error) if before else error

"""What an operation takes, answers and can go wrong with, said once: from it come the checks, the answer, the document.

    @blueprint.get("/sessions", tags=["Activities"])
    @contract(takes=SessionsIn, returns=SessionsOut, errors=[UnknownPlace], example=...)
    def sessions(asked): ...

A view gets the checked parameters as a dict, and gives a `Kept`: what the answer depends on, and a function that makes
it, which is not called when the client has the answer already.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from hashlib import blake2b
from typing import Any
from urllib.parse import parse_qsl

import orjson
from flask import Response, request
from marshmallow import Schema, ValidationError
from werkzeug.exceptions import RequestURITooLarge

from backend.core import clock
from backend.core.errors import Error, Unavailable
from mobile_api import compiled, problems
from mobile_api.blueprint import View
from mobile_api.problems import KINDS, MEDIA_TYPE, OPEN, Problem
from mobile_api.shown import Answer

LONGEST = 4_000  # Bytes of a query string.
MINUTE, DAY = 60, 86_400  # Seconds.


def minute() -> datetime:
    """The present moment, rounded down to a minute: answers that depend on the time change once a minute."""
    return clock.now().replace(second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that may be kept. `key` is all that it depends on; `make` gives what to show."""

    key: object
    make: Callable[[], Any]
    seconds: int = MINUTE


@dataclass(frozen=True, slots=True)
class Linked:
    """What to show, and where the list goes on, as an absolute address."""

    shown: Any
    next: str | None = None


@dataclass(frozen=True, slots=True)
class _Terms:
    load: compiled.Load | None
    dump: compiled.Dump


def contract(
    *,
    returns: type[Answer],
    example: dict[str, Any],
    tried: str,
    takes: type[Schema] | None = None,
    errors: Sequence[type[Error]] = (),
) -> Callable[[View], View]:
    """Check what comes in, show what goes out, document both.

    `tried` is a request to show, after the prefix, and `example` what it answers.
    """
    schema = returns()
    terms = _Terms(compiled.loader(takes()) if takes else None, compiled.dumper(schema))

    def decorate(view: View) -> View:
        @wraps(view)
        def run(**path: Any) -> Response:
            given = _given()
            if terms.load is None:
                if given:
                    raise ValidationError({name: ["is not a parameter of this address"] for name in given})
                return _respond(view(**path), terms.dump)
            return _respond(view(**path, asked=terms.load(given)), terms.dump)

        documented: Any = run
        # Where flask-smorest looks for what an operation says of itself.
        documented._apidoc = {  # noqa: SLF001
            **_document(takes, schema, errors, example),
            "manual_doc": {"operationId": view.__name__, "x-codeSamples": [{"lang": "Shell", "source": tried}]},
        }
        return run

    return decorate


def _given() -> dict[str, list[str]]:
    """The query string as names and all texts given under each. Broken UTF-8 and endless queries are refused."""
    query: bytes = request.query_string
    if len(query) > LONGEST:
        raise RequestURITooLarge
    given: dict[str, list[str]] = {}
    if not query:
        return given
    try:
        pairs = parse_qsl(query.decode("utf-8"), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        # Which of them it is cannot be told without decoding it.
        raise ValidationError({"(query)": ["is not UTF-8"]}) from None
    for name, text in pairs:
        given.setdefault(name, []).append(text)
    return given


def _respond(answer: Kept, dump: compiled.Dump) -> Response:
    """The answer, or 304 when the client has it. The tag comes first, so that a 304 asks the database nothing."""
    etag = f'"{blake2b(repr(answer.key).encode(), digest_size=12).hexdigest()}"'
    headers = [
        ("ETag", etag),
        ("Cache-Control", f"public, max-age={answer.seconds}, stale-while-revalidate={answer.seconds * 5}"),
        ("Vary", "Accept-Encoding"),
        *OPEN,
    ]
    held = _held()
    if etag in held:
        return _unchanged(headers)
    made = answer.make()
    if "*" in held:
        # "Any answer will do", once there is one.
        return _unchanged(headers)
    linked = made if isinstance(made, Linked) else Linked(made)
    if linked.next:
        headers.append(("Link", f'<{linked.next}>; rel="next"'))
    headers.append(("Content-Type", "application/json"))
    return Response(orjson.dumps(dump(linked.shown)), headers=headers)


def _held() -> list[str]:
    """The tags of the answers that the client has. A proxy that compresses marks tags as weak: as good here."""
    tags: str | None = request.environ.get("HTTP_IF_NONE_MATCH")
    return [] if tags is None else [tag.strip().removeprefix("W/") for tag in tags.split(",")]


def _unchanged(headers: list[tuple[str, str]]) -> Response:
    response = Response(status=304, headers=headers)
    del response.headers["Content-Type"]
    return response


def _document(
    takes: type[Schema] | None, schema: Schema, errors: Sequence[type[Error]], example: dict[str, Any]
) -> dict[str, Any]:
    """What flask-smorest needs to know, in the shape in which its own decorators leave it."""
    responses: dict[Any, list[dict[str, Any]]] = {
        200: [
            {
                "description": "The answer.",
                "schema": schema,
                "content_type": "application/json",
                "example": example,
                "headers": _HEADERS,
            }
        ],
        304: [{"description": "You have this answer already.", "content_type": None, "headers": _HEADERS}],
    }
    names = {problems.name_of(error) for error in (*errors, Unavailable)} | {"invalid-parameters"}
    by_status: dict[int, list[str]] = {}
    for name in sorted(names):
        by_status.setdefault(KINDS[name].status, []).append(name)
    for status, kinds in sorted(by_status.items()):
        responses[status] = [_failure(kinds)]
    responses["default"] = [_failure(["internal"], "Anything else that goes wrong.")]
    arguments: dict[str, Any] = {"parameters": [], "responses": {}}
    if takes:
        arguments["parameters"].append({"in": "query", "required": True, "schema": takes})
    return {"arguments": arguments, "response": {"responses": responses}}


def _failure(kinds: list[str], description: str = "") -> dict[str, Any]:
    examples = {name: {"summary": KINDS[name].title, "value": problems.example(name)} for name in kinds}
    return {
        "description": description or "; ".join(KINDS[name].title for name in kinds) + ".",
        "schema": Problem,
        "content_type": MEDIA_TYPE,
        "examples": examples,
    }


_HEADERS = {
    "ETag": {"description": "Names this answer; send it back as If-None-Match.", "schema": {"type": "string"}},
    "Cache-Control": {"description": "How long the answer may be kept.", "schema": {"type": "string"}},
}

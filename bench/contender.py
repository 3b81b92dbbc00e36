"""One program among those compared, in a process of its own: answers paths in-process and says what CPU that cost.

Run as `python -m bench.contender '{"kind": …}'`. Each line in is a JSON list of paths; each line out is
`{"cpu": microseconds of CPU in all, "bytes": …, "wrong": how many were not 200, "ids": of the last answer}`.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import io
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from time import process_time_ns
from typing import Any
from urllib.parse import parse_qsl

Answer = tuple[int, bytes]
HOST = "127.0.0.1"


def wsgi(app: Any) -> Callable[[Sequence[str]], list[Answer]]:
    """Answers through WSGI, as a server would ask, without a socket."""

    def answer(path: str) -> Answer:
        status = 0

        def start(line: str, _headers: list[tuple[str, str]], _error: Any = None) -> Callable[[bytes], Any]:
            nonlocal status
            status = int(line[:3])
            return lambda _body: None

        body = app(_environ(path), start)
        try:
            whole = b"".join(body)
        finally:
            if hasattr(body, "close"):
                body.close()
        return status, whole

    return lambda paths: [answer(path) for path in paths]


def _environ(path: str) -> dict[str, Any]:
    path, _, query = path.partition("?")
    return {
        "REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": HOST,
        "SERVER_PORT": "8000", "HTTP_HOST": HOST, "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": HOST,
        "HTTP_USER_AGENT": "bench", "HTTP_ACCEPT": "*/*", "wsgi.version": (1, 0), "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr, "wsgi.multithread": True, "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }  # fmt: skip


def asgi(app: Any) -> Callable[[Sequence[str]], list[Answer]]:
    """Answers through ASGI in one running loop."""
    loop = asyncio.new_event_loop()

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def answer(path: str) -> Answer:
        status, parts = 0, []

        async def send(message: dict[str, Any]) -> None:
            nonlocal status
            status = message.get("status", status)
            parts.append(message.get("body", b""))

        path, _, query = path.partition("?")
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
            "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
            "headers": [(b"host", HOST.encode()), (b"user-agent", b"bench"), (b"accept", b"*/*")],
            "client": (HOST, 1), "server": (HOST, 8000),
        }  # fmt: skip
        await app(scope, receive, send)
        return status, b"".join(parts)

    async def all_of(paths: Sequence[str]) -> list[Answer]:
        return [await answer(path) for path in paths]

    return lambda paths: loop.run_until_complete(all_of(paths))


def constant(_given: dict[str, Any]) -> Any:
    """A bare Flask app with one view that says the same 10 KB every time."""
    from flask import Flask, Response  # noqa: PLC0415  -- each contender loads only what is its own.

    app, body = Flask("constant"), b"x" * 10_000

    @app.get("/constant")
    def view() -> Response:
        return Response(body, content_type="application/json")

    return wsgi(app)


def good_ends(given: dict[str, Any]) -> Any:
    """The whole app, doors and all."""
    from bench.building import settings  # noqa: PLC0415
    from wsgi import create_app  # noqa: PLC0415

    return wsgi(create_app(settings(data=Path(given["data"]), url=given.get("url"))))


def django(given: dict[str, Any]) -> Any:
    return wsgi(importlib.import_module("bench.peers.django_peer").application(given["url"]))


def fastapi(given: dict[str, Any]) -> Any:
    return asgi(importlib.import_module("bench.peers.fastapi_peer").application(given["data"]))


KINDS = {one.__name__: one for one in (constant, good_ends, django, fastapi)}


def main() -> None:
    given = json.loads(sys.argv[1])
    # What is printed by others must not get between our lines.
    out, sys.stdout = sys.stdout, sys.stderr
    answer = KINDS[given["kind"]](given)
    for line in sys.stdin:
        paths = json.loads(line)
        gc.collect()
        start = process_time_ns()
        answers = answer(paths)
        cpu = (process_time_ns() - start) / 1000
        found = {
            "cpu": cpu,
            "bytes": sum(len(body) for _, body in answers),
            "wrong": sum(status != 200 for status, _ in answers),
            "ids": _ids(answers[-1][1]),
            "rss": _rss(),
        }
        print(json.dumps(found), file=out, flush=True)


def _ids(body: bytes) -> list[int]:
    """The sessions that an answer in JSON lists."""
    if body[:1] != b"{":
        return []
    found = json.loads(body)
    return [item["id"] for item in found.get("items", found.get("results", []))]


def _rss() -> int:
    """Resident bytes of this process."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096


def query(path: str) -> dict[str, str]:
    """A path's query string as a dict, for peers."""
    return dict(parse_qsl(path.partition("?")[2]))


if __name__ == "__main__":
    main()

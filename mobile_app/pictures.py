"""The pictures of links, drawn when first asked for and kept on the disk until what they show changes."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path
from typing import Any

from flask import Response, current_app, request
from werkzeug.wrappers import Response as AnyResponse

from backend.activities import details
from backend.core import clock
from mobile_app import drawing, view
from mobile_app.door import ID, YEAR, Door
from mobile_app.drawing import Card
from mobile_app.page import DAY
from mobile_app.pattern import patterns

KEPT = 500  # Pictures on the disk: about 10 MB. The oldest go first.


def add_pages(door: Door) -> None:
    """Add this area's pages to the door."""
    door.add_url_rule(f"/activities/{ID.format('activity_id')}/picture.png", view_func=picture)


def picture(activity_id: int) -> AnyResponse:
    """The picture of an activity's link."""
    moment = clock.now()
    item = details.activity(activity_id, now=moment)
    card = card_of(item, patterns(item["schedules"], clock.today(moment)))
    response = Response(_kept(activity_id, card), mimetype="image/png")
    response.set_etag(card.version)
    forever = request.args.get("v") == card.version
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable" if forever else f"public, max-age={DAY}"
    # Chats show it on pages of their own.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response.make_conditional(request)


def address(item: dict[str, Any], lines: list[str]) -> str:
    """Where an activity's picture is, with its version, so that chats fetch a new one when it changes."""
    return f"/activities/{item['id']}/picture.png?v={card_of(item, lines).version}"


def card_of(item: dict[str, Any], lines: list[str]) -> Card:
    """What an activity's picture says. Never a date: it is looked at long after it was shared."""
    cost = view.cost(item["cost"], item["cost_min"], item["cost_max"])
    tags = [(cost, "free" if item["cost"] == "free" else "sun"), (view.ages(item["age_min"], item["age_max"]), "sun")]
    tags += [(view.JOINS[way], "sky") for way in item["join"][:1]]
    venue = item["venue"]
    where = f"{venue['name']}, {view.borough_name(venue['borough'])}" if venue else item["organisation"]["name"]
    return Card(item["category"].value, item["title"], tuple(tags), (*lines[:1], where))


def _kept(activity_id: int, card: Card) -> bytes:
    """The picture from the disk, or drawn and put there. A disk that refuses only costs time."""
    folder: Path = current_app.config["SETTINGS"].data_dir / "pictures"
    path = folder / f"{activity_id}-{card.version}.png"
    with contextlib.suppress(OSError):
        return path.read_bytes()
    data = drawing.draw(card)
    with contextlib.suppress(OSError):
        _keep(path, data)
    return data


def _keep(path: Path, data: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    # Whoever reads meanwhile sees the whole file or none.
    half = path.with_name(f"{secrets.token_hex(6)}.half")
    half.write_bytes(data)
    half.replace(path)
    for old in path.parent.glob(f"{path.stem.partition('-')[0]}-*.png"):
        if old != path:
            old.unlink(missing_ok=True)
    files = sorted(os.scandir(path.parent), key=lambda file: file.stat().st_mtime)
    for file in files[: max(0, len(files) - KEPT)]:
        Path(file).unlink(missing_ok=True)

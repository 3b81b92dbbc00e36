"""The door itself: a blueprint that knows the templates, the drawings, and how built files are sent."""

from __future__ import annotations

import functools
import mimetypes
from collections.abc import Callable, Iterator
from pathlib import Path

from flask import Blueprint, Response, request, send_from_directory
from flask.blueprints import BlueprintSetupState
from jinja2 import Environment
from markupsafe import Markup

from backend.core import clock
from mobile_app import assets, card, view
from mobile_app.page import CREDIT

FOLDER = Path(__file__).parent
# Ids end where every database and JavaScript still count exactly; a longer one is no page of ours.
ID = "<int(max=9007199254740991):{}>"

YEAR = 31_536_000  # Seconds.
HOUR = 3_600
COMPRESSED = {"br": ".br", "gzip": ".gz"}


class Door(Blueprint):
    """Blueprint "mobile_app", at the root of the site, with its built files under /static."""

    def __init__(self) -> None:
        super().__init__(
            "mobile_app",
            __name__,
            static_folder=str(assets.STATIC),
            static_url_path="/static",
            template_folder=str(FOLDER / "templates"),
        )
        self.record_once(_teach_templates)

    def send_static_file(self, filename: str) -> Response:
        """A built file, in the smallest form that the browser reads.

        Names under assets/ hold a hash of what is inside, so those may be kept for ever.
        """
        coding, sent = next(_forms(filename), ("", filename))
        kind = mimetypes.guess_type(filename)[0]
        response = send_from_directory(assets.STATIC, sent, mimetype=kind, conditional=True)
        if coding:
            response.content_encoding = coding
        response.vary.add("Accept-Encoding")
        forever = filename.startswith("assets/")
        response.cache_control.public = True
        response.cache_control.no_cache = None
        response.cache_control.max_age = YEAR if forever else HOUR
        response.cache_control.immutable = forever
        return response


def _forms(filename: str) -> Iterator[tuple[str, str]]:
    """The compressed forms of a built file that the browser reads, the smallest first."""
    for coding, ending in COMPRESSED.items():
        if request.accept_encodings.quality(coding) > 0 and (assets.STATIC / f"{filename}{ending}").is_file():
            yield coding, f"{filename}{ending}"


def _teach_templates(setup: BlueprintSetupState) -> None:
    """Give every template the app's words and drawings."""
    environment = setup.app.jinja_env
    environment.globals.update(
        asset=assets.asset,
        icon=assets.icon,
        moquette=assets.moquette,
        sprite=assets.sprite,
        also=assets.also,
        view=view,
        london=clock.london,
        credit=CREDIT,
        borough_name=view.borough_name,
        act_card=card.act_card,
        act_cards=card.act_cards,
        kind_links=card.kind_links,
        save_button=card.save_button,
        tag_html=card.tag_html,
        wordmark=_drawing(environment, "wordmark", "wordmark"),
        wordmark_symbol=_drawing(environment, "wordmark", "symbol"),
        skyline=_drawing(environment, "scenes", "skyline"),
        bench=_drawing(environment, "scenes", "bench"),
        table=_drawing(environment, "scenes", "table"),
    )
    environment.trim_blocks = True
    environment.lstrip_blocks = True


def _drawing(environment: Environment, file: str, name: str) -> Callable[..., Markup]:
    """One of the drawings in templates/mobile_app/_art, drawn once for each size it is asked in."""

    @functools.cache
    def draw(*arguments: str | int) -> Markup:
        macro = getattr(environment.get_template(f"mobile_app/_art/{file}.html").module, name)
        return Markup(macro(*arguments))  # noqa: S704 (the drawings are ours)

    return draw

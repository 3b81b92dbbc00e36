"""The blueprint that every area adds its operations to, and the document that grows from them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask_smorest import Api as Smorest  # type: ignore[import-untyped]
from flask_smorest import Blueprint as SmorestBlueprint
from flask_smorest.spec import MarshmallowPlugin  # type: ignore[import-untyped]
from werkzeug.routing import BaseConverter

from mobile_api.fields import Parameter
from mobile_api.shown import Shown

View = Callable[..., Any]

PREFIX = "/api/v1"
HIGHEST_ID = 2**53 - 1  # What JavaScript's numbers hold.

TAGS = (
    ("Activities", "What is on: sessions near a place, and the activities that they belong to."),
    ("Organisations", "The groups that run activities, and what we checked about them."),
    ("Places", "Postcodes, neighbourhoods, wards and boroughs of London, and the cells that questions are about."),
)

DESCRIPTION = """What is on near you in London, for young people and families; most of it is free.

Everything here is open: no key, no account, no cookies. Questions are about a *cell*, a square of half a kilometre, \
so that the answer is the same for everybody in it and nobody is followed.

Times are London’s, with their offset. Money is in pence. Distances are in metres, from the middle of the cell.
"""


class Blueprint(SmorestBlueprint):  # type: ignore[misc]  # flask-smorest has no types.
    """flask-smorest's blueprint, whose `get` keeps the type of what it decorates."""

    def get(self, rule: str, **options: Any) -> Callable[[View], View]:
        """Add an operation that answers GET and HEAD."""
        decorate: Callable[[View], View] = super().get(rule, **options)
        return decorate

    def after_request(self, function: View) -> View:
        """Let a function see every answer of this blueprint."""
        super().after_request(function)
        return function


blueprint = Blueprint("mobile_api", __name__, url_prefix=PREFIX)


class NumberConverter(BaseConverter):
    """An id in an address: the digits 0–9 without leading zeros, at most sixteen. Anything else is no such page."""

    regex = "[1-9][0-9]{0,15}"

    def to_python(self, value: str) -> int:
        """The number; ids that no row can have are looked up in vain, which says what there is to say."""
        return min(int(value), HIGHEST_ID)


class Api(Smorest):  # type: ignore[misc]  # flask-smorest has no types.
    """flask-smorest with its documents and without its error handlers, which would take over the whole app."""

    # Each operation names its own errors.
    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """None: `mobile_api.problems` answers for errors, and for those of the API only."""

    def _register_responses(self) -> None:
        """None: flask-smorest would add its own shape of errors to the document."""

    def _register_pagination_header(self) -> None:
        """None: lists go on by cursor and Link."""

    def add(self, app: Flask) -> None:
        """Register the blueprint, and its operations in the document, under their own tags."""
        app.extensions["flask-smorest"]["blp_name_to_api"][blueprint.name] = self
        app.register_blueprint(blueprint)
        blueprint.register_views_in_doc(self, app, self.spec, name=blueprint.name, parameters=None)
        for key, name in self.ma_plugin.converter.refs.items():
            self.spec.components.schemas[name]["description"] = key[0].__doc__


def create_api(app: Flask) -> Api:
    """An empty document for this app. Register the blueprint's operations with `add`."""
    app.url_map.converters["number"] = NumberConverter
    api = Api()
    api.register_converter(
        NumberConverter, lambda _: {"type": "integer", "format": "int64", "minimum": 1, "maximum": HIGHEST_ID}
    )
    # Our fields say what they are themselves; apispec only needs to know that they exist.
    api.register_field(Parameter, None, None)
    api.register_field(Shown, None, None)
    options: dict[str, Any] = {
        "title": "Good Ends",
        "version": "1.0.0",
        "openapi_version": "3.1.0",
        "marshmallow_plugin": MarshmallowPlugin(schema_name_resolver=_name),
        "info": {
            "summary": "What's good in your ends: things to do near you, all over London.",
            "description": DESCRIPTION,
            "license": {"name": "MIT", "identifier": "MIT"},
            "contact": {"name": "Good Ends", "url": f"{app.config['BASE_URL']}/about"},
        },
        "servers": [{"url": app.config["BASE_URL"], "description": "This server"}],
        "security": [],
        "tags": [{"name": name, "description": description} for name, description in TAGS],
        "externalDocs": {"description": "A page for reading", "url": f"{app.config['BASE_URL']}{PREFIX}/docs"},
    }
    api.init_app(app, spec_kwargs=options)
    api.ma_plugin.converter.add_attribute_function(_says_itself)
    return api


def _name(schema: Any) -> str:
    kind = schema if isinstance(schema, type) else type(schema)
    return str(kind.__name__.removesuffix("Out"))


def _says_itself(_converter: Any, field: Any, ret: dict[str, Any]) -> dict[str, Any]:
    """A field's own JSON Schema, with null where it may be null."""
    # Answers are only ever read, so there is no need to say so of every field.
    ret.pop("readOnly", None)
    # A default that means "not asked" is no default that anybody could send.
    if ret.get("default", 1) in (None, "", (), False):
        ret.pop("default")
    if not isinstance(field, Parameter | Shown):
        return {}
    schema = dict(field.openapi)
    if field.allow_none and isinstance(field, Shown):
        schema["type"] = [schema["type"], "null"]
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
    return schema

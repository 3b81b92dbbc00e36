"""What an answer shows: the few kinds of field that answers are made of.

Each field says the same thing twice: `_serialize`, which marshmallow calls, and `code`, the Python expression that
`compiled.dumper` writes into a function. A property test holds the two equal. Each also says what it is in JSON Schema.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from flask import current_app
from marshmallow import Schema
from marshmallow import fields as ma

from backend.activities.vocabulary import named
from backend.core import clock

type_of = {str: "string", int: "integer", bool: "boolean", float: "number"}


class Remembered(dict[Any, Any]):
    """A function's answers, kept. It forgets them all when there are `most`, so that it cannot grow without end."""

    def __init__(self, function: Callable[[Any], Any], most: int = 50_000) -> None:
        super().__init__()
        self._function, self._most = function, most

    def __missing__(self, key: Any) -> Any:
        if len(self) >= self._most:
            self.clear()
        self[key] = value = self._function(key)
        return value


class Shown(ma.Field[Any]):
    """A field of an answer; `says` is its description. It is always there; `allow_none` says that it may be null."""

    def __init__(self, says: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("required", True)
        super().__init__(dump_only=True, metadata={"description": says} if says else {}, **kwargs)

    @property
    def openapi(self) -> dict[str, Any]:
        """What it shows, as JSON Schema."""
        raise NotImplementedError

    def code(self, value: str, names: dict[str, Any]) -> str:
        """The expression that makes what `_serialize` makes of `value`. Helpers that it uses go into `names`."""
        raise NotImplementedError


class Plain(Shown):
    """The value as it is."""

    def __init__(self, kind: type, says: str = "", **kwargs: Any) -> None:
        own = ("format", "enum", "minimum", "maximum")
        self.more: dict[str, Any] = {name: kwargs.pop(name) for name in own if name in kwargs}
        super().__init__(says, **kwargs)
        self.kind = kind

    def _serialize(self, value: Any, *_args: Any, **_kwargs: Any) -> Any:
        return value

    def code(self, value: str, _names: dict[str, Any]) -> str:
        return value

    @property
    def openapi(self) -> dict[str, Any]:
        return {"type": type_of[self.kind], **self.more}


class Flag(Plain):
    """True or false; SQLite says 1 or 0."""

    def __init__(self, says: str = "", **kwargs: Any) -> None:
        super().__init__(bool, says, **kwargs)

    def _serialize(self, value: Any, *_args: Any, **_kwargs: Any) -> bool:
        return bool(value)

    def code(self, value: str, _names: dict[str, Any]) -> str:
        return f"(True if {value} else False)"


class Bit(Flag):
    """Whether a bit of `features` is set."""

    def __init__(self, bit: int, says: str = "", **kwargs: Any) -> None:
        super().__init__(says, **kwargs)
        self.bit = bit

    def _serialize(self, value: Any, *_args: Any, **_kwargs: Any) -> bool:
        return bool(value & self.bit)

    def code(self, value: str, _names: dict[str, Any]) -> str:
        return f"{value} & {self.bit} != 0"


class Always(Shown):
    """The same text in every answer."""

    def __init__(self, text: str, says: str = "", **kwargs: Any) -> None:
        super().__init__(says, **kwargs)
        self.text = text

    def _serialize(self, *_args: Any, **_kwargs: Any) -> str:
        return self.text

    def code(self, _value: str, _names: dict[str, Any]) -> str:
        return repr(self.text)

    @property
    def openapi(self) -> dict[str, Any]:
        return {"type": "string", "enum": [self.text]}


class Made(Shown):
    """What a function makes of the value. The same value always makes the same, so answers are remembered."""

    def __init__(self, function: Callable[[Any], Any], openapi: dict[str, Any], says: str = "", **kwargs: Any) -> None:
        super().__init__(says, **kwargs)
        self._made = Remembered(function)
        self._openapi = openapi

    def _serialize(self, value: Any, *_args: Any, **_kwargs: Any) -> Any:
        return None if value is None else self._made[value]

    def code(self, value: str, names: dict[str, Any]) -> str:
        name = f"made_{len(names)}"
        names[name] = self._made
        return f"(None if {value} is None else {name}[{value}])" if self.allow_none else f"{name}[{value}]"

    @property
    def openapi(self) -> dict[str, Any]:
        return dict(self._openapi)


class Moment(Made):
    """Epoch seconds as a date and time with London's offset of that day."""

    def __init__(self, says: str = "", **kwargs: Any) -> None:
        super().__init__(_london, {"type": "string", "format": "date-time"}, says, **kwargs)


class Degrees(Made):
    """1e-5 degree as decimal degrees."""

    def __init__(self, says: str = "", **kwargs: Any) -> None:
        super().__init__(_degrees, {"type": "number", "minimum": -180, "maximum": 180}, says, **kwargs)


class Named(Made):
    """The names of the bits that are set, of those in `choices`."""

    def __init__(self, choices: tuple[str, ...], says: str = "", **kwargs: Any) -> None:
        schema = {"type": "array", "items": {"type": "string", "enum": list(choices)}}
        super().__init__(lambda features: named(features, choices), schema, says, **kwargs)


class Words(Plain):
    """A list of texts."""

    def __init__(self, says: str = "", **kwargs: Any) -> None:
        super().__init__(str, says, **kwargs)

    @property
    def openapi(self) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "string"}}


class Date(Shown):
    """A date."""

    def _serialize(self, value: Any, *_args: Any, **_kwargs: Any) -> Any:
        return _date(value)

    def code(self, value: str, names: dict[str, Any]) -> str:
        names["date_as_text"] = _date
        return f"date_as_text({value})"

    @property
    def openapi(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}


class Page(Shown):
    """The absolute address of a page of the app. `attribute` is the id, `path` where such pages are."""

    def __init__(self, path: str, *, slug: str, says: str = "", **kwargs: Any) -> None:
        super().__init__(says, **kwargs)
        self.path, self.slug = path, slug

    def _serialize(self, value: Any, attr: str | None, obj: Any, **_kwargs: Any) -> str:  # noqa: ARG002
        slug = obj[self.slug] if isinstance(obj, dict) else getattr(obj, self.slug)
        return f"{current_app.config['BASE_URL']}{self.path}/{value}/{slug}"

    def address(self, value: str, slug: str) -> str:
        """As `code`, which needs the slug besides."""
        return f'f"{{base}}{self.path}/{{{value}}}/{{{slug}}}"'

    @property
    def openapi(self) -> dict[str, Any]:
        return {"type": "string", "format": "uri"}


class One(ma.Nested):
    """An object of its own, or null."""

    def __init__(self, schema: type[Schema], says: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("required", True)
        super().__init__(schema, dump_only=True, metadata={"description": says} if says else {}, **kwargs)


class Part(One):
    """An object made of the same row's values: `venue: {id, name}` from `venue_id`, `venue_name`."""

    def get_value(self, obj: Any, *_args: Any, **_kwargs: Any) -> Any:
        return obj


class Many(One):
    """A list of objects."""

    def __init__(self, schema: type[Schema], says: str = "", **kwargs: Any) -> None:
        super().__init__(schema, says, many=True, **kwargs)


class Answer(Schema):
    """What an operation answers, or a part of it. Clients must not mind names that are added later.

    `keyed` says what it is made of: a dict, or an object with attributes.
    """

    keyed = True

    class Meta:
        unknown = "exclude"


def _london(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, clock.LONDON).isoformat()


def _degrees(value: int) -> float:
    return value / 100_000


def _date(value: date | None) -> str | None:
    return None if value is None else value.isoformat()

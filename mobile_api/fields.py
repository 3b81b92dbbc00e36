"""What a question may hold: one strict set of fields for every parameter of the API.

A parameter comes as text, once. Each field has one spelling for each value and refuses all others: no control or
direction characters, no halves of letters, only the digits 0–9, `true` and `false` and nothing like them. Every field
also says what it takes in JSON Schema (`openapi`), which is what the document shows.

`schema.load` takes `{name: [texts]}`; `compiled.loader` makes a faster function that gives the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Final

from marshmallow import Schema, ValidationError
from marshmallow import fields as ma

# Nobody can type these: controls, direction marks and overrides, surrogates, the mark of broken UTF-8, non-characters.
UNTYPABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffd\ufffe\uffff]"
)
_UNTYPABLE = r"\u0000-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFDD0-\uFDEF\uFFFD-\uFFFF"
# The same for the document, with at least one character that is no space. JSON cannot hold surrogates anyway.
TYPABLE_PATTERN = f"^[^{_UNTYPABLE}]*[^{_UNTYPABLE}\\s][^{_UNTYPABLE}]*$"

WHOLE = re.compile(r"0|[1-9][0-9]{0,17}")
AGES = re.compile(r"([0-9]{1,3})(?:-([0-9]{1,3}))?")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
CURSOR = re.compile(r"[A-Za-z0-9_.-]{1,120}")

# Sessions are made weeks ahead; a year outside these is a slip of the finger.
FIRST_YEAR, LAST_YEAR = 2000, 2099
OLDEST: Final = 120


class Parameter(ma.Field[Any]):
    """A value that is given once, as text. `many` is true for those that may be repeated."""

    many = False
    default_error_messages = {"required": "is missing"}  # noqa: RUF012 -- marshmallow's own way.

    def read(self, text: str) -> Any:
        """The value of a text. Raises ValidationError with words that follow on from the parameter's name."""
        raise NotImplementedError

    @property
    def openapi(self) -> dict[str, Any]:
        """What it takes, as JSON Schema."""
        raise NotImplementedError

    def take(self, texts: Sequence[str]) -> Any:
        """The value of all texts that were given under one name."""
        if len(texts) != 1:
            raise ValidationError("may be given only once")
        return self.read(texts[0])

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> Any:
        return self.take(value)


class Text(Parameter):
    """Words that a person typed, without spaces around them."""

    def __init__(self, *, longest: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.longest = longest

    def read(self, text: str) -> str:
        if len(text) > self.longest:
            raise ValidationError(f"must have at most {self.longest} characters")
        if UNTYPABLE.search(text):
            raise ValidationError("has characters that nobody can type")
        if not (text := text.strip()):
            raise ValidationError("must not be empty")
        return text

    @property
    def openapi(self) -> dict[str, Any]:
        return {"type": "string", "minLength": 1, "maxLength": self.longest, "pattern": TYPABLE_PATTERN}


class Whole(Parameter):
    """A whole number, in the digits 0–9 alone."""

    def __init__(self, *, low: int, high: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.low, self.high = low, high

    def read(self, text: str) -> int:
        if not WHOLE.fullmatch(text) or not self.low <= int(text) <= self.high:
            raise ValidationError(f"must be a whole number from {self.low} to {self.high}")
        return int(text)

    @property
    def openapi(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.low, "maximum": self.high}


class Truth(Parameter):
    """`true` or `false`."""

    def read(self, text: str) -> bool:
        if text not in {"true", "false"}:
            raise ValidationError("must be true or false")
        return text == "true"

    @property
    def openapi(self) -> dict[str, Any]:
        return {"type": "boolean"}


class Choice(Parameter):
    """One of a set of words."""

    def __init__(self, choices: type[StrEnum], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.choices: dict[str, Any] = {choice.value: choice for choice in choices}

    def read(self, text: str) -> Any:
        if text not in self.choices:
            raise ValidationError(f"must be one of {', '.join(self.choices)}")
        return self.choices[text]

    @property
    def openapi(self) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.choices)}


class Names(Parameter):
    """Words from a set; the parameter may be repeated, and all must hold. Gives them once each, in the set's order."""

    many = True

    def __init__(self, choices: Sequence[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.choices = tuple(choices)
        self._known = frozenset(choices)

    def take(self, texts: Sequence[str]) -> tuple[str, ...]:
        if not self._known.issuperset(texts):
            raise ValidationError(f"must be one of {', '.join(self.choices)}; repeat it for more than one")
        return tuple(name for name in self.choices if name in texts)

    @property
    def openapi(self) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "string", "enum": list(self.choices)}}


class Ages(Parameter):
    """An age in years, or a range of them: "13", "13-15". Gives the lowest and the highest."""

    def read(self, text: str) -> tuple[int, int]:
        found = AGES.fullmatch(text)
        if found:
            low, high = int(found[1]), int(found[2] or found[1])
            if low <= high <= OLDEST:
                return low, high
        raise ValidationError(f"must be an age like 13, or a range like 13-15, up to {OLDEST}")

    @property
    def openapi(self) -> dict[str, Any]:
        # One age, or two of which the second is at least 100, 10 … cannot be said in a pattern; the reader checks it.
        return {"type": "string", "pattern": "^(0|[1-9][0-9]?|1[01][0-9]|120)(-(0|[1-9][0-9]?|1[01][0-9]|120))?$"}


class Day(Parameter):
    """A date, as in 2026-11-24."""

    def read(self, text: str) -> date:
        return _day(text)

    @property
    def openapi(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}


class Moment(Parameter):
    """A date, or a date and time with its offset from UTC. Gives a date or an aware datetime in UTC."""

    def read(self, text: str) -> date | datetime:
        if "T" not in text:
            return _day(text)
        if " " in text:
            raise ValidationError("has a space: write the + of an offset as %2B")
        try:
            moment = datetime.fromisoformat(text) if MOMENT.fullmatch(text) else None
        except ValueError:
            moment = None
        if moment is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise ValidationError("must be a date, or a date and time with an offset, like 2026-11-24T15:30:00Z")
        return moment.astimezone(UTC).replace(microsecond=0)

    @property
    def openapi(self) -> dict[str, Any]:
        return {"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]}


class Cursor(Parameter):
    """Where a list goes on, as an earlier answer gave it."""

    def read(self, text: str) -> str:
        if not CURSOR.fullmatch(text):
            raise ValidationError("does not belong to this list")
        return text

    @property
    def openapi(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[A-Za-z0-9_.-]{1,120}$"}


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValidationError(f"must be a date like 2026-11-24, from {FIRST_YEAR} to {LAST_YEAR}")
    return day


class Question(Schema):
    """The parameters of an operation. Names that it does not have are refused."""

    class Meta:
        unknown = "raise"

    error_messages = {"unknown": "is not a parameter of this address"}  # noqa: RUF012 -- marshmallow's own way.


def describe(description: str, example: Any) -> dict[str, Any]:
    """What the document says about a parameter."""
    return {"description": description} | ({} if example is None else {"example": example})


def read(field: Parameter, name: str, text: str) -> Any:
    """The value of a part of the path. Raises ValidationError that names it."""
    try:
        return field.read(text)
    except ValidationError as error:
        raise ValidationError({name: error.messages}) from None

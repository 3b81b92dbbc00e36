"""Faster twins of a schema's `load` and `dump`, made from the schema itself.

`loader` walks a table of readers; `dumper` writes one Python function that builds the whole answer, with no look-up of
fields or attributes by name at run time. Both give what marshmallow gives: property tests hold them equal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import current_app
from marshmallow import Schema, ValidationError

from mobile_api.fields import Parameter
from mobile_api.shown import Answer, Many, One, Page, Part, Shown

Load = Callable[[Mapping[str, Sequence[str]]], dict[str, Any]]
Dump = Callable[[Any], Any]


def loader(schema: Schema) -> Load:
    """A function that does what `schema.load` does for `{name: [texts]}`. Raises the same ValidationError."""
    takes = {field.data_key or name: _taker(name, field) for name, field in schema.fields.items()}
    optional = {name: field for name, field in schema.fields.items() if not field.required}
    defaults = {field.attribute or name: field.load_default for name, field in optional.items()}
    required = {
        field.data_key or name: field.error_messages["required"]
        for name, field in schema.fields.items()
        if field.required
    }
    unknown = schema.error_messages["unknown"]

    def load(given: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        found = dict(defaults)
        wrong: dict[str, Any] = {name: [missing] for name, missing in required.items() if name not in given}
        for name, texts in given.items():
            if name not in takes:
                wrong[name] = [unknown]
                continue
            attribute, take = takes[name]
            try:
                found[attribute] = take(texts)
            except ValidationError as error:
                wrong[name] = error.messages
        if wrong:
            raise ValidationError(wrong)
        return found

    return load


def _taker(name: str, field: Any) -> tuple[str, Callable[[Sequence[str]], Any]]:
    """Under which name a parameter's value is handed on, and what makes it."""
    if not isinstance(field, Parameter):
        raise TypeError(f"{name} is no parameter")
    return field.attribute or name, field.take


def dumper(schema: Answer) -> Dump:
    """A function that does what `schema.dump` does, for what the schema is made of (`Answer.keyed`)."""
    names: dict[str, Any] = {}
    body = _object(schema, "it", names, keyed=schema.keyed)
    source = f"def dump(it, base):\n    return {body}\n"
    exec(compile(source, f"<dump of {type(schema).__name__}>", "exec"), names)  # noqa: S102 # nosec B102 -- our own schema, no input.
    dump = names["dump"]
    return lambda it: dump(it, current_app.config["BASE_URL"])


def _object(schema: Schema, source: str, names: dict[str, Any], *, keyed: bool) -> str:
    """The expression of a dict with every field of `schema`, read from the keys or attributes of `source`."""

    def get(name: str) -> str:
        return f"{source}[{name!r}]" if keyed else f"{source}.{name}"

    pairs = []
    for name, field in schema.fields.items():
        value = get(field.attribute or name)
        if isinstance(field, Part):
            made = _object(field.schema, source, names, keyed=keyed)
        elif isinstance(field, One):
            made = _nested(field, value, names)
        elif isinstance(field, Page):
            made = field.address(value, get(field.slug))
        elif isinstance(field, Shown):
            made = field.code(value, names)
        else:
            raise TypeError(f"{name} cannot be compiled")
        pairs.append(f"{field.data_key or name!r}: {made}")
    return "{" + ", ".join(pairs) + "}"


def _nested(field: One, value: str, names: dict[str, Any]) -> str:
    """An object of its own, or a list of them; its shape says what it is made of."""
    shape = field.schema
    keyed = isinstance(shape, Answer) and shape.keyed
    if isinstance(field, Many):
        each = f"each_{len(names)}"
        names[each] = None  # Taken, so that a list inside has a name of its own.
        return f"[{_object(shape, each, names, keyed=keyed)} for {each} in {value}]"
    made = _object(shape, value, names, keyed=keyed)
    return f"(None if {value} is None else {made})" if field.allow_none else made

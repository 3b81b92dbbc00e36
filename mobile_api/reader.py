"""The document as the reader's page shows it: operations by subject, a request to try, the shapes of answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """A parameter or a field: its name, what it is, what it means. `shape` names a shape of its own, if it has one."""

    name: str
    kind: str
    says: str
    choices: list[str]
    shape: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """Something to ask. `url` is a request to try and `answer` what came back, as text."""

    id: str
    method: str
    path: str
    summary: str
    says: str
    rows: list[Row]
    url: str
    shape: str
    answer: str
    failures: list[tuple[str, str, list[str]]]


@dataclass(frozen=True, slots=True)
class Subject:
    """Operations that belong together."""

    name: str
    says: str
    operations: list[Operation]


@dataclass(frozen=True, slots=True)
class Reading:
    """The whole page."""

    title: str
    version: str
    says: str
    base: str
    subjects: list[Subject]
    shapes: list[tuple[str, str, list[Row]]]


def read(document: Json) -> Reading:
    """Make the page from a finished OpenAPI document."""
    info = document["info"]
    base = document["servers"][0]["url"]
    operations = list(_operations(document))
    subjects = [
        Subject(tag["name"], tag["description"], [one for name, one in operations if name == tag["name"]])
        for tag in document["tags"]
    ]
    shapes = [
        (name, schema.get("description", ""), [_row(*pair) for pair in schema.get("properties", {}).items()])
        for name, schema in document["components"]["schemas"].items()
    ]
    return Reading(info["title"], info["version"], info["description"], base, subjects, shapes)


def _operations(document: Json) -> Iterator[tuple[str, Operation]]:
    for path, item in document["paths"].items():
        for method in ("get", "post", "put", "patch", "delete"):
            if method in item:
                shared = item.get("parameters", [])
                yield item[method]["tags"][0], _operation(method, path, item[method], shared)


def _operation(method: str, path: str, said: Json, shared: list[Json]) -> Operation:
    parameters = [*shared, *said.get("parameters", [])]
    answer = said["responses"]["200"]["content"]["application/json"]
    return Operation(
        id=said["operationId"],
        method=method.upper(),
        path=path,
        summary=said["summary"],
        says=said.get("description", ""),
        rows=[_row(one["name"], one["schema"] | one, required=one.get("required", False)) for one in parameters],
        url=said["x-codeSamples"][0]["source"].removeprefix("curl '").removesuffix("'"),
        shape=_shape(answer["schema"]),
        answer=json.dumps(answer["example"], indent=2, ensure_ascii=False),
        failures=[
            (status, response["description"], list(response["content"]["application/problem+json"]["examples"]))
            for status, response in said["responses"].items()
            if "application/problem+json" in response.get("content", {})
        ],
    )


def _row(name: str, schema: Json, *, required: bool = False) -> Row:
    inner = schema["items"] if schema.get("type") == "array" and "items" in schema else schema
    choices = [str(one) for one in inner.get("enum", []) if one is not None]
    return Row(name, _kind(schema), schema.get("description", ""), choices, _shape(schema), required)


def _kind(schema: Json) -> str:
    """What a value is, in words: "whole number, 1 to 100", "list of text"."""
    if schema.get("type") == "array":
        return f"list of {_kind(schema['items'])}"
    if shape := _shape(schema):
        return shape + (" or null" if any(one.get("type") == "null" for one in schema.get("anyOf", [])) else "")
    if "anyOf" in schema:
        return " or ".join(_kind(one) for one in schema["anyOf"])
    types = schema.get("type", "string")
    types = types if isinstance(types, list) else [types]
    names = {
        "integer": "whole number",
        "string": "text",
        "boolean": "true or false",
        "number": "number",
        "null": "null",
    }
    if "format" in schema:
        names["string"] = schema["format"].replace("-", " ")
    words = " or ".join(names[one] for one in types)
    if "minimum" in schema and "maximum" in schema:
        return f"{words}, {schema['minimum']:,} to {schema['maximum']:,}"
    return f"{words}, up to {schema['maxLength']} characters" if "maxLength" in schema else words


def _shape(schema: Json) -> str:
    """The name of the shape that a schema refers to, in a list or beside null too."""
    for one in (schema, schema.get("items", {}), *schema.get("anyOf", []), *schema.get("allOf", [])):
        if "$ref" in one:
            return str(one["$ref"].rpartition("/")[2])
    return ""

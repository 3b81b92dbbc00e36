"""The SQL behind what is on near you: one text for each shape of question, built once and run as it is.

A shape names the conditions that a question has. What it does not ask is not in the text, so no row pays for it. Texts
go to the driver directly: SQLAlchemy's own way costs as much again as the search (docs/performance.md).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from backend.geo.grid import KX, KY

# Where rows come from: sessions by cell, sessions by time, activities and then their sessions, or words and then
# activities.
Source = Literal["cells", "times", "activities", "words"]
Order = Literal["soonest", "nearest"]


class Shape(NamedTuple):
    """Which conditions a question has.

    `near` limits to cells, `bounded` to the radius, `after` to what a cursor has not shown, `running` to what is not
    over (what starts later cannot be).
    """

    dialect: str
    source: Source
    near: bool
    bounded: bool
    after: bool
    running: bool
    must: bool
    must_of_activity: bool
    category: bool
    ages: bool


_DISTANCE = f"(s.lat - :lat) * (s.lat - :lat) * {KY} + (s.lng - :lng) * (s.lng - :lng) * {KX}"

_ORDERS = {
    "soonest": ("starts_at, id", "(starts_at, id) > (:after_starts, :after_id)"),
    "nearest": ("d, starts_at, id", "(d, starts_at, id) > (:after_d, :after_starts, :after_id)"),
}


@cache
def page(shape: Shape, order: Order) -> str:
    """The first `:count` rows in order, as id, start and squared distance."""
    ordered, after = _ORDERS[order]
    conditions = [sql for sql, wanted in (("d <= :furthest", shape.bounded), (after, shape.after)) if wanted]
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    found = f"SELECT id, starts_at, d FROM ({_rows(shape, 's.id, s.starts_at')}) AS found{where}"
    return for_driver(f"{found} ORDER BY {ordered} LIMIT :count", shape.dialect)


@cache
def count(shape: Shape) -> str:
    """How many rows there are, up to `:count`."""
    rows = f"SELECT 1 FROM ({_rows(shape, 's.id')}) AS found{_within(shape)}"
    return for_driver(f"SELECT count(*) FROM ({rows} LIMIT :count) AS counted", shape.dialect)


@cache
def count_days(shape: Shape) -> str:
    """How many rows there are on each day."""
    rows = f"({_rows(shape, 's.day')}) AS found{_within(shape)}"
    return for_driver(f"SELECT day, count(*) FROM {rows} GROUP BY day", shape.dialect)


def _within(shape: Shape) -> str:
    return " WHERE d <= :furthest" if shape.bounded else ""


def _rows(shape: Shape, columns: str) -> str:
    """All rows that fit but for their distance, which is `d`."""
    tables, conditions = "session AS s", _fits("s", shape)
    if shape.source in {"activities", "words"}:
        # CROSS JOIN is SQLite's way to say: in this order, activities first. PostgreSQL plans it as it likes.
        tables = "activity AS a CROSS JOIN session AS s"
        conditions = ["s.activity_id = a.id", *_fits("a", shape), *conditions]
    if shape.source == "words":
        tables = f"activity_text CROSS JOIN {tables}"
        conditions = [_MATCHES[shape.dialect], *conditions]
    if shape.near:
        column = "s.cell" if shape.source == "cells" else "a.cell"
        conditions = [_among(column, ":cells", shape.dialect), *conditions]
    return f"SELECT {columns}, {_DISTANCE} AS d FROM {tables} WHERE {' AND '.join(conditions)}"


_MATCHES = {
    "sqlite": "activity_text MATCH :match AND a.id = activity_text.rowid",
    "postgresql": "activity_text.words @@ to_tsquery('english', :match) AND a.id = activity_text.activity_id",
}


_ANY_MATCH = {
    "sqlite": "SELECT 1 FROM activity_text WHERE activity_text MATCH :match LIMIT 1",
    # MATERIALIZED keeps the planner from reading the whole table in the hope of an early match.
    "postgresql": "WITH found AS MATERIALIZED (SELECT 1 FROM activity_text"
    " WHERE words @@ to_tsquery('english', :match)) SELECT 1 FROM found LIMIT 1",
}


def any_match(dialect: str) -> str:
    """A row if any activity has the words in `:match`."""
    return for_driver(_ANY_MATCH[dialect], dialect)


def _fits(table: Literal["a", "s"], shape: Shape) -> list[str]:
    must, asks_must = (":must", shape.must) if table == "s" else (":must_of_activity", shape.must_of_activity)
    both = (
        (f"({table}.features & {must}) = {must}", asks_must),
        (f"{table}.category = :category", shape.category),
        (f"{table}.age_min <= :age_to AND {table}.age_max >= :age_from", shape.ages),
    )
    found = [sql for sql, asked in both if asked]
    if table == "s":
        found = ["s.starts_at >= :from_ AND s.starts_at < :before AND s.listed_until > :now", *found]
        found += ["s.ends_at > :now"] if shape.running else []
    return found


def _among(column: str, parameter: str, dialect: str) -> str:
    if dialect == "sqlite":
        return f"{column} IN (SELECT value FROM json_each({parameter}))"
    return f"{column} = ANY({parameter})"


@cache
def by_ids(select: str, dialect: str) -> str:
    """A SELECT of session rows, limited to those with the ids in `:ids`."""
    return for_driver(f"{select} WHERE {_among('s.id', ':ids', dialect)}", dialect)


# PostgreSQL would take each parameter for as small a type as its value fits in, and plan the text anew for each.
_LISTS = {"cells", "ids"}
_WORDS = {"match"}


@cache
def for_driver(sql: str, dialect: str) -> str:
    """The text with its parameters spelled and typed as the driver wants them."""
    if dialect == "sqlite":
        return sql

    def spelled(found: re.Match[str]) -> str:
        name = found[1]
        kind = "BIGINT[]" if name in _LISTS else "TEXT" if name in _WORDS else "BIGINT"
        return f"CAST(%({name})s AS {kind})"

    return re.sub(r":(\w+)", spelled, sql)


def packed(numbers: Sequence[int], dialect: str) -> str:
    """Integers as one parameter: JSON for SQLite's json_each, an array's text for PostgreSQL."""
    listed = ",".join(map(str, numbers))
    return f"[{listed}]" if dialect == "sqlite" else "{" + listed + "}"


def fetch(
    connection: Connection, sql: str, parameters: Mapping[str, Any], *, planned_anew: bool = False
) -> list[tuple[Any, ...]]:
    """Run a text from here. Raises SQLAlchemy's OperationalError where the database fails, as other reads do.

    PostgreSQL keeps the plan of a text that comes often, which suits all values but for words: a rare word and a
    common one want different plans, so those texts are `planned_anew`.
    """
    driver: Any = connection.connection.driver_connection
    options = {"prepare": False} if planned_anew and connection.dialect.name != "sqlite" else {}
    try:
        rows: list[tuple[Any, ...]] = driver.execute(sql, parameters, **options).fetchall()
    except connection.dialect.loaded_dbapi.OperationalError as error:
        if connection.dialect.is_disconnect(error, driver, None):
            connection.invalidate(error)
        raise OperationalError(sql, None, error) from error
    return rows

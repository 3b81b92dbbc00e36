"""Reading an address kindly: a value that we do not know is left out, as if nobody had set it."""

from __future__ import annotations

from collections.abc import Iterable

from werkzeug.datastructures import MultiDict


def one(args: MultiDict[str, str], name: str, known: Iterable[str]) -> str:
    """The value, if it is one of those known; else nothing."""
    value = args.get(name, "")
    return value if value in known else ""


def many(args: MultiDict[str, str], name: str, known: Iterable[str]) -> tuple[str, ...]:
    """Every known value that was given, in our own order."""
    asked = set(args.getlist(name))
    return tuple(value for value in known if value in asked)


def words(args: MultiDict[str, str], name: str, longest: int) -> str:
    """Typed words without what cannot be typed: control characters, direction marks, halves of letters."""
    plain = "".join(letter for letter in args.get(name, "") if letter.isprintable())
    return " ".join(plain.split())[:longest].strip()

"""Cursors: where a list goes on. Opaque to clients, exact for us.

A cursor carries the sort key of the last row seen and a mark of the question it belongs to, so that a cursor used with
other filters is refused instead of answering nonsense.
"""

from __future__ import annotations

import binascii
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from hashlib import blake2b

from backend.core.errors import Invalid


class BadCursor(Invalid):
    """The cursor is not ours, was cut short, or belongs to another question."""

    message = "That page link has worn out. Start again from the first page."

    def __init__(self) -> None:
        super().__init__(fields={"cursor": ["does not belong to this list"]})


def mark(question: object) -> int:
    """A 32-bit mark of a question, from its repr: the same filters give the same mark."""
    return int.from_bytes(blake2b(repr(question).encode(), digest_size=4).digest(), "big")


def encode(key: Sequence[int], *, question: int) -> str:
    """The sort key of the last row, three signed 64-bit integers at most, as text safe in a URL."""
    packed = struct.pack(f">I{len(key)}q", question, *key)
    return urlsafe_b64encode(packed).rstrip(b"=").decode("ascii")


def decode(text: str, *, question: int, length: int) -> tuple[int, ...]:
    """The sort key back. Raises BadCursor for anything that `encode` did not make for the same question."""
    try:
        packed = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        owner, *key = struct.unpack(f">I{length}q", packed)
    except (UnicodeEncodeError, binascii.Error, struct.error) as error:
        raise BadCursor from error
    if owner != question or encode(key, question=question) != text:
        raise BadCursor
    return tuple(key)

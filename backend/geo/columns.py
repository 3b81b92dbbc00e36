"""Columns of whole numbers as small files: how the geography tool writes them and the app reads them.

A column is stored as the steps from each number to the next, folded so that small steps either way are small
numbers (0, -1, 1, -2 … → 0, 1, 2, 3 …), then laid out as one plane per byte so that compression finds the zeros.
A pack is named columns behind one line of JSON, compressed with zlib: the one library every Python has, since
pip needs it. Reading 180,000 numbers takes about 20 ms.
"""

from __future__ import annotations

import json
import sys
import zlib
from array import array
from collections.abc import Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

BYTES = 4  # Numbers fit in 32 bits: coordinates in 1e-5° reach 9 million, a folded step 18 million.


def pack(header: Mapping[str, Any], columns: Mapping[str, Sequence[int]]) -> bytes:
    """The bytes of a pack. `header` is any JSON; each column is read back by its name."""
    body = [_planes(column) for column in columns.values()]
    described = {**header, "columns": [[name, len(column)] for name, column in columns.items()]}
    first = json.dumps(described, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return zlib.compress(first.encode() + b"\n" + b"".join(body), 9)


def unpack(path: Path) -> tuple[dict[str, Any], dict[str, array[int]]]:
    """The header and the columns of the pack at `path`."""
    first, _, body = zlib.decompress(path.read_bytes()).partition(b"\n")
    header = json.loads(first)
    columns, start = {}, 0
    for name, length in header.pop("columns"):
        columns[name] = _numbers(memoryview(body)[start : start + length * BYTES], length)
        start += length * BYTES
    return header, columns


def _planes(numbers: Sequence[int]) -> bytes:
    before, folded = 0, array("I")
    for number in numbers:
        step = number - before
        folded.append(step * 2 if step >= 0 else -step * 2 - 1)
        before = number
    if sys.byteorder == "big":
        folded.byteswap()
    raw = folded.tobytes()
    return b"".join(raw[plane::BYTES] for plane in range(BYTES))


def _numbers(planes: memoryview, length: int) -> array[int]:
    raw = bytearray(length * BYTES)
    for plane in range(BYTES):
        raw[plane::BYTES] = planes[plane * length : (plane + 1) * length]
    folded = array("I", bytes(raw))
    if sys.byteorder == "big":
        folded.byteswap()
    return array("i", accumulate((step >> 1) ^ -(step & 1) for step in folded))

"""Reading a file row by row, so that a large one needs little memory. A file that is no good as a whole is Unusable."""

from __future__ import annotations

import codecs
import csv
import io
import json
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, NoReturn

from backend.core.errors import Invalid

BLOCK = 256 * 1024  # Letters read at a time.
LARGEST = 1024 * 1024  # Letters of one record. A record that goes on for longer is a broken file.
BLANK = " \t\r\n"


class Unusable(Invalid):
    """The file as a whole cannot be used; the message says why in one line."""


class Entry(NamedTuple):
    """One row: its number from 1, the line of the file that it starts on, and either its fields or what is wrong."""

    number: int
    line: int
    record: dict[str, Any] | None
    fault: str = ""


def printable(text: object) -> str:
    """A text of the file, fit for a terminal: nothing that moves the cursor or turns the writing round."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in str(text)[:200]).split())


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The file, held open so that both readings see the same one. Raises Unusable."""
    name = printable(path.name) or "That path"
    try:
        if path.exists() and not stat.S_ISREG(path.stat().st_mode):
            raise Unusable(f"{name} is {'a folder' if path.is_dir() else 'not a plain file'}.")
        handle = path.open("rb")
    except (OSError, ValueError) as error:
        raise Unusable(f"{name} cannot be opened: {getattr(error, 'strerror', None) or error}.") from None
    with handle:
        yield handle


def entries(handle: BinaryIO, kind: str) -> Iterator[Entry]:
    """The rows of a "json" or "csv" file, from its start. Raises Unusable, perhaps only at the row that shows why."""
    handle.seek(0)
    if not handle.read(64).strip(b"\xef\xbb\xbf \t\r\n") and not handle.read(1):
        raise Unusable("The file is empty.")
    handle.seek(0)
    try:
        yield from _json(handle) if kind == "json" else _csv(handle)
    except UnicodeError:
        raise Unusable("The file is not in UTF-8. Save it in that encoding and try again.") from None


class _Text:
    """A JSON text that is read as it is needed."""

    def __init__(self, handle: BinaryIO) -> None:
        self._handle = handle
        self._decode = codecs.getincrementaldecoder("utf-8-sig")("strict").decode
        self._values = json.JSONDecoder(parse_float=_number, parse_constant=_no_constant)
        self._buffer, self._at, self._counted, self._line, self._ended = "", 0, 0, 1, False

    def line(self) -> int:
        """The line that comes next."""
        self._line += self._buffer.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def peek(self) -> str:
        """The next letter that is no blank, "" at the end."""
        while True:
            while self._at < len(self._buffer):
                if self._buffer[self._at] not in BLANK:
                    return self._buffer[self._at]
                self._at += 1
            if not self._fill():
                return ""

    def skip(self) -> None:
        """Go past the letter that `peek` gave."""
        self._at += 1

    def value(self) -> Any:
        """The next JSON value whole. Raises Unusable."""
        while True:
            try:
                found, end = self._values.raw_decode(self._buffer, self._at)
            except ValueError as error:
                more = len(self._buffer) - self._at < LARGEST and self._fill()
                if not more:
                    self._refuse_if_too_long(error)
                    self._refuse(error)
                continue
            except RecursionError:
                raise Unusable(f"The file is not JSON that we can read: line {self.line()} nests too deep.") from None
            # A number at the end of what has been read may go on in what has not.
            if end < len(self._buffer) or not self._fill():
                self._at = end
                return found

    def _fill(self) -> bool:
        if self._ended:
            return False
        self.line()
        block = self._handle.read(BLOCK)
        self._ended = not block
        self._buffer = self._buffer[self._at :] + self._decode(block, self._ended)
        self._at = self._counted = 0
        return not self._ended

    def _refuse_if_too_long(self, error: ValueError) -> None:
        """Say that a record goes on for too long, when that is why it could not be read. Raises Unusable."""
        cut = isinstance(error, json.JSONDecodeError) and (
            error.msg.startswith("Unterminated string") or error.pos >= len(self._buffer) - 12
        )
        if cut and len(self._buffer) - self._at >= LARGEST:
            raise Unusable(
                f"The file is not JSON that we can read: line {self.line()}: a record longer than 1 MB, "
                "or a quotation mark that never closes."
            ) from None

    def _refuse(self, error: ValueError) -> NoReturn:
        start = self.line()
        if isinstance(error, json.JSONDecodeError):
            line = start + self._buffer.count("\n", self._at, min(error.pos, len(self._buffer)))
            raise Unusable(f"The file is not JSON: line {line}: {error.msg.lower()}.") from None
        raise Unusable(f"The file is not JSON that we can read: line {start}: {error}.") from None


def _number(written: str) -> Decimal | str:
    # One with an exponent that no number can have stays as it is written, and is then no number where one is needed.
    try:
        return Decimal(written)
    except InvalidOperation:
        return written


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON number")


def _json(handle: BinaryIO) -> Iterator[Entry]:
    text = _Text(handle)
    if text.peek() != "[":
        raise Unusable("The file is not a JSON list of records: it should start with “[”.")
    text.skip()
    number = 0
    if text.peek() == "]":
        text.skip()
    else:
        while True:
            text.peek()
            number, line, found = number + 1, text.line(), text.value()
            if isinstance(found, dict):
                yield Entry(number, line, found)
            else:
                yield Entry(number, line, None, "is not a record with fields")
            mark = text.peek()
            text.skip()
            if mark == "]":
                break
            if mark != ",":
                raise Unusable(f"The file is not JSON: line {text.line()}: expecting a comma or the end of the list.")
    if text.peek():
        raise Unusable(f"The file is not JSON: line {text.line()}: something follows after the end of the list.")


def _csv(handle: BinaryIO) -> Iterator[Entry]:
    wrapper = io.TextIOWrapper(handle, encoding="utf-8-sig", errors="strict", newline="")
    try:
        reader = csv.reader(wrapper, strict=True)
        try:
            header = [name.strip() for name in next(reader, [])]
        except csv.Error as error:
            raise Unusable(f"The file is not CSV: line {reader.line_num}: {error}.") from None
        if len(set(header)) != len(header):
            raise Unusable("The file's first line names a column twice.")
        yield from _rows(reader, header)
    finally:
        # Otherwise closing the wrapper would close the file, which is read twice.
        wrapper.detach()


def _rows(reader: Any, header: list[str]) -> Iterator[Entry]:
    number = 0
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            number += 1
            open_quote = str(error) == "unexpected end of data"
            said = "a quotation mark opens here and never closes, so all that follows is lost" if open_quote else error
            yield Entry(number, line, None, f"is not CSV: {said}")
            continue
        if not row:
            continue
        number += 1
        if len(row) == len(header):
            yield Entry(number, line, dict(zip(header, row, strict=True)))
        else:
            yield Entry(number, line, None, f"has {len(row)} fields, and the first line names {len(header)}")

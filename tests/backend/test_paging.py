"""Cursors: exact, opaque, and only for the question they came from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.paging import BadCursor, decode, encode, mark

keys = st.tuples(*[st.integers(-(2**63), 2**63 - 1)] * 3)


@given(keys, st.integers(0, 2**32 - 1))
def test_what_went_in_comes_out(key: tuple[int, ...], question: int) -> None:
    assert decode(encode(key, question=question), question=question, length=3) == key


@given(keys)
def test_a_cursor_of_another_question_is_refused(key: tuple[int, ...]) -> None:
    with pytest.raises(BadCursor):
        decode(encode(key, question=mark("one")), question=mark("other"), length=3)


@given(st.text())
def test_no_text_whatever_raises_anything_but_bad_cursor(text: str) -> None:
    with pytest.raises(BadCursor):
        decode(text, question=1, length=3)


@pytest.mark.parametrize(
    "spoil", [lambda c: c[:-1], lambda c: c + "A", lambda c: c + "==", lambda c: " " + c, str.lower]
)
def test_a_spoiled_cursor_is_refused(spoil: object) -> None:
    good = encode((12345, 1_795_536_000, 42), question=mark("q"))
    with pytest.raises(BadCursor):
        decode(spoil(good), question=mark("q"), length=3)

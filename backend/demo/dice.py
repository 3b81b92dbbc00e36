"""Chance that falls the same way each time: the demo of a day is the same however often it is made."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Dice named by what they are thrown for, so that a change in one place does not move everything else."""

    def __init__(self, *name: object) -> None:
        # Nothing here is secret; what counts is that the same name gives the same throws on every machine.
        self._random = Random("|".join(map(str, name)))  # noqa: S311

    def pick(self, options: Sequence[T]) -> T:
        """One of them."""
        return options[int(self._random.random() * len(options))]

    def some(self, options: Sequence[T], count: int) -> list[T]:
        """`count` of them, or all if there are fewer, in an order of their own."""
        left = list(options)
        found: list[T] = []
        while left and len(found) < count:
            found.append(left.pop(int(self._random.random() * len(left))))
        return found

    def between(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return low + int(self._random.random() * (high - low + 1))

    def chance(self, share: float) -> bool:
        """True in that share of throws (0 to 1)."""
        return self._random.random() < share

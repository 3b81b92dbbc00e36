"""SVG path text from points in whole units, as short as it can be: steps from point to point, few separators."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

Point = tuple[float, float]


def line(points: Sequence[Point]) -> str:
    """A path through the points, from the first to the last. Empty when nothing is left to draw."""
    kept = _distinct(points)
    if len(kept) < 2:
        return ""
    steps = [step for a, b in pairwise(kept) for step in (b[0] - a[0], b[1] - a[1])]
    return f"M{_numbers(kept[0])}l{_numbers(steps)}"


def area(points: Sequence[Point]) -> str:
    """A closed path around the points; the last point may repeat the first."""
    kept = _distinct(points)
    if kept and kept[0] == kept[-1]:
        kept = kept[:-1]
    return f"{line(kept)}z" if len(kept) > 2 else ""


def curve(points: Sequence[Point]) -> str:
    """A smooth path through the points (Catmull-Rom, written as cubic curves)."""
    kept = _distinct(points)
    if len(kept) < 3:
        return line(kept)
    return f"M{_numbers(kept[0])}c{_numbers(_bends([kept[0], *kept, kept[-1]]))}"


def closed_curve(points: Sequence[Point]) -> str:
    """A smooth closed path around the points; the last point may repeat the first."""
    kept = _distinct(points)
    if kept and kept[0] == kept[-1]:
        kept = kept[:-1]
    if len(kept) < 4:
        return area(kept)
    return f"M{_numbers(kept[0])}c{_numbers(_bends([kept[-1], *kept, kept[0], kept[1]]))}z"


def _distinct(points: Sequence[Point]) -> list[tuple[int, int]]:
    """The points in whole units, without any that fall on the one before."""
    whole = [(round(x), round(y)) for x, y in points]
    return [point for i, point in enumerate(whole) if i == 0 or point != whole[i - 1]]


def _bends(points: list[tuple[int, int]]) -> list[int]:
    """Control points, relative to each start, for the curve from the second point to the last but one."""
    steps: list[int] = []
    for before, start, end, after in zip(points, points[1:], points[2:], points[3:], strict=False):
        steps += [round((end[axis] - before[axis]) / 6) for axis in (0, 1)]
        steps += [round(end[axis] - (after[axis] - start[axis]) / 6) - start[axis] for axis in (0, 1)]
        steps += [end[axis] - start[axis] for axis in (0, 1)]
    return steps


def _numbers(numbers: Sequence[int]) -> str:
    """Numbers with a space only where there is no minus sign to part them."""
    return "".join(str(number) if number < 0 or i == 0 else f" {number}" for i, number in enumerate(numbers))

"""Borders as shared lines: traced once between two labels, simplified once, used by both sides.

An arc runs from one meeting point of three labels to the next, or round in a ring. Because neighbours refer to
the same arc, a simplified map has neither gaps nor overlaps.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from tools.geography.squares import Labels

Point = tuple[float, float]
Corner = tuple[int, int]


@dataclass
class Arc:
    """A border between `left` and `right` (as one walks along `points`, which are corners of squares)."""

    left: int
    right: int
    points: list[Point]


def trace(labels: Labels) -> list[Arc]:
    """All borders of a raster as arcs in squares: (column, row) from the south-west corner."""
    steps = _steps(labels)
    meeting = {corner for corner, ways in steps.items() if len(ways) != 2}
    arcs: list[Arc] = []
    used: set[tuple[Corner, Corner]] = set()
    # Meeting points first, in order; what is left over is rings without one.
    for start in sorted(meeting) + sorted(set(steps) - meeting):
        for onward in sorted(steps[start]):
            if (start, onward) in used:
                continue
            path = [start, onward]
            while path[-1] not in meeting and path[-1] != start:
                path.append(next(step for step in steps[path[-1]] if step != path[-2]))
            used.update(pairwise(path))
            used.update((b, a) for a, b in pairwise(path))
            left, right = _sides(labels, path[0], path[1])
            arcs.append(Arc(left, right, _smooth(path)))
    return arcs


def _steps(labels: Labels) -> dict[Corner, set[Corner]]:
    """From each corner on a border, the corners one step along."""
    steps: dict[Corner, set[Corner]] = {}

    def join(a: Corner, b: Corner) -> None:
        steps.setdefault(a, set()).add(b)
        steps.setdefault(b, set()).add(a)

    for row, column in np.argwhere(labels[:, 1:] != labels[:, :-1]).tolist():
        join((column + 1, row), (column + 1, row + 1))
    for row, column in np.argwhere(labels[1:] != labels[:-1]).tolist():
        join((column, row + 1), (column + 1, row + 1))
    return steps


def _sides(labels: Labels, a: Corner, b: Corner) -> tuple[int, int]:
    """The labels left and right of a step from one corner to the next."""
    (x, y), dx, dy = a, b[0] - a[0], b[1] - a[1]
    at = {  # The squares left and right of a step east, west, north, south.
        (1, 0): ((y, x), (y - 1, x)),
        (-1, 0): ((y - 1, x - 1), (y, x - 1)),
        (0, 1): ((y, x - 1), (y, x)),
        (0, -1): ((y - 1, x), (y - 1, x - 1)),
    }
    left, right = at[dx, dy]
    return int(labels[left]), int(labels[right])


def _smooth(path: list[Corner]) -> list[Point]:
    """Takes the stairs out: the middles of the steps, averaged with their neighbours; ends stay where they are."""
    ring = path[0] == path[-1]
    middles = [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in pairwise(path)]
    for _ in range(2):
        around = [middles[-1], *middles, middles[0]] if ring else [middles[0], *middles, middles[-1]]
        middles = [
            ((a[0] + 2 * b[0] + c[0]) / 4, (a[1] + 2 * b[1] + c[1]) / 4)
            for a, b, c in zip(around, around[1:], around[2:], strict=False)
        ]
    return [*middles, middles[0]] if ring else [path[0], *middles, path[-1]]


def simplify(points: list[Point], area: float) -> list[Point]:
    """Visvalingam's way: drop the point whose triangle with its neighbours is smallest, until all exceed `area`.

    The ends stay; a ring keeps at least four points.
    """
    keep = 4 if points[0] == points[-1] else 2
    before = list(range(-1, len(points) - 1))
    after = list(range(1, len(points) + 1))

    def triangle(i: int) -> float:
        (ax, ay), (bx, by), (cx, cy) = points[before[i]], points[i], points[after[i]]
        return abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) / 2

    heap = [(triangle(i), i) for i in range(1, len(points) - 1)]
    heapq.heapify(heap)
    current = {i: size for size, i in heap}
    left = len(points)
    while heap and left > keep:
        size, i = heapq.heappop(heap)
        if current.get(i) != size:
            continue
        if size >= area:
            break
        del current[i]
        left -= 1
        after[before[i]], before[after[i]] = after[i], before[i]
        for j in (before[i], after[i]):
            if j in current:
                # A point is never worth less than one dropped before it, or the order would turn on itself.
                current[j] = max(triangle(j), size)
                heapq.heappush(heap, (current[j], j))
    return [points[i] for i in [0, *sorted(current), len(points) - 1]]


def rings(arcs: list[Arc], label: int) -> list[list[tuple[int, bool]]]:
    """A label's edge as rings of (arc, forwards), with the label on the left; the longest ring first."""
    ends: dict[Point, list[tuple[int, bool]]] = {}
    for number, arc in enumerate(arcs):
        if arc.left == label:
            ends.setdefault(arc.points[0], []).append((number, True))
        if arc.right == label:
            ends.setdefault(arc.points[-1], []).append((number, False))
    found = []
    while ends:
        start = min(ends)
        here, ring = start, []
        while True:
            number, forwards = ends[here].pop()
            if not ends[here]:
                del ends[here]
            ring.append((number, forwards))
            here = arcs[number].points[-1 if forwards else 0]
            if here == start:
                break
        found.append(ring)
    found.sort(key=lambda ring: -sum(len(arcs[number].points) for number, _ in ring))
    return found


def outline(arcs: list[Arc], ring: list[tuple[int, bool]]) -> list[Point]:
    """A ring's points, first and last the same."""
    points: list[Point] = []
    for number, forwards in ring:
        part = arcs[number].points if forwards else arcs[number].points[::-1]
        points += part if not points else part[1:]
    return points

"""Measuring on a machine that others use too: CPU time instead of the clock, medians over interleaved rounds.

CPU time is that of this process and, for PostgreSQL, of the server's process behind our connection (/proc on Linux).
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import process_time_ns


@dataclass(slots=True)
class Clock:
    """CPU nanoseconds of this process and of the server processes it waits for."""

    servers: tuple[int, ...] = ()

    def now(self) -> int:
        return process_time_ns() + sum(cpu_of(pid) for pid in self.servers)


def cpu_of(pid: int) -> int:
    """CPU nanoseconds that a process has run."""
    return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[0])


@dataclass(slots=True)
class Rounds:
    """What several contenders cost in each of several rounds, in microseconds of CPU a turn."""

    costs: dict[str, list[float]] = field(default_factory=dict)

    def cost(self, name: str) -> float:
        """The median over the rounds."""
        return median(self.costs[name])

    def ratio(self, one: str, other: str) -> float:
        """How many times as much `one` costs as `other`: the median of each round's own ratio."""
        return median(a / b for a, b in zip(self.costs[one], self.costs[other], strict=True))


def interleaved(contenders: Mapping[str, Callable[[], float]], *, rounds: int) -> Rounds:
    """Let the contenders take turns. Each call gives microseconds of CPU a turn; a first round is thrown away."""
    found = Rounds({name: [] for name in contenders})
    for number in range(rounds + 1):
        for name, turn in contenders.items():
            cost = turn()
            if number:
                found.costs[name].append(cost)
    return found


def cost_of(work: Callable[[], object], *, times: int, clock: Clock) -> float:
    """Microseconds of CPU that one call costs, over `times` calls."""
    gc.collect()
    start = clock.now()
    for _ in range(times):
        work()
    return (clock.now() - start) / times / 1000


def share(sorted_costs: Sequence[float], part: float) -> float:
    """The value below which `part` of the sorted values lie: 0.99 for p99."""
    return sorted_costs[min(len(sorted_costs) - 1, int(part * len(sorted_costs)))]

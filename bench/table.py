"""The table of goals: what was aimed for, what was measured, and whether it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

MARKS = {True: "holds", False: "**missed**", None: "not run"}


@dataclass(slots=True)
class Row:
    """One goal. `met` is None when it could not be measured, and `measured` says why."""

    goal: str
    measured: str
    met: bool | None


@dataclass(slots=True)
class Table:
    """Rows as they come; each is printed at once."""

    rows: list[Row] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, goal: str, measured: str, met: bool | None) -> None:
        row = Row(goal, measured, met)
        self.rows.append(row)
        print(f"{MARKS[met].strip('*').upper():8} {goal}: {measured}", flush=True)

    def at_most(self, goal: str, value: float, limit: float, said: str) -> None:
        self.add(goal, said, value <= limit)

    def at_least(self, goal: str, value: float, limit: float, said: str) -> None:
        self.add(goal, said, value >= limit)

    def note(self, text: str) -> None:
        """A figure that no goal is about."""
        self.notes.append(text)
        print(f"         {text}", flush=True)

    def part(self, goals: Iterable[str], work: Callable[[], None]) -> None:
        """Do a part of the run. What goes wrong in it is said for each of its goals that has no row yet, not hidden."""
        before = len(self.rows)
        try:
            work()
        except Exception as error:  # noqa: BLE001  -- one part that fails must not take the others with it.
            reason = " ".join(f"{type(error).__name__}: {error}".split())[:200]
            for goal in list(goals)[len(self.rows) - before :]:
                self.add(goal, reason, None)

    @property
    def missed(self) -> int:
        return sum(row.met is False for row in self.rows)

    @property
    def not_run(self) -> int:
        return sum(row.met is None for row in self.rows)

    def closing(self) -> str:
        """How many goals hold, are missed, could not be measured."""
        holds = sum(row.met is True for row in self.rows)
        return f"{holds} hold, {self.missed} missed, {self.not_run} not run"

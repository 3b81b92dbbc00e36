"""The table of goals: what was aimed for, what was measured, and whether it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

MARKS = {True: "holds", False: "**missed**", None: "not run"}


# What profiles say stands in the way of a goal, by how the goal begins. It is told only while the goal is missed.
WHY = {
    "uncached nearby page": (
        "the search and the rows' details are half of what the page costs beyond a constant view (see the "
        "split above); most of the rest is Flask's: its context and routing, the headers that every "
        "answer carries, a log line"
    ),
    "≥ 20× Django": (
        "Django's prefetch form does better than the prototype's: PostGIS takes the venues within 2.4 km from "
        "its index, so the database is half of its cost and Django the other half"
    ),
    "≥ 1.4× FastAPI": (
        "uvicorn parses and loops in C and costs next to nothing; gunicorn adds about 300 µs of CPU to an "
        "answer, whatever the answer is (the constant view takes 42 µs without it), and with any kind of "
        "worker"
    ),
    "rare filter": (
        "a search without a filter stops after a cell or two; one with a rare filter must look at every "
        "activity in the circle (the soonest) or in many cells (the nearest)"
    ),
    "page 50": ("a first page needs one cell, a fiftieth the ring in which it lies"),
    "generated dump": ("twenty rows of forty values each; on a busy machine they pay for caches that others have used"),
    "Discover's HTML page": (
        "the page asks two questions where the API asks one, the list and the counts of each day, and writes "
        "45 KB with Jinja"
    ),
    "a web worker": (
        "each of up to eight connections may keep 16 MB of the SQLite file (cache_size in "
        "backend/core/db.py); with 4 MB a search cost as much when it was tried (413 against 404 µs)"
    ),
    "importing": (
        "half of the time goes into judging each row by itself (texts read for mark-up, private numbers and "
        "addresses; times, money, place), a tenth into JSON, a tenth into SQLite's writes and durable commits"
    ),
}


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

    def in_the_way(self) -> list[str]:
        """Why goals are missed, as far as profiles have shown."""
        missed = [row.goal for row in self.rows if row.met is False]
        return [f"“{goal} …”: {why}." for goal, why in WHY.items() if any(one.startswith(goal) for one in missed)]

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

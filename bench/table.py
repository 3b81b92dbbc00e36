"""The table of goals: what was aimed for, what was measured, and whether it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

MARKS = {True: "holds", False: "**missed**", None: "not run"}


# What profiles say stands in the way of a goal, by how the goal begins. It is told only while the goal is missed.
WHY = {
    "uncached nearby page": "Half of the answer is the search and the rows' details, a fifth Flask with its hooks (a signed"
    " session that no public page uses is opened for each request; six headers are set one by one), a tenth the dump",
    "≥ 20× Django": "Django's prefetch form is quicker here than it was for the prototype: PostGIS finds the venues within"
    " 2.4 km by its index and joins a week's sessions to them; only its sort grows with the crowd",
    "≥ 1.4× FastAPI": "uvicorn's parser and loop, both in C, cost a third of what gunicorn's threads do; that difference is"
    " as large as what the answer itself gains",
    "rare filter": "Without a category, the index of activities (category first) is read whole: it should begin with the"
    " cell. A search without the filter stops after a cell or two, one with it must look at every activity in the circle",
    "page 50": "A first page needs one cell, a fiftieth the ring in which it lies",
    "generated dump": "The dump is 20 dicts of 40 values; on a busy machine it pays for caches that others have used",
    "Discover's HTML page": "The page asks three questions where the API asks one: the list, the counts of each day, and"
    " how many there are; Jinja writes 45 KB",
    "a web worker": "Each of the worker's connections maps the SQLite file into memory (mmap_size), and the mapped pages"
    " count as resident once a connection, though they are the system's file cache and exist once",
    "importing": "See the import's own profile",
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
        return [f"{goal}…: {why}." for goal, why in WHY.items() if any(one.startswith(goal) for one in missed)]

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

"""The whole run takes ten minutes, `--quick` (10,000 sessions) under one, `--large` (10 million too) half an hour."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from backend.core import clock
from backend.geo.grid import Grid
from bench import checks, dump, importing, pages, plans, race, report, servers
from bench.data import Database, prepare
from bench.dataset import Size
from bench.servers import Server
from bench.table import Table

SMALL, LARGE = Size(10_000), Size(1_000_000)
# Ten times as dense, so cells of a quarter of the area and a little: "finer where denser" (PERFORMANCE).
HUGE = Size(10_000_000, Grid(lat_step=225, lng_step=360))


@dataclass(slots=True)
class Run:
    """One run of the bench."""

    table: Table
    server: Server
    now: datetime
    quick: bool

    def both(self, size: Size) -> list[Database]:
        """That size on SQLite and on PostgreSQL."""
        found = [prepare(size, None, now=self.now), prepare(size, self.server, now=self.now)]
        for one in found:
            print(f"         {one.name}: {one.sessions:,} sessions, built in {one.seconds:.0f} s", flush=True)
        return found

    def answers(self, databases: list[Database], questions: int) -> None:
        goals = [f"answers equal the plain reference's, {one.name}" for one in databases]
        self.table.part(goals, lambda: checks.run(self.table, databases, questions=questions, now=self.now))

    def races(self, databases: list[Database]) -> None:
        for one in databases:
            goal = f"100 clients for the last place: exactly 1 sold, {one.name}"
            self.table.part([goal], lambda one=one: race.run(self.table, one))  # type: ignore[misc]

    def searches(self, small: list[Database], large: list[Database]) -> None:
        for few, many in zip(small, large, strict=True):
            self.table.part(
                [f"query p99 over positions, {many.name}"],
                lambda few=few, many=many: plans.spread(  # type: ignore[misc]
                    self.table, few, many, now=self.now, goals={"nearest": 1.5, "soonest": 4}
                ),
            )
            self.table.part(
                [f"rare filter ≤ unfiltered, {many.name}"],
                lambda many=many: plans.rare(self.table, many, now=self.now),  # type: ignore[misc]
            )
            self.table.part(
                [f"page 50, {many.name}"],
                lambda many=many: plans.pages(  # type: ignore[misc]
                    self.table, many, now=self.now, goals={"nearest": 5, "soonest": 1.2}
                ),
            )

    def answers_whole(self, lite: Database, postgres: Database) -> None:
        self.table.part(
            ["whole answers through servers"],
            lambda: pages.compare(
                self.table,
                lite,
                postgres,
                self.server,
                now=self.now,
                rounds=3 if self.quick else 9,
                peers=not self.quick,
            ),
        )
        self.table.part([dump.GOAL], lambda: dump.run(self.table, lite, now=self.now))
        requests = 300 if self.quick else 10_000
        goal = f"a web worker after {requests:,} mixed requests: ≤ 180 MB resident"
        self.table.part([goal], lambda: pages.memory(self.table, lite, requests=requests, now=self.now))

    def imports(self) -> None:
        rows = 2_000 if self.quick else 50_000
        goals = [goal.format(rows=rows) for goal in importing.GOALS]
        self.table.part(goals, lambda: importing.run(self.table, rows=rows))

    def huge(self, large: list[Database]) -> list[Database]:
        found = self.both(HUGE)
        for many, most in zip(large, found, strict=True):
            self.table.part(
                [f"query p99 over positions, {most.name}"],
                lambda many=many, most=most: plans.spread(  # type: ignore[misc]
                    self.table, many, most, now=self.now, goals={"nearest": 2.5, "soonest": 2.5}
                ),
            )
        return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="10,000 sessions only, as a smoke test; writes no page")
    parser.add_argument("--large", action="store_true", help="10 million sessions too (about 20 minutes more, 15 GB)")
    parser.add_argument("--postgres", choices=["auto", "wheel", "packaged"], default="auto", help="which server")
    parser.add_argument("--no-page", action="store_true", help="do not write docs/performance.md")
    given = parser.parse_args()
    start, now = monotonic(), clock.now()
    run = Run(Table(), servers.start("wheel" if given.quick else given.postgres), now, given.quick)
    print(report.machine(run.server), flush=True)
    small = run.both(SMALL)
    run.answers(small, 240)
    run.races(small)
    databases = list(small)
    if not given.quick:
        large = run.both(LARGE)
        databases += large
        run.answers(large, 200)
        run.searches(small, large)
        run.races(large)
        databases += run.huge(large) if given.large else []
    run.answers_whole(databases[2 if not given.quick else 0], databases[3 if not given.quick else 1])
    run.imports()
    print(run.table.closing())
    if not given.quick and not given.no_page:
        report.write(report.text(run.table, databases, run.server, now=now, minutes=(monotonic() - start) / 60))
    wrong = any(row.met is False and row.goal.startswith(("answers equal", "100 clients")) for row in run.table.rows)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

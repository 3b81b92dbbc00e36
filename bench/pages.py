"""Whole answers through real servers: ours, a view that does nothing, and the same page in other stacks."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import blake2b
from pathlib import Path

import psycopg

from backend.core import clock
from bench.contest import ROOT, Contender, Failed
from bench.data import Database
from bench.measure import Rounds, interleaved
from bench.questions import positions
from bench.servers import Server, folder
from bench.table import Table

PEERS = ("Django, prefetch", "Django, KNN", "FastAPI", "FastAPI, async")
ANSWERS = 40  # Answers a turn, each about another place.
APP = "wsgi:create_app()"
DJANGO = "bench.apps:django()"
REQUIREMENTS = [ROOT / "requirements.txt", ROOT / "bench" / "requirements.txt"]
MEBIBYTE = 1024 * 1024


@dataclass(slots=True)
class Arena:
    """The running contenders, and the paths that each answers."""

    stack: ExitStack
    running: dict[str, tuple[Contender, list[str]]]
    missing: dict[str, str]

    def enter(self, contender: Contender, paths: list[str]) -> None:
        """Start a contender, or remember why it cannot run."""
        try:
            self.stack.enter_context(contender)
            contender.get(paths[0])
            self.running[contender.name] = (contender, paths)
        except (Failed, OSError) as error:
            self.missing[contender.name] = str(error)

    def race(self, rounds: int) -> Rounds:
        turns: dict[str, Callable[[], float]] = {
            name: partial(contender.turn, paths) for name, (contender, paths) in self.running.items()
        }
        return interleaved(turns, rounds=rounds)


def compare(
    table: Table, lite: Database, postgres: Database, server: Server, *, now: datetime, rounds: int, peers: bool
) -> None:
    """The nearby page against a constant view and, with `peers`, against other stacks, in one run."""
    cells = positions(ANSWERS, seed=29)
    ours = [f"/api/v1/sessions?cell={cell}&order=nearest" for cell in cells]
    day = clock.today(now) + timedelta(days=1)
    with ExitStack() as stack:
        arena = Arena(stack, {}, {})
        arena.enter(Contender("constant", "bench.apps:constant()", lite.environ), ["/constant"] * ANSWERS)
        arena.enter(Contender("SQLite", APP, lite.environ), ours)
        arena.enter(Contender("PostgreSQL", APP, postgres.environ, database=server), ours)
        arena.enter(Contender("Discover", APP, lite.environ), [f"/?cell={cell}&day={day}" for cell in cells])
        same = [f"/api/v1/sessions?cell={cell}&day={day}&free=true" for cell in cells]
        arena.enter(Contender("API as Discover", APP, lite.environ), same)
        if peers:
            for peer, paths in _peers(arena, lite, postgres, server, cells):
                arena.enter(peer, paths)
        else:
            arena.missing |= dict.fromkeys(PEERS, "left out of a quick run")
        found = arena.race(rounds)
        _constant(table, arena, found)
        _others(table, arena, found)
        _same(table, arena)


def _peers(
    arena: Arena, lite: Database, postgres: Database, server: Server, cells: list[int]
) -> Iterator[tuple[Contender, list[str]]]:
    try:
        python = str(environment())
    except subprocess.CalledProcessError as error:
        arena.missing |= dict.fromkeys(PEERS, f"the peers' packages cannot be installed ({error.stderr[-80:]!r})")
        return
    told = lite.environ
    yield Contender("FastAPI", "bench.apps:fastapi", told, python, asgi=True), _near("/sessions", cells)
    yield Contender("FastAPI, async", "bench.apps:fastapi", told, python, asgi=True), _near("/sessions-async", cells)
    if not server.postgis or postgres.url is None:
        arena.missing |= dict.fromkeys(PEERS[:2], "PostGIS is missing")
        return
    _django_tables(postgres)
    told = postgres.environ | {"BENCH_URL": postgres.url}
    for name, path in zip(PEERS, ("/sessions-prefetch", "/sessions-knn"), strict=False):
        yield Contender(name, DJANGO, told, python, server), _near(path, cells)[: ANSWERS // 4]


def _near(path: str, cells: list[int]) -> list[str]:
    return [f"{path}?cell={cell}&order=nearest" for cell in cells]


def _django_tables(postgres: Database) -> None:
    from bench.peers.django_tables import TABLES  # noqa: PLC0415

    assert postgres.url  # noqa: S101
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        if connection.execute("SELECT to_regclass('peer_session')").fetchone() == (None,):
            connection.execute("SET synchronous_commit = off")
            connection.execute(TABLES.encode())
            connection.execute("VACUUM (ANALYZE)")


def environment() -> Path:
    """The Python of an environment with the app's packages and the peers', made on the first call."""
    mark = blake2b(b"".join(path.read_bytes() for path in REQUIREMENTS), digest_size=6).hexdigest()
    place = folder() / f"venv-{mark}"
    python = place / "bin" / "python"
    if not (place / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", place], check=True, capture_output=True)
        install: list[str | Path] = [
            python,
            "-m",
            "pip",
            "install",
            "-q",
            "--disable-pip-version-check",
            "--require-hashes",
        ]
        for path in REQUIREMENTS:
            install += ["-r", str(path)]
        subprocess.run(install, check=True, capture_output=True)
        (place / "ready").touch()
    return python


def _constant(table: Table, arena: Arena, rounds: Rounds) -> None:
    for name, goal, limit in (
        ("SQLite", "uncached nearby page, SQLite: ≥ 33 % of a constant Flask view", 0.33),
        ("PostgreSQL", "uncached nearby page, PostgreSQL, app + database: ≥ 20 % of it", 0.2),
    ):
        if name in rounds.costs and "constant" in rounds.costs:
            share = rounds.ratio("constant", name)
            said = f"{share:.0%} ({rounds.cost(name):.0f} against {rounds.cost('constant'):.0f} µs)"
            table.at_least(goal, share, limit, said)
        else:
            table.add(goal, arena.missing.get(name) or arena.missing.get("constant", ""), None)
    goal = "Discover's HTML page: ≤ 2.5× the CPU of the API's answer"
    if {"Discover", "API as Discover"} <= set(rounds.costs):
        times = rounds.ratio("Discover", "API as Discover")
        said = f"{times:.2f}× ({rounds.cost('Discover'):.0f} against {rounds.cost('API as Discover'):.0f} µs)"
        table.at_most(goal, times, 2.5, said)
    else:
        table.add(goal, arena.missing.get("Discover") or arena.missing.get("API as Discover", ""), None)


def _others(table: Table, arena: Arena, rounds: Rounds) -> None:
    for name, goal, limit, us in (
        ("Django, prefetch", "≥ 20× Django + DRF + PostGIS, prefetch form", 20, "PostgreSQL"),
        ("Django, KNN", "≥ 10× Django + DRF + PostGIS, KNN form", 10, "PostgreSQL"),
        ("FastAPI", "≥ 1.4× FastAPI + Pydantic on the same SQLite design", 1.4, "SQLite"),
    ):
        if name in rounds.costs and us in rounds.costs:
            times = rounds.ratio(name, us)
            said = f"{times:.1f}× ({rounds.cost(name):.0f} against {rounds.cost(us):.0f} µs)"
            table.at_least(goal, times, limit, said)
        else:
            table.add(goal, arena.missing.get(name) or arena.missing.get(us, ""), None)
    if {"FastAPI, async", "SQLite"} <= set(rounds.costs):
        times = rounds.ratio("FastAPI, async", "SQLite")
        table.note(f"FastAPI with a view that blocks its loop: {times:.1f}× ({rounds.cost('FastAPI, async'):.0f} µs)")


def _same(table: Table, arena: Arena) -> None:
    """The peers' pages list the same sessions as ours: else the comparison is worth nothing."""
    for name, us in (("FastAPI", "SQLite"), ("Django, prefetch", "PostgreSQL"), ("Django, KNN", "PostgreSQL")):
        if name in arena.running and us in arena.running:
            (peer, theirs), (own, ours) = arena.running[name], arena.running[us]
            alike = sum(own.ids(a) == peer.ids(b) for a, b in zip(ours, theirs, strict=False))
            some = min(len(ours), len(theirs))
            table.note(f"{name}: {alike} of {some} pages list the same sessions in the same order as ours")


def memory(table: Table, lite: Database, *, requests: int, now: datetime) -> None:
    """One web worker after many mixed requests by four clients at a time."""
    cells = positions(400, seed=31)
    day = clock.today(now) + timedelta(days=2)
    kinds = [
        "/api/v1/sessions?cell={cell}&order=nearest", "/api/v1/sessions?cell={cell}&free=true&age=13-15",
        "/api/v1/sessions/counts?cell={cell}", "/api/v1/sessions?cell={cell}&q=football",
        "/api/v1/activities/{activity}", "/api/v1/areas?q=peck", f"/?cell={{cell}}&day={day}", "/?cell={cell}",
        "/health", "/api/v1/categories",
    ]  # fmt: skip
    with Contender("memory", APP, lite.environ) as first:
        clients = [first, *(first.again() for _ in range(3))]
        done: list[int] = []

        def work(client: Contender, number: int) -> None:
            for turn in range(number, requests, len(clients)):
                path = kinds[turn % len(kinds)]
                activity = turn * 7 % lite.size.activities + 1
                if client.status(path.format(cell=cells[turn % len(cells)], activity=activity)) in {200, 404}:
                    done.append(turn)

        threads = [threading.Thread(target=work, args=(one, number)) for number, one in enumerate(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        total, own = first.memory()
    table.at_most(
        f"a web worker after {requests:,} mixed requests: ≤ 180 MB resident", total / MEBIBYTE, 180,
        f"{total / MEBIBYTE:.0f} MB, of which {own / MEBIBYTE:.0f} MB its own and the rest pages of files that it"
        f" maps, the database among them; {len(done)} answered",
    )  # fmt: skip

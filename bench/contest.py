"""Starts the contenders, lets them take turns, and adds what the database server spent on each."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg

from bench.measure import cpu_of
from bench.servers import Server

ROOT = Path(__file__).parents[1]


class Failed(Exception):
    """A contender did not start, or answered something else than 200."""


@dataclass(slots=True)
class Contender:
    """A running contender. `server` is the PostgreSQL server that it uses, or None."""

    name: str
    given: dict[str, Any]
    python: str = sys.executable
    server: Server | None = None
    process: subprocess.Popen[str] | None = None
    backends: tuple[int, ...] = ()
    last: dict[str, Any] = field(default_factory=dict)

    def __enter__(self) -> Self:
        environ = os.environ | {"PYTHONPATH": str(ROOT), "PGAPPNAME": self._tag, "PYTHONWARNINGS": "ignore"}
        self.process = subprocess.Popen(
            [self.python, "-m", "bench.contender", json.dumps(self.given)],
            cwd=ROOT, env=environ, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        assert self.process and self.process.stdin  # noqa: S101
        self.process.stdin.close()
        self.process.wait(timeout=20)

    @property
    def _tag(self) -> str:
        return f"bench-{os.getpid()}-{self.name}"[:60].replace(" ", "-")

    def answer(self, paths: Sequence[str]) -> dict[str, Any]:
        """Answer the paths. Raises Failed."""
        assert self.process and self.process.stdin and self.process.stdout  # noqa: S101
        self.process.stdin.write(json.dumps(list(paths)) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise Failed(f"{self.name} ended")
        self.last = json.loads(line)
        if self.last["wrong"]:
            raise Failed(f"{self.name}: {self.last['wrong']} of {len(paths)} answers were not 200")
        return self.last

    def turn(self, paths: Sequence[str]) -> float:
        """Microseconds of CPU an answer, the contender's own and the database server's."""
        if self.server and not self.backends:
            self.answer(paths)
            self.backends = self._find_backends()
        before = sum(map(cpu_of, self.backends))
        own: float = self.answer(paths)["cpu"]
        return (own + (sum(map(cpu_of, self.backends)) - before) / 1000) / len(paths)

    def _find_backends(self) -> tuple[int, ...]:
        assert self.server  # noqa: S101
        with psycopg.connect(self.server.url) as connection:
            rows = connection.execute("SELECT pid FROM pg_stat_activity WHERE application_name = %s", [self._tag])
            return tuple(row[0] for row in rows)

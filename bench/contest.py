"""Programs that answer the same question, each behind the server it is made for, and what an answer costs.

Requests go one after the other over one kept connection. The cost is CPU time: that of the worker's threads and, for
PostgreSQL, of the server processes behind its connections. The client's is not counted.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg

from bench.measure import cpu_of
from bench.servers import Server

ROOT = Path(__file__).parents[1]
PATIENCE = 30  # Seconds that a program may take to start.
GUNICORN = ("gunicorn", "--config", str(ROOT / "gunicorn.conf.py"), "--workers", "1", "--bind")
UVICORN = ("uvicorn", "--workers", "1", "--log-level", "warning", "--no-access-log", "--factory", "--uds")


class Failed(Exception):
    """A program did not start (status 0), or answered something else than 200."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class _Unix(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("127.0.0.1", timeout=60)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(60)
        self.sock.connect(self.path)


@dataclass(slots=True)
class Contender:
    """A program: `app` is what its server is told to serve, `environ` what it is told besides."""

    name: str
    app: str
    environ: dict[str, str]
    python: str = sys.executable
    database: Server | None = None
    asgi: bool = False
    process: subprocess.Popen[bytes] | None = None
    worker: int = 0
    answered: int = 0
    size: int = 0
    _connection: _Unix = field(default_factory=lambda: _Unix(f"{tempfile.mkdtemp(prefix='good-ends-')}/socket"))

    def __enter__(self) -> Self:
        path = self._connection.path
        server = (*UVICORN, path) if self.asgi else (*GUNICORN, f"unix:{path}")
        environ = os.environ | self.environ | {"PYTHONPATH": str(ROOT), "PGAPPNAME": self._tag}
        self.process = subprocess.Popen(
            [self.python, "-m", *server, self.app], cwd=ROOT, env=environ, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until = time.monotonic() + PATIENCE
        while not (Path(path).exists() and (self.asgi or _children(self.process.pid))):
            if time.monotonic() > until or self.process.poll() is not None:
                self.__exit__(None, None, None)
                raise Failed(f"{self.name} did not start")
            time.sleep(0.05)
        self.worker = self.process.pid if self.asgi else _children(self.process.pid)[0]
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._connection.close()
        if self.process:
            self.process.terminate()
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.kill()
        shutil.rmtree(Path(self._connection.path).parent, ignore_errors=True)

    @property
    def _tag(self) -> str:
        return f"bench-{os.getpid()}-{self.name}"[:60].replace(" ", "-")

    def get(self, path: str) -> bytes:
        """One answer. Raises Failed for one that is not 200."""
        for attempt in (1, 2):
            try:
                self._connection.request("GET", path, headers={"Accept": "*/*", "User-Agent": "bench"})
                response = self._connection.getresponse()
                break
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                # A kept connection may be closed by the server between two turns.
                self._connection.close()
                if attempt == 2:
                    raise
        body = response.read()
        if response.status != 200:
            raise Failed(f"{self.name}: {response.status} for {path}", response.status)
        self.answered += 1
        self.size = len(body)
        return body

    def status(self, path: str) -> int:
        """The status of an answer, whatever it is."""
        try:
            self.get(path)
        except Failed as error:
            return error.status
        return 200

    def again(self) -> Self:
        """Another client of the same running program."""
        return replace(self, _connection=_Unix(self._connection.path))

    def ids(self, path: str) -> list[int]:
        """The ids of the sessions in an answer."""
        found: dict[str, Any] = json.loads(self.get(path))
        return [item["id"] for item in found["items"]]

    def turn(self, paths: Sequence[str]) -> float:
        """Microseconds of CPU an answer: the worker's, and the database server's for it."""
        before = self._spent()
        for path in paths:
            self.get(path)
        return (self._spent() - before) / len(paths) / 1000

    def _spent(self) -> int:
        threads = Path(f"/proc/{self.worker}/task").iterdir()
        return sum(cpu_of(int(thread.name)) for thread in threads) + sum(map(cpu_of, self._backends()))

    def _backends(self) -> list[int]:
        if self.database is None:
            return []
        with psycopg.connect(self.database.url) as connection:
            rows = connection.execute("SELECT pid FROM pg_stat_activity WHERE application_name = %s", [self._tag])
            return [row[0] for row in rows]

    def memory(self) -> tuple[int, int]:
        """Resident bytes of the worker: in all, and without what it shares with the files it maps."""
        fields = dict(
            line.split(":", 1) for line in Path(f"/proc/{self.worker}/status").read_text(encoding="ascii").splitlines()
        )
        total, files = (int(fields[name].split()[0]) * 1024 for name in ("VmRSS", "RssFile"))
        return total, total - files


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
    except FileNotFoundError:
        return []

"""A hundred people tap "save me a place" at the same moment, and there is one place.

The write is the one that bookings use: `UPDATE … SET taken = taken + 1 WHERE taken < capacity`, in a transaction of
the app's own. Four processes of 25 threads each stand for four web workers. Run as `python -m bench.race DATA [URL]`,
it is one of the four.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from flask import Flask
from sqlalchemy import text

from backend.core.db import db, transaction
from bench.building import engine, settings
from bench.data import Database
from bench.table import Table

WORKERS, THREADS, RACES = 4, 25, 10
ROOT = Path(__file__).parents[1]
BOOK = text("UPDATE session SET taken = taken + 1 WHERE id = :id AND taken < capacity")


def run(table: Table, database: Database, *, races: int = RACES) -> None:
    """Races for the last place, each for another session."""
    sessions = _last_places(database, races)
    command = [sys.executable, "-m", "bench.race", str(database.data), database.url or ""]
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    workers = [
        subprocess.Popen(command, cwd=ROOT, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(WORKERS)
    ]
    sold, answered, longest = [], 0, 0.0
    for session in sessions:
        answers = _race(workers, session)
        sold.append(sum(answer["sold"] for answer in answers))
        answered += sum(int(answer["answered"]) for answer in answers)
        longest = max(longest, *(answer["longest"] for answer in answers))
    for worker in workers:
        worker.communicate()
    table.add(
        f"100 clients for the last place: exactly 1 sold, {database.name}",
        f"{'/'.join(map(str, sold))} sold in {races} races, {answered} of {races * WORKERS * THREADS} answered;"
        f" the longest wait was {longest * 1000:.0f} ms",
        sold == [1] * races and answered == races * WORKERS * THREADS,
    )


def _last_places(database: Database, races: int) -> list[int]:
    """Sessions of which all places but one are taken."""
    with database.app.app_context():
        with transaction():
            found = db.session.execute(
                text("SELECT id FROM session WHERE capacity > 0 ORDER BY id LIMIT :n"), {"n": races}
            )
            ids = list(found.scalars())
            for session in ids:
                db.session.execute(text("UPDATE session SET taken = capacity - 1 WHERE id = :id"), {"id": session})
        return ids


def _race(workers: list[subprocess.Popen[str]], session: int) -> list[dict[str, float]]:
    start = time.time() + 0.15
    for worker in workers:
        assert worker.stdin  # noqa: S101
        worker.stdin.write(json.dumps([session, start]) + "\n")
        worker.stdin.flush()
    return [json.loads(worker.stdout.readline()) for worker in workers if worker.stdout]


def _client(app: Flask, session: int, start: float, sold: list[float], waits: list[float]) -> None:
    with app.app_context():
        time.sleep(max(0.0, start - time.time()))
        began = time.monotonic()
        with transaction():
            result = db.session.execute(BOOK, {"id": session})
            got: int = result.rowcount  # type: ignore[attr-defined]
        waits.append(time.monotonic() - began)
        if got:
            sold.append(waits[-1])


def main(data: str, url: str) -> None:
    app = engine(settings(data=Path(data), url=url or None))
    for line in sys.stdin:
        session, start = json.loads(line)
        sold: list[float] = []
        waits: list[float] = []
        threads = [threading.Thread(target=_client, args=(app, session, start, sold, waits)) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        print(json.dumps({"sold": len(sold), "answered": len(waits), "longest": max(waits, default=0)}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

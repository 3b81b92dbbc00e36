"""What bringing in a big file costs: `flask import`, as an operator would call it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from bench.contest import ROOT
from bench.servers import folder
from bench.table import Table

GOALS = ("importing {rows:,} rows: ≥ 5,000 rows a second", "importing {rows:,} rows: ≤ 250 MB resident")
FLASK = (sys.executable, "-m", "flask", "--app", "wsgi")


def run(table: Table, *, rows: int) -> None:
    """Import a file of `rows` families' services into an empty SQLite database."""
    from tests.big_file import synthetic  # noqa: PLC0415  -- the tests' own maker of big files.

    data = folder() / "importing"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir()
    path = data / "big.json"
    synthetic(path, rows)
    environ = os.environ | {"MODE": "test", "DATA_DIR": str(data), "WORKER": "separate"}
    subprocess.run([*FLASK, "db", "upgrade"], cwd=ROOT, env=environ, check=True, capture_output=True)
    empty = _cost(["--help"], environ)
    cpu, clock, resident = _cost(["import", "family-information", str(path)], environ)
    goals = [goal.format(rows=rows) for goal in GOALS]
    rate = rows / (cpu - empty[0])
    table.at_least(
        goals[0], rate, 5_000,
        f"{rate:,.0f} a second of CPU ({rows / (clock - empty[1]):,.0f} by the clock), starting up aside",
    )  # fmt: skip
    table.at_most(goals[1], resident, 250, f"{resident:.0f} MB")
    shutil.rmtree(data)


def _cost(arguments: list[str], environ: dict[str, str]) -> tuple[float, float, float]:
    """Seconds of CPU, seconds by the clock and most resident mebibytes of a command."""
    start = time.monotonic()
    with Path(environ["DATA_DIR"], "log").open("wb") as log:
        child = subprocess.Popen([*FLASK, *arguments], cwd=ROOT, env=environ, stdout=log, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(Path(log.name).read_text(encoding="utf-8")[-200:])
    return usage.ru_utime + usage.ru_stime, time.monotonic() - start, usage.ru_maxrss / 1024

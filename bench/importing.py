"""What bringing in a big file costs: `flask import`, as an operator would call it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

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


# A process starts with the peak of the one that it was forked from, and the bench itself is large by now: so a small
# process in between starts the command and says what it cost.
BETWEEN = """
import os, subprocess, sys, time
start = time.monotonic()
child = subprocess.Popen(sys.argv[1:], stdout=sys.stderr)
_, status, usage = os.wait4(child.pid, 0)
print(status, usage.ru_utime + usage.ru_stime, time.monotonic() - start, usage.ru_maxrss / 1024)
"""


def _cost(arguments: list[str], environ: dict[str, str]) -> tuple[float, float, float]:
    """Seconds of CPU, seconds by the clock and most resident mebibytes of a command."""
    command = [sys.executable, "-c", BETWEEN, *FLASK, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, check=True, text=True)
    status, cpu, clock, resident = done.stdout.split()
    if status != "0":
        raise RuntimeError(done.stderr[-200:])
    return float(cpu), float(clock), float(resident)

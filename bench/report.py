"""Writes the table into docs/performance.md, between two marks: the page cannot say anything else than the run."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from bench.data import Database
from bench.servers import Server
from bench.table import MARKS, Table

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"


def machine(server: Server) -> str:
    """The machine and the versions in one line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    postgis = f", PostGIS {server.postgis}" if server.postgis else ""
    return (
        f"{os.cpu_count()} cores ({_processor()}), {memory:.0f} GB, {platform.system()} {platform.release()}, Python"
        f" {platform.python_version()}, SQLite {sqlite3.sqlite_version}, PostgreSQL {server.version}{postgis}, Flask"
        f" {version('flask')}, gunicorn {version('gunicorn')}"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def text(table: Table, databases: Sequence[Database], server: Server, *, now: datetime, minutes: float) -> str:
    """The part of the page that the run writes."""
    built = "; ".join(
        f"{database.size.name} on {database.kind}: {database.sessions:,} sessions, {database.size.activities:,}"
        f" activities, {database.size.venues:,} venues" + (f", in {database.seconds:.0f} s" if database.seconds else "")
        for database in databases
    )
    return "\n".join(
        [
            BEGIN,
            f"Measured on {now:%d %B %Y} in {minutes:.0f} minutes. {machine(server)}. {table.closing().capitalize()}.",
            "",
            "| goal | measured | |",
            "|---|---|---|",
            *(f"| {row.goal} | {row.measured} | {MARKS[row.met]} |" for row in table.rows),
            "",
            f"Databases: {built}.",
            "",
            *(f"- {note}." for note in table.notes),
            *(["", "What stands in the way of the goals that are missed:", ""] if table.missed else []),
            *(f"- {why}" for why in table.in_the_way()),
            END,
        ]
    )


def write(found: str, page: Path = PAGE) -> None:
    """Put the text between the marks."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(before + found + after, encoding="utf-8")

"""Commands for operators: `flask import`, `flask imports list` and `flask imports undo`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import click

from backend.core import clock
from backend.core.errors import Error
from backend.feeds import (
    actions,
    jobs,  # noqa: F401  -- importing it tells the worker what it can be asked.
    queries,
    undoing,
)
from backend.feeds.formats import FORMATS
from backend.feeds.reading import Entry


def commands() -> tuple[click.Command, ...]:
    """What the operator can call."""
    return (import_, imports)


@click.command("import")
@click.argument("format_name", metavar="FORMAT", type=click.Choice(sorted(FORMATS)))
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would happen, and write nothing.")
@click.option("--source", metavar="NAME", help="Keeps apart two lists of one layout. The format's name by default.")
@click.option("--label", metavar="WORDS", help="What the app calls the list: “Listed by …”.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="When rows without a date were last confirmed.")
def import_(
    *, format_name: str, path: Path, dry_run: bool, source: str | None, label: str | None, as_of: datetime | None
) -> None:
    """Bring in a file of one of the layouts that docs/importing.md describes."""
    try:
        outcome = actions.import_file(
            format_name=format_name, path=path, now=clock.now(), dry_run=dry_run, source=source, label=label,
            as_of=as_of.date() if as_of else None, progress=_progress,
        )  # fmt: skip
    except Error as error:
        raise click.ClickException(error.message) from error
    click.echo(f"Read {outcome.rows} rows.")
    for run_id in outcome.unfinished:
        click.echo(f"Import {run_id} of this source was cut short. What it brought counts as here from before.")
    for line in outcome.report.lines():
        click.echo(line)
    if outcome.run_id is None:
        click.echo("This was a trial run: nothing was written.")
    else:
        click.echo(f"This is import {outcome.run_id}. To undo it whole: flask --app wsgi imports undo {outcome.run_id}")
    if not outcome.report.usable:
        raise click.ClickException("No row of the file could be used.")


def _progress(found: Iterator[Entry], total: int) -> Iterable[Entry]:
    # On the error stream, so that the report can be sent to a file.
    with click.progressbar(found, length=total, label="Importing", file=sys.stderr) as shown:
        yield from shown


@click.group("imports")
def imports() -> None:
    """What has been imported."""


@imports.command("list")
def list_() -> None:
    """Show every import, the newest first."""
    found = queries.runs()
    for run in found:
        sums = ", ".join(f"{run.counts.get(name, 0)} {name}" for name in ("new", "changed", "unchanged", "refused"))
        started = clock.london(run.started_at)
        click.echo(f"{run.id:>4}  {started:%Y-%m-%d %H:%M}  {run.state:<10}  {run.source}: {sums}  ({run.file_name})")
    if not found:
        click.echo("Nothing has been imported yet.")


@imports.command("undo")
@click.argument("run_id", metavar="ID", type=int)
def undo(run_id: int) -> None:
    """Take an import back: what it brought goes, what it changed is put back. Run it again if it was cut short."""
    try:
        with click.progressbar(length=1, label="Undoing", file=sys.stderr) as bar:

            def progress(rows: int, total: int) -> None:
                bar.length = total
                bar.update(rows)

            outcome = undoing.undo(run_id=run_id, now=clock.now(), progress=progress)
    except Error as error:
        raise click.ClickException(error.message) from error
    if outcome.kept:
        click.echo(f"Kept ({len(outcome.kept)})")
    for line in outcome.kept:
        click.echo(f"  {line}")
    click.echo(f"Import {run_id} is undone: {outcome.removed} taken away, {outcome.restored} put back.")

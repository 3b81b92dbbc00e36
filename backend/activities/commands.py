"""Commands about activities: the school calendar, and working through what waits."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date
from pathlib import Path

import click

from backend.activities import actions, calendar
from backend.activities.details import school_calendar
from backend.core import clock, outbox, worker


def seed_calendar() -> None:
    """Enter London's default terms and the bank holidays from last year to five years on."""
    now = clock.now()
    actions.set_terms(borough=None, terms=calendar.LONDON_TERMS, now=now)
    year = clock.today(now).year
    holidays = {day: name for y in range(year - 1, year + 6) for day, name in calendar.bank_holidays_of(y).items()}
    actions.set_bank_holidays(holidays=holidays, now=now)


def commands() -> tuple[click.Command, ...]:
    """What the operator can call."""
    return (calendar_group, work)


@click.group("calendar")
def calendar_group() -> None:
    """School terms and bank holidays."""


@calendar_group.command("defaults")
@click.option("--missing", is_flag=True, help="Only if no terms have been entered yet.")
def defaults(*, missing: bool) -> None:
    """Enter London's usual terms and England's bank holidays, in place of what is there for them."""
    if missing and school_calendar().terms_of(None):
        click.echo("Terms have been entered already; nothing was changed.")
        return
    seed_calendar()
    click.echo("Entered London's terms and the bank holidays.")


@calendar_group.command("terms")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def terms(path: Path) -> None:
    """Enter terms from a CSV file with the columns borough,name,first_on,last_on.

    `borough` is a GSS code, or empty for London's default. Each borough in the file is replaced whole.
    """
    by_borough: dict[str | None, list[tuple[str, date, date]]] = defaultdict(list)
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            try:
                dates = date.fromisoformat(row["first_on"]), date.fromisoformat(row["last_on"])
                by_borough[row["borough"].strip() or None].append((row["name"].strip(), *dates))
            except (KeyError, ValueError, AttributeError) as error:
                raise click.ClickException(f"line {number}: {error}") from error
    for borough, entered in by_borough.items():
        actions.set_terms(borough=borough, terms=entered, now=clock.now())
        click.echo(f"{borough or 'London'}: {len(entered)} terms.")


@click.command("work")
def work() -> None:
    """Do all the later work that is due, then end. The worker does this by itself."""
    worker.run()
    click.echo(f"{outbox.waiting()} rows wait for later.")

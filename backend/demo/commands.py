"""The command that loads the demo."""

from __future__ import annotations

import click

from backend.core import clock
from backend.demo import actions


def commands() -> tuple[click.Command, ...]:
    """What the operator can call."""
    return (demo,)


@click.command("demo")
def demo() -> None:
    """Load invented groups and activities over all of London, once."""
    found = actions.load(now=clock.now())
    said = "Loaded" if found.fresh else "The demo is there already:"
    click.echo(f"{said} {found.groups} groups with {found.activities} activities.")

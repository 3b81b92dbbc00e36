"""Commands for operators: `flask --app wsgi …`. Each area has its own; this gathers them."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

import click

from backend.activities import commands as activities
from backend.demo import commands as demo
from backend.feeds import commands as feeds

if TYPE_CHECKING:
    from backend.core.worker import Worker


def all_commands(worker: Worker) -> list[click.Command]:
    """Every command, to be given to the app."""
    return [*activities.commands(), *demo.commands(), *feeds.commands(), _worker_command(worker)]


def _worker_command(worker: Worker) -> click.Command:
    @click.command("worker")
    def run() -> None:
        """Do later work until told to stop (TERM or Ctrl-C lets the running job end first)."""
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        worker.start()
        click.echo("The worker is running.")
        stop.wait()
        worker.stop()

    return run

"""The worker: takes outbox rows as they come, and sweeps for those whose hint was lost.

Huey carries the hints and the timetable. Its storage is a file beside the database, or Redis when REDIS_URL is set;
losing all of it loses nothing, because the outbox is the truth.
"""

from __future__ import annotations

import fcntl
import logging
import os
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from huey import Huey, RedisHuey, SqliteHuey, crontab
from huey.consumer import Consumer
from redis import ConnectionPool
from sqlalchemy import String, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from backend.core import clock, outbox
from backend.core.db import Base, db, reading, transaction
from backend.core.errors import Unavailable

if TYPE_CHECKING:
    from backend.core.settings import Settings

log = logging.getLogger(__name__)

# What happens each night, as (outbox job, hour UTC, minute).
NIGHTLY = (("outbox.forget", 2, 5), ("activities.extend", 2, 20), ("feeds.forget", 2, 35))


class Heartbeat(Base):
    """When a worker last swept. `/ready` reads it: pages without a worker go stale in silence."""

    __tablename__ = "heartbeat"

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    at: Mapped[datetime]


# Work that is due "now" by a web server's clock must not wait for a sweep because that clock is a little ahead.
SKEW = timedelta(seconds=2)

Context = Callable[[], AbstractContextManager[Any]]


class Worker:
    """One queue of hints and the consumer that runs them inside the app's context."""

    def __init__(self, settings: Settings, context: Context) -> None:
        self.context = context
        self.queue = _queue(settings)
        self._lock = settings.data_dir / "worker.lock"
        self._stopping = threading.Event()
        self._consumer: Consumer | None = None
        self._turn: int | None = None
        self._wake = self.queue.task()(self._in_context(run))
        self.queue.periodic_task(crontab(minute="*"))(self._in_context(sweep))
        for name, hour, minute in NIGHTLY:
            self.queue.periodic_task(crontab(hour=str(hour), minute=str(minute)))(
                self._in_context(partial(ask_nightly, name), name)
            )
        outbox.on_commit_wake(self.hint)

    def hint(self) -> None:
        """Wake a worker. Failing to is no harm: the sweep finds the row."""
        try:
            self._wake()
        except Exception:
            log.warning("the queue of hints is away; the sweep will find the work", exc_info=True)

    def start(self) -> None:
        """Run the consumer in threads of this process, and come back at once."""
        with self.context():
            try:
                sweep()
            except Unavailable:
                log.warning("the database is away; the next sweep tries again", exc_info=True)
        consumer = QuietConsumer(self.queue, workers=1, initial_delay=0.05, max_delay=0.4, backoff=1.3)
        consumer.start()
        self._consumer = consumer

    def stop(self) -> None:
        """Let the running job end, then stop."""
        self._stopping.set()
        if self._consumer is not None:
            self._consumer.stop(graceful=True)
        if self._turn is not None:
            os.close(self._turn)
            self._turn = None

    def start_when_free(self) -> None:
        """Become the machine's one in-process worker, now or when the present one dies. Returns at once."""
        threading.Thread(target=self._wait_for_turn, name="worker-turn", daemon=True).start()

    def _wait_for_turn(self) -> None:
        self._turn = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o600)
        while not self._stopping.is_set():
            try:
                # The kernel lets go of the lock when its holder dies, however it dies.
                fcntl.flock(self._turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self._stopping.wait(1)
            else:
                self.start()
                return

    def _in_context(self, job: Callable[[], None], name: str = "") -> Callable[[], None]:
        def run_in_context() -> None:
            with self.context():
                job()

        # Huey tells tasks apart by the function's name.
        run_in_context.__name__ = name or getattr(job, "__name__", "job")
        return run_in_context


class QuietConsumer(Consumer):  # type: ignore[misc]
    """A consumer that leaves the process's signals to gunicorn."""

    def _set_signal_handlers(self) -> None:
        pass


def run() -> None:
    """Do what is due, until nothing is. The database's clock decides, and it tells whole seconds on SQLite."""
    while outbox.run_due(now=outbox.database_now() + SKEW):
        pass


def sweep() -> None:
    """Say that a worker lives, and do what is due."""
    beat(now=clock.now())
    run()


def beat(*, now: datetime) -> None:
    """Write the heartbeat."""
    with transaction():
        if (
            not db.session.connection()
            .execute(update(Heartbeat).where(Heartbeat.name == "worker").values(at=now))
            .rowcount
        ):
            db.session.execute(insert(Heartbeat).values(name="worker", at=now))


def last_beat() -> datetime | None:
    """When a worker last swept, or None if none ever has."""
    with reading() as connection:
        return connection.execute(select(Heartbeat.at).where(Heartbeat.name == "worker")).scalar_one_or_none()


def ask_nightly(name: str) -> None:
    """Put a nightly job into the outbox."""
    with transaction():
        outbox.later(name, now=clock.now())


def _queue(settings: Settings) -> Huey:
    if settings.redis_url:
        # Half a second: a Redis that hangs may cost a hint, never a person's wait.
        pool = ConnectionPool.from_url(settings.redis_url, socket_timeout=0.5, socket_connect_timeout=0.5)
        return RedisHuey("good-ends", connection_pool=pool, blocking=False, results=False)
    return SqliteHuey("good-ends", filename=str(settings.data_dir / "queue.db"), results=False)

"""Later work: a row that is done once, whatever dies in between."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from backend.core import outbox
from backend.core.db import NestedTransaction, db, reading, transaction
from backend.core.outbox import JOBS, LEASE, Later

seen: list[tuple[str, datetime]] = []


@pytest.fixture(autouse=True)
def jobs() -> Iterator[None]:
    seen.clear()
    before = dict(JOBS)
    JOBS["test.note"] = lambda *, word, now: seen.append((word, now))

    def fail(*, now: datetime) -> None:
        raise RuntimeError("no luck")

    JOBS["test.fail"] = fail
    yield
    JOBS.clear()
    JOBS.update(before)


def ask(name: str, now: datetime, **given: object) -> None:
    with transaction():
        outbox.later(name, now=now, **given)


def rows() -> list[Later]:
    with reading() as connection:
        return list(connection.execute(select(Later.__table__).order_by(Later.id)))


def test_work_that_is_asked_for_is_done_once(app: Flask, now: datetime) -> None:
    ask("test.note", now, word="hello")
    assert outbox.run_due(now=now) == 1
    assert outbox.run_due(now=now) == 0
    assert seen == [("hello", now)]


def test_work_asked_for_in_a_transaction_that_fails_never_happens(app: Flask, now: datetime) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        outbox.later("test.note", now=now, word="never")
        raise ZeroDivisionError
    assert rows() == []


def test_work_for_later_waits_for_its_time(app: Flask, now: datetime) -> None:
    ask("test.note", now, due=now + timedelta(hours=1), word="later")
    assert outbox.run_due(now=now) == 0
    assert outbox.run_due(now=now + timedelta(hours=1)) == 1


def test_a_failed_job_is_tried_again_later_and_does_not_stop_the_others(app: Flask, now: datetime) -> None:
    ask("test.fail", now)
    ask("test.note", now, word="on")
    assert outbox.run_due(now=now) == 1
    assert [word for word, _ in seen] == ["on"]
    assert rows()[0].error == "RuntimeError: no luck"
    waits = []
    moment = now
    for _ in range(3):
        due = rows()[0].due
        waits.append((due - moment).total_seconds())
        moment = due
        outbox.run_due(now=moment)
    assert waits == [15, 30, 60]


def test_a_job_that_this_version_does_not_know_is_kept_and_said(app: Flask, now: datetime) -> None:
    ask("test.of_tomorrow", now)
    assert outbox.run_due(now=now) == 0
    assert rows()[0].done is None
    assert "test.of_tomorrow" in str(rows()[0].error)


def test_a_worker_that_comes_back_after_its_lease_cannot_finish_anothers_turn(app: Flask, now: datetime) -> None:
    ask("test.note", now, word="mine")
    row = rows()[0]
    claim = outbox._claim(row.id, now=now)
    assert claim is not None
    assert outbox._claim(row.id, now=now) is None, "a claimed row cannot be claimed"
    late = now + LEASE
    second = outbox._claim(row.id, now=late)
    assert second is not None
    outbox._finish(row.id, claim[3], done=now, error=None)
    assert rows()[0].done is None, "the first worker's fence is gone"
    outbox._finish(row.id, second[3], done=late, error=None)
    assert rows()[0].done == late


def test_an_action_inside_anothers_transaction_is_refused(app: Flask) -> None:
    with pytest.raises(NestedTransaction), transaction(), transaction():
        pass
    with transaction():
        pass


def _die_in_the_middle(site: Flask, now: datetime) -> None:
    with site.app_context():
        db.engine.dispose(close=False)
        site.extensions["reader"].dispose(close=False)
        JOBS["test.slow"] = lambda *, now: time.sleep(60)
        outbox.run_due(now=now)


def test_work_whose_worker_was_killed_is_taken_up_when_the_lease_runs_out(app: Flask, now: datetime) -> None:
    ask("test.slow", now)
    worker = multiprocessing.get_context("fork").Process(target=_die_in_the_middle, args=(app, now))
    worker.start()
    deadline = time.monotonic() + 10
    while rows()[0].attempts == 0 and time.monotonic() < deadline:
        time.sleep(0.02)
    os.kill(worker.pid, signal.SIGKILL)
    worker.join()
    JOBS["test.slow"] = lambda *, now: seen.append(("done by another", now))
    assert outbox.run_due(now=now) == 0
    assert outbox.run_due(now=now + LEASE) == 1
    assert seen[0][0] == "done by another"


def test_the_databases_own_clock_is_aware_and_close_to_ours(app: Flask) -> None:
    from backend.core import clock

    assert abs(outbox.database_now() - clock.now()) < timedelta(seconds=5)


def test_done_work_is_forgotten_after_a_week_and_failed_work_is_not(app: Flask, now: datetime) -> None:
    ask("test.note", now, word="old")
    ask("test.fail", now)
    outbox.run_due(now=now)
    outbox.forget_done(now=now + timedelta(days=6))
    assert len(rows()) == 2
    outbox.forget_done(now=now + timedelta(days=8))
    assert [row.job for row in rows()] == ["test.fail"]

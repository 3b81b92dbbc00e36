"""Taking imports back whole, also after the app has moved on, and after a kill half-way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from backend.activities import actions as activities
from backend.activities.models import Activity, Schedule, Session, Venue
from backend.core.db import db, transaction
from backend.feeds import jobs, lock, queries, undoing
from backend.feeds.lock import AlreadyImporting
from backend.feeds.models import ImportChange, ImportRecord
from backend.feeds.queries import NoSuchImport
from backend.feeds.undoing import AlreadyUndone, ChangedByLater, TooLongAgo, undo
from backend.organisations.models import Organisation
from tests import make
from tests.backend.feeding import FAULTS, GOOD, LIBRARIES, PLACES, bring, changed, dump, listing
from tests.big_file import synthetic


def everything_new(records):
    """Change every kind of thing that a row can say."""
    club, after, paint, park = records[:4]
    club["sessions"] = [
        {"day": "Monday", "start": "18:00", "end": "20:00"},
        {"day": "Sunday", "start": "10:00", "end": "11:00"},
    ]
    club.update(name="Rye Lane Youth Space", telephone="020 7946 0777", min_age=9)
    after["sessions"].pop()
    after.update(postcode="SE15 4ST", cost={"is_free": True})
    paint["opening"] = "All Year"
    park["sessions"] = [{"day": "Monday", "start": "08:00", "end": "20:00"}]
    records.append({**club, "id": "t-99"})


@pytest.mark.parametrize(
    ("layout", "path"),
    [("family-information", GOOD), ("family-information", FAULTS), ("libraries", LIBRARIES), ("places", PLACES)],
)
def test_undoing_a_first_import_leaves_no_trace_in_any_table(app: Flask, now: datetime, layout: str, path: Path):
    make.calendar()
    make.activity()
    make.work()
    before = dump()
    run = bring(path, now=now, layout=layout).run_id
    make.work()
    assert run is not None
    assert dump() != before

    outcome = undo(run_id=run, now=now + timedelta(hours=1))
    make.work(now=now + timedelta(hours=1))

    assert outcome.kept == []
    assert dump() == before


def test_undoing_a_second_import_puts_back_what_it_changed(app: Flask, now: datetime, tmp_path: Path):
    make.calendar()
    bring(GOOD, now=now)
    make.work()
    before, sessions = dump(without=("session",)), _times()
    run = bring(changed(GOOD, tmp_path, everything_new), now=now + timedelta(hours=1)).run_id
    make.work(now=now + timedelta(hours=1))
    assert run is not None
    assert _times() != sessions

    outcome = undo(run_id=run, now=now + timedelta(hours=2))
    make.work(now=now + timedelta(hours=2))

    assert outcome.kept == []
    assert (outcome.removed, outcome.restored) == (1, 4)
    assert dump(without=("session",)) == before
    assert _times() == sessions


def test_rows_that_change_back_and_forth_are_never_taken_for_somebody_elses(app: Flask, now: datetime, tmp_path: Path):
    before = dump()
    runs = [bring(GOOD, now=now).run_id]
    there = changed(GOOD, tmp_path, everything_new)
    for hours, path in enumerate((there, GOOD, there), 1):
        outcome = bring(path, now=now + timedelta(hours=hours))
        assert (outcome.report.counts["changed"], outcome.report.counts["kept as changed here"]) == (4, 0)
        runs.append(outcome.run_id)

    for run in reversed(runs):
        assert run is not None
        assert undo(run_id=run, now=now + timedelta(hours=9)).kept == []

    assert dump() == before


def _times() -> list[tuple[int, int, int]]:
    db.session.rollback()
    statement = select(Session.schedule_id, Session.starts_at, Session.ends_at).order_by(
        Session.schedule_id, Session.starts_at
    )
    found = [(row[0], row[1], row[2]) for row in db.session.execute(statement)]
    db.session.rollback()
    return found


def test_undoing_twice_says_so(app: Flask, now: datetime):
    run = bring(GOOD, now=now).run_id
    assert run is not None
    undo(run_id=run, now=now)

    with pytest.raises(AlreadyUndone):
        undo(run_id=run, now=now)
    with pytest.raises(NoSuchImport):
        undo(run_id=run + 50, now=now)


def test_the_newest_goes_first_where_rows_were_changed_again(app: Flask, now: datetime, tmp_path: Path):
    before = dump()
    first = bring(GOOD, now=now).run_id
    second = bring(changed(GOOD, tmp_path, lambda records: records[0].update(name="New")), now=now).run_id
    assert first is not None
    assert second is not None

    with pytest.raises(ChangedByLater, match=f"Undo import {second} first"):
        undo(run_id=first, now=now)
    undo(run_id=second, now=now)
    undo(run_id=first, now=now)

    assert dump() == before


def test_imports_that_share_no_row_can_be_undone_in_any_order(app: Flask, now: datetime, tmp_path: Path):
    before = dump()

    def another_of_the_same_provider(records):
        records[:] = [*records, {**records[0], "id": "t-50"}]

    first = bring(GOOD, now=now).run_id
    second = bring(changed(GOOD, tmp_path, another_of_the_same_provider), now=now).run_id
    owner = listing("t-50").organisation_id
    assert owner == listing("t-1").organisation_id
    assert first is not None
    assert second is not None

    undo(run_id=first, now=now)
    assert db.session.execute(select(Organisation.id)).scalars().all() == [owner]
    undo(run_id=second, now=now)

    assert dump() == before


def test_what_somebody_changed_since_is_kept_and_said(app: Flask, now: datetime):
    make.calendar()
    run = bring(GOOD, now=now).run_id
    make.work()
    assert run is not None
    with transaction():
        db.session.execute(update(Activity).where(Activity.source_id == "t-1").values(bring="A towel"))

    outcome = undo(run_id=run, now=now)

    assert outcome.kept == ["Rye Lane Youth Club: somebody has changed it here since"]
    assert outcome.removed == 5
    assert listing("t-1").bring == "A towel"
    assert db.session.execute(select(func.count()).select_from(Activity)).scalar_one() == 1
    assert make.sessions_of(listing("t-1").id)


def test_a_later_hand_keeps_its_part_of_what_a_second_import_changed(app: Flask, now: datetime, tmp_path: Path):
    bring(GOOD, now=now)
    run = bring(changed(GOOD, tmp_path, lambda records: records[0].update(name="New Name", min_age=9)), now=now).run_id
    assert run is not None
    with transaction():
        db.session.execute(update(Activity).where(Activity.source_id == "t-1").values(title="Their Name"))

    outcome = undo(run_id=run, now=now)

    assert outcome.kept == ["t-1: somebody has changed it here since, and that part stays"]
    assert (listing("t-1").title, listing("t-1").age_min) == ("Their Name", 11)


@pytest.mark.parametrize("hand", ["booked", "called off", "date skipped", "time added"])
def test_a_listing_that_people_rely_on_is_kept(app: Flask, now: datetime, hand: str):
    make.calendar()
    run = bring(GOOD, now=now).run_id
    make.work()
    assert run is not None
    club = listing("t-1").id
    session = make.sessions_of(club)[-1]
    if hand == "booked":
        with transaction():
            db.session.execute(update(Session).where(Session.id == session.id).values(taken=1))
    elif hand == "called off":
        activities.cancel_session(session_id=session.id, reason="The hall is flooded", now=now)
    elif hand == "date skipped":
        activities.skip_date(schedule_id=session.schedule_id, on_date=session.occurs_on, now=now)
    else:
        with transaction():
            times = make.times()
            db.session.add(Schedule(activity_id=club, first_on=times.first_on, starts_minute=600, minutes=60))

    outcome = undo(run_id=run, now=now)

    assert len(outcome.kept) == 1
    assert outcome.removed == 5
    assert listing("t-1").id == club


def test_a_place_and_an_organisation_that_others_use_by_now_stay(app: Flask, now: datetime):
    run = bring(GOOD, now=now).run_id
    assert run is not None
    club = listing("t-1")
    theirs = make.activity(organisation_id=club.organisation_id, venue_id=club.venue_id, title="Sewing")

    outcome = undo(run_id=run, now=now)

    assert outcome.kept == ["Northfold Hall: the place stays, as something else happens there"]
    assert db.session.execute(select(Activity.id)).scalars().all() == [theirs]
    assert db.session.execute(select(Venue.id)).scalars().all() == [club.venue_id]
    db.session.rollback()
    assert bring(GOOD, now=now).report.sums()["new"] == 6


def test_after_undoing_the_same_file_comes_in_again(app: Flask, now: datetime):
    run = bring(GOOD, now=now).run_id
    assert run is not None
    first = dump()
    undo(run_id=run, now=now)

    bring(GOOD, now=now)

    again = dump()
    assert {name: len(rows) for name, rows in again.items()} == {name: len(rows) for name, rows in first.items()}


def test_an_undoing_waits_for_an_import_of_the_same_source(app: Flask, now: datetime):
    run = bring(GOOD, now=now).run_id
    assert run is not None
    with lock.held("family-information"), pytest.raises(AlreadyImporting):
        undo(run_id=run, now=now)


def test_an_undoing_cut_short_goes_on_where_it_was(app: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch):
    before = dump()
    run = bring(GOOD, now=now).run_id
    assert run is not None
    monkeypatch.setattr(undoing, "CHUNK", 2)
    done = []
    real = undoing._undo_some

    def cut_short(*args, **given):
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(1)
        return real(*args, **given)

    monkeypatch.setattr(undoing, "_undo_some", cut_short)
    with pytest.raises(KeyboardInterrupt):
        undo(run_id=run, now=now)
    monkeypatch.setattr(undoing, "_undo_some", real)
    undo(run_id=run, now=now)

    assert dump() == before


def test_an_older_import_waits_until_a_newer_one_is_undone_to_its_end(
    app: Flask, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    before = dump()
    first = bring(GOOD, now=now).run_id
    second = bring(changed(GOOD, tmp_path, everything_new), now=now).run_id
    assert first is not None
    assert second is not None
    monkeypatch.setattr(undoing, "CHUNK", 2)

    def stop(_rows: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        undo(run_id=second, now=now, progress=stop)
    with pytest.raises(ChangedByLater, match=f"Undo import {second} first"):
        undo(run_id=first, now=now)
    undo(run_id=second, now=now)
    undo(run_id=first, now=now)

    assert dump() == before


def test_an_undoing_tells_how_far_it_is(app: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch):
    run = bring(GOOD, now=now).run_id
    assert run is not None
    monkeypatch.setattr(undoing, "CHUNK", 4)
    told: list[tuple[int, int]] = []

    undo(run_id=run, now=now, progress=lambda rows, total: told.append((rows, total)))

    assert told == [(4, 6), (2, 6)]


KILLED = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from backend.core.settings import load
from backend.feeds import actions
from wsgi import create_app

app = create_app(load())
def slowly(found, total):
    for number, entry in enumerate(found):
        if number == 2500:
            print("half-way", flush=True)
            sys.stdin.read()
        yield entry

with app.app_context():
    path, now = Path(sys.argv[1]), datetime.now(UTC)
    actions.import_file(format_name="family-information", path=path, now=now, progress=slowly)
"""


def test_a_killed_import_is_unfinished_and_can_be_run_again_or_undone(app: Flask, now: datetime, tmp_path: Path):
    path = tmp_path / "big.json"
    synthetic(path, 3200)
    before = dump()
    for mend in ("undo", "again"):
        run = _kill_half_way(app, path)
        assert run.state == "unfinished"
        assert run.counts["new"] == 2000
        assert db.session.execute(select(func.count()).select_from(ImportRecord)).scalar_one() == 2000
        db.session.rollback()
        if mend == "undo":
            undo(run_id=run.id, now=now)
            assert dump() == before
        else:
            # As the killed process's clock is the real one, and the file's dates are of this year.
            outcome = bring(path, now=now)
            assert outcome.unfinished == [run.id]
            assert outcome.report.sums()["unchanged"] == 2000
            assert outcome.report.sums()["new"] == 1200


def _kill_half_way(app: Flask, path: Path) -> queries.Run:
    environ = {
        **os.environ, "MODE": "test", "DATA_DIR": str(app.config["SETTINGS"].data_dir), "WORKER": "separate",
        "DATABASE_URL": app.config["SETTINGS"].database_url,
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(path)], env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"half-way\n"
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)
    for _ in range(50):
        # PostgreSQL notices that its client has gone a moment later.
        try:
            with lock.held("family-information"):
                break
        except AlreadyImporting:
            time.sleep(0.1)
    return queries.runs()[0]


def test_after_a_year_how_to_undo_is_wiped(app: Flask, now: datetime):
    old = bring(GOOD, now=now).run_id
    young = bring(LIBRARIES, now=now + timedelta(days=30), layout="libraries").run_id
    assert old is not None

    jobs.forget(now=now + timedelta(days=366))

    assert set(db.session.execute(select(ImportChange.run_id)).scalars()) == {young}
    db.session.rollback()
    with pytest.raises(TooLongAgo):
        undo(run_id=old, now=now + timedelta(days=366))


def test_the_journal_of_an_undone_import_is_gone(app: Flask, now: datetime):
    run = bring(GOOD, now=now).run_id
    assert run is not None
    undo(run_id=run, now=now)

    assert db.session.execute(select(func.count()).select_from(ImportChange)).scalar_one() == 0
    assert queries.run(run).state == "undone"


def test_the_command_undoes_and_refuses_in_words(app: Flask):
    runner = app.test_cli_runner()
    runner.invoke(args=["import", "family-information", str(GOOD)])
    run = queries.runs()[0].id

    done = runner.invoke(args=["imports", "undo", str(run)])
    assert (done.exit_code, done.stdout) == (0, f"Import {run} is undone: 6 taken away, 0 put back.\n")
    twice = runner.invoke(args=["imports", "undo", str(run)])
    assert twice.exit_code == 1
    assert "undone already" in twice.output

"""Making sessions: only what changed is rewritten, and what people hold on to keeps its identity."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from backend.activities import actions, details, queries
from backend.activities.models import Activity, Schedule, Session
from backend.activities.queries import Ask
from backend.activities.vocabulary import AFTER_SCHOOL, CHECKED, HOLIDAY, Applies, Status
from backend.core import clock
from backend.core.db import db, reading, transaction
from tests import make


def schedule_of(activity_id: int) -> int:
    with reading() as connection:
        return connection.execute(select(Schedule.id).where(Schedule.activity_id == activity_id)).scalars().first()


def listed(now: datetime) -> list[int]:
    page = queries.sessions_near(Ask(from_=now, before=now + timedelta(days=84)), now=now, limit=100)
    return [item.id for item in page.items]


def test_sessions_are_made_twelve_weeks_ahead_and_no_further(app: Flask, now: datetime) -> None:
    made = make.activity()
    assert make.sessions_of(made) == []
    make.work()
    sessions = make.sessions_of(made)
    assert len(sessions) == 12
    assert sessions[-1].occurs_on == clock.today(now) + timedelta(weeks=11)


def test_working_again_writes_nothing(app: Flask, now: datetime) -> None:
    made = make.activity()
    make.work()
    before = {s.id: (s.starts_at, s.features) for s in make.sessions_of(made)}
    version = queries.version()
    from backend.activities import sessions

    with transaction():
        assert sessions.sync([made], now=now) == 0
    assert {s.id: (s.starts_at, s.features) for s in make.sessions_of(made)} == before
    assert queries.version() == version


def test_the_horizon_moves_on_with_the_days_and_old_sessions_stay_a_month(app: Flask, now: datetime) -> None:
    make.activity()
    make.work()
    with transaction():
        from backend.core import outbox

        outbox.later("activities.extend", now=now + timedelta(days=40))
    make.work(now=now + timedelta(days=40))
    with reading() as connection:
        days = list(connection.execute(select(Session.occurs_on).order_by(Session.occurs_on)).scalars())
    assert days[0] >= clock.today(now) + timedelta(days=10)
    assert days[-1] >= clock.today(now) + timedelta(days=40 + 77)


def test_a_new_time_moves_sessions_that_keep_their_ids(app: Flask, now: datetime) -> None:
    made = make.activity()
    make.work()
    ids = [s.id for s in make.sessions_of(made)]
    actions.change_times(schedule_id=schedule_of(made), times=make.times(starts_minute=18 * 60), now=now)
    make.work()
    sessions = make.sessions_of(made)
    assert [s.id for s in sessions] == ids
    assert clock.london(clock.from_epoch(sessions[0].starts_at)).hour == 18


def test_a_date_that_somebody_booked_outlives_its_rule_and_leaves_the_lists(app: Flask, now: datetime) -> None:
    made = make.activity()
    make.work()
    booked = make.sessions_of(made)[2].id
    with transaction():
        db.session.execute(update(Session).where(Session.id == booked).values(taken=1))
    actions.change_times(schedule_id=schedule_of(made), times=make.times(first_on=now.date() + timedelta(1)), now=now)
    make.work()
    sessions = {s.id: s for s in make.sessions_of(made)}
    assert sessions[booked].status == Status.WITHDRAWN
    assert booked not in listed(now)
    assert len(sessions) == 13


def test_a_called_off_session_stays_called_off_whatever_else_changes(app: Flask, now: datetime) -> None:
    made = make.activity()
    make.work()
    off = make.sessions_of(made)[1].id
    actions.cancel_session(session_id=off, reason="Temi's not well.", now=now)
    assert off not in listed(now)
    actions.change_offer(activity_id=made, offer=make.offer(title="Boxing for all"), now=now)
    make.work()
    assert off not in listed(now)
    shown = {s.id: s for s in details.activity(made, now=now)["sessions"]}
    assert shown[off].cancelled
    assert shown[off].reason == "Temi's not well."


def test_a_session_that_has_started_cannot_be_called_off(app: Flask, now: datetime) -> None:
    made = make.activity()
    make.work()
    with pytest.raises(actions.SessionOver):
        actions.cancel_session(session_id=make.sessions_of(made)[0].id, reason="", now=now + timedelta(hours=2))


def test_a_moved_date_is_the_same_session_at_another_time_and_place(app: Flask, now: datetime) -> None:
    made = make.activity()
    make.work()
    first = make.sessions_of(made)[0]
    elsewhere = make.venue(at=(5_152_000, -7_500), name="Other Hall")
    actions.move_date(
        schedule_id=schedule_of(made), on_date=first.occurs_on, to_date=first.occurs_on + timedelta(1),
        to_minute=19 * 60, to_venue_id=elsewhere, reason="The hall is a polling station.", now=now,
    )  # fmt: skip
    make.work()
    [moved] = [s for s in make.sessions_of(made) if s.id == first.id]
    assert moved.moved
    assert moved.venue_id == elsewhere
    assert clock.london(clock.from_epoch(moved.starts_at)).hour == 19
    near_there = Ask(from_=now, before=now + timedelta(days=3), cell=moved.cell, radius=500)
    assert [item.id for item in queries.sessions_near(near_there, now=now).items] == [first.id]


def test_a_skipped_date_goes_and_a_second_skip_of_it_is_no_error(app: Flask, now: datetime) -> None:
    made = make.activity()
    make.work()
    on_date = make.sessions_of(made)[1].occurs_on
    for _ in range(2):
        actions.skip_date(schedule_id=schedule_of(made), on_date=on_date, now=now)
    make.work()
    assert on_date not in [s.occurs_on for s in make.sessions_of(made)]
    assert len(make.sessions_of(made)) == 11


def test_straight_after_school_is_a_start_from_three_to_half_past_six_on_a_school_day(
    app: Flask, now: datetime
) -> None:
    make.calendar()
    when = [make.times(starts_minute=minute, minutes=30, rule="FREQ=DAILY") for minute in (899, 900, 1110, 1111)]
    made = make.activity(when=when)
    make.work()
    marked = {
        (clock.london(clock.from_epoch(s.starts_at)).strftime("%a %d %b %H:%M"))
        for s in make.sessions_of(made)
        if s.features & AFTER_SCHOOL and s.occurs_on < date(2026, 12, 24)
    }
    assert {text[-5:] for text in marked} == {"15:00", "18:30"}
    assert not {text[:3] for text in marked} & {"Sat", "Sun"}
    assert max(text for text in marked if "Dec" in text).startswith("Wed 16 Dec")
    assert "Fri 18 Dec 15:00" in marked
    assert "Mon 21 Dec 15:00" not in marked


def test_other_terms_make_other_sessions(app: Flask, now: datetime) -> None:
    make.calendar()
    made = make.activity(when=make.times(rule="FREQ=DAILY", applies=Applies.TERM_TIME))
    make.work()
    assert make.sessions_of(made)[-1].occurs_on == date(2027, 2, 12)
    kept = make.sessions_of(made)[0].id
    actions.set_terms(borough=make.SOUTHWARK, terms=[("Autumn", date(2026, 9, 1), date(2026, 12, 11))], now=now)
    make.work()
    sessions = make.sessions_of(made)
    assert sessions[-1].occurs_on == date(2026, 12, 11)
    assert sessions[0].id == kept


def test_terms_that_overlap_are_refused_whole(app: Flask, now: datetime) -> None:
    make.calendar()
    with pytest.raises(actions.TermsOverlap):
        actions.set_terms(
            borough=None,
            terms=[("A", date(2026, 9, 1), date(2026, 12, 18)), ("B", date(2026, 12, 18), date(2027, 3, 1))],
            now=now,
        )
    assert details.school_calendar().in_term(date(2026, 11, 24), None)


def test_a_session_in_the_holidays_carries_the_holiday_mark(app: Flask, now: datetime) -> None:
    make.calendar()
    made = make.activity(when=make.times(rule="FREQ=DAILY"))
    make.work()
    marked = [s.occurs_on for s in make.sessions_of(made) if s.features & HOLIDAY]
    assert marked[0] == date(2026, 12, 19)
    assert date(2027, 1, 3) in marked
    assert date(2027, 1, 4) not in marked


def test_an_expired_check_hides_a_group_by_itself_without_any_job(app: Flask, now: datetime) -> None:
    expires = clock.today(now) + timedelta(days=8)
    made = make.activity(organisation_id=make.organisation(expires_on=expires))
    make.work()
    assert len(listed(now)) > 0
    assert all(s.features & CHECKED for s in make.sessions_of(made))
    the_day_after = clock.midnight(expires + timedelta(1))
    assert listed(the_day_after - timedelta(seconds=1)) != []
    assert listed(the_day_after) == []


def test_a_group_with_five_of_six_checks_is_not_shown(app: Flask, now: datetime) -> None:
    from backend.organisations.models import Check

    group = make.organisation()
    with transaction():
        db.session.delete(db.session.execute(select(Check).where(Check.organisation_id == group)).scalars().first())
    make.activity(organisation_id=group)
    make.work()
    assert listed(now) == []


def test_an_activitys_cell_says_when_its_sessions_are_spread(app: Flask, now: datetime) -> None:
    made = make.activity()
    make.work()
    with reading() as connection:
        [home] = connection.execute(select(Activity.cell)).scalars()
    first = make.sessions_of(made)[0]
    assert home == first.cell
    far = make.venue(at=(5_155_000, -20_000))
    actions.move_date(schedule_id=schedule_of(made), on_date=first.occurs_on, to_date=first.occurs_on,
                      to_venue_id=far, now=now)  # fmt: skip
    make.work()
    with reading() as connection:
        assert list(connection.execute(select(Activity.cell)).scalars()) == [-1]

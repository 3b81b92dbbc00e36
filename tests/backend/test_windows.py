"""What "tonight", "this weekend" and "this holiday" mean, by London's clocks and schools."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from backend.activities import actions, windows
from backend.activities.windows import When, Window
from backend.core import clock
from tests import make

TUESDAY = datetime(2026, 11, 24, 15, 40, tzinfo=UTC)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def days(window: Window) -> tuple[date, date]:
    """The first and the last London day of a window."""
    return clock.today(window.from_), clock.today(window.before - timedelta(seconds=1))


@pytest.mark.parametrize(
    ("now", "first", "last"),
    [
        (TUESDAY, date(2026, 11, 28), date(2026, 11, 29)),
        (TUESDAY + timedelta(days=3), date(2026, 11, 28), date(2026, 11, 29)),
        (TUESDAY + timedelta(days=4), date(2026, 11, 28), date(2026, 11, 29)),
        (TUESDAY + timedelta(days=5), date(2026, 11, 29), date(2026, 11, 29)),
        (TUESDAY + timedelta(days=6), date(2026, 12, 5), date(2026, 12, 6)),
    ],
)
def test_the_weekend_is_the_next_one_or_what_is_left_of_this_one(now: datetime, first: date, last: date) -> None:
    assert days(windows.of(When.WEEKEND, now=now)) == (first, last)


def test_tonight_begins_at_five_and_ends_with_the_day() -> None:
    window = windows.of(When.TONIGHT, now=TUESDAY)
    assert window.from_ == datetime(2026, 11, 24, 17, tzinfo=UTC)
    assert window.before == datetime(2026, 11, 25, tzinfo=UTC)


def test_days_are_londons_also_when_the_clocks_change() -> None:
    # On 28 March 2027 the day has 23 hours, on 31 October 2027 it has 25.
    spring = windows.on(date(2027, 3, 28))
    autumn = windows.on(date(2027, 10, 31))
    assert spring.before - spring.from_ == timedelta(hours=23)
    assert autumn.before - autumn.from_ == timedelta(hours=25)
    # Half past midnight in summer is still yesterday in UTC.
    assert days(windows.of(When.TODAY, now=datetime(2027, 6, 30, 23, 30, tzinfo=UTC))) == (date(2027, 7, 1),) * 2


def test_after_school_is_the_next_seven_days_or_the_one_that_is_named() -> None:
    week = windows.of(When.AFTER_SCHOOL, now=TUESDAY)
    one = windows.of(When.AFTER_SCHOOL, now=TUESDAY, day=date(2026, 11, 26))
    assert days(week) == (date(2026, 11, 24), date(2026, 11, 30))
    assert days(one) == (date(2026, 11, 26), date(2026, 11, 26))
    assert week.after_school
    assert one.after_school


def test_the_holiday_is_the_next_one_or_what_is_left_of_this_one(app: Flask) -> None:
    make.calendar()
    assert days(windows.of(When.HOLIDAY, now=TUESDAY)) == (date(2026, 12, 19), date(2027, 1, 3))
    within = datetime(2026, 12, 28, 12, tzinfo=UTC)
    assert days(windows.of(When.HOLIDAY, now=within)) == (date(2026, 12, 28), date(2027, 1, 3))


def test_a_borough_with_terms_of_its_own_has_holidays_of_its_own(app: Flask) -> None:
    make.calendar()
    terms = [("Autumn", date(2026, 9, 1), date(2026, 12, 11)), ("Spring", date(2027, 1, 11), date(2027, 3, 25))]
    actions.set_terms(borough=make.SOUTHWARK, terms=terms, now=TUESDAY)
    from backend.activities import catalogue

    catalogue.forget()
    own = windows.of(When.HOLIDAY, now=TUESDAY, borough=make.SOUTHWARK)
    assert days(own) == (date(2026, 12, 12), date(2027, 1, 10))


def test_without_any_terms_the_holiday_holds_only_sessions_that_are_marked(app: Flask) -> None:
    assert windows.of(When.HOLIDAY, now=TUESDAY).holiday


@given(moments, st.sampled_from([when for when in When if when is not When.HOLIDAY]))
def test_every_window_is_a_stretch_of_time_that_is_not_over(now: datetime, when: When) -> None:
    window = windows.of(when, now=now)
    assert window.from_ < window.before <= now + timedelta(days=8)
    assert window.before > now

"""From rules to dated times: London's clock, its clock changes, school terms and bank holidays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.activities.calendar import LONDON_TERMS, SchoolCalendar, Stretch, bank_holidays_of
from backend.activities.recurrence import BadRule, Change, Occurrence, Pattern, check_rule, occurrences
from backend.activities.vocabulary import Applies
from backend.core import clock

CALENDAR = SchoolCalendar(
    {None: tuple(Stretch(first, last) for _, first, last in LONDON_TERMS)},
    frozenset(day for year in (2026, 2027) for day in bank_holidays_of(year)),
)


def expand(pattern: Pattern, start: date, stop: date, changes: dict[date, Change] | None = None) -> list[Occurrence]:
    return list(occurrences(pattern, changes or {}, calendar=CALENDAR, borough=None, start=start, stop=stop))


def weekly(day: date, **given_: object) -> Pattern:
    values = {"last_on": None, "starts_minute": 17 * 60, "minutes": 90, "rule": "FREQ=WEEKLY"} | given_
    return Pattern(first_on=day, **values)


@pytest.mark.parametrize("change", [date(2026, 10, 25), date(2027, 3, 28)])
def test_five_oclock_stays_five_oclock_across_both_clock_changes(change: date) -> None:
    found = expand(weekly(change - timedelta(21)), change - timedelta(21), change + timedelta(21))
    assert len(found) == 6
    assert {clock.london(o.starts_at).strftime("%H:%M") for o in found} == {"17:00"}
    assert {clock.london(o.ends_at).strftime("%H:%M") for o in found} == {"18:30"}
    assert len({o.starts_at.hour for o in found}) == 2


def test_a_night_that_crosses_the_spring_change_ends_at_the_hour_it_says() -> None:
    night = Pattern(date(2027, 3, 27), None, 22 * 60, 8 * 60, None)
    [found] = expand(night, date(2027, 3, 27), date(2027, 3, 28))
    assert clock.london(found.ends_at).strftime("%d %H:%M") == "28 06:00"
    assert found.ends_at - found.starts_at == timedelta(hours=7)


def test_a_term_time_club_stops_for_half_term_and_bank_holidays() -> None:
    days = [
        o.occurs_on
        for o in expand(weekly(date(2027, 5, 3), applies=Applies.TERM_TIME), date(2027, 4, 26), date(2027, 6, 15))
    ]
    # 3 May is the early May bank holiday, and the week of 31 May is half-term.
    assert days == [date(2027, 5, 10), date(2027, 5, 17), date(2027, 5, 24), date(2027, 6, 7), date(2027, 6, 14)]


def test_a_holiday_scheme_runs_only_in_the_holidays() -> None:
    pattern = weekly(date(2027, 2, 1), rule="FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", applies=Applies.HOLIDAYS)
    days = [o.occurs_on for o in expand(pattern, date(2027, 2, 1), date(2027, 3, 1))]
    assert days == [date(2027, 2, 15) + timedelta(n) for n in range(5)]


def test_an_all_year_drop_in_can_stay_open_on_bank_holidays() -> None:
    christmas = weekly(date(2026, 12, 18), on_bank_holidays=True)
    assert date(2026, 12, 25) in [o.occurs_on for o in expand(christmas, date(2026, 12, 20), date(2026, 12, 31))]
    closed = weekly(date(2026, 12, 18))
    assert date(2026, 12, 25) not in [o.occurs_on for o in expand(closed, date(2026, 12, 20), date(2026, 12, 31))]


def test_a_skipped_date_is_left_out_and_a_moved_one_keeps_its_name() -> None:
    first = date(2026, 11, 24)
    changes = {
        first + timedelta(7): Change(to_date=None),
        first + timedelta(14): Change(to_date=first + timedelta(15), to_minute=18 * 60),
    }
    found = expand(weekly(first), first, first + timedelta(28), changes)
    assert [o.occurs_on for o in found] == [first, first + timedelta(14), first + timedelta(21)]
    assert found[1].moved
    assert clock.london(found[1].starts_at).strftime("%d %H:%M") == "09 18:00"


def test_a_date_moved_out_of_the_past_into_the_window_is_found() -> None:
    first = date(2026, 11, 17)
    found = expand(
        weekly(first), first + timedelta(1), first + timedelta(7), {first: Change(to_date=first + timedelta(3))}
    )
    assert [(o.occurs_on, clock.london(o.starts_at).date()) for o in found] == [(first, first + timedelta(3))]


def test_a_change_on_a_date_that_the_rule_does_not_give_changes_nothing() -> None:
    first = date(2026, 11, 24)
    odd = {first + timedelta(1): Change(to_date=first + timedelta(2))}
    assert expand(weekly(first), first, first + timedelta(7), odd) == expand(weekly(first), first, first + timedelta(7))


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=WEEKLY;BYSECOND=1",
        "FREQ=HOURLY",
        "nonsense",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=WEEKLY;UNTIL=2027",
        "",
        "FREQ=WEEKLY;INTERVAL=0",
        "FREQ=WEEKLY;BYDAY=" + "MO," * 100,
    ],
)
def test_a_rule_we_cannot_follow_is_refused(rule: str) -> None:
    with pytest.raises(BadRule):
        check_rule(rule, date(2026, 11, 24))


@given(
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    st.integers(0, 1439),
    st.integers(1, 1440),
    st.sampled_from(
        [
            "FREQ=DAILY",
            "FREQ=WEEKLY",
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SA",
            "FREQ=DAILY;INTERVAL=3",
            "FREQ=DAILY;COUNT=20",
            "FREQ=MONTHLY;BYDAY=-1FR",
            None,
        ]
    ),
    st.integers(0, 60),
)
def test_every_occurrence_starts_at_its_wall_clock_time_ends_after_it_and_windows_add_up(
    first: date, minute: int, minutes: int, rule: str | None, split: int
) -> None:
    pattern = Pattern(first, None, minute, minutes, rule, on_bank_holidays=True)
    stop = first + timedelta(60)
    whole = expand(pattern, first, stop)
    later = first + timedelta(split)
    # A rule read from long after its first date gives what it gives when counted from the start.
    assert expand(pattern, later, stop) == [o for o in whole if o.occurs_on >= later]
    assert whole == expand(pattern, first, first + timedelta(split)) + expand(pattern, first + timedelta(split), stop)
    for occurrence in whole:
        assert occurrence.ends_at > occurrence.starts_at
        local = clock.london(occurrence.starts_at)
        skipped = minute in range(60, 120) and local.date().month == 3  # The hour that spring leaves out.
        assert skipped or local.hour * 60 + local.minute == minute


def test_bank_holidays_move_off_weekends() -> None:
    # The list that the government publishes for England and Wales, and the weekend days that it moves away from.
    assert list(bank_holidays_of(2026)) == [
        date(2026, 1, 1), date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 4), date(2026, 5, 25), date(2026, 8, 31),
        date(2026, 12, 25), date(2026, 12, 26), date(2026, 12, 28),
    ]  # fmt: skip
    assert list(bank_holidays_of(2027)) == [
        date(2027, 1, 1), date(2027, 3, 26), date(2027, 3, 29), date(2027, 5, 3), date(2027, 5, 31), date(2027, 8, 30),
        date(2027, 12, 25), date(2027, 12, 26), date(2027, 12, 27), date(2027, 12, 28),
    ]  # fmt: skip


def test_the_next_holiday_after_november_is_christmas_and_includes_its_weekends() -> None:
    found = CALENDAR.next_holiday(date(2026, 11, 24), None)
    assert found == Stretch(date(2026, 12, 19), date(2027, 1, 3))
    assert CALENDAR.next_holiday(date(2026, 12, 25), None) == found


def test_a_day_that_no_list_of_terms_covers_is_neither_term_nor_holiday() -> None:
    far = date(2031, 11, 4)
    assert not CALENDAR.in_term(far, None)
    assert not CALENDAR.in_holidays(far, None)
    assert not SchoolCalendar().in_holidays(far, None)


def test_a_borough_with_terms_of_its_own_does_not_follow_londons() -> None:
    own = SchoolCalendar(CALENDAR.terms | {"E09000028": (Stretch(date(2026, 9, 1), date(2026, 12, 22)),)})
    assert own.in_term(date(2026, 12, 21), "E09000028")
    assert not own.in_term(date(2026, 12, 21), "E09000025")

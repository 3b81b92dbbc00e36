"""How things are said."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core import clock
from mobile_app import view

TUESDAY = date(2026, 11, 24)


def at(hour: int, minute: int = 0, day: int = 24, month: int = 11) -> datetime:
    """A moment by the London clock."""
    return datetime(2026, month, day, hour, minute, tzinfo=clock.LONDON).astimezone(UTC)


@pytest.mark.parametrize(
    ("starts", "ends", "said"),
    [
        (at(17), at(19), "5–7pm"),
        (at(17, 30), at(19), "5:30–7pm"),
        (at(11), at(13), "11am–1pm"),
        (at(12), at(14), "12–2pm"),
        (at(9, 15), at(11, 45), "9:15–11:45am"),
        (at(22), at(1, day=25), "10pm–1am"),
        (at(0), at(6), "12–6am"),
        (at(17), None, "5pm"),
        # A whole day round, or the two halves would read as one short hour.
        (at(10), at(11, day=25), "10am–11am"),
        # In summer the clock on the wall is an hour ahead of UTC.
        (at(17, month=7), at(18, month=7), "5–6pm"),
    ],
)
def test_hours_read_as_people_say_them(starts, ends, said):
    assert view.hours(starts, ends) == said


def test_soon_means_under_an_hour_and_on_now_means_it_has_not_ended():
    now = at(16)
    assert view.nearness(at(16, 59), at(18), now) == "Starts soon"
    assert view.nearness(at(17), at(18), now) == ""
    assert view.nearness(at(15), at(17), now) == "On now"
    assert view.nearness(at(16), at(17), now) == "On now"
    assert view.nearness(at(14), at(16), now) == ""
    assert view.nearness(at(15), None, now) == ""


def test_days_are_named_and_never_tomorrow():
    assert view.day(TUESDAY, TUESDAY) == "Today"
    assert view.day(TUESDAY + timedelta(1), TUESDAY) == "Wed 25"
    assert view.day_long(date(2026, 12, 4), TUESDAY) == "Fri 4 Dec"
    assert view.day_long(date(2027, 1, 1), TUESDAY) == "Fri 1 Jan 2027"
    assert view.on_day(TUESDAY, TUESDAY) == "today"
    assert view.on_day(date(2026, 11, 30), TUESDAY) == "on Monday"
    # A week on is the same weekday as today, so its date is said.
    assert view.on_day(date(2026, 12, 1), TUESDAY) == "on Tue 1 Dec"


@pytest.mark.parametrize(
    ("metres", "said"),
    [
        (0, "1\u00a0min\u00a0walk"),
        (80, "1\u00a0min\u00a0walk"),
        (81, "2\u00a0min\u00a0walk"),
        (2400, "30\u00a0min\u00a0walk"),
        (2401, "bus, about 20 min"),
        (4800, "bus, about 35 min"),
        (None, ""),
    ],
)
def test_distance_is_minutes_and_never_miles(metres, said):
    assert view.away(metres) == said


@given(st.integers(0, 20_000), st.integers(0, 20_000))
def test_further_never_reads_as_nearer_by_the_same_means(one, other):
    near, far = sorted((one, other))
    first, last = (int("".join(filter(str.isdigit, view.away(metres)))) for metres in (near, far))
    same = view.away(near).startswith("bus") == view.away(far).startswith("bus")
    assert first <= last or not same


@pytest.mark.parametrize(
    ("kind", "low", "high", "said"),
    [
        ("free", 0, 0, "Free"),
        ("fixed", 200, 200, "£2"),
        ("fixed", 250, 250, "£2.50"),
        ("fixed", 50, 50, "50p"),
        ("range", 100, 300, "£1–£3"),
        ("range", 0, 300, "£0–£3"),
        ("donation", 0, 0, "Pay what you can"),
        ("unknown", 0, 0, "Ask about cost"),
        # A price of nothing that nobody called free is not free.
        ("fixed", 0, 0, "Ask about cost"),
    ],
)
def test_cost_is_said_in_a_word_or_two(kind, low, high, said):
    assert view.cost(kind, low, high) == said


@pytest.mark.parametrize(
    ("youngest", "oldest", "said"),
    [
        (11, 16, "11–16"),
        (0, 120, "All ages"),
        (None, None, "All ages"),
        (16, 120, "16 and over"),
        (0, 4, "Up to 4"),
        (13, 13, "Age 13"),
    ],
)
def test_ages_are_said_in_years(youngest, oldest, said):
    assert view.ages(youngest, oldest) == said


def test_tags_come_in_the_order_cost_ages_how_to_join():
    assert [tag.words for tag in view.tags(("free", 0, 0), (11, 16), "book")] == ["Free", "11–16", "Book a place"]
    assert [tag.tint for tag in view.tags(("free", 0, 0), (11, 16), "book")] == ["free", "", ""]
    assert [tag.words for tag in view.tags(("unknown", 0, 0), (0, 120))] == ["Ask about cost", "All ages"]


def test_a_count_stops_where_counting_stopped():
    assert [view.things(number, most=1000) for number in (0, 1, 999, 1000)] == [
        "0 things",
        "1 thing",
        "999 things",
        "1,000+ things",
    ]


def test_every_category_and_feature_of_the_backend_has_words():
    from backend.activities import vocabulary

    assert list(view.KINDS) == [category.value for category in vocabulary.Category]
    assert {kind.slug: kind.name for kind in view.KINDS.values()} == vocabulary.CATEGORY_LABELS
    assert set(view.JOINS) == set(vocabulary.JOIN)
    assert set(view.ACCESS) == set(vocabulary.ACCESS)
    assert set(view.TAGS) == set(vocabulary.TAGS)

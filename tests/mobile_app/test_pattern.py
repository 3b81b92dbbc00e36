"""Schedules in plain words, and the ways to reach a group."""

from __future__ import annotations

from datetime import date

import pytest

from backend.activities.vocabulary import Applies
from mobile_app import contact
from mobile_app.pattern import all_over, patterns

TODAY = date(2026, 11, 24)
TUESDAY = date(2026, 11, 3)


def schedule(rule: str | None = "FREQ=WEEKLY", **given) -> dict:
    return {
        "first_on": TUESDAY, "last_on": None, "starts_minute": 17 * 60, "minutes": 90, "rule": rule,
        "applies": Applies.ALWAYS,
    } | given  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("FREQ=WEEKLY", "Every Tuesday, 5–6:30pm"),
        ("FREQ=WEEKLY;BYDAY=TH,TU", "Every Tuesday and Thursday, 5–6:30pm"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "Every weekday, 5–6:30pm"),
        ("FREQ=DAILY", "Every day, 5–6:30pm"),
        ("FREQ=DAILY;INTERVAL=2", "Every other day, 5–6:30pm"),
        ("FREQ=WEEKLY;INTERVAL=2", "Every other Tuesday, 5–6:30pm"),
        ("FREQ=WEEKLY;INTERVAL=3;BYDAY=SU", "Every 3 weeks, on Sunday, 5–6:30pm"),
        ("FREQ=MONTHLY;BYDAY=1SA", "The first Saturday of the month, 5–6:30pm"),
        ("FREQ=MONTHLY;BYDAY=SA;BYSETPOS=-1", "The last Saturday of the month, 5–6:30pm"),
        ("FREQ=MONTHLY;INTERVAL=2;BYDAY=2WE", "The second Wednesday of every other month, 5–6:30pm"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,22", "The 1st and 22nd of the month, 5–6:30pm"),
    ],
)
def test_a_rule_is_said_as_people_say_it(rule, said):
    assert patterns([schedule(rule)], TODAY) == [said]


@pytest.mark.parametrize("rule", ["FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=YEARLY", "FREQ=WEEKLY;BYDAY=TU;BYMONTH=6"])
def test_a_rule_that_the_words_cannot_say_is_left_to_the_dates(rule):
    assert patterns([schedule(rule)], TODAY) == []


def test_terms_first_and_last_days_are_said_and_a_single_date_is_named():
    term = schedule(applies=Applies.TERM_TIME, first_on=date(2026, 12, 1), last_on=date(2027, 3, 2))

    assert patterns([term], TODAY) == ["Every Tuesday in term time, 5–6:30pm, from 1 December, until 2 March 2027"]
    assert patterns([schedule(None, first_on=date(2026, 12, 5))], TODAY) == ["Saturday 5 December, 5–6:30pm"]


def test_weekly_ones_that_differ_only_by_their_day_share_a_line_and_others_do_not():
    thursday = schedule(first_on=date(2026, 11, 5))
    late = schedule(first_on=date(2026, 11, 6), starts_minute=19 * 60)

    said = patterns([thursday, schedule(), late], TODAY)

    assert said == ["Every Tuesday and Thursday, 5–6:30pm", "Every Friday, 7–8:30pm"]


def test_what_is_over_is_not_said():
    over = schedule(last_on=date(2026, 11, 17))

    assert patterns([over], TODAY) == []
    assert all_over([over], TODAY)
    assert not all_over([over, schedule()], TODAY)
    assert not all_over([], TODAY)


@pytest.mark.parametrize(
    ("telephone", "number"),
    [
        ("020 7946 0123", "tel:02079460123"),
        ("+44 (0)20 7946 0123", "tel:+442079460123"),
        ("(020) 7946-0123 ext 45", "tel:02079460123"),
        ("Ring Ade on 07700 900123", "tel:07700900123"),
        ("none", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_a_number_is_dialled_without_what_people_write_around_it(telephone, number):
    assert contact.dial(telephone) == number


@pytest.mark.parametrize(
    ("website", "address"),
    [
        ("bassline.org/nights", "https://bassline.org/nights"),
        ("http://www.bassline.org", "http://www.bassline.org"),
        ("javascript:alert(1)", ""),
        ("JAVASCRIPT://x.org/%0aalert(1)", ""),
        ("data:text/html,x", ""),
        ("http://[::1", ""),
        ("see our page", ""),
        (None, ""),
    ],
)
def test_only_plain_web_addresses_are_links(website, address):
    assert contact.site(website) == address

"""The demo: enough of it, everywhere, on every day, in plain words, and never twice."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from backend.activities import calendar as school
from backend.activities.actions import Times
from backend.activities.calendar import SchoolCalendar, Stretch
from backend.activities.models import Activity, ScheduleChange, Session, Term
from backend.activities.recurrence import Pattern, check_rule, occurrences
from backend.activities.vocabulary import Applies, Category, Cost, Status
from backend.core.db import db
from backend.demo import actions, content, timetable
from backend.demo.plan import Plan, PlannedActivity, PlannedGroup
from backend.geo import queries as geo
from backend.geo.grid import distance, squared
from backend.geo.places import gazetteer
from backend.organisations import queries as organisations
from backend.organisations.models import Check, Organisation
from tests.conftest import NOW

TODAY = NOW.date()
CALENDAR = SchoolCalendar(
    {None: tuple(Stretch(first, last) for _, first, last in school.LONDON_TERMS)},
    frozenset(day for year in (2026, 2027) for day in school.bank_holidays_of(year)),
)


@cache
def plan_of(day: date) -> Plan:
    return Plan(today=day)


def everything(day: date = TODAY) -> Iterator[tuple[PlannedGroup, PlannedActivity]]:
    return ((group, activity) for group in plan_of(day).groups for activity in group.activities)


def dates_of(times: Times, borough: str, day: date, count: int) -> list[date]:
    pattern = Pattern(
        times.first_on,
        times.last_on,
        times.starts_minute,
        times.minutes,
        times.rule,
        times.applies,
        times.on_bank_holidays,
    )
    found = occurrences(pattern, {}, calendar=CALENDAR, borough=borough, start=day, stop=day + timedelta(count))
    return [occurrence.occurs_on for occurrence in found]


def test_there_are_groups_in_every_borough_and_enough_to_do():
    plan = plan_of(TODAY)
    boroughs = Counter(group.borough for group in plan.groups)

    assert len(plan.groups) >= 120
    assert sum(len(group.activities) for group in plan.groups) >= 600
    assert len(boroughs) == 33
    assert min(boroughs.values()) >= 3


def test_there_are_many_ideas_and_few_repeats():
    told = Counter(activity.offer.title for _, activity in everything())

    assert len(content.by_title()) >= 150
    assert len(told) >= 500
    assert max(told.values()) <= 4


def test_no_group_has_two_activities_of_one_title():
    for group in plan_of(TODAY).groups:
        titles = [activity.offer.title for activity in group.activities]
        assert len(titles) == len(set(titles)), group.name


def test_every_venue_lies_in_its_borough_at_a_postcode_that_leads_back_to_it():
    for venue in plan_of(TODAY).venues.values():
        found = geo.borough_at(venue.point.lat, venue.point.lng)
        place = geo.find(venue.point.postcode)
        assert found == (venue.point.borough, venue.point.ward), venue.name
        assert place.borough == venue.point.borough, venue.name
        assert distance(venue.point.lat, venue.point.lng, place.lat, place.lng) <= squared(400), venue.name


def test_some_venues_are_shared_by_several_groups():
    users = defaultdict(set)
    for group, activity in everything():
        users[activity.venue].add(group.key)
    assert sum(len(groups) > 1 for groups in users.values()) >= 20


def test_all_categories_are_there_in_fair_shares():
    shares = Counter(activity.offer.category for _, activity in everything())
    total = sum(shares.values())
    assert set(shares) == set(Category)
    assert min(shares.values()) / total > 0.05
    assert max(shares, key=lambda kind: shares[kind]) is Category.SPORT


def test_most_is_free_and_the_rest_costs_up_to_five_pounds():
    costs = Counter(activity.offer.cost for _, activity in everything())
    assert 0.65 < costs[Cost.FREE] / sum(costs.values()) < 0.8
    assert {Cost.FIXED, Cost.RANGE, Cost.DONATION} <= set(costs)
    assert all(activity.offer.cost_max <= 500 for _, activity in everything())


def test_nothing_that_costs_money_says_it_is_free():
    for _, activity in everything():
        if activity.offer.cost in {Cost.FIXED, Cost.RANGE}:
            assert not re.search(r"\bfree\b(?! if)", activity.offer.about, re.IGNORECASE), activity.key


def test_only_numbers_kept_for_drama_are_rung():
    numbers = [group.telephone for group in plan_of(TODAY).groups]
    assert all(re.fullmatch(r"020 7946 0\d{3}", number) for number in numbers)
    assert len(set(numbers)) == len(numbers)
    everywhere = " ".join(path.read_text(encoding="utf-8") for path in content.FOLDER.glob("*.toml"))
    assert not re.search(r"\d{5,}|\d{3} \d{4}", everywhere.replace("51.", "").replace("-0.0", ""))


def test_times_are_rules_that_can_be_followed_and_hours_that_suit_the_age():
    for group, activity in everything():
        oldest = activity.offer.age_max
        for times in activity.times:
            check_rule(times.rule, times.first_on)
            ends = times.starts_minute + times.minutes
            assert ends <= 22 * 60 or times.minutes > 900, activity.key
            assert oldest > 13 or ends <= 20 * 60 or times.minutes > 900, activity.key
            assert times.starts_minute >= 7 * 60, (group.key, activity.key)


def test_nobody_of_school_age_is_asked_to_come_in_school_hours():
    for group, activity in everything():
        offer = activity.offer
        of_school_age = offer.age_max < 16 and offer.age_min > 4
        # One idea is for those who are out of school just now, and says so.
        if not of_school_age or "out of school" in f"{offer.title} {offer.about}".lower() or "ring" in offer.features:
            continue
        for times in activity.times:
            if times.applies != Applies.HOLIDAYS and 9 * 60 <= times.starts_minute < 15 * 60:
                days = dates_of(times, group.borough, TODAY, 84)
                assert all(day.weekday() > 4 for day in days), activity.key


def test_a_title_that_names_a_day_is_on_that_day():
    names = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    for group, activity in everything():
        for number, name in enumerate(names):
            if name in activity.offer.title.lower():
                days = {day.weekday() for times in activity.times for day in dates_of(times, group.borough, TODAY, 84)}
                assert days == {number}, activity.key


def test_straight_after_school_is_the_fullest_part_of_a_school_day():
    starts = Counter(
        times.starts_minute // 60
        for group, activity in everything()
        for times in activity.times
        for day in dates_of(times, group.borough, TODAY, 7)
        if day.weekday() < 5
    )
    after_school = sum(starts[hour] for hour in (15, 16, 17, 18))
    assert after_school / sum(starts.values()) > 0.6
    assert sum(count for hour, count in starts.items() if hour >= 18) > 50


@pytest.mark.parametrize("day", [TODAY, date(2026, 12, 20), date(2027, 3, 24), date(2027, 8, 1)])
def test_every_day_has_something_free_near_many_places(day: date):
    near = defaultdict(list)
    plan = plan_of(day)
    for group, activity in everything(day):
        if activity.offer.cost == Cost.FREE:
            for times in activity.times:
                for date_ in dates_of(times, group.borough, day, 14):
                    near[date_].append(plan.venues[activity.venue].point)
    for offset in range(14):
        points = set(near[day + timedelta(offset)])
        places = [
            entry.name
            for entry in gazetteer().places
            if any(distance(entry.lat, entry.lng, at.lat, at.lng) <= squared(2_400) for at in points)
        ]
        assert len(places) >= 25, (day + timedelta(offset), len(places))


@pytest.mark.parametrize("weekday", range(7))
def test_the_screens_of_peckham_are_there_on_the_evening_of_any_day(weekday: int):
    day = TODAY + timedelta(weekday)
    tonight = {
        activity.offer.title
        for group, activity in everything(day)
        for times in activity.times
        if times.starts_minute >= 17 * 60 and day in dates_of(times, group.borough, day, 1)
    }
    assert {
        "Open-mic and beats", "Boxing for beginners", "Second Supper: cook, eat, chat", "Build your first game",
        "Bike fix-up and evening ride",
    } <= tonight  # fmt: skip


def test_the_same_day_gives_the_same_demo():
    first, second = Plan(today=TODAY), Plan(today=TODAY)
    assert first.groups == second.groups
    assert first.venues == second.venues


def test_what_a_group_runs_and_where_does_not_hang_on_the_day():
    one, other = plan_of(TODAY), plan_of(TODAY + timedelta(3))
    assert one.venues == other.venues
    assert [group.key for group in one.groups] == [group.key for group in other.groups]
    assert [[run.key for run in group.activities] for group in one.groups] == [
        [run.key for run in group.activities] for group in other.groups
    ]


def test_a_pattern_begins_on_one_of_its_own_days():
    for _, activity in everything():
        for times in activity.times:
            if times.rule and times.rule.startswith("FREQ=WEEKLY"):
                assert timetable.DAYS[times.first_on.weekday()] in times.rule, activity.key


def _counts() -> dict[str, Any]:
    tables = ("organisation", "organisation_check", "venue", "activity", "schedule", "schedule_change", "session")
    counts = {name: db.session.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in tables}
    counts["sums"] = db.session.execute(select(func.sum(Session.starts_at), func.sum(Session.listed_until))).one()
    db.session.rollback()
    return counts


def test_loading_makes_everything_and_loading_again_changes_nothing(app: Flask, now: datetime):
    first = actions.load(now=now)
    made = _counts()
    second = actions.load(now=now + timedelta(hours=1))

    assert first.fresh
    assert first.groups >= 120
    assert first.activities >= 600
    assert not second.fresh
    assert (second.groups, second.activities) == (first.groups, first.activities)
    assert _counts() == made
    assert made["session"] > 8_000

    _check_trust(now)
    _check_dates(now)


def _check_trust(now: datetime) -> None:
    """Every group has its six checks in date, a few of them not for long; every listing was confirmed of late."""
    ids = list(db.session.execute(select(Organisation.id).where(Organisation.source == "demo")).scalars())
    listed = organisations.listed_until(ids)
    assert all(until > now.timestamp() and checked for until, checked in listed.values())
    soon = now.date() + timedelta(30)
    assert 2 <= db.session.scalar(select(func.count()).where(Check.expires_on <= soon)) <= 3
    assert db.session.scalar(select(func.max(Check.passed_on))) <= now.date()
    oldest, newest = db.session.execute(select(func.min(Activity.confirmed_on), func.max(Activity.confirmed_on))).one()
    assert now.date() - timedelta(60) <= oldest <= newest < now.date()
    assert db.session.scalar(select(func.count()).where(Activity.source != "demo")) == 0


def _check_dates(now: datetime) -> None:
    """Some dates are skipped, moved or called off, each with a reason, and two boroughs have terms of their own."""
    called_off = db.session.execute(
        select(Session.reason, Session.starts_at).where(Session.status == Status.CANCELLED)
    ).all()
    assert len(called_off) >= 5
    assert all(row.reason and row.starts_at > now.timestamp() for row in called_off)
    changes = db.session.execute(select(ScheduleChange.to_date, ScheduleChange.reason)).all()
    assert len({change.to_date is None for change in changes}) == 2
    assert all(change.reason for change in changes)
    assert db.session.scalar(select(func.count()).where(Session.moved)) >= 3
    boroughs = set(db.session.execute(select(Term.borough)).scalars())
    assert len(boroughs - {None}) == 2
    for borough in boroughs:
        terms = db.session.execute(select(Term.first_on, Term.last_on).where(Term.borough == borough)).all()
        assert all(before.last_on < after.first_on for before, after in pairwise(sorted(terms)))
    db.session.rollback()

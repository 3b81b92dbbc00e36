"""The address of a page of Discover, read kindly and written strictly."""

from __future__ import annotations

from datetime import date, timedelta
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from backend.core import clock
from backend.geo import queries as geo
from mobile_app import filters, view
from mobile_app.chips import chips
from mobile_app.filters import Asked
from tests.conftest import NOW

TODAY = clock.today(NOW)


def read(address: str) -> Asked:
    return filters.read(MultiDict(parse_qsl(urlsplit(address).query, keep_blank_values=True)), NOW)


def subsets(names: dict[str, str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.sets(st.sampled_from(list(names))).map(lambda some: tuple(name for name in names if name in some))


WHERE = st.sampled_from(
    [{}, {"london": True}]
    + [
        {"place": place, "cell": place.cell, "exact": True}
        for place in map(geo.find, ("Peckham", "Hackney Central", "E8", "E8 3", "Elephant & Castle", "Croydon"))
    ]
)
QUESTIONS = st.builds(
    lambda where, **rest: Asked(**where, **rest),
    WHERE,
    when=st.sampled_from(["", *filters.WHENS]),
    within=st.sampled_from(list(filters.METRES)),
    free=st.booleans(),
    category=st.sampled_from(["", *view.KINDS]),
    age=st.sampled_from(["", *filters.AGES]),
    join=st.sampled_from(["", *view.JOINS]),
    access=subsets(view.ACCESS),
    tag=subsets(view.TAGS),
    q=st.text(st.characters(codec="utf-8"), max_size=30).map(
        lambda text: " ".join("".join(filter(str.isprintable, text)).split())
    ),
    order=st.sampled_from(list(filters.ORDERS)),
)
DAYS = st.one_of(
    st.just({}), st.just({"any_day": True}), st.integers(1, 84).map(lambda ahead: {"day": TODAY + timedelta(ahead)})
)


@given(QUESTIONS, DAYS)
def test_every_question_has_an_address_that_reads_back_as_the_same_question(question, day):
    asked = question.but(**day)

    assert read(asked.address()) == asked
    assert read(asked.address()).address() == asked.address()


@given(QUESTIONS, DAYS)
def test_every_question_is_one_that_the_backend_takes(site, question, day):
    asked = question.but(**day)

    with site.app_context():  # "This holiday" asks for the school terms.
        ask = asked.ask(NOW)

    assert ask.from_ < ask.before
    assert ask.text == asked.q


@given(
    st.dictionaries(
        st.sampled_from(["day", "when", "within", "free", "category", "age", "cell", "q", "order"]), st.text()
    )
)
def test_nonsense_in_an_address_is_left_out(given_values):
    try:
        asked = filters.read(MultiDict(given_values), NOW)
    except geo.UnknownPlace:
        return
    assert read(asked.address()) == asked


def test_a_plain_page_has_a_plain_address():
    assert read("/").address() == "/"
    assert read("/?free=1&within=30&order=soonest&day=2026-11-24&when=&category=nope").address() == "/"
    assert read("/?q=boxing").address() == "/?q=boxing"
    assert read("/?place=Hackney%20Central&free=0").address() == "/?place=hackney-central&free=0"


def test_a_whole_postcode_never_stands_in_an_address():
    asked = read("/?place=SE15+4ST")

    assert asked.near
    assert "se15" not in asked.address().lower()
    assert asked.address() == f"/?cell={asked.cell}"


def test_a_day_that_has_gone_reads_as_today():
    assert read("/?day=2026-11-20").on(NOW) == TODAY
    assert read("/?day=2026-11-26").on(NOW) == date(2026, 11, 26)
    assert read("/?day=2029-01-01").on(NOW) == TODAY


def test_words_are_looked_for_on_any_day_unless_one_is_named():
    assert read("/?q=boxing").on(NOW) is None
    assert read("/?q=boxing&day=today").on(NOW) == TODAY
    assert read("/?q=boxing&when=tonight").on(NOW) == TODAY


@pytest.mark.parametrize(
    ("address", "first", "last"),
    [
        ("/", "2026-11-24T00:00", "2026-11-25T00:00"),
        ("/?when=tonight", "2026-11-24T17:00", "2026-11-25T00:00"),
        ("/?when=weekend", "2026-11-28T00:00", "2026-11-30T00:00"),
        ("/?day=any", "2026-11-24T00:00", "2026-12-08T00:00"),
        ("/?day=2026-11-26", "2026-11-26T00:00", "2026-11-27T00:00"),
    ],
)
def test_each_window_begins_and_ends_by_the_london_clock(address, first, last):
    window = read(address).window(NOW)
    assert [clock.london(moment).strftime("%Y-%m-%dT%H:%M") for moment in window] == [first, last]


@pytest.mark.parametrize(
    ("address", "fresh"),
    [
        ("/", "2026-11-24T15:10"),
        ("/?day=any", None),
        ("/?when=tonight", None),
        ("/?day=2026-11-26", None),
        ("/?order=nearest&place=peckham", None),
    ],
)
def test_a_list_of_today_begins_half_an_hour_ago_in_steps_of_ten_minutes(address, fresh):
    found = read(address).fresh_from(NOW + timedelta(minutes=7))
    assert (found and clock.london(found).strftime("%Y-%m-%dT%H:%M")) == fresh


def test_just_after_midnight_a_list_of_today_begins_with_the_day():
    midnight = clock.midnight(TODAY)
    assert read("/").fresh_from(midnight + timedelta(minutes=20)) is None
    assert read("/").fresh_from(midnight + timedelta(minutes=45)) == midnight + timedelta(minutes=10)


@pytest.mark.parametrize("days", range(7))
def test_this_weekend_is_the_one_that_is_on_or_coming(days):
    moment = NOW + timedelta(days)
    first, last = read("/?when=weekend").window(moment)
    assert clock.london(first).weekday() == (6 if clock.london(moment).weekday() == 6 else 5)
    assert clock.london(last).weekday() == 0
    assert last > moment


@given(QUESTIONS)
def test_a_chip_switches_its_filter_and_switches_it_back(asked):
    for chip in chips(asked):
        back = next(one for one in chips(chip.then) if one.id == chip.id) if not chip.on else None
        assert chip.then != asked
        if back is not None:
            assert back.on
        if back is not None and chip.id.split("-")[1] not in {"when", "age", "join"}:
            assert back.then == asked


def test_filters_that_are_on_come_before_those_that_are_off():
    shown = chips(read("/?access=step_free&tag=girls_only&free=0"))
    assert [(chip.words, chip.on) for chip in shown[:4]] == [
        ("Free", False),
        ("Step-free", True),
        ("Girls only", True),
        ("Straight after school", False),
    ]

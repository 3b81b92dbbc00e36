"""The fast twins of `load` and `dump` give what marshmallow gives."""

from __future__ import annotations

import timeit
from typing import Any

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError, fields

from backend.activities import details
from backend.activities.queries import Listing
from backend.activities.vocabulary import CATEGORY_NUMBERS, FEATURES, Cost
from mobile_api import compiled
from mobile_api.activities import ActivityOut, SessionsOut, SessionsPage
from mobile_api.asking import Near
from mobile_api.fields import Question
from mobile_api.geo import AreasIn
from mobile_api.questions import Listed, Where
from mobile_api.shown import Answer
from tests import make

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
whole = st.integers(0, 2**53)
pence = st.integers(0, 100_000)
listings = st.builds(
    Listing,
    id=whole,
    activity_id=whole,
    starts_at=st.integers(0, 4_102_444_800),
    ends_at=st.integers(0, 4_102_444_800),
    status=st.integers(0, 2),
    reason=words,
    moved=st.sampled_from([0, 1, True, False]),
    capacity=st.none() | whole,
    lat=st.integers(-9_000_000, 9_000_000),
    lng=st.integers(-18_000_000, 18_000_000),
    features=st.integers(0, 2 * max(FEATURES.values()) - 1),
    age_min=st.integers(0, 120),
    age_max=st.integers(0, 120),
    category_number=st.sampled_from(list(CATEGORY_NUMBERS.values())),
    slug=words,
    title=words,
    cost=st.sampled_from([cost.value for cost in Cost]),
    cost_min=pence,
    cost_max=pence,
    confirmed_on=st.dates().map(str),
    venue_id=whole,
    venue_name=words,
    borough=st.sampled_from(["E09000028", "E09000001", "E06000001"]),
    organisation_id=whole,
    organisation_name=words,
    organisation_slug=words,
    source_label=st.none() | words,
    distance=st.none() | st.integers(0, 20_000),
)
nears = st.builds(
    Near, cell=whole, name=words, kind=st.just("place"), borough=st.none(), param=st.just(("place", "peckham"))
)
pages = st.builds(
    SessionsPage,
    items=st.lists(listings, max_size=3),
    next=st.none() | words,
    near=st.none() | nears,
    corrected=st.none() | words,
)


@pytest.fixture(scope="module")
def bare() -> Any:
    """An app that knows only its own address."""
    app = Flask("bare")
    app.config["BASE_URL"] = "https://goodends.example"
    with app.app_context():
        yield


@given(page=pages)
def test_the_compiled_dump_is_the_schemas_own(bare: None, page: SessionsPage) -> None:
    assert FAST(page) == SLOW.dump(page)
    assert orjson.dumps(FAST(page)) == orjson.dumps(SLOW.dump(page))


SLOW = SessionsOut()
FAST = compiled.dumper(SLOW)


def test_the_compiled_dump_is_much_faster(bare: None) -> None:
    item = Listing(*([1] * 14), "a", "b", "free", 0, 0, "2026-11-24", 1, "c", "E09000028", 1, "d", "e", None, 5)
    page = SessionsPage([item] * 20, None, None, None)
    fast = min(timeit.repeat(lambda: FAST(page), number=20, repeat=7))
    slow = min(timeit.repeat(lambda: SLOW.dump(page), number=20, repeat=7))
    # About 25 times where nothing else runs; the test only has to notice when the compiled form is no longer used.
    assert slow / fast > 12


names = st.sampled_from([*Where().fields, "from", "until", "nonsense", "", "limit", "cursor"])
texts = st.sampled_from(
    ["", "1", "20", "101", "1.9", "true", "1", "peckham", "sport", "13-15", "2026-11-24", "2026-11-24T15:00:00Z",
     "turn_up", "step_free", "beginners", "nearest", "tonight", "a\x00b", "x.y.z"],
)  # fmt: skip


@given(st.dictionaries(names, st.lists(texts | st.text(max_size=5), min_size=1, max_size=2), max_size=6))
@pytest.mark.parametrize("schema", [Where, Listed, AreasIn])
def test_the_compiled_load_is_the_schemas_own(schema: type[Question], given: dict[str, list[str]]) -> None:
    fast = outcome(LOADERS[schema], given)
    slow = outcome(SCHEMAS[schema].load, given)
    assert fast == slow


SCHEMAS: dict[type[Question], Question] = {schema: schema() for schema in (Where, Listed, AreasIn)}
LOADERS = {schema: compiled.loader(instance) for schema, instance in SCHEMAS.items()}


def outcome(load: Any, given: dict[str, list[str]]) -> tuple[str, Any]:
    """What loading gives: the values, or what is wrong with them."""
    try:
        return "values", load(given)
    except ValidationError as error:
        return "wrong", error.messages


def test_what_is_made_of_dicts_is_dumped_as_the_schema_does(town: FlaskClient) -> None:
    activity_id = town.get("/api/v1/sessions").get_json()["items"][0]["activity"]["id"]
    whole = details.activity(activity_id, now=make.NOW) | {"checked": True, "source_label": None}
    assert compiled.dumper(ActivityOut())(whole) == ActivityOut().dump(whole)
    nowhere = {**whole, "venue": None}
    assert compiled.dumper(ActivityOut())(nowhere) == ActivityOut().dump(nowhere)


def test_a_field_that_cannot_be_compiled_is_refused_at_the_start() -> None:
    class Odd(Answer):
        name = fields.String()

    with pytest.raises(TypeError):
        compiled.dumper(Odd())
    with pytest.raises(TypeError):
        compiled.loader(Odd())


def test_remembered_answers_cannot_grow_without_end() -> None:
    from mobile_api.shown import Remembered

    remembered = Remembered(lambda n: n * 2, most=10)
    assert [remembered[n] for n in range(100)] == [n * 2 for n in range(100)]
    assert len(remembered) <= 10

"""Files made to break an import, to make it wait, or to get a private number past it."""

from __future__ import annotations

import json
import logging
import time
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from backend.activities.models import Schedule
from backend.activities.vocabulary import Cost
from backend.core.db import db
from backend.feeds import clean, reading, values
from backend.feeds.draft import Reading, Refused
from backend.feeds.formats.family_information import FamilyInformation
from backend.feeds.reading import Unusable
from tests import make
from tests.backend.feeding import GOOD, bring, changed, listing, notes, reasons

TODAY = date(2026, 11, 24)


@pytest.fixture
def told() -> Reading:
    return Reading(TODAY)


@pytest.mark.parametrize("precision", [[], {}, 7, True])
def test_a_precision_that_is_no_text_costs_its_own_row_only(app: Flask, now: datetime, tmp_path: Path, precision):
    path = changed(GOOD, tmp_path, lambda records: records[0].update(location_precision=precision))

    outcome = bring(path, now=now)

    assert reasons(outcome) == {"t-1": "location_precision: is not text"}
    assert outcome.report.counts["new"] == 5


def test_a_fault_of_ours_in_one_row_costs_that_row_only_and_is_logged(
    app: Flask, now: datetime, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    real = FamilyInformation.read

    def faulty(self, record, reading_):
        if record["id"] == "t-1":
            raise ZeroDivisionError
        return real(self, record, reading_)

    monkeypatch.setattr(FamilyInformation, "read", faulty)
    with caplog.at_level(logging.ERROR, logger="backend.feeds.actions"):
        outcome = bring(GOOD, now=now)

    assert reasons(outcome) == {"t-1": ": could not be read: ZeroDivisionError"}
    assert outcome.report.counts["new"] == 5
    assert caplog.records[0].exc_info is not None


@pytest.mark.parametrize("field", ["available_from", "available_to"])
@pytest.mark.parametrize("bound", ["9999-12-31", "1900-01-01", "soon", 2027])
def test_a_bound_that_cannot_be_used_leaves_the_sessions_out(app: Flask, now, tmp_path: Path, field: str, bound):
    make.calendar()
    path = changed(GOOD, tmp_path, lambda records: records[0].update({field: bound}))

    outcome = bring(path, now=now)
    make.work()

    said = notes(outcome, "t-1")
    assert len(said) == 1
    assert said[0].startswith(f"{field}: “{bound}” is ")
    assert said[0].endswith(", so the sessions were left out")
    assert make.sessions_of(listing("t-1").id) == []
    db.session.rollback()
    assert db.session.execute(select(Schedule.id).where(Schedule.activity_id == listing("t-1").id)).all() == []


def test_a_day_too_far_ahead_is_refused_in_words():
    assert values.day("2060-01-01", "available_to") == date(2060, 1, 1)
    for late in ("2060-01-02", "9999-12-31"):
        with pytest.raises(Refused, match="is too far ahead to be true"):
            values.day(late, "available_to")


@pytest.mark.parametrize("number", ["1e99999999", "-1e99999999", "1e-99999999", "1e999999999999999999999", "NaN"])
def test_a_number_of_unheard_of_size_is_refused_at_once(number: str):
    try:
        value: object = Decimal(number)
    except ArithmeticError:
        value = number
    began = time.monotonic()
    for read in (values.age, values.pence):
        with pytest.raises(Refused):
            read(value, "field")
    if not number.startswith("1e-"):
        with pytest.raises(Refused):
            values.coordinate(value, "lat")
    assert time.monotonic() - began < 1


def test_numbers_of_unheard_of_size_in_a_file_cost_their_rows_only(app: Flask, now: datetime, tmp_path: Path):
    text = GOOD.read_text(encoding="utf-8")
    first = json.loads(text)[0]
    rows = []
    for number, (field, size) in enumerate((("min_age", "1e99999999"), ("lat", "1e99999999999999999999"))):
        rows.append(json.dumps({**first, "id": f"z-{number}", field: "HERE"}).replace('"HERE"', size))
    rows.append(json.dumps({**first, "id": "z-2", "cost": {"per_day_gbp": "HERE"}}).replace('"HERE"', "1e99999999"))
    path = tmp_path / "sizes.json"
    path.write_text(f"[{json.dumps(first)}, {', '.join(rows)}]", encoding="utf-8")

    outcome = bring(path, now=now)

    assert reasons(outcome) == {
        "z-0": "min_age: “1E+99999999” is not an age from 0 to 120",
        "z-1": "lat: “1e99999999999999999999” is not a number of degrees",
    }
    assert listing("z-2").cost == Cost.UNKNOWN


@pytest.mark.parametrize(
    "text",
    ["<!--" * 60_000, "<a " * 80_000, "</" * 120_000, "<?" * 120_000, "<![CDATA[" * 27_000, "<" * 240_000,
     "<a x='" * 40_000, "<a x=\"'" * 40_000, "<a " + "'\"" * 120_000, "<a" + " x=" * 80_000, "<!--x-->" * 30_000,
     "<p " + " " * 240_000, "&#" * 120_000, "<script>" * 30_000, "<a>" * 80_000, "&lt;a " * 40_000,
     "07700_" * 40_000, "0 , " * 60_000, "a at " * 48_000 + "dot", "a dot " * 40_000 + "@", "7O" * 120_000],
)  # fmt: skip
def test_a_text_made_to_be_slow_is_read_in_less_than_a_second(told: Reading, text: str):
    began = time.monotonic()
    clean.prose(text, "description", told)
    assert time.monotonic() - began < 1


def test_a_text_with_much_mark_up_is_cut_and_that_is_said(told: Reading):
    clean.prose("<b></b>" * 10_000, "description", told)

    assert told.notes == [("description", "cut from 70000 to 16000 letters, mark-up and all")]


@pytest.mark.parametrize(
    ("given", "kept"),
    [("a<b and c>d", "a<b and c>d"), ("ages <5 and >11", "ages <5 and >11"), ("x <y", "x <y"), ("I <3 it", "I <3 it"),
     ("a<br/>b", "a\nb"), ("a<b>c</b>d", "acd"), ('<a title="5>4" href=x>go</a>', "go"),
     ("<a title=don't>go</a>", "go"),
     ("a<!-- <b>hid</b> -->b", "ab"), ("a<!-- never ends", "a<!-- never ends"), ("<!DOCTYPE html>Hi", "Hi"),
     ("<svg/>seen", "seen"), ("<SCRIPT src=x>no</SCRIPT>yes", "yes")],
)  # fmt: skip
def test_only_tags_are_taken_for_mark_up(told: Reading, given: str, kept: str):
    assert clean.prose(given, "about", told) == kept


@pytest.mark.parametrize(
    "number",
    ["07700–900–123", "07700—900—123", "07700\u2010900\u2011123", "07700, 900123",
     "07700      900123", "07700_900_124", "07700 • 900126",
     "07700·900·126", "O7700 900 127", "O77OO 9OO 127", "o7700900127", "07700|900|128", "07700*900*128",
     "\uff10\uff17\uff17\uff10\uff10 \uff19\uff10\uff10\uff11\uff12\uff19", "+44, 7700, 900123"],
)  # fmt: skip
def test_a_mobile_number_in_disguise_does_not_get_through(told: Reading, number: str):
    assert clean.prose(f"Ring Ade on {number}.", "about", told) == "Ring Ade on [number removed]."


@pytest.mark.parametrize(
    "address",
    ["ade at example dot org", "ade AT mail dot example DOT org", "ade\uff20example.org", "ade\ufe6bexample\uff0eorg",
     "ade@example dot org", "ade{at}example{dot}org", "ade [ at ] example [ dot ] org"],
)  # fmt: skip
def test_an_e_mail_address_in_disguise_does_not_get_through(told: Reading, address: str):
    assert clean.prose(f"Write to {address} today", "about", told) == "Write to [e-mail removed] today"


@pytest.mark.parametrize(
    "text",
    ["ages 11-16, 07:00–09:00", "Open 07.00–09.00, 1.00 on Saturdays", "From 07/11/2026, 123 High Street",
     "On 10/07/2026, 12345 came", "020 7946 0123", "020–7946–0123", "0808 157 0000", "£7, £10, £12.50, £100, £1,000",
     "SE15 4ST, 7 rooms, 900 places", "Buses 44, 77, 137, 156, 170, 219", "2026-07-22, 2026-07-29",
     "Book at club.example", "Meet at the dot", "10 • 11 • 12 • 13 • 14", "Term 2026–27, 10–12 years"],
)  # fmt: skip
def test_prices_dates_times_and_landlines_stay(told: Reading, text: str):
    assert clean.prose(text, "about", told) == text


@pytest.mark.parametrize(
    ("given", "why"),
    [("https://wa.me/447700900123", "chat"), ("https://api.whatsapp.com/send?x=1", "chat"), ("t.me/ade", "chat"),
     ("https://a.example/?tel=02079460123", "holds"), ("https://a.example/?x=1&Phone=1", "holds"),
     ("https://a.example/?mail=ade", "holds"), ("https://a.example/#email=ade", "holds"),
     ("https://a.example/07700900123", "holds"), ("https://a.example/call-07700-900-123", "holds"),
     ("https://a.example/%30%37700900123", "holds"), ("https://a.example/?q=ade@example.org", "holds"),
     ("https://a.example/?q=ade%2540example.org", "holds"), ("https://a.example:65536/", "port"),
     ("https://a.example:99999", "port")],
)  # fmt: skip
def test_a_web_address_that_leads_to_a_person_is_left_out_and_that_is_said(told: Reading, given: str, why: str):
    assert clean.website(given, "website", told) is None
    assert len(told.notes) == 1
    assert why in told.notes[0].reason


@pytest.mark.parametrize(
    "address",
    ["https://a.example:8443/x", "https://a.example:65535/", "https://a.example/maps/@51.47,-0.07,17z",
     "https://a.example/2026/07/22/summer", "https://a.example/pages/123456789012345", "https://a.example/telephone",
     "https://a.example/?x=020-7946-0123", "https://wa.me.example/"],
)  # fmt: skip
def test_other_web_addresses_stay(told: Reading, address: str):
    assert clean.website(address, "website", told) == address


@pytest.mark.parametrize("start", ['[{"id": "a", "note": "', '[{"id": "a", "note": [', '[{"id": "a", "note": "\\u00e9'])
def test_a_record_that_is_too_long_is_said_to_be_that(app: Flask, now: datetime, tmp_path: Path, start: str):
    path = tmp_path / "long.json"
    filling = "1," * 1_200_000 if start.endswith("[") else "\\u00e9" * 400_000
    path.write_text(f"\n{start}{filling}", encoding="utf-8")

    with pytest.raises(Unusable, match="line 2: a record longer than 1 MB"):
        bring(path, now=now)


def test_a_plain_fault_in_a_large_file_is_still_named(tmp_path: Path):
    path = tmp_path / "fault.json"
    path.write_text('[{"id" "a"}' + ',{"id": "b"}' * 200_000, encoding="utf-8")

    with path.open("rb") as handle, pytest.raises(Unusable, match="line 1: expecting ':' delimiter"):
        list(reading.entries(handle, "json"))

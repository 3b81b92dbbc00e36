"""Texts, times, money, numbers and files, one by one and at random."""

from __future__ import annotations

import io
import json
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.activities.vocabulary import Applies
from backend.feeds import clean, reading, values
from backend.feeds.draft import Reading, Refused
from backend.feeds.formats import family_information
from backend.feeds.formats.family_information import times_note
from backend.feeds.writing import match

TODAY = date(2026, 11, 24)


@pytest.fixture
def notes() -> Reading:
    return Reading(TODAY)


@given(st.integers(0, 1_000_000))
def test_every_amount_of_pence_comes_back_exactly(pence: int):
    pounds = Decimal(pence) / 100
    written = json.loads(f"[{pounds}]", parse_float=Decimal)[0]

    assert values.pence(written, "cost") == pence
    assert values.pence(f"£{pounds:.2f}", "cost") == pence


@given(st.decimals(allow_nan=True, allow_infinity=True))
def test_an_amount_is_exact_or_refused(amount: Decimal):
    try:
        found = values.pence(amount, "cost")
    except Refused:
        return
    assert found is not None
    assert Decimal(found) == amount * 100


@pytest.mark.parametrize("amount", [True, "1e2", "1_000", "\u0665", "-1", "5.555", [], {}, 1.5, "NaN", 10_001])
def test_what_is_not_plain_money_is_refused(amount: object):
    with pytest.raises(Refused):
        values.pence(amount, "cost")


@given(st.integers(0, 1439))
def test_every_minute_of_the_day_is_read(minute: int):
    assert values.minute(f"{minute // 60:02}:{minute % 60:02}") == minute


@given(st.one_of(st.text(), st.integers(), st.none()))
def test_anything_else_is_no_time(given_: object):
    found = values.minute(given_)

    assert found is None or (isinstance(given_, str) and given_.isascii() and 0 <= found < 1440)


@pytest.mark.parametrize(
    "wrong",
    ["24:00", "25:00", "9", "9.30", "9:60", "-1:00", "09:00am", "\u0660\u0669:\u0660\u0660", " 09:00", "9:00:30"],
)
def test_odd_times_are_not_guessed(wrong: str):
    assert values.minute(wrong) is None


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 1380), st.integers(1, 59)), max_size=30))
def test_weekly_schedules_hold_every_stretch_once(stretches: list[tuple[int, int, int]]):
    found = values.weekly(stretches, first_on=TODAY, last_on=None, applies=Applies.ALWAYS)

    held = [
        (values.CODES.index(code), times.starts_minute, times.minutes)
        for times in found
        for code in str(times.rule).removeprefix("FREQ=WEEKLY;BYDAY=").split(",")
    ]
    assert sorted(held) == sorted(set(stretches))


@given(st.text(max_size=300))
def test_a_text_has_nothing_hidden_after_cleaning(text: str):
    cleaned = clean.prose(text, "about", Reading(TODAY))

    assert all(letter == "\n" or letter.isprintable() for letter in cleaned)
    cleaned.encode()
    assert clean.prose(cleaned, "about", Reading(TODAY)) == cleaned


@pytest.mark.parametrize(
    "number",
    ["07700900123", "07700 900 123", "07700-900-123", "+44 7700 900123", "+44 (0) 7700 900123", "0044 7700 900123",
     "(07700) 900123", "0 7 7 0 0 9 0 0 1 2 3", "07700.900.123",
     "\uff10\uff17\uff17\uff10\uff10\uff19\uff10\uff10\uff11\uff12\uff13", "077\u200b00 900\u202e123"],
)  # fmt: skip
def test_mobile_numbers_never_get_through(notes: Reading, number: str):
    assert clean.prose(f"Ring Ade on {number}, any day.", "about", notes) == "Ring Ade on [number removed], any day."
    assert clean.telephone(number, "telephone", notes) is None
    assert notes.taken_out["mobile number"] == 1


@pytest.mark.parametrize(
    "address", ["ade@club.example", "ade.b@mail.club.example", "ade (at) club (dot) example", "ADE@CLUB.EXAMPLE"]
)
def test_mail_addresses_never_get_through(notes: Reading, address: str):
    assert clean.prose(f"Write to {address} today.", "about", notes) == "Write to [e-mail removed] today."


@pytest.mark.parametrize(
    "text", ["Open 2017 to 2027, 70 places", "020 7946 0017", "£7.70 for 900 pages", "Meet @ the hall"]
)
def test_other_numbers_and_signs_stay(notes: Reading, text: str):
    assert clean.prose(text, "about", notes) == text


@pytest.mark.parametrize(
    ("given_", "kept"),
    [("02079460001", "020 7946 0001"), ("+44 (0)20 7946 0001", "020 7946 0001"), ("0800 1111", "0800 111 1"),
     ("0808 157 0000", "0808 157 0000"), ("0300 123 4567", "0300 123 4567"), ("01632 960 001", "01632 960001"),
     ("0845 123 4567", None), ("0905 123 4567", None), ("020 7946", None), ("call us", None), (42, None), ("", None)],
)  # fmt: skip
def test_only_landlines_and_freephones_are_kept(notes: Reading, given_: object, kept: str | None):
    assert clean.telephone(given_, "telephone", notes) == kept


@pytest.mark.parametrize(
    ("given_", "kept"),
    [("https://a.example/x?y=1#z", "https://a.example/x?y=1#z"), ("www.a.example", "http://www.a.example"),
     ("javascript:alert(1)", None), ("https://user@a.example/", None), ("//a.example", None),
     ("http://localhost", None),
     ("https://a.example/<script>", None), ("https://a.example/\u202e", None), ("ftp://a.example", None),
     ("data:text/html,x", None), ("https://a.example/" + "x" * 300, None), ("https://exämple.example", None),
     (7, None)],
)  # fmt: skip
def test_only_plain_web_addresses_are_kept(notes: Reading, given_: object, kept: str | None):
    assert clean.website(given_, "website", notes) == kept
    assert len(notes.notes) == (kept is None)


@pytest.mark.parametrize(
    ("given_", "kept"),
    [("<p>One</p><p>Two</p>", "One\n\nTwo"), ("a<br>b", "a\nb"), ("<script>x()</script>Hi", "Hi"),
     ("I &lt;3 it", "I <3 it"),
     ("under 5 < 6 & over", "under 5 < 6 & over"), ("&lt;img src=x onerror=y()&gt;Hi", "Hi"),
     ("&amp;lt;b&amp;gt;Hi", "Hi"), ("caf&eacute;", "café"), ("<style>p{}</style><b>Go", "Go"),
     ("<svg><a>x</a></svg>y", "y")],
)  # fmt: skip
def test_mark_up_becomes_plain_words(notes: Reading, given_: str, kept: str):
    assert clean.prose(given_, "about", notes) == kept


@pytest.mark.parametrize("text", ["Café – open", "St Peter’s £5", "Łódź Hall", "Ålesund Road", "Âge d’or"])
@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_letters_that_were_wrongly_read_are_put_right_and_right_ones_stay(notes: Reading, text: str, encoding: str):
    assert clean.prose(text, "about", notes) == text
    broken = text.encode().decode(encoding, "replace")
    if "\ufffd" not in broken:
        assert clean.prose(broken, "about", notes) == text


def test_long_prose_is_cut_at_a_word_and_a_long_title_is_refused(notes: Reading):
    assert clean.prose("one two three", "about", notes, longest=10) == "one two…"
    assert notes.notes == [("about", "cut from 13 to 10 letters")]
    with pytest.raises(Refused, match="too long"):
        clean.line("one two three", "name", notes, longest=10)


@pytest.mark.parametrize("wrong", [None, "", " a", "a\x00", "a\u202eb", "x" * 121, True, 1.5, [], "\ud800"])
def test_an_id_that_could_hide_something_is_refused(wrong: object):
    with pytest.raises(Refused):
        clean.identity(wrong)


@given(st.recursive(st.none() | st.booleans() | st.integers(-10**9, 10**9) | st.text(max_size=20),
                    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
                    max_leaves=20), st.integers(1, 40))  # fmt: skip
def test_reading_in_small_pieces_gives_what_reading_at_once_gives(value: object, block: int):
    records = [{"value": value}, {"value": [value, 1]}, {"value": None}]
    file = io.BytesIO(json.dumps(records, ensure_ascii=False).encode("utf-8", "surrogatepass").replace(b"\xed", b"?"))
    whole = json.loads(file.getvalue()) if _valid(file.getvalue()) else None
    before, reading.BLOCK = reading.BLOCK, block
    try:
        found = [entry.record for entry in reading.entries(file, "json")]
    except reading.Unusable:
        assert whole is None
    else:
        assert found == whole
    finally:
        reading.BLOCK = before


def _valid(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


@given(st.binary(max_size=200))
def test_no_file_whatever_breaks_the_reader(content: bytes):
    said: list[str] = []
    for kind in ("json", "csv"):
        try:
            for entry in reading.entries(io.BytesIO(content), kind):
                assert entry.number >= 1
        except reading.Unusable as unusable:
            said.append(unusable.message)
    assert not any("\n" in message for message in said)


def test_lines_are_counted_from_the_start_of_each_record():
    file = io.BytesIO(b'[\n{"a": 1},\n\n{"a":\n 2}, {"a": 3}\n]\n')

    assert [entry.line for entry in reading.entries(file, "json")] == [2, 4, 5]


@pytest.mark.parametrize(
    ("about", "kept"),
    [("We are kind. Open Mondays 4pm to 6pm. Bring a friend.", "Open Mondays 4pm to 6pm."),
     ("Come when you like.", ""), ("Times vary. Sat 10.30am", "Sat 10.30am"), ("", ""),
     ("Doors at 17:00! See you", "Doors at 17:00!")],
)  # fmt: skip
def test_the_words_about_times_are_kept_as_they_are(about: str, kept: str):
    assert times_note(about) == kept


@pytest.mark.parametrize(
    ("about", "join"),
    [("No pre-booking is required for any class.", "turn_up"), ("Drop in any time", "turn_up"),
     ("No need to book!", "turn_up"),
     ("Booking is essential", "book"), ("Drop in, but you must book first", "ring"), ("We read books", "ring"),
     ("", "ring")],
)  # fmt: skip
def test_how_to_join_is_read_from_plain_words_only(about: str, join: str):
    assert family_information._join("a club", about.lower()) == join


def test_the_schedule_most_alike_goes_on():
    def row(number: int, minute: int, rule: str) -> dict[str, object]:
        return {
            "id": number, "first_on": TODAY, "last_on": None, "starts_minute": minute, "minutes": 60, "rule": rule,
            "applies": 0, "on_bank_holidays": False,
        }  # fmt: skip

    current = [row(1, 600, "MO"), row(2, 900, "TU"), row(3, 1000, "WE")]
    wanted = [row(0, 905, "TU"), row(0, 600, "MO"), row(0, 1000, "FR"), row(0, 300, "SU")]

    pairs, fresh, gone = match(current, wanted)

    assert [(before["id"], after["starts_minute"]) for before, after in pairs] == [(1, 600), (3, 1000), (2, 905)]
    assert [one["starts_minute"] for one in fresh] == [300]
    assert gone == []


def test_what_was_taken_out_is_counted(notes: Reading):
    clean.prose("a\x00b\u202ec <b>x</b> 07700 900123 a@b.example", "about", notes)

    assert notes.taken_out == Counter(
        {"hidden character": 2, "mobile number": 1, "e-mail address": 1, "text with mark-up": 1}
    )

"""Importing files: what becomes of each row, again and again, on trial and for real."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from backend.activities import details
from backend.activities.models import Activity, Schedule, Session, Venue
from backend.activities.vocabulary import JOIN, Cost, named
from backend.core import clock
from backend.core.db import db, transaction
from backend.feeds import lock, queries
from backend.feeds.lock import AlreadyImporting
from backend.feeds.reading import Unusable
from backend.organisations.models import Organisation, Standing
from tests import make
from tests.backend.feeding import FAULTS, FILES, GOOD, LIBRARIES, PLACES, bring, changed, dump, listing, notes, reasons


def test_a_directory_becomes_organisations_venues_and_activities(app: Flask, now: datetime):
    outcome = bring(GOOD, now=now)

    assert outcome.report.sums() == {
        "new": 6, "changed": 0, "unchanged": 0, "refused": 0, "kept as changed here": 0, "left for support": 1,
        "not an activity": 1, "vanished": 0, "taken out": {},
    }  # fmt: skip
    club = listing("t-1")
    assert (club.title, club.category, club.cost, club.age_min, club.age_max) == (
        "Rye Lane Youth Club",
        3,
        "free",
        11,
        18,
    )
    assert (club.confirmed_on, club.confirmed_by) == (date(2026, 3, 2), "Southwark Family Information Directory")
    organisation = db.session.get(Organisation, club.organisation_id)
    assert organisation is not None
    assert organisation.standing == Standing.DIRECTORY
    assert organisation.source_label == "Southwark Family Information Directory"
    venue = db.session.get(Venue, club.venue_id)
    assert venue is not None
    assert (venue.name, venue.lat, venue.lng, venue.borough, venue.approximate) == (
        "Northfold Hall", 5_147_000, -6_900, "E09000028", False,
    )  # fmt: skip


def test_the_sessions_have_the_times_of_the_file_on_both_sides_of_the_clock_change(app: Flask, now: datetime):
    make.calendar()
    bring(GOOD, now=now - timedelta(weeks=6))
    make.work(now=now - timedelta(weeks=6))

    starts = [clock.london(clock.from_epoch(one.starts_at)) for one in make.sessions_of(listing("t-1").id)]

    assert {(moment.weekday(), moment.hour, moment.minute) for moment in starts} == {(1, 17, 0), (3, 17, 0), (5, 11, 0)}
    assert {moment.utcoffset() for moment in starts} == {timedelta(0), timedelta(hours=1)}


def test_term_time_and_holidays_follow_the_school_calendar(app: Flask, now: datetime):
    make.calendar()
    bring(GOOD, now=now)
    make.work(now=now)

    term = {one.occurs_on for one in make.sessions_of(listing("t-2").id)}
    holidays = {one.occurs_on for one in make.sessions_of(listing("t-3").id)}

    assert date(2026, 12, 18) in term
    assert date(2026, 12, 21) not in term
    assert date(2026, 12, 21) in holidays
    assert date(2026, 12, 25) not in holidays
    assert not term & holidays


def test_one_schedule_for_each_pair_of_times_with_its_days(app: Flask, now: datetime):
    bring(GOOD, now=now)

    rows = db.session.execute(
        select(Schedule.rule, Schedule.starts_minute, Schedule.minutes).where(Schedule.activity_id == listing("t-1").id)
    ).all()

    assert {tuple(row) for row in rows} == {("FREQ=WEEKLY;BYDAY=TU,TH", 1020, 180), ("FREQ=WEEKLY;BYDAY=SA", 660, 270)}


@pytest.mark.parametrize(
    ("source_id", "expected"),
    [
        ("t-1", (Cost.FREE, 0, "")),
        ("t-2", (Cost.FIXED, 1250, "£12.50 a day, £55 a week")),
        ("t-3", (Cost.FIXED, 4200, "£42 a day")),
        ("t-5", (Cost.FIXED, 25, "£0.25 a session")),
        ("t-8", (Cost.UNKNOWN, 0, "")),
    ],
)
def test_money_is_exact_and_what_is_not_said_is_never_free(app: Flask, now, source_id, expected):
    bring(GOOD, now=now)

    found = listing(source_id)

    assert (found.cost, found.cost_min, found.cost_note) == expected


def test_times_in_free_text_are_kept_as_words_and_never_become_sessions(app: Flask, now: datetime):
    make.calendar()
    bring(GOOD, now=now)
    make.work(now=now)

    park, lends = listing("t-4"), listing("t-8")

    assert park.times_note == "Open daily from 8am to dusk. The café is open on Saturdays."
    assert lends.times_note == "Come on Mondays at 4pm."
    for one in (park, lends):
        assert "ring" in named(one.features, JOIN)
        assert make.sessions_of(one.id) == []
    shown = details.without_sessions(lends.organisation_id, now=now)
    assert [row["times_note"] for row in shown] == ["Come on Mondays at 4pm."]


def test_times_that_have_ended_give_no_sessions_and_a_call_first(app: Flask, now: datetime):
    outcome = bring(GOOD, now=now)
    make.work(now=now)

    assert make.sessions_of(listing("t-5").id) == []
    assert "ring" in named(listing("t-5").features, JOIN)
    assert notes(outcome, "t-5") == ["available_to: the times ended on 23 July 2022, so there are no sessions"]


def test_part_of_a_postcode_gives_an_approximate_place(app: Flask, now: datetime):
    bring(GOOD, now=now)

    assert db.session.execute(select(Venue.approximate).where(Venue.source_id == "t-4")).scalar_one() is True


def test_how_to_join_is_read_from_plain_words_only(app: Flask, now: datetime):
    bring(GOOD, now=now)

    assert {one: named(listing(one).features, JOIN) for one in ("t-1", "t-2", "t-3")} == {
        "t-1": ["turn_up"], "t-2": ["book"], "t-3": ["ring"],
    }  # fmt: skip


def test_each_faulty_row_is_refused_with_its_field_and_reason_and_the_rest_goes_in(app: Flask, now: datetime):
    outcome = bring(FAULTS, now=now)

    assert reasons(outcome) == {
        "f-1": "id: is in the file twice; the first one counts",
        "3": "id: is missing",
        "f-4": "name: is missing",
        "f-5": "name: is too long: 161 letters, and at most 160 fit",
        "f-6": "postcode: there is no postcode and no coordinates, so we can't say where this is",
        "f-7": "postcode: “LS1 4AP” is not a London postcode, and there are no coordinates",
        "f-8": "lat: 48.85, 2.35 lies outside London",
        "f-9": "lng: is missing, though the other coordinate is there",
        "f-10": "postcode: SE15 4ST is 22 km from the coordinates, so one of them is wrong",
        "f-11": "max_age: 11 is below min_age 16",
        "f-12": "max_age: “400” is not an age from 0 to 120",
        "f-13": "last_modified: “2999-01-01” is too far ahead to be true",
        "f-14": "last_modified: is missing, so we can't say when this was last confirmed (--as-of gives a date)",
        "f-15": "last_modified: “2026-02-30” is not a day of the calendar",
        "f-16": "type: “Zeppelin Hire” is not a kind that we know",
        "f-17": "name: is not text",
        "f-18": "sessions: is not a list",
        "31": ": is not a record with fields",
        "32": ": is not a record with fields",
    }
    assert outcome.report.counts["new"] == 13
    text = FAULTS.read_text(encoding="utf-8").splitlines()
    for line in outcome.report.refused:
        assert line.source_id in text[line.line - 1]


def test_a_faulty_session_is_left_out_by_itself(app: Flask, now: datetime):
    outcome = bring(FAULTS, now=now)

    assert notes(outcome, "f-20") == [
        "sessions, number 2, end: it ends (17:00) before it starts (19:00); that session was left out",
        "sessions, number 3, day: “Blursday” is not a day of the week; that session was left out",
        "sessions, number 4, start: “25:00” is not a time like 16:30; that session was left out",
        "sessions, number 5, start: “half four” is not a time like 16:30; that session was left out",
        "sessions, number 6, day: “None” is not a day of the week; that session was left out",
    ]
    rules = db.session.execute(select(Schedule.rule).where(Schedule.activity_id == listing("f-20").id)).scalars()
    assert set(rules) == {"FREQ=WEEKLY;BYDAY=MO", "FREQ=WEEKLY;BYDAY=FR"}
    for unknown in ("f-21", "f-22"):
        assert db.session.execute(select(Schedule.id).where(Schedule.activity_id == listing(unknown).id)).all() == []


def test_a_faulty_price_is_unknown_and_never_free(app: Flask, now: datetime):
    bring(FAULTS, now=now)

    assert {one: listing(one).cost for one in ("f-23", "f-24", "f-25", "f-26")} == {
        "f-23": Cost.UNKNOWN, "f-24": Cost.UNKNOWN, "f-25": Cost.UNKNOWN, "f-26": Cost.FIXED,
    }  # fmt: skip


def test_hostile_texts_are_made_harmless(app: Flask, now: datetime):
    outcome = bring(FAULTS, now=now)

    bold, turned = listing("f-27"), listing("f-28")
    assert bold.title == "Bold Club"
    assert "<" not in bold.about
    assert turned.title == "Turned Round Club"
    assert "0770" not in turned.about
    assert "900" not in turned.about
    assert "@" not in turned.about
    assert "020 7946 0002" in turned.about
    assert listing("f-29").telephone is None
    assert listing("f-30").website is None
    assert len(listing("f-31").about) <= 4000
    assert listing("f-31").about.endswith("word…")
    assert outcome.report.taken_out["mobile number"] == 2
    assert outcome.report.taken_out["e-mail address"] == 1
    assert not any(letter in line for line in outcome.report.lines() for letter in "\x00\x1b\u202e")


def test_a_trial_run_says_the_same_and_writes_nothing(app: Flask, now: datetime):
    for path in (GOOD, FAULTS):
        before = dump()
        trial = bring(path, now=now, dry_run=True)
        assert dump() == before
        real = bring(path, now=now)
        assert list(trial.report.lines()) == list(real.report.lines())
        assert dump() != before


def test_the_same_file_again_changes_nothing(app: Flask, now: datetime):
    make.calendar()
    bring(GOOD, now=now)
    make.work()
    before, version = dump(), details.version()

    again = bring(GOOD, now=now + timedelta(hours=1))

    assert again.report.sums()["unchanged"] == 6
    assert again.report.sums()["new"] == 0
    assert dump() == before
    assert details.version() == version


def test_one_changed_row_changes_only_its_own_rows_and_its_sessions_stay(app: Flask, now: datetime, tmp_path: Path):
    make.calendar()
    bring(GOOD, now=now)
    make.work()
    before, club = dump(), listing("t-1")
    ids = {one.id for one in make.sessions_of(club.id)}

    def an_hour_later(records):
        records[0]["sessions"][0]["start"] = records[0]["sessions"][1]["start"] = "18:00"
        records[0]["description"] = "Now an hour later."

    outcome = bring(changed(GOOD, tmp_path, an_hour_later), now=now + timedelta(hours=1))
    make.work(now=now + timedelta(hours=1))
    after = dump()

    assert outcome.report.sums()["changed"] == 1
    assert outcome.report.sums()["unchanged"] == 5
    assert _differing(before, after, "activity") == {club.id}
    assert _differing(before, after, "venue") == set()
    assert _differing(before, after, "organisation") == set()
    assert {one.id for one in make.sessions_of(club.id)} == ids
    hours = {clock.london(clock.from_epoch(one.starts_at)).hour for one in make.sessions_of(club.id)}
    assert hours == {18, 11}
    other = _differing(before, after, "session") - ids
    assert other == set()


def _differing(before, after, table):
    old, new = ({row[0]: repr(row) for row in found[table]} for found in (before, after))
    return {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}


def test_a_renamed_provider_keeps_its_organisation(app: Flask, now: datetime, tmp_path: Path):
    bring(GOOD, now=now)
    owner = listing("t-1").organisation_id

    bring(changed(GOOD, tmp_path, lambda records: records[0].update(name="Rye Lane Youth Space")), now=now)

    assert listing("t-1").organisation_id == owner
    organisation = db.session.execute(
        select(Organisation.name, Organisation.slug).where(Organisation.id == owner)
    ).one()
    assert organisation == ("Rye Lane Youth Space", "rye-lane-youth-space")


def test_rows_of_one_provider_share_an_organisation_only_when_all_agrees(app: Flask, now: datetime, tmp_path: Path):
    def three_times(records):
        first = records[0]
        records[:] = [first, {**first, "id": "t-91"}, {**first, "id": "t-92", "telephone": "020 7946 0999"}]

    bring(changed(GOOD, tmp_path, three_times), now=now)

    owners = {one: listing(one).organisation_id for one in ("t-1", "t-91", "t-92")}
    assert owners["t-1"] == owners["t-91"] != owners["t-92"]


def test_rows_that_vanished_are_told_and_stay(app: Flask, now: datetime, tmp_path: Path):
    bring(GOOD, now=now)

    outcome = bring(changed(GOOD, tmp_path, lambda records: records.pop(0)), now=now)

    assert outcome.report.vanished == ["t-1 (Northfold Hall)"]
    assert listing("t-1").title == "Rye Lane Youth Club"


def test_what_somebody_changed_here_is_not_overwritten(app: Flask, now: datetime, tmp_path: Path):
    bring(GOOD, now=now)
    with transaction():
        db.session.execute(update(Activity).where(Activity.source_id == "t-1").values(bring="A towel"))

    outcome = bring(changed(GOOD, tmp_path, lambda records: records[0].update(name="New Name")), now=now)

    assert outcome.report.sums()["kept as changed here"] == 1
    assert (listing("t-1").title, listing("t-1").bring) == ("Rye Lane Youth Club", "A towel")


def test_a_booked_session_survives_when_its_time_is_dropped_from_the_file(app: Flask, now: datetime, tmp_path: Path):
    make.calendar()
    bring(GOOD, now=now)
    make.work()
    saturday = next(one for one in make.sessions_of(listing("t-1").id) if one.occurs_on.weekday() == 5)
    with transaction():
        db.session.execute(update(Session).where(Session.id == saturday.id).values(taken=1))

    bring(changed(GOOD, tmp_path, lambda records: records[0]["sessions"].pop(2)), now=now)
    make.work()

    left = [one for one in make.sessions_of(listing("t-1").id) if one.occurs_on.weekday() == 5]
    assert [(one.id, one.listed_until) for one in left] == [(saturday.id, 0)]


def test_two_imports_of_one_source_at_once_the_second_is_told_to_wait(app: Flask, now: datetime):
    with lock.held("family-information"), pytest.raises(AlreadyImporting) as told:
        bring(GOOD, now=now)

    assert "Wait" in told.value.message
    assert queries.runs() == []
    with lock.held("libraries"):
        bring(GOOD, now=now)


def test_two_lists_of_one_layout_stay_apart(app: Flask, now: datetime, tmp_path: Path):
    bring(GOOD, now=now, source="southwark", label="Southwark's list")

    other = changed(GOOD, tmp_path, lambda records: [one.update(id="x-" + one["id"]) for one in records])
    outcome = bring(other, now=now, source="lambeth", label="Lambeth's list")

    assert outcome.report.sums()["new"] == 6
    assert outcome.report.vanished == []
    assert {listing("t-1").confirmed_by, listing("x-t-1").confirmed_by} == {"Southwark's list", "Lambeth's list"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        (b" \n\t ", "The file is empty."),
        (b"\xef\xbb\xbf", "The file is empty."),
        (b"[]", "The file has no rows."),
        (b"{}", "The file is not a JSON list of records: it should start with “[”."),
        (b"<html>", "The file is not a JSON list of records: it should start with “[”."),
        (b'[{"id": "a"},', "The file is not JSON: line 1: expecting value."),
        (b'[{"id": "a"}', "The file is not JSON: line 1: expecting a comma or the end of the list."),
        (b'[{"id": "a"}] x', "The file is not JSON: line 1: something follows after the end of the list."),
        (b'[\n\n{"id": NaN}]', "The file is not JSON that we can read: line 3: NaN is not a JSON number."),
        (b'[{"id": "caf\xe9"}]', "The file is not in UTF-8. Save it in that encoding and try again."),
        ('[{"id": "a"}]'.encode("utf-16"), "The file is not in UTF-8. Save it in that encoding and try again."),
        (b"[" * 100_000, "The file is not JSON that we can read: line 1 nests too deep."),
        (b'[{"id": "a", "name": "b"}]', ("The file is not in the layout of family-information: "
          "no row has all of id, name, sessions, type.")),
    ],
)  # fmt: skip
def test_a_file_that_is_no_good_as_a_whole_is_told_in_one_line(app: Flask, now, tmp_path: Path, content, said):
    path = tmp_path / "broken.json"
    path.write_bytes(content)
    before = dump()

    with pytest.raises(Unusable) as told:
        bring(path, now=now)

    assert told.value.message == said
    assert dump() == before
    assert queries.runs() == []


def test_a_file_cut_off_half_way_writes_nothing(app: Flask, now: datetime, tmp_path: Path):
    path = tmp_path / "cut.json"
    path.write_bytes(GOOD.read_bytes()[:3000])

    with pytest.raises(Unusable, match="not JSON"):
        bring(path, now=now)

    assert queries.runs() == []


def test_the_wrong_layout_is_recognised(app: Flask, now: datetime, tmp_path: Path):
    with pytest.raises(Unusable, match="It looks like libraries"):
        bring(LIBRARIES, now=now)
    with pytest.raises(Unusable, match="is a folder"):
        bring(tmp_path, now=now)
    with pytest.raises(Unusable, match="No such file"):
        bring(tmp_path / "none.json", now=now)
    with pytest.raises(Unusable):
        bring(GOOD, now=now, layout="places")


def test_libraries_have_their_staffed_hours(app: Flask, now: datetime):
    make.calendar()
    outcome = bring(LIBRARIES, now=now, layout="libraries")
    make.work()

    assert outcome.report.sums() | {"vanished": 0, "taken out": {}} == {
        "new": 4, "changed": 0, "unchanged": 0, "refused": 1, "closed": 1, "moved: the newer row counts": 1,
        "kept as changed here": 0, "vanished": 0, "taken out": {},
    }  # fmt: skip
    lane = listing("library-rye-lane")
    hours = {
        (moment.weekday(), moment.hour)
        for moment in (clock.london(clock.from_epoch(one.starts_at)) for one in make.sessions_of(lane.id))
    }
    assert hours == {(0, 9), (1, 9), (5, 10)}
    assert date(2026, 12, 28) not in {one.occurs_on for one in make.sessions_of(lane.id)}
    assert date(2026, 12, 21) in {one.occurs_on for one in make.sessions_of(lane.id)}
    assert (lane.cost, named(lane.features, JOIN), lane.confirmed_on) == ("free", ["turn_up"], date(2025, 4, 28))
    assert "Leisure Centre" in lane.about
    assert listing("library-mill-2").title == "Mill Hub library"
    names = db.session.execute(select(Organisation.name).order_by(Organisation.name)).scalars()
    assert list(names) == ["Friends' Library", "Southwark libraries"]
    assert len(notes(outcome, "library-odd")) == 2


def test_the_operator_can_say_when_a_list_was_confirmed(app: Flask, now: datetime):
    bring(LIBRARIES, now=now, layout="libraries", as_of=date(2026, 10, 1))

    assert listing("library-rye-lane").confirmed_on == date(2026, 10, 1)


def test_places_become_venues_and_those_that_the_young_can_use_listings(app: Flask, now: datetime):
    outcome = bring(PLACES, now=now, layout="places")

    assert outcome.report.counts["new"] == 4
    assert reasons(outcome) == {
        "p-4": "name: is missing, and there is no address to name it by",
        "p-5": "category: “casino” is not a kind that we know",
        "p-7": "lat: 89.9, -0.07 lies outside London",
        "p-8": "audit_year: 2999-01-01 lies ahead",
        "9": ": has 3 fields, and the first line names 12",
        "p-10": "lat: “north” is not a number of degrees",
    }
    assert outcome.report.refused[0].line == 5
    skate, stage = listing("p-1"), listing("p-2")
    assert (skate.title, skate.confirmed_on) == ("Northfold skate park", date(2018, 1, 1))
    assert stage.title == "Theatre, 68 High Street, Peckham"
    assert named(skate.features, JOIN) == ["ring"]
    assert db.session.execute(select(func.count()).select_from(Schedule)).scalar_one() == 0
    assert db.session.execute(select(Venue.name).where(Venue.source_id == "p-3")).scalar_one() == "Museum of Buttons"
    assert db.session.execute(select(Activity).where(Activity.source_id == "p-3")).first() is None


def test_a_quote_that_never_closes_costs_no_row_before_it(app: Flask, now: datetime, tmp_path: Path):
    lines = PLACES.read_text(encoding="utf-8").splitlines()
    path = tmp_path / "quote.csv"
    path.write_text("\n".join([*lines[:3], 'p-20,theatre,"The Open', lines[1]]), encoding="utf-8")

    outcome = bring(path, now=now, layout="places")

    assert outcome.report.counts["new"] == 2
    assert reasons(outcome) == {
        "3": ": is not CSV: a quotation mark opens here and never closes, so all that follows is lost"
    }


def test_the_command_says_what_it_did(app: Flask, now: datetime):
    runner = app.test_cli_runner()

    good = runner.invoke(args=["import", "family-information", str(GOOD)])
    assert good.exit_code == 0
    assert "6 new, 0 changed, 0 unchanged, 0 refused" in good.output
    assert "flask --app wsgi imports undo" in good.output
    trial = runner.invoke(args=["import", "family-information", str(GOOD), "--dry-run"])
    assert "nothing was written" in trial.output
    broken = runner.invoke(args=["import", "family-information", str(FILES)])
    assert broken.exit_code == 1
    assert "Error: feeds is a folder." in broken.output
    listed = runner.invoke(args=["imports", "list"])
    assert "done" in listed.output
    assert "family-good.json" in listed.output


def test_a_file_of_nothing_but_faults_ends_with_an_error(app: Flask, tmp_path: Path):
    path = tmp_path / "all-bad.json"
    record = json.loads(GOOD.read_text(encoding="utf-8"))[0]
    path.write_text(json.dumps([{**record, "name": ""}]), encoding="utf-8")

    result = app.test_cli_runner().invoke(args=["import", "family-information", str(path)])

    assert result.exit_code == 1
    assert "No row of the file could be used." in result.output

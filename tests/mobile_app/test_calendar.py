"""Dates for a person's own calendar, read back as a calendar reads them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from backend.activities import actions
from backend.core import clock
from tests import make
from tests.conftest import NOW

pytestmark = pytest.mark.usefixtures("at")


@pytest.fixture(autouse=True)
def term(app):
    make.calendar()


def read(answer) -> Calendar:
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    return Calendar.from_ical(answer.data)


def events(answer) -> list:
    return list(read(answer).walk("VEVENT"))


def test_every_date_of_an_activity_is_there_with_its_hours_place_and_page(client):
    activity = make.activity(title="Second Supper: cook, eat; chat", ask_for="Sam", ask_for_note="Blue apron.")
    make.work()

    found = events(client.get(f"/activities/{activity}/calendar.ics"))

    assert len(found) == len(make.sessions_of(activity)) == 12
    first = found[0]
    assert str(first["SUMMARY"]) == "Second Supper: cook, eat; chat"
    assert str(first["LOCATION"]) == "Northfold Hall, 1 Rye Lane, SE15 4ST"
    assert "Ask for Sam. Blue apron." in first["DESCRIPTION"]
    assert str(first["URL"]).endswith(f"/activities/{activity}/second-supper-cook-eat-chat")
    assert str(first["STATUS"]) == "CONFIRMED"


def test_a_file_is_named_after_the_activity_and_saved_not_shown(client):
    activity = make.activity(title="Café, café!")
    make.work()

    answer = client.get(f"/activities/{activity}/calendar.ics")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="cafe-cafe.ics"'


def test_five_oclock_is_five_oclock_on_both_sides_of_each_clock_change(client, at):
    before = datetime(2026, 10, 20, 12, tzinfo=UTC)
    at(before)
    activity = make.activity(when=make.times(first_on=before.date()), now=before)
    make.work(now=before)

    answer = client.get(f"/activities/{activity}/calendar.ics")
    moments = [event["DTSTART"].dt for event in events(answer)]

    assert {moment.strftime("%H:%M") for moment in moments} == {"17:00"}
    # The file's own time zone, not this machine's, must say so: 20 October is summer time, 27 October is not.
    assert [moment.utcoffset() for moment in moments[:2]] == [timedelta(hours=1), timedelta(0)]
    assert b"DTSTART;TZID=Europe/London:20261020T170000" in answer.data
    assert b"DTSTART;TZID=Europe/London:20261027T170000" in answer.data


def test_the_files_time_zone_changes_when_londons_does(client):
    activity = make.activity()
    make.work()

    zone = read(client.get(f"/activities/{activity}/calendar.ics")).walk("VTIMEZONE")[0].to_tz(lookup_tzid=False)

    for year in range(1997, 2037):
        for month in range(1, 13):
            wall = datetime(year, month, 28, 17)  # noqa: DTZ001 -- each clock is asked about this wall time.
            assert wall.replace(tzinfo=zone).utcoffset() == wall.replace(tzinfo=clock.LONDON).utcoffset(), wall


def test_a_called_off_date_is_cancelled_under_the_same_name_with_a_higher_sequence(client):
    activity = make.activity()
    make.work()
    before = events(client.get(f"/activities/{activity}/calendar.ics"))
    from backend.activities import catalogue

    actions.cancel_session(session_id=make.sessions_of(activity)[1].id, reason="No heating.", now=NOW)
    catalogue.forget()
    after = events(client.get(f"/activities/{activity}/calendar.ics"))

    assert [str(event["UID"]) for event in before] == [str(event["UID"]) for event in after]
    assert len({str(event["UID"]) for event in after}) == len(after)
    assert [str(event["STATUS"]) for event in after[:3]] == ["CONFIRMED", "CANCELLED", "CONFIRMED"]
    assert "Called off. No heating." in after[1]["DESCRIPTION"]
    assert after[1]["SEQUENCE"] > before[1]["SEQUENCE"]


def test_a_moved_date_keeps_its_name_and_gets_its_new_hours(client):
    activity = make.activity()
    make.work()
    session = make.sessions_of(activity)[1]
    day = NOW.date() + timedelta(8)
    actions.move_date(
        schedule_id=session.schedule_id, on_date=NOW.date() + timedelta(7), to_date=day, to_minute=19 * 60, now=NOW
    )
    make.work()

    event = events(client.get(f"/activities/{activity}/calendar.ics"))[1]

    assert str(event["UID"]).startswith(f"session-{session.id}@")
    assert event["DTSTART"].dt.isoformat() == f"{day}T19:00:00+00:00"


def test_one_date_alone_can_be_taken(client):
    activity = make.activity()
    make.work()
    session = make.sessions_of(activity)[2]

    found = events(client.get(f"/sessions/{session.id}/calendar.ics"))

    assert [event["DTSTART"].dt.timestamp() for event in found] == [session.starts_at]


def test_names_with_any_letters_survive_the_folding_of_lines(client):
    title = "Çağlar’s very long evening of music, food and talk 🎉 مرحبا " + "x" * 60
    activity = make.activity(title=title)
    make.work()

    answer = client.get(f"/activities/{activity}/calendar.ics")

    assert str(events(answer)[0]["SUMMARY"]) == title
    assert max(len(line) for line in answer.data.split(b"\r\n")) <= 75


@pytest.mark.parametrize("path", ["/activities/999999/calendar.ics", "/sessions/999999/calendar.ics"])
def test_what_is_not_there_has_no_calendar(client, path):
    assert client.get(path).status_code == 404


def test_an_activity_without_dates_has_no_calendar(client):
    activity = make.activity(when=make.times(first_on=NOW.date() - timedelta(5), rule=None))
    make.work()

    assert client.get(f"/activities/{activity}/calendar.ics").status_code == 404

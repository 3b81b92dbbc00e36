"""Who vouches for a group, as people see it: our own six checks with their dates, or the directory that lists it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from backend.organisations.models import CheckKind, Standing

# What each check means, in the words of whoever thinks of going.
CHECKS = {
    CheckKind.IDENTITY: "We know who runs it",
    CheckKind.SAFEGUARDING_LEAD: "A safeguarding lead you can talk to",
    CheckKind.STAFF_DBS: "Staff have had safety checks (DBS)",
    CheckKind.INSURANCE: "Insured",
    CheckKind.VISIT: "We have visited",
    CheckKind.REFERENCE: "Somebody we trust spoke for them",
}


@dataclass(frozen=True, slots=True)
class Vouching:
    """Whose word a listing stands on. `confirmed` is the last day that somebody said it is true."""

    ours: bool
    words: str
    confirmed: str


@dataclass(frozen=True, slots=True)
class Passed:
    """A check that a group passed: what it means, when and by whom."""

    words: str
    on: str
    by: str


def label(found: dict[str, Any]) -> str:
    """The directory that lists it, by name; empty for a group of our own."""
    return (found["source_label"] or "a public directory") if found["standing"] == Standing.DIRECTORY else ""


def vouching(found: dict[str, Any], confirmed_on: date) -> Vouching:
    """Who says that a listing is right, and since when."""
    directory = label(found)
    return Vouching(not directory, f"listed by {directory}" if directory else "checked by us", day(confirmed_on))


def passed(found: dict[str, Any]) -> list[Passed]:
    """Every check with its date and name, in the order of the kinds; nothing for a directory's entry."""
    return [Passed(CHECKS[CheckKind(c["kind"])], day(c["passed_on"]), c["checked_by"]) for c in found["checks"]]


def in_short(found: dict[str, Any]) -> list[str]:
    """The checks that matter most to somebody who has never been, in three lines."""
    kinds = {check["kind"] for check in found["checks"]}
    if not kinds >= set(CheckKind):
        return []
    return [CHECKS[CheckKind.STAFF_DBS], "Insured, and we have visited", CHECKS[CheckKind.SAFEGUARDING_LEAD]]


def day(when: date) -> str:
    """A day with its year, for a date that may be long ago: "14 May 2024"."""
    return f"{when.day} {when:%B} {when.year}"

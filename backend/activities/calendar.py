"""The school and bank-holiday calendar that schedules and "straight after school" follow.

Terms are data: a default for London and, where a borough differs, that borough's own. Days that no list covers are
neither term nor holiday, so nothing is guessed about a year that nobody has entered yet.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from dateutil.easter import easter

SUMMER = timedelta(days=49)  # After the last known term, this long is taken as the summer holiday.


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days from `first` to `last`, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class SchoolCalendar:
    """`terms` by borough code, None for London's default, each in order of date."""

    terms: dict[str | None, tuple[Stretch, ...]] = field(default_factory=dict)
    bank_holidays: frozenset[date] = frozenset()

    def terms_of(self, borough: str | None) -> tuple[Stretch, ...]:
        """A borough's own terms, or London's where it has entered none."""
        return self.terms.get(borough) or self.terms.get(None, ())

    def in_term(self, day: date, borough: str | None) -> bool:
        return any(day in term for term in self.terms_of(borough))

    def in_holidays(self, day: date, borough: str | None) -> bool:
        """Between two known terms, or in the summer after the last one."""
        terms = self.terms_of(borough)
        if not terms or day < terms[0].first or day > terms[-1].last + SUMMER:
            return False
        return not self.in_term(day, borough)

    def school_day(self, day: date, borough: str | None) -> bool:
        return day.weekday() < 5 and self.in_term(day, borough) and day not in self.bank_holidays

    def next_holiday(self, day: date, borough: str | None) -> Stretch | None:
        """The school holiday that `day` is in, or else the next one; weekends beside it belong to it."""
        terms = self.terms_of(borough)
        for before, after in pairwise(terms):
            gap = Stretch(before.last + timedelta(1), after.first - timedelta(1))
            if gap.last >= day and (gap.last - gap.first).days >= 3:
                return gap
        if terms and day <= terms[-1].last + SUMMER:
            return Stretch(terms[-1].last + timedelta(1), terms[-1].last + SUMMER)
        return None


def bank_holidays_of(year: int) -> dict[date, str]:
    """England's bank holidays by the standing rule, in order, with their names.

    Source: Banking and Financial Dealings Act 1971, schedule 1, and the yearly proclamations since 1978. Christmas,
    Boxing Day and New Year's Day stand here on their own date as well when a weekend moves the holiday, because doors
    are shut on both. One-off holidays are entered by hand.
    """
    sunday = easter(year)
    days = {
        sunday - timedelta(2): "Good Friday",
        sunday + timedelta(1): "Easter Monday",
        _monday(date(year, 5, 1)): "Early May bank holiday",
        _monday(date(year, 5, 25)): "Spring bank holiday",
        _monday(date(year, 8, 25)): "Summer bank holiday",
    }
    for day, name in (
        (date(year, 1, 1), "New Year's Day"),
        (date(year, 12, 25), "Christmas Day"),
        (date(year, 12, 26), "Boxing Day"),
    ):
        substitute = day
        while substitute.weekday() >= 5 or substitute in days:
            substitute += timedelta(1)
        days[day] = name
        if substitute != day:
            days[substitute] = f"{name} (substitute day)"
    return dict(sorted(days.items()))


def _monday(earliest: date) -> date:
    """The first Monday on or after a date."""
    return earliest + timedelta(-earliest.weekday() % 7)


# Term dates that most London boroughs publish for community schools (each borough may differ by a day or two, and sets
# its own: see docs/operations.md on entering them). First and last day of each half term.
LONDON_TERMS = (
    ("Autumn 2026, first half", date(2026, 9, 1), date(2026, 10, 23)),
    ("Autumn 2026, second half", date(2026, 11, 2), date(2026, 12, 18)),
    ("Spring 2027, first half", date(2027, 1, 4), date(2027, 2, 12)),
    ("Spring 2027, second half", date(2027, 2, 22), date(2027, 3, 25)),
    ("Summer 2027, first half", date(2027, 4, 12), date(2027, 5, 28)),
    ("Summer 2027, second half", date(2027, 6, 7), date(2027, 7, 21)),
    ("Autumn 2027, first half", date(2027, 9, 1), date(2027, 10, 22)),
    ("Autumn 2027, second half", date(2027, 11, 1), date(2027, 12, 17)),
    ("Spring 2028, first half", date(2028, 1, 4), date(2028, 2, 11)),
    ("Spring 2028, second half", date(2028, 2, 21), date(2028, 3, 31)),
    ("Summer 2028, first half", date(2028, 4, 17), date(2028, 5, 26)),
    ("Summer 2028, second half", date(2028, 6, 5), date(2028, 7, 21)),
)

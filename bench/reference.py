"""The plain slow answer to a question: look at every session, one after the other, and keep what fits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import text

from backend.activities import queries
from backend.activities.queries import Ask
from backend.activities.vocabulary import bits
from backend.core import clock
from backend.core.db import reading
from backend.geo.grid import LONDON
from bench.questions import Asked

PAGES = 6  # So many pages of each question are compared, row by row.
CHUNK = 20_000
DAY = 86_400  # Seconds.
ROWS = text(
    "SELECT s.id, s.starts_at, s.ends_at, s.listed_until, s.features, s.category, s.age_min, s.age_max, s.lat, s.lng,"
    " s.day, a.title FROM session AS s JOIN activity AS a ON a.id = s.activity_id"
    f" WHERE s.id > :after ORDER BY s.id LIMIT {CHUNK}"
)


@dataclass(slots=True)
class Answer:
    """What fits: sort keys, and how many there are on each London day."""

    keys: list[tuple[int, int, int]] = field(default_factory=list)
    days: Counter[date] = field(default_factory=Counter)


def answers(asked: Sequence[Asked], *, now: datetime) -> list[Answer]:
    """The answers, in one reading of all sessions. Call inside the app's context."""
    found = [Answer() for _ in asked]
    seconds = clock.epoch(now)
    for rows in _chunks():
        days = _by_day(rows)
        for question, answer in zip(asked, found, strict=True):
            _gather(question.ask, days, seconds, answer)
            if len(answer.keys) > 5_000:
                answer.keys = sorted(answer.keys)[: PAGES * question.limit]
    for question, answer in zip(asked, found, strict=True):
        answer.keys = sorted(answer.keys)[: PAGES * question.limit]
    return found


def _chunks() -> Iterator[list[Any]]:
    after = 0
    with reading() as connection:
        while rows := connection.execute(ROWS, {"after": after}).all():
            after = rows[-1][0]
            yield list(rows)


def _by_day(rows: list[Any]) -> dict[int, list[Any]]:
    """The rows by the UTC day on which they start, so that a question about an evening skips the other days' rows."""
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row[1] // DAY, []).append(row)
    return found


def _gather(ask: Ask, days: dict[int, list[Any]], now: int, answer: Answer) -> None:
    from_, before = clock.epoch(ask.from_), clock.epoch(ask.before)
    must = bits((*ask.join, *ask.access, *ask.tags))
    for name, wanted in (
        ("free", ask.free), ("after_school", ask.after_school), ("holiday", ask.holiday), ("checked", ask.checked),
    ):  # fmt: skip
        must |= bits((name,)) if wanted else 0
    youngest, oldest = ask.ages or (0, 120)
    number = list(type(ask.category)).index(ask.category) if ask.category else None
    near = LONDON.centre(ask.cell) if ask.cell is not None else None
    rows = [row for day in range(from_ // DAY, before // DAY + 1) for row in days.get(day, ())]
    for row in [row for row in rows if from_ <= row[1] < before and row[4] & must == must]:
        id_, starts_at, ends_at, listed_until, _, category, age_min, age_max, lat, lng, day, title = row
        if ends_at <= now or listed_until <= now or age_min > oldest or age_max < youngest:
            continue
        if (number is not None and category != number) or ask.text.lower() not in title.lower():
            continue
        away = (lat - near[0]) ** 2 * 1238 + (lng - near[1]) ** 2 * 482 if near else 0
        if away <= ask.radius**2 * 1000:
            answer.keys.append((away if ask.order == "nearest" and near else 0, starts_at, id_))
            answer.days[date.fromordinal(day)] += 1


def differences(asked: Sequence[Asked], expected: Sequence[Answer], *, now: datetime) -> list[str]:
    """Where the engine's pages, counts and counts by day differ from the plain answers; each as one line."""
    return [
        f"{what}: {question.ask}"
        for question, answer in zip(asked, expected, strict=True)
        for what in _compare(question, answer, now)
    ]


def _compare(question: Asked, answer: Answer, now: datetime) -> Iterator[str]:
    ids, pages, cursor = [], 0, None
    while pages < PAGES:
        page = queries.sessions_near(question.ask, now=now, limit=question.limit, cursor=cursor)
        ids += [item.id for item in page.items]
        pages, cursor = pages + 1, page.cursor
        if cursor is None:
            break
    if ids != [key[2] for key in answer.keys]:
        yield "other rows, or another order"
    total = sum(answer.days.values())
    if (cursor is None) != (total <= len(ids)):
        yield "the list ends at the wrong place"
    if queries.count(question.ask, now=now) != min(total, queries.COUNTED):
        yield "another count"
    if {day: n for day, n in queries.counts_by_day(question.ask, now=now).items() if n} != answer.days:
        yield "other counts by day"

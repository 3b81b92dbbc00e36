"""Correctness first: whatever is fast must also be right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text

from bench import reference
from bench.data import Database
from bench.questions import random_questions
from bench.table import Table

# Two databases with the same sum hold the same sessions, so one plain answer serves for both.
SUM = text(
    "SELECT count(*), sum((s.id % 9973) * (s.starts_at % 99991 + s.cell + s.features % 999983 + s.age_max))"
    " FROM session AS s"
)


def run(table: Table, databases: Sequence[Database], *, questions: int, now: datetime) -> None:
    """Ask the same random questions of databases of one size and hold the answers against the plain slow ones."""
    asked = random_questions(questions, now=now, seed=41)
    expected: dict[tuple[int, ...], list[reference.Answer]] = {}
    for database in databases:
        with database.app.app_context():
            with database.reading() as (connection, _):
                mark = tuple(int(value) for value in connection.execute(SUM).one())
            if mark not in expected:
                expected[mark] = reference.answers(asked, now=now)
            wrong = reference.differences(asked, expected[mark], now=now)
        for line in wrong[:5]:
            print(f"         {line}")
        rows = sum(len(answer.keys) for answer in expected[mark])
        answered = sum(bool(answer.keys) for answer in expected[mark])
        table.add(
            f"answers equal the plain reference's, {database.name}",
            f"{len(wrong)} differences in {questions} random questions ({answered} with results), {rows:,} rows"
            " compared page by page, counts and counts by day too",
            not wrong,
        )

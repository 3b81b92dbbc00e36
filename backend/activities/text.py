"""Finding activities by words, and putting right what was misspelt.

SQLite answers from an FTS5 table and PostgreSQL from a tsvector; both hold the same words. When nothing is found, each
unknown word is replaced by the nearest word that listings use, judged by the three-letter pieces they share.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, text

from backend.core.db import db

WORD = re.compile(r"[a-z0-9]{2,40}")
MOST_WORDS = 8

# Words that carry nothing in "boxing near me for free", and would make a search for all words fail.
STOP = frozenset(
    "a an and are at by club clubs for from in is it me near my of on or some stuff the things to what with".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Document:
    """What an activity is found by. `title` weighs more than `more`."""

    activity_id: int
    title: str
    more: str


def words_of(text_: str) -> list[str]:
    """Plain lower-case words, without accents: "Café, BEATS!" → ["cafe", "beats"]."""
    plain = (
        unicodedata.normalize("NFKD", text_.replace("\u2019", "'")).encode("ascii", "ignore").decode("ascii").lower()
    )
    return WORD.findall(plain.replace("'", ""))


def asked_words(text_: str) -> list[str]:
    """The words of a search that matter, at most eight."""
    found = list(dict.fromkeys(words_of(text_)))
    return ([word for word in found if word not in STOP] or found)[:MOST_WORDS]


def write(documents: Sequence[Document]) -> None:
    """Put documents into the index, in place of what was there. Call inside a transaction."""
    if not documents:
        return
    rows = [
        {"id": d.activity_id, "title": " ".join(words_of(d.title)), "more": " ".join(words_of(d.more))}
        for d in documents
    ]
    erase([d.activity_id for d in documents])
    if db.engine.dialect.name == "sqlite":
        db.session.execute(text("INSERT INTO activity_text (rowid, title, more) VALUES (:id, :title, :more)"), rows)
    else:
        db.session.execute(
            text(
                "INSERT INTO activity_text (activity_id, words) VALUES (:id, "
                "setweight(to_tsvector('english', :title), 'A') || setweight(to_tsvector('english', :more), 'C'))"
            ),
            rows,
        )


def erase(activity_ids: Sequence[int]) -> None:
    """Take activities out of the index. Call inside a transaction."""
    key = "rowid" if db.engine.dialect.name == "sqlite" else "activity_id"
    statement = text(f"DELETE FROM activity_text WHERE {key} IN :ids").bindparams(bindparam("ids", expanding=True))
    db.session.execute(statement, {"ids": list(activity_ids)})


def learn(documents: Iterable[Document]) -> None:
    """Add the documents' words to the vocabulary. Call inside a transaction.

    Counts only grow. They decide between two equally near words, so a word that no listing uses any more does no harm.
    """
    counts: dict[str, int] = {}
    for document in documents:
        for word in set(words_of(f"{document.title} {document.more}")):
            if len(word) >= 3 and not word.isdigit():
                counts[word] = counts.get(word, 0) + 1
    if not counts:
        return
    db.session.execute(
        text(
            "INSERT INTO word (word, uses) VALUES (:word, :uses) "
            "ON CONFLICT (word) DO UPDATE SET uses = word.uses + excluded.uses"
        ),
        [{"word": word, "uses": uses} for word, uses in sorted(counts.items())],
    )
    db.session.execute(
        text("INSERT INTO word_trigram (trigram, word) VALUES (:trigram, :word) ON CONFLICT DO NOTHING"),
        [{"trigram": piece, "word": word} for word in sorted(counts) for piece in sorted(trigrams(word))],
    )


def trigrams(word: str) -> set[str]:
    """The three-letter pieces of a word, its edges marked: "box" → {"  b", " bo", "box", "ox "}."""
    padded = f"  {word} "
    return {padded[n : n + 3] for n in range(len(padded) - 2)}


def query(words: Sequence[str], *, dialect: str) -> str:
    """The words as the database's own query: all of them, the last one perhaps unfinished."""
    if dialect == "sqlite":
        return " AND ".join([*(f'"{word}"' for word in words[:-1]), f'("{words[-1]}" OR "{words[-1]}"*)'])
    return " & ".join([*words[:-1], f"({words[-1]} | {words[-1]}:*)"])


_NEAR = {
    "sqlite": "SELECT word, count(*) AS shared FROM word_trigram"
    " WHERE trigram IN (SELECT value FROM json_each(:pieces)) GROUP BY word",
    "postgresql": "SELECT word, count(*) AS shared FROM word_trigram WHERE trigram = ANY(:pieces) GROUP BY word",
}


def correct(words: Sequence[str], connection: Connection) -> list[str]:
    """Each word, or the nearest known one when it is unknown. Words that are nothing like any stay as they are."""
    return [_nearest(word, connection) or word for word in words]


def _nearest(word: str, connection: Connection) -> str | None:
    dialect = connection.dialect.name
    pieces = sorted(trigrams(word))
    shared = text(f"SELECT n.word, n.shared, w.uses FROM ({_NEAR[dialect]} ORDER BY shared DESC LIMIT 40) AS n"
                  " JOIN word AS w ON w.word = n.word")  # fmt: skip
    parameter = json.dumps(pieces) if dialect == "sqlite" else pieces
    best: tuple[float, int, str] | None = None
    for candidate, common, uses in connection.execute(shared, {"pieces": parameter}):
        # Dice's coefficient on the pieces, less a little for each letter of edit distance.
        alike = 2 * common / (len(pieces) + len(candidate) + 2) - 0.08 * _edits(word, candidate)
        if alike > 0.2 and (best is None or (alike, uses, candidate) > best):
            best = (alike, uses, candidate)
    return best[2] if best else None


def _edits(one: str, other: str) -> int:
    """Edit distance where two letters that changed places count once (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        above, row, older = row, [i], before
        for j, b in enumerate(other, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a != b))
            if older and i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        before = above
    return row[-1]

"""What a process remembers of the catalogue as a whole: its version, and how dense it is."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from time import monotonic

from sqlalchemy import Connection, Engine, bindparam, text

from backend.activities.near import Density
from backend.activities.vocabulary import CATEGORY_NUMBERS, FEATURES
from backend.core.db import db, reading

VERSION_AGE = 0.5  # Seconds. A change shows on every process within this time, well inside "within a second".
DENSITY_AGE = 30.0  # Seconds. The plans' estimates may lag: they decide about speed, never about the answer.


@dataclass(slots=True)
class _Remembered:
    version: int = -1
    version_at: float = -VERSION_AGE
    density: Density | None = None
    density_at: float = -DENSITY_AGE


_memory: dict[Engine, _Remembered] = {}
_lock = threading.Lock()


def _remembered(engine: Engine) -> _Remembered:
    # By database, so that a process which serves two (the tests do) does not mix them up.
    return _memory.setdefault(engine, _Remembered())


def version() -> int:
    """The catalogue's version, at most half a second old. It grows with every change that an answer could show."""
    remembered = _remembered(db.engine)
    if monotonic() - remembered.version_at >= VERSION_AGE:
        with reading() as connection:
            remembered.version = connection.execute(text("SELECT version FROM catalogue WHERE id = 1")).scalar_one()
        remembered.version_at = monotonic()
    return remembered.version


def density(connection: Connection) -> Density:
    """How many sessions each cell holds, at most half a minute old."""
    remembered = _remembered(connection.engine)
    if remembered.density is None or monotonic() - remembered.density_at >= DENSITY_AGE:
        with _lock:
            if remembered.density is None or monotonic() - remembered.density_at >= DENSITY_AGE:
                remembered.density = _measure(connection)
                remembered.density_at = monotonic()
    return remembered.density


def forget() -> None:
    """Forget all of it, as a new process would."""
    _memory.clear()


def _measure(connection: Connection) -> Density:
    cells: dict[int, list[int]] = {}
    for cell, category, sessions in connection.execute(text("SELECT cell, category, sessions FROM cell_count")):
        cells.setdefault(cell, [0] * len(CATEGORY_NUMBERS))[category] = sessions
    return Density(cells, _shares(connection), sum(map(sum, cells.values())))


def _shares(connection: Connection) -> dict[int, float]:
    """How common each feature bit is, from a thousand sessions spread evenly over the ids."""
    first, last = connection.execute(text("SELECT min(id), max(id) FROM session")).one()
    if first is None:
        return {}
    ids = range(first, last + 1, max(1, (last - first) // 1000))
    statement = text("SELECT features FROM session WHERE id IN :ids").bindparams(bindparam("ids", expanding=True))
    sample = connection.execute(statement, {"ids": list(ids)[:1001]}).scalars().all()
    # A bit that the sample lacks is rare, not absent.
    return {bit: max(sum(1 for f in sample if f & bit), 0.5) / max(len(sample), 1) for bit in FEATURES.values()}

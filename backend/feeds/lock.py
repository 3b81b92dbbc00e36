"""One import of a source at a time. The lock is the system's, so that it is free again when its holder is killed."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b

from sqlalchemy import func, select

from backend.core.db import db, dialect, reading
from backend.core.errors import Conflict
from backend.core.slugs import slug


class AlreadyImporting(Conflict):
    """Another process is importing, or undoing an import of, the same source."""


@contextmanager
def held(source: str) -> Iterator[None]:
    """Hold a source. Raises AlreadyImporting at once when somebody else does."""
    refusal = AlreadyImporting(f"Another import of {source} is running. Wait until it has ended, then try again.")
    if dialect() == "sqlite":
        handle = os.open(f"{db.engine.url.database}.import-{slug(source)}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise refusal from None
            yield
        finally:
            os.close(handle)
        return
    key = int.from_bytes(blake2b(f"import:{source}".encode(), digest_size=8).digest(), "big", signed=True)
    with reading() as connection:
        if not connection.execute(select(func.pg_try_advisory_lock(key))).scalar_one():
            raise refusal
        try:
            yield
        finally:
            connection.execute(select(func.pg_advisory_unlock(key)))

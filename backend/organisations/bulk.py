"""Whole rows for writing many organisations at a time. Nothing here opens a transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from backend.core.slugs import slug
from backend.organisations.models import Standing


def directory_row(
    *,
    name: str,
    borough: str | None,
    website: str | None,
    telephone: str | None,
    source: str,
    source_id: str,
    source_label: str,
    now: datetime,
) -> dict[str, Any]:
    """The columns, but for the id, of an organisation that a public directory vouches for."""
    return {
        "slug": slug(name),
        "name": name,
        "about": "",
        "standing": int(Standing.DIRECTORY),
        "borough": borough,
        "running_since": None,
        "website": website,
        "telephone": telephone,
        "source": source,
        "source_id": source_id,
        "source_label": source_label,
        "created_at": now,
        "updated_at": now,
    }

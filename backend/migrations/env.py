"""How Alembic meets the app: its engine, its tables, its types."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from flask import current_app

from backend.core.db import Base, UtcDateTime, db

# Tables that only one database has, made by hand in the migrations: autogenerate must not drop them.
BY_HAND = ("activity_text",)


def _render(kind: str, thing: Any, _context: Any) -> str | Literal[False]:
    """Write our moments as the type they are stored as, so that old migrations need none of today's code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, UtcDateTime) else False


def _include(_thing: Any, name: str | None, kind: str, *_rest: Any) -> bool:
    return not (kind in {"table", "index"} and name and name.startswith(BY_HAND))


def _run() -> None:
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_item=_render,
            include_object=_include,
            compare_type=True,
            render_as_batch=True,
            **{
                name: value
                for name, value in current_app.extensions["migrate"].configure_args.items()
                if name not in {"compare_type", "render_as_batch"}
            },
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


_run()

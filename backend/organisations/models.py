"""Community groups, and the checks that let them be seen."""

from __future__ import annotations

from datetime import date, datetime
from enum import IntEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.core.db import Base, BigId


class Standing(IntEnum):
    """How we know an organisation."""

    GROUP = 0  # It joined Good Ends and goes through the six checks.
    DIRECTORY = 1  # A public directory lists it; that directory vouches for it, and we say so.


class CheckKind(IntEnum):
    """The six checks on a group. The words of each are shown to young people on the group's page."""

    IDENTITY = 0
    SAFEGUARDING_LEAD = 1
    STAFF_DBS = 2
    INSURANCE = 3
    VISIT = 4
    REFERENCE = 5


class Organisation(Base):
    """A community group, a council service or another body that runs activities."""

    __tablename__ = "organisation"
    __table_args__ = (
        UniqueConstraint("source", "source_id"),
        Index("ix_organisation_name", "name"),
        CheckConstraint("standing IN (0, 1)", name="standing"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    slug: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(160))
    about: Mapped[str] = mapped_column(Text, default="")
    standing: Mapped[int] = mapped_column(default=Standing.GROUP)
    borough: Mapped[str | None] = mapped_column(String(9))
    running_since: Mapped[int | None]
    website: Mapped[str | None] = mapped_column(String(300))
    telephone: Mapped[str | None] = mapped_column(String(40))
    source: Mapped[str | None] = mapped_column(String(40))
    source_id: Mapped[str | None] = mapped_column(String(120))
    source_label: Mapped[str | None] = mapped_column(String(160))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    checks: Mapped[list[Check]] = relationship(lazy="raise", back_populates="organisation")


class Check(Base):
    """One check that a group passed, by whom and until when. A record, not a flag: trust is dated and expires."""

    __tablename__ = "organisation_check"
    __table_args__ = (
        UniqueConstraint("organisation_id", "kind"),
        CheckConstraint("kind BETWEEN 0 AND 5", name="kind"),
        CheckConstraint("expires_on > passed_on", name="expires_after_passing"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    kind: Mapped[int]
    passed_on: Mapped[date]
    expires_on: Mapped[date]
    checked_by: Mapped[str] = mapped_column(String(80))

    organisation: Mapped[Organisation] = relationship(lazy="raise", back_populates="checks")

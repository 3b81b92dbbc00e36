"""Activities, where and when they happen, and the dated sessions that people go to.

A session row repeats what the search filters on, so that "what is on near me" reads one table through one index.
`backend/activities/sessions.py` is the only writer of those copies.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.activities.vocabulary import AGE_HIGHEST, AGE_LOWEST, Applies, Cost, Status
from backend.core.db import Base, BigId


class Venue(Base):
    """A place where things happen. Coordinates are 1e-5 degree; `borough` and `ward` are GSS codes."""

    __tablename__ = "venue"
    __table_args__ = (UniqueConstraint("source", "source_id"), Index("ix_venue_cell", "cell"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(160))
    address: Mapped[str] = mapped_column(String(300), default="")
    postcode: Mapped[str | None] = mapped_column(String(8))
    lat: Mapped[int]
    lng: Mapped[int]
    cell: Mapped[int] = mapped_column(BigInteger)
    borough: Mapped[str] = mapped_column(String(9))
    ward: Mapped[str | None] = mapped_column(String(9))
    access_note: Mapped[str] = mapped_column(Text, default="")
    approximate: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str | None] = mapped_column(String(40))
    source_id: Mapped[str | None] = mapped_column(String(120))


class Activity(Base):
    """What a group offers, once or again and again."""

    __tablename__ = "activity"
    __table_args__ = (
        UniqueConstraint("source", "source_id"),
        Index("ix_activity_organisation_id", "organisation_id"),
        Index("ix_activity_venue_id", "venue_id"),
        # Rare filters and text start from here, so the index holds all that they look at.
        Index("ix_activity_find", "cell", "category", "features", "age_min", "age_max", "id"),
        CheckConstraint("age_min BETWEEN 0 AND age_max AND age_max <= 120", name="ages"),
        CheckConstraint("cost_min >= 0 AND cost_max >= cost_min", name="cost"),
        CheckConstraint("category BETWEEN 0 AND 8", name="category"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    venue_id: Mapped[int | None] = mapped_column(ForeignKey("venue.id"))
    slug: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(160))
    about: Mapped[str] = mapped_column(Text, default="")
    category: Mapped[int] = mapped_column(SmallInteger)
    cell: Mapped[int | None] = mapped_column(BigInteger)
    features: Mapped[int] = mapped_column(BigInteger, default=0)
    age_min: Mapped[int] = mapped_column(SmallInteger, default=AGE_LOWEST)
    age_max: Mapped[int] = mapped_column(SmallInteger, default=AGE_HIGHEST)
    cost: Mapped[str] = mapped_column(String(8), default=Cost.FREE)
    cost_min: Mapped[int] = mapped_column(default=0)
    cost_max: Mapped[int] = mapped_column(default=0)
    cost_note: Mapped[str] = mapped_column(Text, default="")
    languages: Mapped[list[str]] = mapped_column(default=list)
    ask_for: Mapped[str] = mapped_column(String(80), default="")
    ask_for_note: Mapped[str] = mapped_column(String(160), default="")
    at_the_door: Mapped[list[str]] = mapped_column(default=list)
    bring: Mapped[str] = mapped_column(String(300), default="")
    times_note: Mapped[str] = mapped_column(Text, default="")
    telephone: Mapped[str | None] = mapped_column(String(40))
    website: Mapped[str | None] = mapped_column(String(300))
    confirmed_on: Mapped[date]
    confirmed_by: Mapped[str] = mapped_column(String(160))
    listed_until: Mapped[datetime | None]
    source: Mapped[str | None] = mapped_column(String(40))
    source_id: Mapped[str | None] = mapped_column(String(120))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Schedule(Base):
    """When an activity happens: an RFC 5545 rule in London time. Times are minutes after midnight and minutes long."""

    __tablename__ = "schedule"
    __table_args__ = (
        Index("ix_schedule_activity_id", "activity_id"),
        CheckConstraint("starts_minute BETWEEN 0 AND 1439", name="starts_minute"),
        CheckConstraint("minutes BETWEEN 1 AND 1440", name="minutes"),
        CheckConstraint("applies IN (0, 1, 2)", name="applies"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"))
    first_on: Mapped[date]
    last_on: Mapped[date | None]
    starts_minute: Mapped[int] = mapped_column(SmallInteger)
    minutes: Mapped[int] = mapped_column(SmallInteger)
    rule: Mapped[str | None] = mapped_column(String(200))
    applies: Mapped[int] = mapped_column(SmallInteger, default=Applies.ALWAYS)
    on_bank_holidays: Mapped[bool] = mapped_column(default=False)
    capacity: Mapped[int | None]


class ScheduleChange(Base):
    """One date of a schedule that is skipped, or moved to another time or place."""

    __tablename__ = "schedule_change"
    __table_args__ = (UniqueConstraint("schedule_id", "on_date"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    schedule_id: Mapped[int] = mapped_column(ForeignKey("schedule.id", ondelete="CASCADE"))
    on_date: Mapped[date]
    to_date: Mapped[date | None]  # None skips the date.
    to_minute: Mapped[int | None] = mapped_column(SmallInteger)
    to_minutes: Mapped[int | None] = mapped_column(SmallInteger)
    to_venue_id: Mapped[int | None] = mapped_column(ForeignKey("venue.id"))
    reason: Mapped[str] = mapped_column(String(160), default="")


class Session(Base):
    """One dated occurrence. `schedule_id` and `occurs_on` are its identity, whatever else about it changes.

    `starts_at`, `ends_at` and `listed_until` are epoch seconds, `day` is the proleptic ordinal of the London date.
    `listed_until` is when it stops being shown, whoever forgets to hide it: 0 for one that is not to be listed.
    """

    __tablename__ = "session"
    __table_args__ = (
        UniqueConstraint("schedule_id", "occurs_on"),
        Index("ix_session_activity_id_starts_at", "activity_id", "starts_at"),
        # Covering: the ring and slice plans never touch the table. PostgreSQL's own form is in the migration.
        Index(
            "ix_session_near",
            "cell",
            "starts_at",
            "features",
            "category",
            "age_min",
            "age_max",
            "lat",
            "lng",
            "ends_at",
            "listed_until",
            "day",
            "id",
        ),
        # Covering as well: all of London, and wide circles soonest first, are read in order of time.
        Index(
            "ix_session_when",
            "starts_at",
            "id",
            "features",
            "category",
            "age_min",
            "age_max",
            "lat",
            "lng",
            "ends_at",
            "listed_until",
            "day",
        ),
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("taken >= 0 AND (capacity IS NULL OR taken <= capacity)", name="taken"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"))
    schedule_id: Mapped[int] = mapped_column(ForeignKey("schedule.id", ondelete="CASCADE"))
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id"))
    occurs_on: Mapped[date]
    status: Mapped[int] = mapped_column(SmallInteger, default=Status.SCHEDULED)
    reason: Mapped[str] = mapped_column(String(160), default="")
    moved: Mapped[bool] = mapped_column(default=False)
    capacity: Mapped[int | None]
    taken: Mapped[int] = mapped_column(default=0)
    starts_at: Mapped[int] = mapped_column(BigInteger)
    ends_at: Mapped[int] = mapped_column(BigInteger)
    day: Mapped[int]
    cell: Mapped[int] = mapped_column(BigInteger)
    lat: Mapped[int]
    lng: Mapped[int]
    category: Mapped[int] = mapped_column(SmallInteger)
    age_min: Mapped[int] = mapped_column(SmallInteger)
    age_max: Mapped[int] = mapped_column(SmallInteger)
    features: Mapped[int] = mapped_column(BigInteger)
    listed_until: Mapped[int] = mapped_column(BigInteger)


class Term(Base):
    """A stretch of school term, first and last day included. `borough` None is London's default."""

    __tablename__ = "school_term"
    __table_args__ = (
        UniqueConstraint("borough", "first_on"),
        CheckConstraint("last_on >= first_on", name="in_order"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    borough: Mapped[str | None] = mapped_column(String(9))
    name: Mapped[str] = mapped_column(String(60))
    first_on: Mapped[date]
    last_on: Mapped[date]


class BankHoliday(Base):
    """A bank holiday in England."""

    __tablename__ = "bank_holiday"

    on_date: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))


class Catalogue(Base):
    """One row whose version grows with every change that an answer could show: what ETags are made from."""

    __tablename__ = "catalogue"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger, default=0)


class CellCount(Base):
    """How many listed sessions a cell has in each category: what the plans estimate from."""

    __tablename__ = "cell_count"

    cell: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    category: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    sessions: Mapped[int]


class Word(Base):
    """A word that listings use, for correcting what people type; `uses` is in how many listings."""

    __tablename__ = "word"

    word: Mapped[str] = mapped_column(String(40), primary_key=True)
    uses: Mapped[int]


class WordTrigram(Base):
    """The three-letter pieces of each word: near spellings share most of them."""

    __tablename__ = "word_trigram"

    trigram: Mapped[str] = mapped_column(String(3), primary_key=True)
    word: Mapped[str] = mapped_column(ForeignKey("word.word", ondelete="CASCADE"), primary_key=True)

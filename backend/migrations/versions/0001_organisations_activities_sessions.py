"""organisations, activities, sessions

Revision: 0001
After:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bank_holiday",
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("on_date", name=op.f("pk_bank_holiday")),
    )
    op.create_table(
        "catalogue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalogue")),
    )
    op.create_table(
        "cell_count",
        sa.Column("cell", sa.BigInteger(), nullable=False),
        sa.Column("category", sa.SmallInteger(), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("cell", "category", name=op.f("pk_cell_count")),
    )
    op.create_table(
        "heartbeat",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeat")),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("standing", sa.Integer(), nullable=False),
        sa.Column("borough", sa.String(length=9), nullable=True),
        sa.Column("running_since", sa.Integer(), nullable=True),
        sa.Column("website", sa.String(length=300), nullable=True),
        sa.Column("telephone", sa.String(length=40), nullable=True),
        sa.Column("source", sa.String(length=40), nullable=True),
        sa.Column("source_id", sa.String(length=120), nullable=True),
        sa.Column("source_label", sa.String(length=160), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("standing IN (0, 1)", name=op.f("ck_organisation_standing")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("source", "source_id", name=op.f("uq_organisation_source_source_id")),
    )
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.create_index("ix_organisation_name", ["name"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("job", sa.String(length=80), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outbox_due",
            ["due"],
            unique=False,
            postgresql_where=sa.text("done IS NULL"),
            sqlite_where=sa.text("done IS NULL"),
        )

    op.create_table(
        "school_term",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("borough", sa.String(length=9), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_school_term_in_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_term")),
        sa.UniqueConstraint("borough", "first_on", name=op.f("uq_school_term_borough_first_on")),
    )
    op.create_table(
        "venue",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("postcode", sa.String(length=8), nullable=True),
        sa.Column("lat", sa.Integer(), nullable=False),
        sa.Column("lng", sa.Integer(), nullable=False),
        sa.Column("cell", sa.BigInteger(), nullable=False),
        sa.Column("borough", sa.String(length=9), nullable=False),
        sa.Column("ward", sa.String(length=9), nullable=True),
        sa.Column("access_note", sa.Text(), nullable=False),
        sa.Column("approximate", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=True),
        sa.Column("source_id", sa.String(length=120), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venue")),
        sa.UniqueConstraint("source", "source_id", name=op.f("uq_venue_source_source_id")),
    )
    with op.batch_alter_table("venue", schema=None) as batch_op:
        batch_op.create_index("ix_venue_cell", ["cell"], unique=False)

    op.create_table(
        "word",
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_word")),
    )
    op.create_table(
        "activity",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("venue_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("category", sa.SmallInteger(), nullable=False),
        sa.Column("cell", sa.BigInteger(), nullable=True),
        sa.Column("features", sa.BigInteger(), nullable=False),
        sa.Column("age_min", sa.SmallInteger(), nullable=False),
        sa.Column("age_max", sa.SmallInteger(), nullable=False),
        sa.Column("cost", sa.String(length=8), nullable=False),
        sa.Column("cost_min", sa.Integer(), nullable=False),
        sa.Column("cost_max", sa.Integer(), nullable=False),
        sa.Column("cost_note", sa.Text(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("ask_for", sa.String(length=80), nullable=False),
        sa.Column("ask_for_note", sa.String(length=160), nullable=False),
        sa.Column("at_the_door", sa.JSON(), nullable=False),
        sa.Column("bring", sa.String(length=300), nullable=False),
        sa.Column("times_note", sa.Text(), nullable=False),
        sa.Column("telephone", sa.String(length=40), nullable=True),
        sa.Column("website", sa.String(length=300), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=False),
        sa.Column("confirmed_by", sa.String(length=160), nullable=False),
        sa.Column("listed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source", sa.String(length=40), nullable=True),
        sa.Column("source_id", sa.String(length=120), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("age_min BETWEEN 0 AND age_max AND age_max <= 120", name=op.f("ck_activity_ages")),
        sa.CheckConstraint("category BETWEEN 0 AND 8", name=op.f("ck_activity_category")),
        sa.CheckConstraint("cost_min >= 0 AND cost_max >= cost_min", name=op.f("ck_activity_cost")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_activity_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_activity_venue_id_venue")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
        sa.UniqueConstraint("source", "source_id", name=op.f("uq_activity_source_source_id")),
    )
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.create_index("ix_activity_find", ["cell", "category", "features", "age_min", "age_max", "id"], unique=False)
        batch_op.create_index("ix_activity_organisation_id", ["organisation_id"], unique=False)
        batch_op.create_index("ix_activity_venue_id", ["venue_id"], unique=False)

    op.create_table(
        "organisation_check",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Integer(), nullable=False),
        sa.Column("passed_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("checked_by", sa.String(length=80), nullable=False),
        sa.CheckConstraint("expires_on > passed_on", name=op.f("ck_organisation_check_expires_after_passing")),
        sa.CheckConstraint("kind BETWEEN 0 AND 5", name=op.f("ck_organisation_check_kind")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_check_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_check")),
        sa.UniqueConstraint("organisation_id", "kind", name=op.f("uq_organisation_check_organisation_id_kind")),
    )
    op.create_table(
        "word_trigram",
        sa.Column("trigram", sa.String(length=3), nullable=False),
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["word"], ["word.word"], name=op.f("fk_word_trigram_word_word"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("trigram", "word", name=op.f("pk_word_trigram")),
    )
    op.create_table(
        "schedule",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("activity_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("starts_minute", sa.SmallInteger(), nullable=False),
        sa.Column("minutes", sa.SmallInteger(), nullable=False),
        sa.Column("rule", sa.String(length=200), nullable=True),
        sa.Column("applies", sa.SmallInteger(), nullable=False),
        sa.Column("on_bank_holidays", sa.Boolean(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.CheckConstraint("applies IN (0, 1, 2)", name=op.f("ck_schedule_applies")),
        sa.CheckConstraint("minutes BETWEEN 1 AND 1440", name=op.f("ck_schedule_minutes")),
        sa.CheckConstraint("starts_minute BETWEEN 0 AND 1439", name=op.f("ck_schedule_starts_minute")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_schedule_activity_id_activity"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule")),
    )
    with op.batch_alter_table("schedule", schema=None) as batch_op:
        batch_op.create_index("ix_schedule_activity_id", ["activity_id"], unique=False)

    op.create_table(
        "schedule_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("schedule_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("to_date", sa.Date(), nullable=True),
        sa.Column("to_minute", sa.SmallInteger(), nullable=True),
        sa.Column("to_minutes", sa.SmallInteger(), nullable=True),
        sa.Column("to_venue_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.String(length=160), nullable=False),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["schedule.id"], name=op.f("fk_schedule_change_schedule_id_schedule"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["to_venue_id"], ["venue.id"], name=op.f("fk_schedule_change_to_venue_id_venue")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule_change")),
        sa.UniqueConstraint("schedule_id", "on_date", name=op.f("uq_schedule_change_schedule_id_on_date")),
    )
    op.create_table(
        "session",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("activity_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("schedule_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("venue_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("occurs_on", sa.Date(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("reason", sa.String(length=160), nullable=False),
        sa.Column("moved", sa.Boolean(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("cell", sa.BigInteger(), nullable=False),
        sa.Column("lat", sa.Integer(), nullable=False),
        sa.Column("lng", sa.Integer(), nullable=False),
        sa.Column("category", sa.SmallInteger(), nullable=False),
        sa.Column("age_min", sa.SmallInteger(), nullable=False),
        sa.Column("age_max", sa.SmallInteger(), nullable=False),
        sa.Column("features", sa.BigInteger(), nullable=False),
        sa.Column("listed_until", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_session_ends_after_start")),
        sa.CheckConstraint("taken >= 0 AND (capacity IS NULL OR taken <= capacity)", name=op.f("ck_session_taken")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activity.id"], name=op.f("fk_session_activity_id_activity"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["schedule.id"], name=op.f("fk_session_schedule_id_schedule"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_session_venue_id_venue")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("schedule_id", "occurs_on", name=op.f("uq_session_schedule_id_occurs_on")),
    )
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.create_index("ix_session_activity_id_starts_at", ["activity_id", "starts_at"], unique=False)
        batch_op.create_index(
            "ix_session_near",
            [
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
            ],
            unique=False,
        )
        batch_op.create_index(
            "ix_session_when",
            [
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
            ],
            unique=False,
        )
    op.bulk_insert(sa.table("catalogue", sa.column("id"), sa.column("version")), [{"id": 1, "version": 1}])
    # The index of words: each database has its own kind, so this table is in no model.
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE activity_text USING fts5(title, more, tokenize = 'porter unicode61')")
    else:
        op.execute(
            "CREATE TABLE activity_text (activity_id BIGINT PRIMARY KEY REFERENCES activity (id) ON DELETE CASCADE,"
            " words TSVECTOR NOT NULL)"
        )
        op.execute("CREATE INDEX activity_text_words ON activity_text USING GIN (words)")


def downgrade() -> None:
    op.execute("DROP TABLE activity_text")
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.drop_index("ix_session_when")
        batch_op.drop_index("ix_session_near")
        batch_op.drop_index("ix_session_activity_id_starts_at")

    op.drop_table("session")
    op.drop_table("schedule_change")
    with op.batch_alter_table("schedule", schema=None) as batch_op:
        batch_op.drop_index("ix_schedule_activity_id")

    op.drop_table("schedule")
    op.drop_table("word_trigram")
    op.drop_table("organisation_check")
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.drop_index("ix_activity_venue_id")
        batch_op.drop_index("ix_activity_organisation_id")
        batch_op.drop_index("ix_activity_find")

    op.drop_table("activity")
    op.drop_table("word")
    with op.batch_alter_table("venue", schema=None) as batch_op:
        batch_op.drop_index("ix_venue_cell")

    op.drop_table("venue")
    op.drop_table("school_term")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_outbox_due", postgresql_where=sa.text("done IS NULL"), sqlite_where=sa.text("done IS NULL")
        )

    op.drop_table("outbox")
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_index("ix_organisation_name")

    op.drop_table("organisation")
    op.drop_table("heartbeat")
    op.drop_table("cell_count")
    op.drop_table("catalogue")
    op.drop_table("bank_holiday")

"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make all tables."""

    op.create_table(
        "audit",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("officer_id", ID, nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("allowed", sa.Integer(), nullable=False),
        sa.Column("data", sa.Text(), nullable=True),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_organisation_id"), "audit", ["organisation_id"], unique=False)
    op.create_table(
        "change",
        sa.Column("organisation_id", ID, autoincrement=False, nullable=False),
        sa.Column("counter", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_change")),
    )
    op.create_table(
        "delivery",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("sender_id", ID, nullable=True),
        sa.Column("address_id", ID, nullable=False),
        sa.Column("resident_id", ID, nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("conversation_id", ID, nullable=True),
        sa.Column("message_id", ID, nullable=True),
        sa.Column("answers_at", sa.BigInteger(), nullable=True),
        sa.Column("substantive", sa.Boolean(), nullable=False),
        sa.Column("event_id", ID, nullable=True),
        sa.Column("chunk", sa.Integer(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.BigInteger(), nullable=True),
        sa.Column("lease", sa.String(length=40), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("provider_id", sa.String(length=80), nullable=True),
        sa.Column("error", sa.String(length=40), nullable=True),
        sa.Column("possible_duplicate", sa.Boolean(), nullable=False),
        sa.Column("resend_unknown", sa.Boolean(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("queued_at", sa.BigInteger(), nullable=False),
        sa.Column("attempted_at", sa.BigInteger(), nullable=True),
        sa.Column("accepted_at", sa.BigInteger(), nullable=True),
        sa.Column("delivered_at", sa.BigInteger(), nullable=True),
        sa.Column("read_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
    )
    op.create_index("ix_delivery_chunk", "delivery", ["event_id", "chunk", "state"], unique=False)
    op.create_index("ix_delivery_message", "delivery", ["message_id"], unique=False)
    op.create_index("ix_delivery_open", "delivery", ["state", "chunk", "next_attempt_at"], unique=False)
    op.create_index("ix_delivery_provider", "delivery", ["sender_id", "provider_id"], unique=False)
    op.create_index("ix_delivery_resident", "delivery", ["resident_id", "event_id"], unique=False)
    op.create_index("uq_delivery_event", "delivery", ["event_id", "address_id"], unique=True)
    op.create_table(
        "fact",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("resident_id", ID, nullable=True),
        sa.Column("conversation_id", ID, nullable=True),
        sa.Column("officer_id", ID, nullable=True),
        sa.Column("event_id", ID, nullable=True),
        sa.Column("network_id", ID, nullable=True),
        sa.Column("intent", sa.String(length=40), nullable=True),
        sa.Column("data", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fact")),
    )
    op.create_index("ix_fact_organisation_id_at", "fact", ["organisation_id", "at"], unique=False)
    op.create_index("ix_fact_organisation_id_kind_at", "fact", ["organisation_id", "kind", "at"], unique=False)
    op.create_table(
        "installation",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_installation")),
    )
    op.create_table(
        "organisation",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("nis_code", sa.String(length=5), nullable=True),
        sa.Column("inhabitants", sa.Integer(), nullable=True),
        sa.Column("inhabitants_year", sa.Integer(), nullable=True),
        sa.Column("address_form", sa.String(length=2), nullable=False),
        sa.Column("office_hours", sa.Text(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("slug", name=op.f("uq_organisation_slug")),
    )
    op.create_table(
        "rollup",
        sa.Column("organisation_id", ID, autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("metric", sa.String(length=40), nullable=False),
        sa.Column("dimension", sa.String(length=40), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "day", "metric", "dimension", name=op.f("pk_rollup")),
    )
    op.create_table(
        "rollup_conversation",
        sa.Column("organisation_id", ID, autoincrement=False, nullable=False),
        sa.Column("conversation_id", ID, autoincrement=False, nullable=False),
        sa.Column("memory", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "conversation_id", name=op.f("pk_rollup_conversation")),
    )
    op.create_table(
        "rollup_resident",
        sa.Column("organisation_id", ID, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("resident_id", ID, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "kind", "day", "resident_id", name=op.f("pk_rollup_resident")),
    )
    op.create_table(
        "rollup_state",
        sa.Column("organisation_id", ID, autoincrement=False, nullable=False),
        sa.Column("fact_id", ID, nullable=False),
        sa.Column("rules", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_rollup_state")),
    )
    op.create_table(
        "network",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("keyword", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_network_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network")),
        sa.UniqueConstraint("organisation_id", "keyword", name=op.f("uq_network_organisation_id_keyword")),
    )
    op.create_index(op.f("ix_network_organisation_id"), "network", ["organisation_id"], unique=False)
    op.create_table(
        "officer",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("telegram_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("failed_logins", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_officer_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer")),
        sa.UniqueConstraint("email", name=op.f("uq_officer_email")),
    )
    op.create_index(op.f("ix_officer_organisation_id"), "officer", ["organisation_id"], unique=False)
    op.create_table(
        "resident",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=True),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("requested_language", sa.String(length=2), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_resident_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resident")),
    )
    op.create_index(op.f("ix_resident_organisation_id"), "resident", ["organisation_id"], unique=False)
    op.create_table(
        "sender",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("from_address", sa.String(length=64), nullable=False),
        sa.Column("credentials_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("base_url", sa.String(length=200), nullable=True),
        sa.Column("messages_per_second", sa.Float(), nullable=False),
        sa.Column("template", sa.String(length=64), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("poll_offset", sa.BigInteger(), nullable=False),
        sa.Column("poll_lease", sa.String(length=40), nullable=True),
        sa.Column("poll_lease_until", sa.BigInteger(), nullable=True),
        sa.Column("next_free", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_sender_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sender")),
        sa.UniqueConstraint("slug", name=op.f("uq_sender_slug")),
    )
    op.create_index(op.f("ix_sender_organisation_id"), "sender", ["organisation_id"], unique=False)
    op.create_table(
        "address",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("resident_id", ID, nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("lookup", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("last_inbound_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_address_organisation_id")),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], name=op.f("fk_address_resident_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address")),
        sa.UniqueConstraint(
            "organisation_id", "channel", "lookup", name=op.f("uq_address_organisation_id_channel_lookup")
        ),
    )
    op.create_index(op.f("ix_address_resident_id"), "address", ["resident_id"], unique=False)
    op.create_table(
        "alert",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("severity", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("texts", sa.Text(), nullable=False),
        sa.Column("network_ids", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("author_ids", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("submitted_by", ID, nullable=True),
        sa.Column("submitted_at", sa.BigInteger(), nullable=True),
        sa.Column("approved_by", ID, nullable=True),
        sa.Column("approved_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["approved_by"], ["officer.id"], name=op.f("fk_alert_approved_by")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_alert_organisation_id")),
        sa.ForeignKeyConstraint(["submitted_by"], ["officer.id"], name=op.f("fk_alert_submitted_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
    )
    op.create_index("ix_alert_recent", "alert", ["organisation_id", "id"], unique=False)
    op.create_table(
        "inbox",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("sender_id", ID, nullable=False),
        sa.Column("provider_id", sa.String(length=80), nullable=False),
        sa.Column("lane", sa.String(length=40), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease", sa.String(length=40), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_inbox_organisation_id")),
        sa.ForeignKeyConstraint(["sender_id"], ["sender.id"], name=op.f("fk_inbox_sender_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("sender_id", "provider_id", name=op.f("uq_inbox_sender_id_provider_id")),
    )
    op.create_index("ix_inbox_lane", "inbox", ["lane", "state", "id"], unique=False)
    op.create_index("ix_inbox_open", "inbox", ["state", "id"], unique=False)
    op.create_table(
        "login",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("officer_id", ID, nullable=False),
        sa.Column("csrf", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("last_seen_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_login_officer_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_login")),
    )
    op.create_index(op.f("ix_login_expires_at"), "login", ["expires_at"], unique=False)
    op.create_index(op.f("ix_login_officer_id"), "login", ["officer_id"], unique=False)
    op.create_table(
        "membership",
        sa.Column("network_id", ID, nullable=False),
        sa.Column("resident_id", ID, nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("joined_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["network_id"], ["network.id"], name=op.f("fk_membership_network_id")),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], name=op.f("fk_membership_resident_id")),
        sa.PrimaryKeyConstraint("network_id", "resident_id", name=op.f("pk_membership")),
    )
    op.create_index(op.f("ix_membership_resident_id"), "membership", ["resident_id"], unique=False)
    op.create_table(
        "consent",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("resident_id", ID, nullable=False),
        sa.Column("address_id", ID, nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("given_at", sa.BigInteger(), nullable=False),
        sa.Column("way", sa.String(length=40), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_way", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], name=op.f("fk_consent_address_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_consent_organisation_id")),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], name=op.f("fk_consent_resident_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index("ix_consent_address_id_purpose", "consent", ["address_id", "purpose", "withdrawn_at"], unique=False)
    op.create_index("ix_consent_resident_id", "consent", ["resident_id"], unique=False)
    op.create_table(
        "conversation",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("resident_id", ID, nullable=False),
        sa.Column("address_id", ID, nullable=False),
        sa.Column("sender_id", ID, nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("owner", sa.String(length=20), nullable=False),
        sa.Column("officer_id", ID, nullable=True),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("disclosed", sa.Boolean(), nullable=False),
        sa.Column("dialogue", sa.Text(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("waiting_since", sa.BigInteger(), nullable=True),
        sa.Column("unanswered_since", sa.BigInteger(), nullable=True),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("last_message_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_by", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], name=op.f("fk_conversation_address_id")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_conversation_officer_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_conversation_organisation_id")),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"], name=op.f("fk_conversation_resident_id")),
        sa.ForeignKeyConstraint(["sender_id"], ["sender.id"], name=op.f("fk_conversation_sender_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversation")),
    )
    op.create_index(
        "ix_conversation_inbox", "conversation", ["organisation_id", "state", "last_message_at"], unique=False
    )
    op.create_index("ix_conversation_recent", "conversation", ["organisation_id", "last_message_at"], unique=False)
    op.create_index(op.f("ix_conversation_resident_id"), "conversation", ["resident_id"], unique=False)
    op.create_index(
        "uq_conversation_open",
        "conversation",
        ["address_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "event",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("alert_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("texts", sa.Text(), nullable=False),
        sa.Column("severity", sa.String(length=20), nullable=False),
        sa.Column("idempotency_key", sa.String(length=80), nullable=False),
        sa.Column("officer_id", ID, nullable=False),
        sa.Column("approved_by", ID, nullable=True),
        sa.Column("recipients", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("open_chunks", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_event_alert_id")),
        sa.ForeignKeyConstraint(["approved_by"], ["officer.id"], name=op.f("fk_event_approved_by")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_event_officer_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_event_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint(
            "organisation_id", "idempotency_key", name=op.f("uq_event_organisation_id_idempotency_key")
        ),
    )
    op.create_index(op.f("ix_event_alert_id"), "event", ["alert_id"], unique=False)
    op.create_table(
        "chunk",
        sa.Column("event_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sender_id", ID, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_chunk_event_id")),
        sa.PrimaryKeyConstraint("event_id", "number", name=op.f("pk_chunk")),
    )
    op.create_index("ix_chunk_state", "chunk", ["event_id", "sender_id", "state", "number"], unique=False)
    op.create_table(
        "message",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.String(length=20), nullable=False),
        sa.Column("officer_id", ID, nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("intent", sa.String(length=40), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("event_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name=op.f("fk_message_conversation_id")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_message_officer_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_message_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    op.create_index("ix_message_conversation", "message", ["conversation_id", "id"], unique=False)
    op.create_index("ix_message_event", "message", ["event_id", "id"], unique=False)
    op.create_table(
        "notification",
        sa.Column("id", ID, nullable=False),
        sa.Column("organisation_id", ID, nullable=False),
        sa.Column("conversation_id", ID, nullable=False),
        sa.Column("officer_id", ID, nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name=op.f("fk_notification_conversation_id")),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_notification_officer_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_notification_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
    )
    op.create_index("ix_notification_due", "notification", ["state", "due_at"], unique=False)

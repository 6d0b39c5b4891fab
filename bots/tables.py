"""Conversations and their messages."""

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, LargeBinary, String, Table, false

from storage.tables import Id, Instant, Json, metadata

conversation = Table(
    "conversation",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False),
    Column("resident_id", ForeignKey("resident.id"), nullable=False, index=True),
    Column("address_id", ForeignKey("address.id"), nullable=False),
    Column("sender_id", ForeignKey("sender.id"), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("state", String(20), nullable=False),  # open | waiting (for an officer) | closed
    Column("owner", String(20), nullable=False),  # bot | officer
    Column("officer_id", ForeignKey("officer.id")),
    Column("epoch", Integer, nullable=False),  # raised by every change of owner
    Column("language", String(2), nullable=False),
    Column("disclosed", Boolean, nullable=False),  # the resident was told that a bot speaks
    Column("dialogue", Json, nullable=False),  # what the bot asked last
    Column("urgent", Boolean, nullable=False),
    Column("waiting_since", Instant),
    Column("unanswered_since", Instant),  # the first message that no substantive answer followed yet
    Column("opened_at", Instant, nullable=False),
    Column("last_message_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("closed_by", String(20)),  # resident | officer | silence
    Index("ix_conversation_inbox", "organisation_id", "state", "last_message_at"),
    Index("ix_conversation_recent", "organisation_id", "last_message_at"),
    Index(
        "uq_conversation_open",
        "address_id",
        unique=True,
        sqlite_where=Column("closed_at").is_(None),
        postgresql_where=Column("closed_at").is_(None),
    ),
)

message = Table(
    "message",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False),
    Column("conversation_id", ForeignKey("conversation.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("author", String(20), nullable=False),  # resident | bot | officer | system
    Column("officer_id", ForeignKey("officer.id")),
    Column("kind", String(20), nullable=False),  # text, photo, location, … as messaging.incoming names them
    Column("content", LargeBinary, nullable=False),  # sealed with the person's key
    Column("language", String(2)),
    Column("intent", String(40)),
    Column("confidence", Float),
    Column("event_id", Id),  # the alert that this message answers
    Column("sighting", Boolean, nullable=False, server_default=false()),  # such an answer, of which an officer says so
    Column("handled_by", Id),  # the officer who dealt with such an answer
    Index("ix_message_conversation", "conversation_id", "id"),
    Index("ix_message_event", "event_id", "id"),
)

notification = Table(
    "notification",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False),
    Column("conversation_id", ForeignKey("conversation.id"), nullable=False),
    Column("officer_id", ForeignKey("officer.id"), nullable=False),
    Column("reason", String(40), nullable=False),
    Column("state", String(20), nullable=False),  # queued | sending | sent | unnecessary | failed
    Column("attempts", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Index("ix_notification_due", "state", "due_at"),
)

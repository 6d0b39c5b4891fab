"""Documents that came in, as they were received, and the messages in them."""

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, String, Table, Text, UniqueConstraint

from storage.tables import Id, Instant, Json, metadata

cap_document = Table(
    "cap_document",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False, index=True),
    Column("received_at", Instant, nullable=False),
    Column("way", String(140), nullable=False),  # the token that brought it, or the command
    Column("content", LargeBinary, nullable=False),  # to the byte: a signature covers no less
)

cap_message = Table(
    "cap_message",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False),
    Column("document_id", ForeignKey("cap_document.id"), nullable=False),
    Column("sender", String(200), nullable=False),
    Column("identifier", String(200), nullable=False),
    Column("sent_at", Instant, nullable=False),
    Column("type", String(20), nullable=False),
    Column("trust", String(20), nullable=False),
    Column("outcome", String(20), nullable=False),  # drafted | proposed | kept
    Column("reason", Text, nullable=False, server_default=""),  # why nothing was drafted
    Column("alert_id", ForeignKey("alert.id")),  # what was drafted, or what it is proposed under
    Column("kind", String(20)),  # of what is proposed: update | all_clear | cancel
    Column("texts", Json),  # of what is proposed
    Column("handled_at", Instant),  # when an officer told it, or set it aside
    Column("notes", Json, nullable=False, server_default="[]"),
    UniqueConstraint("organisation_id", "sender", "identifier"),
    Index("ix_cap_message_alert_id", "alert_id"),
)

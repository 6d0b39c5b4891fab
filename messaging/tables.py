"""Senders, the durable inbox, the ledger of deliveries, and the pace of each sender."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    false,
    true,
)

from storage.tables import Id, Instant, Json, metadata


def _among(name: str, *columns: str, where: ColumnElement[bool]) -> Index:
    """An index of only those rows."""
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


sender = Table(
    "sender",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False, index=True),
    Column("slug", String(40), nullable=False, unique=True),  # in webhook addresses
    Column("channel", String(20), nullable=False),
    Column("account", String(64), nullable=False),  # Twilio's account SID, Telegram's bot id
    Column("from_address", String(64), nullable=False),
    Column("credentials_sealed", LargeBinary, nullable=False),
    Column("base_url", String(200)),
    Column("messages_per_second", Float, nullable=False),
    Column("template", String(64)),  # WhatsApp: the approved template that opens a closed window
    Column("daily_limit", Integer),  # WhatsApp: people to whom it may write first in a day; NULL: no limit
    Column("price", Float),  # of a message, or of a part of an SMS, in euro; NULL: unknown
    Column("active", Boolean, nullable=False),
    Column("poll_offset", BigInteger, nullable=False),
    Column("poll_lease", String(40)),
    Column("poll_lease_until", Instant),
    Column("next_free", BigInteger, nullable=False),  # GCRA's theoretical arrival time, µs on the database's clock
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False),
    Column("sender_id", ForeignKey("sender.id"), nullable=False),
    Column("provider_id", String(80), nullable=False),
    Column("lane", String(40), nullable=False),  # keyed hash of the address: one person's messages stay in order
    Column("payload", LargeBinary),  # sealed; emptied once it was answered
    Column("state", String(20), nullable=False),  # stored | processing | done | failed
    Column("attempts", Integer, nullable=False),
    Column("lease", String(40)),
    Column("lease_until", Instant),
    Column("received_at", Instant, nullable=False),
    Column("done_at", Instant),
    Column("error", String(200)),
    UniqueConstraint("sender_id", "provider_id"),
    Index("ix_inbox_open", "state", "id"),
    Index("ix_inbox_lane", "lane", "state", "id"),
)

# No foreign keys in the ledger: four look-ups a row would dominate writing an alert to a hundred thousand people.
delivery = Table(
    "delivery",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organisation_id", Id, nullable=False),
    Column("sender_id", Id),  # NULL: suppressed, because none of our senders reaches them
    Column("address_id", Id, nullable=False),
    Column("resident_id", Id, nullable=False),
    Column("purpose", String(20), nullable=False),  # reply | officer | system | safety | alert | edit
    Column("conversation_id", Id),
    Column("message_id", Id),
    Column("answers_at", Instant),  # when the message that it answers came in
    Column("substantive", Boolean, nullable=False),  # answers a question, and does not merely acknowledge it
    Column("event_id", Id),
    Column("chunk", Integer),  # which chunk job of the event carries it; NULL: sent at once
    Column("slice", Integer),  # of a large event: the slice in which it is counted
    Column("step", Integer, nullable=False, server_default="0"),  # which way to the person: 0 the first, then failover
    Column("failover_at", Instant),  # when to look whether the person must be told another way
    Column("superseded", Boolean, nullable=False, server_default=false()),  # another row says how the person was told
    Column("edits", Id),  # the delivery whose message this changes, instead of being one
    Column("content", LargeBinary),  # sealed with the person's key; NULL: the text is the event's
    Column("state", String(20), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_attempt_at", Instant),
    Column("lease", String(40)),
    Column("lease_until", Instant),
    Column("provider_id", String(80)),
    Column("error", String(40)),
    Column("possible_duplicate", Boolean, nullable=False),
    Column("resend_unknown", Boolean, nullable=False),  # rather twice than not at all
    Column("withdrawn", Boolean, nullable=False),  # not to be tried again, whatever becomes of the attempt under way
    Column("expires_at", Instant),
    Column("queued_at", Instant, nullable=False),
    Column("attempted_at", Instant),
    Column("accepted_at", Instant),
    Column("delivered_at", Instant),
    Column("read_at", Instant),
    Index("uq_delivery_event", "event_id", "resident_id", "step", unique=True),
    Index("ix_delivery_chunk", "event_id", "chunk", "state"),
    Index("ix_delivery_resident", "resident_id", "event_id"),
    # The others hold few rows of a broadcast, or none: each index that holds them all slows down every alert.
    _among("ix_delivery_open", "state", "next_attempt_at", where=Column("chunk").is_(None)),
    _among("ix_delivery_leased", "lease_until", where=Column("lease").is_not(None)),
    _among("ix_delivery_slice", "event_id", "slice", where=Column("slice").is_not(None)),
    _among("ix_delivery_failover", "failover_at", where=Column("failover_at").is_not(None)),
    _among("ix_delivery_edits", "edits", where=Column("edits").is_not(None)),
    _among("ix_delivery_provider", "sender_id", "provider_id", where=Column("provider_id").is_not(None)),
    _among("ix_delivery_message", "message_id", where=Column("message_id").is_not(None)),
)

# How a large event stands, counted by slice: a page adds up some hundred rows, whatever the number of people.
tally = Table(
    "tally",
    metadata,
    Column("event_id", Id, primary_key=True, autoincrement=False),
    Column("slice", Integer, primary_key=True, autoincrement=False),
    Column("counts", Json, nullable=False),  # [state, channel, error, possible duplicate, how many], …
    Column("handed", Json, nullable=False, server_default="[]"),  # what reports add up: see `handed`
    Column("handed_stale", Boolean, nullable=False, server_default=true()),  # counted before the last news
    Index(
        "ix_tally_stale", "handed_stale", sqlite_where=Column("handed_stale"), postgresql_where=Column("handed_stale")
    ),
)

# Slices to count again. Only ever appended to, so that two who have news of one slice never wait for each other.
recount = Table(
    "recount",
    metadata,
    Column("id", Id, primary_key=True),
    Column("event_id", Id, nullable=False),
    Column("slice", Integer, nullable=False),
)

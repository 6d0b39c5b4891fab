"""Organisations, their officers, the residents who wrote to them, networks and consent."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from storage.tables import Id, Instant, Json, metadata

organisation = Table(
    "organisation",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("name", String(120), nullable=False),
    Column("slug", String(60), nullable=False, unique=True),
    Column("nis_code", String(5)),
    Column("inhabitants", Integer),
    Column("inhabitants_year", Integer),
    Column("address_form", String(2), nullable=False),  # u | je
    Column("office_hours", Json, nullable=False),
    Column("demonstration", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
)

officer = Table(
    "officer",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False, index=True),
    Column("email", String(200), nullable=False, unique=True),
    Column("name", String(120), nullable=False),
    Column("role", String(20), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("password_once", Boolean, nullable=False, server_default=false()),  # somebody else chose it
    Column("locale", String(2), nullable=False),
    Column("telegram_sealed", LargeBinary),  # chat id for notifications, sealed with the installation's key
    Column("active", Boolean, nullable=False),
    Column("failed_logins", Integer, nullable=False),
    Column("locked_until", Instant),
    Column("created_at", Instant, nullable=False),
)

login = Table(
    "login",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("officer_id", ForeignKey("officer.id"), nullable=False, index=True),
    Column("csrf", String(64), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("last_seen_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False, index=True),
)

api_token = Table(
    "api_token",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False, index=True),
    Column("name", String(120), nullable=False),  # who holds it
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("revoked_at", Instant),
)

resident = Table(
    "resident",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False, index=True),
    Column("wrapped_key", LargeBinary),  # NULL once the person was erased
    Column("name_sealed", LargeBinary),
    Column("language", String(2)),  # what they write in; decides nothing by itself
    Column("requested_language", String(2)),  # what they asked to be answered in
    Column("created_at", Instant, nullable=False),
)

address = Table(
    "address",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False),
    Column("resident_id", ForeignKey("resident.id"), nullable=False, index=True),
    Column("channel", String(20), nullable=False),
    Column("lookup", String(40), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("state", String(20), nullable=False),  # active | blocked | bad
    Column("last_inbound_at", Instant),
    Column("free_at", BigInteger, nullable=False, server_default="0"),  # for another message; µs, the database's clock
    Column("sender_id", Id),  # our account that they wrote to last: a bot may write only to who opened its chat
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("organisation_id", "channel", "lookup"),
)

network = Table(
    "network",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False, index=True),
    Column("name", String(120), nullable=False),
    Column("keyword", String(40), nullable=False),  # what a resident writes to join it
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("organisation_id", "keyword"),
)

membership = Table(
    "membership",
    metadata,
    Column("network_id", ForeignKey("network.id"), primary_key=True),
    Column("resident_id", ForeignKey("resident.id"), primary_key=True, index=True),
    Column("role", String(20), nullable=False),  # member | coordinator
    Column("joined_at", Instant, nullable=False),
)

home = Table(
    "home",
    metadata,
    Column("resident_id", ForeignKey("resident.id"), primary_key=True),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("street_lookup", String(40)),
    Column("post_code_lookup", String(40)),
    Column("changed_at", Instant, nullable=False),
    Index("ix_home_street", "organisation_id", "street_lookup"),
    Index("ix_home_post_code", "organisation_id", "post_code_lookup"),
)

declined_kind = Table(
    "declined_kind",
    metadata,
    Column("resident_id", ForeignKey("resident.id"), primary_key=True),
    Column("kind", String(20), primary_key=True),  # a kind of message that this person does not want
)

consent = Table(
    "consent",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organisation_id", ForeignKey("organisation.id"), nullable=False),
    Column("resident_id", ForeignKey("resident.id"), nullable=False),
    Column("address_id", ForeignKey("address.id"), nullable=False),
    Column("purpose", String(20), nullable=False),  # alerts
    Column("given_at", Instant, nullable=False),
    Column("way", String(40), nullable=False),  # chat | import | console
    Column("wording", Text, nullable=False),  # the text that the person agreed to
    Column("withdrawn_at", Instant),
    Column("withdrawn_way", String(40)),
    Index("ix_consent_address_id_purpose", "address_id", "purpose", "withdrawn_at"),
    Index("ix_consent_resident_id", "resident_id"),
)

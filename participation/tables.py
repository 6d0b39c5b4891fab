"""The rollups: what the log comes to per organisation and local day. A page costs the same however long the log is."""

from sqlalchemy import BigInteger, Column, Date, String, Table

from storage.tables import Id, Json, metadata

rollup = Table(
    "rollup",
    metadata,
    Column("organisation_id", Id, primary_key=True, autoincrement=False),
    Column("day", Date, primary_key=True),
    Column("metric", String(40), primary_key=True),
    Column("dimension", String(40), primary_key=True),
    Column("count", BigInteger, nullable=False),
    Column("total", BigInteger, nullable=False),  # microseconds, where a time is measured
)

# Who, per day: people cannot be added up over days, only counted as different ones.
rollup_resident = Table(
    "rollup_resident",
    metadata,
    Column("organisation_id", Id, primary_key=True, autoincrement=False),
    Column("kind", String(20), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("resident_id", Id, primary_key=True, autoincrement=False),
)

rollup_conversation = Table(
    "rollup_conversation",
    metadata,
    Column("organisation_id", Id, primary_key=True, autoincrement=False),
    Column("conversation_id", Id, primary_key=True, autoincrement=False),
    Column("memory", Json, nullable=False),  # what the next fact of the conversation is counted against
)

rollup_state = Table(
    "rollup_state",
    metadata,
    Column("organisation_id", Id, primary_key=True, autoincrement=False),
    Column("fact_id", Id, nullable=False),  # the last that was counted
    Column("rules", String(64), nullable=False),  # by which it was counted; by others it is counted anew
)

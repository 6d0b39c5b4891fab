"""Column types that mean the same on SQLite and PostgreSQL, and the tables that every package shares."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Column, Dialect, Index, Integer, MetaData, String, Table, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Id = BigInteger().with_variant(Integer, "sqlite")
"""Numbers rows in the order of their making; SQLite numbers by itself only what is called INTEGER."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """A moment, kept as whole microseconds since 1970 UTC: sortable and exact on both databases."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Refuses a moment without a time zone, which would shift silently."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return (value - EPOCH) // MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Back to a moment in UTC."""
        return None if value is None else EPOCH + timedelta(microseconds=value)


class Json(TypeDecorator[Any]):
    """A small JSON value, kept as text: nothing is ever searched inside it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Compact, readable in the database as well."""
        return None if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """Back to Python values."""
        return None if value is None else json.loads(value)


class database_now(FunctionElement[int]):  # noqa: N801 - reads as the SQL function that it is
    """The database's own clock in microseconds since 1970: the one clock that all workers share."""

    type = BigInteger()
    inherit_cache = True


@compiles(database_now, "sqlite")
def _sqlite_now(element: database_now, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ARG001
    return "CAST((julianday('now') - 2440587.5) * 86400000000.0 AS INTEGER)"


@compiles(database_now, "postgresql")
def _postgresql_now(element: database_now, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ARG001
    return "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)"


fact = Table(
    "fact",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organisation_id", Id, nullable=False),
    Column("at", Instant, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("channel", String(20)),
    Column("language", String(2)),
    Column("resident_id", Id),
    Column("conversation_id", Id),
    Column("officer_id", Id),
    Column("event_id", Id),
    Column("network_id", Id),
    Column("intent", String(40)),
    Column("data", Json),
    Index("ix_fact_organisation_id_at", "organisation_id", "at"),
    Index("ix_fact_organisation_id_kind_at", "organisation_id", "kind", "at"),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Id, primary_key=True),
    Column("organisation_id", Id, nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("officer_id", Id),
    Column("action", String(60), nullable=False),
    Column("subject", String(120), nullable=False),
    Column("allowed", Integer, nullable=False),
    Column("data", Json),
    Column("previous", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
)

change = Table(
    "change",
    metadata,
    Column("organisation_id", Id, primary_key=True, autoincrement=False),
    Column("counter", BigInteger, nullable=False),
)

installation = Table(
    "installation",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)

worker = Table(
    "worker",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("seen_at", BigInteger, nullable=False),  # µs on the database's clock, which all workers share
)

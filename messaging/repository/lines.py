"""The ledger's rows of broadcasts, written in bulk."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Insert,
    Integer,
    String,
    TableValuedAlias,
    bindparam,
    cast,
    false,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from messaging.delivery import DeliveryState, Purpose
from messaging.tables import delivery
from storage.tables import EPOCH, MICROSECOND, Id, Instant

S = DeliveryState
# So many rows are written at a time; in between, other work of this process gets its turn.
_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Broadcast:
    """What all deliveries of an event have in common. resend_unknown: rather twice than not at all."""

    organisation_id: int
    event_id: int
    resend_unknown: bool
    expires_at: datetime
    queued_at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One person of a broadcast: in a chunk, or suppressed for a reason.

    step: 0 for the first way to them, then counted on. due_at: not to leave before.
    """

    resident_id: int
    address_id: int
    sender_id: int | None
    chunk: int | None
    slice: int | None
    suppressed: str | None = None
    step: int = 0
    due_at: datetime | None = None

    @property
    def state(self) -> DeliveryState:
        """As it is written down."""
        if self.suppressed is not None:
            return S.SUPPRESSED
        return S.QUEUED if self.due_at is None else S.RETRY_WAIT


async def queue(connection: AsyncConnection, shared: Broadcast, lines: Iterable[Line]) -> None:
    """Write the deliveries of an event; their text is the event's."""
    statement = _QUEUE[connection.dialect.name]
    common = {
        "of_organisation": shared.organisation_id,
        "of_event": shared.event_id,
        "resend": shared.resend_unknown,
        "expires": shared.expires_at,
        "queued": shared.queued_at,
    }
    rows = map(_row, lines)
    while batch := list(islice(rows, _AT_ONCE)):
        await connection.execute(statement, {**common, "rows": json.dumps(batch)})


_FIELDS = ("resident_id", "address_id", "sender_id", "chunk", "slice", "step", "next_attempt_at", "state", "error")


def _row(line: Line) -> tuple[int | str | None, ...]:
    """The values of _FIELDS."""
    due = None if line.due_at is None else (line.due_at - EPOCH) // MICROSECOND
    where = (line.resident_id, line.address_id, line.sender_id, line.chunk, line.slice, line.step)
    return (*where, due, line.state, line.suppressed)


def _queue(rows: TableValuedAlias) -> Insert:
    """One statement for many rows, which come as JSON: bound one by one they took the drivers twice as long or more."""
    values: dict[str, ColumnElement[Any]] = {
        "organisation_id": bindparam("of_organisation", type_=Id),
        "event_id": bindparam("of_event", type_=Id),
        "purpose": literal(Purpose.ALERT, String),
        "substantive": false(),
        "attempts": literal(0, Integer),
        "possible_duplicate": false(),
        "resend_unknown": bindparam("resend", type_=Boolean),
        "withdrawn": false(),
        "expires_at": bindparam("expires", type_=Instant),
        "queued_at": bindparam("queued", type_=Instant),
    }
    for place, name in enumerate(_FIELDS):
        kind = String if name in {"state", "error"} else BigInteger
        values[name] = cast(rows.c.value.op("->>")(literal(place, Integer)), kind)
    return insert(delivery).from_select(list(values), select(*values.values()))


_ROWS = bindparam("rows", type_=String)
_QUEUE = {
    "sqlite": _queue(func.json_each(_ROWS).table_valued("value")),
    "postgresql": _queue(func.jsonb_array_elements(cast(_ROWS, JSONB)).table_valued("value")),
}

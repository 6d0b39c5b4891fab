"""The classes of data that go after a while, in the order in which they go, and the receipt of what went."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from samenspraak.retention import repository
from samenspraak.settings import Keep
from storage.database import Database
from storage.repository import AuditLine, append_audit

AT_ONCE = 2_000
"""Rows to a transaction, so that an incoming message never waits behind it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A class of data. what: one of it, in words. days: how long it is kept."""

    name: str
    what: str
    days: int
    count: Callable[[AsyncConnection, int, datetime], Awaitable[int]]
    remove: Callable[[AsyncConnection, int, datetime, int], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Gone:
    """What went of a class, or would go. before: what is older than this."""

    rule: Rule
    before: datetime
    rows: int


def rules(keep: Keep) -> tuple[Rule, ...]:
    """With the terms of the settings."""
    r = repository
    return (
        Rule("messages", "messages of closed conversations", keep.messages, r.old_messages, r.drop_messages),
        Rule("sent", "texts of messages that were sent", keep.messages, r.old_texts, r.drop_texts),
        Rule("people", "people of whom nothing was heard", keep.people, r.silent_people, r.erase_people),
        Rule("intake", "traces of messages that were answered", keep.intake, r.old_intake, r.drop_intake),
        Rule("cap", "CAP documents as they came in", keep.cap, r.old_documents, r.drop_documents),
    )


async def look(database: Database, organisation_id: int, keep: Keep, at: datetime) -> list[Gone]:
    """What would go now; changes nothing."""
    async with database.read() as connection:
        return [
            Gone(one, before, await one.count(connection, organisation_id, before))
            for one in rules(keep)
            for before in [at - timedelta(days=one.days)]
        ]


async def apply(database: Database, organisation_id: int, keep: Keep, at: datetime) -> list[Gone]:
    """Let go what is older than its term; the receipt of that is a line in the audit."""
    gone = []
    for rule in rules(keep):
        before, rows = at - timedelta(days=rule.days), 0
        while removed := await _some(database, rule, organisation_id, before):
            rows += removed
        gone.append(Gone(rule, before, rows))
    async with database.write() as connection:
        data = {one.rule.name: {"days": one.rule.days, "rows": one.rows} for one in gone}
        line = AuditLine(
            organisation_id=organisation_id,
            at=at,
            officer_id=None,
            action="retention",
            subject=f"organisation {organisation_id}",
            data=data,
        )
        await append_audit(connection, line)
    return gone


async def _some(database: Database, rule: Rule, organisation_id: int, before: datetime) -> int:
    async with database.write() as connection:
        return await rule.remove(connection, organisation_id, before, AT_ONCE)

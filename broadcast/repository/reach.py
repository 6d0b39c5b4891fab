"""People of an audience, counted by situation: the database counts, whatever their number, and nobody is read."""

from collections import Counter
from datetime import datetime

from sqlalchemy import ColumnElement, Subquery, and_, case, distinct, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast.audience import WINDOW, Candidate, ConsentState, Senders, earliest_open, every
from broadcast.preflight.estimate import Group
from broadcast.repository import audience
from broadcast.selection import Selection
from broadcast.tables import event
from messaging.incoming import ChannelKind
from messaging.tables import delivery
from people.tables import address, resident
from storage.encryption import Vault

_LEFT = ("queued", "sending", "retry_wait", "unknown", "accepted", "delivered", "read")
_GIVEN, _WITHDRAWN, _NEVER = ConsentState.GIVEN, ConsentState.WITHDRAWN, ConsentState.NEVER


async def groups(
    connection: AsyncConnection, vault: Vault, organisation_id: int, selection: Selection, at: datetime
) -> list[Group]:
    """Everybody in the audience. That somebody's number refused SMS under another name is not looked up here."""
    counted: Counter[tuple[int, str | None, int | None]] = Counter()
    async for chosen in audience.chosen(connection, vault, organisation_id, selection):
        situations = _situations(chosen, selection, at)
        columns = (situations.c.situation, situations.c.language, situations.c.bot)
        for row in await connection.execute(select(*columns, func.count().label("number")).group_by(*columns)):
            counted[row.situation, row.language, row.bot] += row.number
    return [
        Group(number, language, tuple(_candidates(situation, bot, at)))
        for (situation, language, bot), number in counted.items()
    ]


async def used(connection: AsyncConnection, organisation_id: int, senders: Senders, at: datetime) -> dict[int, int]:
    """To how many people each sender with a daily limit wrote first in the last day, or is about to.

    Their window was closed: as far as we know, for who wrote since then may be counted as if they had before.
    """
    limited = [one.id for one in every(senders) if one.daily_limit is not None]
    if not limited:
        return {}
    since = at - WINDOW
    of_today = select(event.c.id).where(event.c.organisation_id == organisation_id, event.c.created_at > since)
    was_closed = or_(address.c.last_inbound_at.is_(None), address.c.last_inbound_at < since)
    statement = (
        select(delivery.c.sender_id, func.count(distinct(delivery.c.address_id)).label("people"))
        .join(address, address.c.id == delivery.c.address_id)
        .where(
            delivery.c.event_id.in_(of_today),
            delivery.c.sender_id.in_(limited),
            delivery.c.state.in_(_LEFT),
            was_closed,
        )
        .group_by(delivery.c.sender_id)
    )
    return {row.sender_id: row.people for row in await connection.execute(statement)}


def _situations(chosen: Subquery, selection: Selection, at: datetime) -> Subquery:
    """A row for each person: which kinds of address they have, as the bits of a number, what they asked for, and
    which bot knows them."""
    bits = (func.max(case((kind, 1), else_=0)) * 2**place for place, kind in enumerate(_kinds(at)))
    situation = sum(bits, start=func.max(0))
    bot = func.max(case((address.c.channel == ChannelKind.TELEGRAM, address.c.sender_id)))
    return (
        select(situation.label("situation"), resident.c.requested_language.label("language"), bot.label("bot"))
        .select_from(chosen)
        .join(resident, resident.c.id == chosen.c.resident_id)
        .outerjoin(address, and_(address.c.resident_id == chosen.c.resident_id, *audience.on(selection)))
        .group_by(chosen.c.resident_id, resident.c.requested_language)
        .subquery()
    )


def _kinds(at: datetime) -> list[ColumnElement[bool]]:
    """The kinds of address between which the choice for somebody distinguishes; `_candidates` turns them back."""
    agreed, active = audience.consented() == 1, address.c.state == "active"
    sms, whatsapp = address.c.channel == ChannelKind.SMS, address.c.channel == ChannelKind.WHATSAPP
    is_open = address.c.last_inbound_at > earliest_open(at)
    return [
        and_(address.c.channel == ChannelKind.TELEGRAM, agreed, active),
        and_(whatsapp, agreed, active, is_open),
        and_(whatsapp, agreed, active),
        and_(sms, agreed, active),
        and_(address.c.channel == ChannelKind.VOICE, agreed, active),
        and_(sms, (address.c.state != "active") | (audience.consented() == 0)),
        agreed,
        address.c.id.is_not(None),
    ]


def _candidates(situation: int, bot: int | None, at: datetime) -> list[Candidate]:
    """Addresses for which the choice is the same as for those that were counted."""
    kinds = [
        Candidate(0, ChannelKind.TELEGRAM, True, None, _GIVEN, bot),
        Candidate(0, ChannelKind.WHATSAPP, True, at, _GIVEN),
        Candidate(0, ChannelKind.WHATSAPP, True, None, _GIVEN),
        Candidate(0, ChannelKind.SMS, True, None, _GIVEN),
        Candidate(0, ChannelKind.VOICE, True, None, _GIVEN),
        Candidate(0, ChannelKind.SMS, False, None, _WITHDRAWN),
        Candidate(0, ChannelKind.TELEGRAM, False, None, _GIVEN),
        Candidate(0, ChannelKind.TELEGRAM, False, None, _NEVER),
    ]
    return [kind for place, kind in enumerate(kinds) if situation >> place & 1]

"""The people behind an audience: members of networks, and those who were told before."""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence

from sqlalchemy import ScalarSelect, case, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast.audience import AlertSender, Candidate, ConsentState, Senders
from messaging.repository.broadcasts import Told
from messaging.tables import sender
from people.consent import ALERTS
from people.repository.residents import lookup_value
from people.tables import address, consent, membership, network, resident
from storage.encryption import Vault

_AT_ONCE = 500
_PARTITION = 1_000
_CONSENT = {None: ConsentState.NEVER, 0: ConsentState.WITHDRAWN, 1: ConsentState.GIVEN}


async def senders(connection: AsyncConnection, organisation_id: int) -> Senders:
    """The organisation's active sender on each channel; of several, the first that was made."""
    statement = select(sender.c.id, sender.c.channel, sender.c.messages_per_second, sender.c.template)
    mine = statement.where(sender.c.organisation_id == organisation_id, sender.c.active)
    rows = await connection.execute(mine.order_by(sender.c.id.desc()))
    return {row.channel: AlertSender(row.id, row.channel, row.messages_per_second, row.template) for row in rows}


def _consent() -> ScalarSelect[int]:
    given = case((consent.c.withdrawn_at.is_(None), 1), else_=0)
    return (
        select(func.max(given))
        .where(consent.c.address_id == address.c.id, consent.c.purpose == ALERTS)
        .scalar_subquery()
    )


async def members(
    connection: AsyncConnection, organisation_id: int, network_ids: Collection[int]
) -> AsyncIterator[tuple[int, list[Candidate]]]:
    """Each person in these networks once, with all addresses they have."""
    among = select(membership.c.resident_id).where(membership.c.network_id.in_(network_ids))
    statement = (
        select(
            resident.c.id.label("resident_id"),
            address.c.id,
            address.c.channel,
            address.c.state,
            address.c.last_inbound_at,
            _consent().label("consent"),
        )
        .outerjoin(address, address.c.resident_id == resident.c.id)
        .where(
            resident.c.organisation_id == organisation_id,
            resident.c.wrapped_key.is_not(None),
            resident.c.id.in_(among),
        )
        .order_by(resident.c.id, address.c.id)
    )
    # Not streamed: PostgreSQL then plans for the first rows, and takes forty times as long for all of them.
    rows = await connection.execute(statement)
    person, candidates = None, list[Candidate]()
    for part in rows.partitions(_PARTITION):
        await asyncio.sleep(0)  # whatever else this process does gets its turn
        for row in part:
            if row.resident_id != person:
                if person is not None:
                    yield person, candidates
                person, candidates = row.resident_id, []
            if row.id is not None:
                active, consented = row.state == "active", _CONSENT[row.consent]
                candidates.append(Candidate(row.id, row.channel, active, row.last_inbound_at, consented))
    if person is not None:
        yield person, candidates


async def consents(connection: AsyncConnection, told: Sequence[Told]) -> dict[int, Candidate]:
    """By address, how those who were told before stand towards alerts now."""
    found: dict[int, Candidate] = {}
    for start in range(0, len(told), _AT_ONCE):
        part = told[start : start + _AT_ONCE]
        statement = select(address.c.id, _consent().label("consent"))
        rows = await connection.execute(statement.where(address.c.id.in_([one.address_id for one in part])))
        given = {row.id: _CONSENT[row.consent] for row in rows}
        for one in part:
            found[one.address_id] = Candidate(
                one.address_id, one.channel, one.active, one.last_inbound_at, given[one.address_id]
            )
    return found


async def refused_as_sms(
    connection: AsyncConnection, vault: Vault, organisation_id: int, address_ids: Sequence[int]
) -> set[int]:
    """Of these WhatsApp addresses, those whose number sent STOP by SMS or does not work there.

    Who writes over both channels may be two residents to us, so the number itself is looked up.
    """
    refused: set[int] = set()
    for start in range(0, len(address_ids), _AT_ONCE):
        part = address_ids[start : start + _AT_ONCE]
        numbers = await _lookups(connection, vault, part)
        statement = select(address.c.lookup, address.c.state, _consent().label("consent")).where(
            address.c.organisation_id == organisation_id,
            address.c.channel == "sms",
            address.c.lookup.in_(numbers),
        )
        for row in await connection.execute(statement):
            if row.state != "active" or _CONSENT[row.consent] is ConsentState.WITHDRAWN:
                refused.add(numbers[row.lookup])
    return refused


async def _lookups(connection: AsyncConnection, vault: Vault, address_ids: Sequence[int]) -> dict[str, int]:
    statement = (
        select(address.c.id, address.c.sealed, resident.c.wrapped_key)
        .join(resident, resident.c.id == address.c.resident_id)
        .where(address.c.id.in_(address_ids))
    )
    found: dict[str, int] = {}
    for row in await connection.execute(statement):
        number = vault.person(row.wrapped_key).open(row.sealed)
        found |= dict.fromkeys(vault.lookups(lookup_value("sms", number)), row.id)
    return found


async def foreign_networks(
    connection: AsyncConnection, organisation_id: int, network_ids: Collection[int]
) -> list[int]:
    """Of these networks, those that the organisation does not have."""
    statement = select(network.c.id).where(network.c.organisation_id == organisation_id)
    mine = set(await connection.scalars(statement.where(network.c.id.in_(network_ids))))
    return sorted(set(network_ids) - mine)

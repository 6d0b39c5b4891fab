"""The people behind an audience: members of networks, and those who were told before."""

import asyncio
from bisect import bisect_right
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from dataclasses import fields, replace

from sqlalchemy import ColumnElement, Exists, ScalarSelect, Select, Subquery, and_, case, exists, func, select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast.audience import AlertSender, Candidate, ConsentState, Senders
from broadcast.repository import places
from broadcast.selection import Selection
from messaging.repository.broadcasts import Told
from messaging.tables import sender
from people.consent import ALERTS
from people.membership import MemberRole
from people.repository.residents import lookup_value
from people.tables import address, consent, declined_kind, membership, network, resident
from storage.encryption import Vault

_AT_ONCE = 500
_PARTITION = 1_000
_coordinated = membership.alias()
_CONSENT = {None: ConsentState.NEVER, 0: ConsentState.WITHDRAWN, 1: ConsentState.GIVEN}


async def senders(connection: AsyncConnection, organisation_id: int) -> Senders:
    """The organisation's active senders on each channel, in the order in which they were made."""
    columns = [sender.c[one.name] for one in fields(AlertSender) if one.name in sender.c]
    mine = select(*columns).where(sender.c.organisation_id == organisation_id, sender.c.active)
    found = defaultdict[str, list[AlertSender]](list)
    for row in await connection.execute(mine.order_by(sender.c.id)):
        found[row.channel].append(AlertSender(*row))
    return {channel: replace(first, others=tuple(others)) for channel, (first, *others) in found.items()}


def consented() -> ScalarSelect[int]:
    """Of an address: 1 for who agreed to alerts, 0 for who took that back, NULL for who was never asked."""
    given = case((consent.c.withdrawn_at.is_(None), 1), else_=0)
    return (
        select(func.max(given))
        .where(consent.c.address_id == address.c.id, consent.c.purpose == ALERTS)
        .scalar_subquery()
    )


People = list[tuple[int, list[Candidate]]]
"""Residents, each with the addresses where they may be told."""


async def members(
    connection: AsyncConnection,
    vault: Vault,
    organisation_id: int,
    selection: Selection,
    *,
    after: int = 0,
    limit: int | None = None,
) -> People:
    """Each person of the audience once, in the order of their ids.

    after, limit: only the first so many people whose id is larger; fewer than that means that there are no more.
    """
    if selection.is_empty:
        return []
    if not selection.has_places:
        return await _with_addresses(connection, selection, _of_networks(organisation_id, selection, after, limit))
    ids, found = await places.living(connection, vault, organisation_id, selection), People()
    for start in range(bisect_right(ids, after), len(ids), _PARTITION):
        left = None if limit is None else limit - len(found)
        if left == 0:
            break
        chosen = _among(organisation_id, selection, ids[start : start + _PARTITION], left)
        found += await _with_addresses(connection, selection, chosen)
    return found


async def chosen(
    connection: AsyncConnection, vault: Vault, organisation_id: int, selection: Selection
) -> AsyncIterator[Subquery]:
    """The ids of everybody in the audience, as queries of which each holds other people, to count them."""
    if selection.networks and not selection.has_places:
        yield _of_networks(organisation_id, selection, 0, None)
    elif selection.has_places:
        ids = await places.living(connection, vault, organisation_id, selection)
        for start in range(0, len(ids), _PARTITION):
            yield _among(organisation_id, selection, ids[start : start + _PARTITION], None)


async def _with_addresses(connection: AsyncConnection, selection: Selection, chosen: Subquery) -> People:
    statement = (
        select(
            chosen.c.resident_id,
            address.c.id,
            address.c.channel,
            address.c.state,
            address.c.last_inbound_at,
            address.c.sender_id,
            consented().label("consent"),
        )
        .outerjoin_from(chosen, address, and_(address.c.resident_id == chosen.c.resident_id, *on(selection)))
        .order_by(chosen.c.resident_id, address.c.id)
    )
    # Not streamed: PostgreSQL then plans for the first rows, and takes forty times as long for all of them.
    rows = await connection.execute(statement)
    people = People()
    for part in rows.partitions(_PARTITION):
        await asyncio.sleep(0)  # whatever else this process does gets its turn
        for person, address_id, channel, state, last_inbound_at, ours, agreed in part:
            if not people or people[-1][0] != person:
                people.append((person, []))
            if address_id is not None:
                one = Candidate(address_id, channel, state == "active", last_inbound_at, _CONSENT[agreed], ours)
                people[-1][1].append(one)
    return people


def _of_networks(organisation_id: int, selection: Selection, after: int, limit: int | None) -> Subquery:
    """The ids of the people, at most `limit`.

    Each network gives its own next so many by its index: a slice of a large audience costs the same wherever it begins.
    """
    parts = [
        select(_next(organisation_id, selection, network_id, after, limit).subquery().c.resident_id)
        for network_id in sorted(selection.networks)
    ]
    # UNION, not UNION ALL: who is in several networks is one person.
    people = union(*parts).subquery()
    return select(people.c.resident_id).order_by(people.c.resident_id).limit(limit).subquery()


def _next(
    organisation_id: int, selection: Selection, network_id: int, after: int, limit: int | None
) -> Select[tuple[int]]:
    statement = (
        select(membership.c.resident_id)
        .join(resident, resident.c.id == membership.c.resident_id)
        .where(
            membership.c.network_id == network_id,
            membership.c.resident_id > after,
            resident.c.id > after,  # the same, said again: PostgreSQL would read its index from the beginning
            *_conditions(organisation_id, selection),
        )
    )
    return statement.order_by(membership.c.resident_id).limit(limit)


def _among(organisation_id: int, selection: Selection, ids: Sequence[int], limit: int | None) -> Subquery:
    """Of these people, those to whom the rest applies, at most `limit`."""
    statement = select(resident.c.id.label("resident_id")).where(
        resident.c.id.in_(ids), *_conditions(organisation_id, selection)
    )
    if selection.networks:
        among = membership.c.network_id.in_(selection.networks)
        statement = statement.where(exists().where(membership.c.resident_id == resident.c.id, among))
    return statement.order_by(resident.c.id).limit(limit).subquery()


def _conditions(organisation_id: int, selection: Selection) -> Iterator[ColumnElement[bool]]:
    """What a resident must be, besides in a network or in a place."""
    yield resident.c.organisation_id == organisation_id
    yield resident.c.wrapped_key.is_not(None)
    if selection.kind is not None:
        yield ~exists().where(declined_kind.c.resident_id == resident.c.id, declined_kind.c.kind == selection.kind)
    if selection.languages:
        yield func.coalesce(resident.c.requested_language, resident.c.language, "nl").in_(selection.languages)
    if selection.channels:
        yield exists().where(address.c.resident_id == resident.c.id, *on(selection))
    if selection.role is not None:
        coordinates = _coordinates(selection)
        yield coordinates if selection.role is MemberRole.COORDINATOR else ~coordinates


def _coordinates(selection: Selection) -> Exists:
    networks = [_coordinated.c.network_id.in_(selection.networks)] if selection.networks else []
    return exists().where(
        _coordinated.c.resident_id == resident.c.id, _coordinated.c.role == MemberRole.COORDINATOR, *networks
    )


async def coordinators(
    connection: AsyncConnection, organisation_id: int, selection: Selection, first: int, last: int
) -> set[int]:
    """Who of the residents from the first to the last id coordinates one of the networks; any, where none is named."""
    statement = select(resident.c.id).where(
        resident.c.organisation_id == organisation_id, resident.c.id.between(first, last), _coordinates(selection)
    )
    return set(await connection.scalars(statement))


def on(selection: Selection) -> Iterator[ColumnElement[bool]]:
    """Which addresses count."""
    if selection.channels:
        yield address.c.channel.in_(selection.channels)


async def candidates(connection: AsyncConnection, resident_ids: Sequence[int]) -> dict[int, list[Candidate]]:
    """All addresses of these people, as they stand now."""
    columns = (address.c.id, address.c.resident_id, address.c.channel, address.c.state, address.c.last_inbound_at)
    statement = select(*columns, address.c.sender_id, consented().label("consent")).where(
        address.c.resident_id.in_(resident_ids)
    )
    found = defaultdict(list)
    for row in await connection.execute(statement.order_by(address.c.id)):
        active, agreed = row.state == "active", _CONSENT[row.consent]
        found[row.resident_id].append(
            Candidate(row.id, row.channel, active, row.last_inbound_at, agreed, row.sender_id)
        )
    return found


async def consents(connection: AsyncConnection, told: Sequence[Told]) -> dict[int, Candidate]:
    """By address, how those who were told before stand towards alerts now."""
    found: dict[int, Candidate] = {}
    for start in range(0, len(told), _AT_ONCE):
        part = told[start : start + _AT_ONCE]
        statement = select(address.c.id, consented().label("consent"))
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
        statement = select(address.c.lookup, address.c.state, consented().label("consent")).where(
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

"""Somebody asked to be forgotten: what is under way with them ends, then what they can be known by is destroyed."""

from bots import handover
from bots.conversation import State
from bots.handover import Desk
from bots.repository import conversations
from messaging.repository import ledger
from people.consent import Way
from people.repository import erasure, networks, residents
from people.roles import Action, require
from storage.repository import AuditLine, append_audit


async def erase(desk: Desk, resident_id: int) -> None:
    """Close their conversations, send them nothing more, take them out of networks, and destroy their key: what they
    wrote and were sent cannot be read any more. That it was counted stays.

    Raises Forbidden, NotFound, or Conflict when somebody else changed one of their conversations meanwhile.
    """
    require(desk.officer.role, Action.ADMINISTER)
    connection, organisation_id = desk.connection, desk.officer.organisation_id
    person = await residents.get(connection, organisation_id, resident_id)
    for one in await conversations.of_resident(connection, organisation_id, person.id):
        if one.state is not State.CLOSED:
            await handover.close(desk, one.id)
    await ledger.withdraw_all(connection, person.id)
    for network_id in await networks.of_resident(connection, person.id):
        await networks.leave(connection, network_id, person.id)
    for one_address in await residents.addresses(connection, organisation_id, person.id):
        await networks.withdraw_consent(connection, one_address.id, desk.now, Way.CONSOLE)
    await erasure.forget(connection, [person.id])
    line = AuditLine(
        organisation_id=organisation_id,
        at=desk.now,
        officer_id=desk.officer.id,
        action="resident_erase",
        subject=f"resident {person.id}",
    )
    await append_audit(connection, line)

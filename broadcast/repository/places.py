"""Who lives in the places of an audience. Homes are sealed: streets and post codes are found by keyed hash."""

from sqlalchemy.ext.asyncio import AsyncConnection

from broadcast.selection import Selection
from people.municipalities import post_codes
from people.repository import homes
from storage.encryption import Vault


async def living(connection: AsyncConnection, vault: Vault, organisation_id: int, selection: Selection) -> list[int]:
    """The ids of everybody who lives in one of the places, in order, each once."""
    found: set[int] = set()
    codes = selection.post_codes.union(*map(post_codes, selection.municipalities))
    if codes:
        found |= set(await homes.with_post_codes(connection, vault, organisation_id, codes))
    if selection.houses:
        streets = {one.street for one in selection.houses}
        async for resident_id, home in homes.in_streets(connection, vault, organisation_id, streets):
            if any(one.hold(home) for one in selection.houses):
                found.add(resident_id)
    return sorted(found)

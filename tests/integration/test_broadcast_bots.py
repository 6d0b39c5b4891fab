"""Several bots of an organisation share one audience: each person hears from the bot whose chat they opened, once."""

from collections import Counter

from broadcast.preflight import checks
from messaging.incoming import ChannelKind
from people.repository import organisations
from storage.clock import now
from tests.integration.broadcast_setting import OPTIONS, Zone, police_zone

TELEGRAM = ChannelKind.TELEGRAM
FIRST, SECOND = OPTIONS.telegram_username, f"{OPTIONS.telegram_username}_1"


async def _opened(zone: Zone, chat: str, *bots: int) -> None:
    """Somebody wrote to these bots, in this order."""
    person = await zone.member((TELEGRAM, chat))
    (address,) = await zone.addresses(person)
    for bot in bots:
        await zone.wrote(address, now(), bot)


async def test_each_bot_reaches_who_opened_its_chat_and_nobody_hears_twice(database_url: str) -> None:
    async with police_zone(database_url) as zone:
        first, second = await zone.sender(TELEGRAM), await zone.sender(TELEGRAM, number=1)
        for chat, bots in {"1": (), "2": (first,), "3": (second,), "4": (first, second), "5": (second,)}.items():
            await _opened(zone, chat, *bots)
        async with zone.database.read() as connection:
            organisation = await organisations.get(connection, zone.id)
            found = (await checks.of(connection, zone.vault, organisation, zone.content(), now())).preflight
        assert {way.sender.id: way.people for way in found.ways} == {first: 2, second: 3}
        async with zone.dispatching():
            _, event_id = await zone.sent()
            await zone.until(event_id, "sent")
        came = Counter((one["account"], one["address"]) for one in zone.arrived())
        assert came == Counter({(FIRST, "1"): 1, (FIRST, "2"): 1, (SECOND, "3"): 1, (SECOND, "4"): 1, (SECOND, "5"): 1})

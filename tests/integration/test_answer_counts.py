"""How many answered what to an alert costs the same to tell however many answered, and agrees with what they said."""

import random
from collections import Counter

from broadcast.acknowledgement import Answer
from broadcast.repository import acknowledgements
from broadcast.repository.acknowledgements import Said
from broadcast.tables import answer_count
from messaging.incoming import ChannelKind
from storage.clock import now
from tests.integration.broadcast_setting import Zone, police_zone

PEOPLE, ANSWERS, SEED = 50, 200, 20_161_124
MOST_ROWS = 2 * 16


async def say(zone: Zone, alert_id: int, event_id: int, words: list[tuple[int, Answer]]) -> None:
    for resident_id, answer in words:
        async with zone.database.write() as connection:
            said = Said(alert_id, event_id, resident_id, answer, "telegram", None, now())
            await acknowledgements.add(connection, zone.id, said)


async def test_the_last_word_of_each_is_counted_however_often_they_change_their_minds(database_url: str) -> None:
    chance = random.Random(SEED)  # noqa: S311 - no secret
    words = [(chance.randrange(PEOPLE), chance.choice([*Answer])) for _ in range(ANSWERS)]
    async with police_zone(database_url) as zone:
        await zone.sender(ChannelKind.TELEGRAM)
        await zone.members(1)
        alert_id, event_id = await zone.sent()
        other_id, other_event = await zone.sent()
        await say(zone, alert_id, event_id, words)
        await say(zone, other_id, other_event, [(1, Answer.SAFE)])
        async with zone.database.read() as connection:
            counted = await acknowledgements.counts(connection, zone.id, alert_id)
            rows = (await connection.execute(answer_count.select().where(answer_count.c.alert_id == alert_id))).all()
        assert counted == Counter(dict(words).values())
        assert len(rows) <= MOST_ROWS

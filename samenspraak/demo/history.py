"""A month of generated history: conversations, alerts and what people answered, at hours at which people write."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from people.organisation import BRUSSELS
from samenspraak.demo.dialogues import KINDS, Teller
from samenspraak.demo.population import Person
from samenspraak.demo.talk import Archive, Talk

DAYS = 30
OF_THE_MUNICIPALITY = 460
OF_THE_POLICE = 60
"""How many conversations."""
# How many messages come in each hour from midnight on: few at night, most in the morning and after supper.
_HOURS = (2, 1, 1, 0, 0, 1, 4, 12, 22, 30, 31, 26, 20, 22, 24, 22, 21, 24, 26, 30, 32, 24, 12, 5)
_WEEKDAYS = (1.15, 1.05, 1.0, 0.95, 0.9, 0.6, 0.55)


def moments(chance: random.Random, now: datetime, number: int) -> list[datetime]:
    """When people began to write, in the order of time, none of it in the future or within the last half hour."""
    today = now.astimezone(BRUSSELS)
    days = [today - timedelta(days=ago) for ago in range(DAYS)]
    chosen: list[datetime] = []
    while len(chosen) < number:
        (day,) = chance.choices(days, [_WEEKDAYS[one.weekday()] for one in days])
        (hour,) = chance.choices(range(24), _HOURS)
        at = day.replace(hour=hour, minute=chance.randrange(60), second=chance.randrange(60))
        if at < today - timedelta(minutes=30):
            chosen.append(at)
    return sorted(chosen)


def converse(archive: Archive, teller: Teller, writers: Sequence[Person]) -> None:
    """Tell a month of conversations, one with each writer."""
    topics = sorted(teller.topics)
    kinds, weights = zip(*KINDS, strict=True)
    for person, at in zip(writers, moments(teller.chance, teller.end, len(writers)), strict=True):
        talk = Talk(archive, person, at.astimezone(UTC))
        (kind,) = teller.chance.choices(kinds, weights)
        kind(teller, talk, teller.chance.choice(topics))
        talk.end()

"""An audience as it may be looked at: counts and a sample, without names, and without groups of very few."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

FEWEST = 5
"""People in a group that is shown."""
_SAMPLE = 5


@dataclass(frozen=True, slots=True)
class Somebody:
    """One of the audience. pseudonym: the same each time, and nothing to anybody else; street: "" for none told."""

    pseudonym: str
    street: str
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Crowd:
    """people: how many were looked at. networks: by id; streets, channels: by name; None: fewer than five.

    other_streets: people in streets of fewer than five, or who told no street. sample: a few, by pseudonym.
    """

    people: int
    networks: Mapping[int, int | None]
    streets: Mapping[str, int]
    other_streets: int | None
    channels: Mapping[str, int | None]
    sample: Sequence[Somebody]


def crowd(people: Sequence[Somebody], networks: Mapping[int, int]) -> Crowd:
    """Count; networks: how many of them are in each."""
    streets = Counter(one.street for one in people if one.street)
    shown = {street: number for street, number in streets.most_common() if number >= FEWEST}
    channels = Counter(channel for one in people for channel in one.channels)
    chosen = sorted(people, key=lambda one: one.pseudonym)[:_SAMPLE] if len(people) >= FEWEST else []
    return Crowd(
        people=len(people),
        networks={network: _or_hidden(number) for network, number in networks.items()},
        streets=shown,
        other_streets=_or_hidden(len(people) - sum(shown.values())),
        channels={channel: _or_hidden(number) for channel, number in channels.most_common()},
        sample=[one if one.street in shown else Somebody(one.pseudonym, "", one.channels) for one in chosen],
    )


def _or_hidden(number: int) -> int | None:
    return number if number == 0 or number >= FEWEST else None

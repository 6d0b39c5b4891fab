"""Which kinds of alert somebody can do without, and under which name they say so."""

from collections.abc import Mapping

from broadcast.vocabulary import Kind
from people.kinds import MessageKind

WANTED_AS: Mapping[Kind, MessageKind] = {
    Kind.FLOOD: MessageKind.WEATHER,
    Kind.STORM: MessageKind.WEATHER,
    Kind.POWER_CUT: MessageKind.SERVICES,
    Kind.DRINKING_WATER: MessageKind.SERVICES,
    Kind.MISSING_PERSON: MessageKind.MISSING,
    Kind.BURGLARY: MessageKind.CRIME,
    Kind.SCAM: MessageKind.CRIME,
    Kind.PUBLIC_ORDER: MessageKind.CRIME,
    Kind.ACCIDENT: MessageKind.TRAFFIC,
    Kind.ROAD_WORKS: MessageKind.TRAFFIC,
    Kind.ACTIVITY: MessageKind.NEWS,
    Kind.NEWSLETTER: MessageKind.NEWS,
}
"""What is not in it nobody can do without: a gas leak, a fire, what has no kind."""

"""The kinds of message among which people choose; what may save lives comes to everybody, whatever they chose."""

from enum import StrEnum


class MessageKind(StrEnum):
    """What a message is about, in the words in which a resident would choose."""

    CRIME = "crime"
    MISSING = "missing"
    TRAFFIC = "traffic"
    WEATHER = "weather"
    SERVICES = "services"
    NEWS = "news"

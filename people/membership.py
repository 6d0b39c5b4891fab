"""What somebody is to a neighbourhood network."""

from enum import StrEnum


class MemberRole(StrEnum):
    """A coordinator keeps the network going, and is told first where an alert asks for it."""

    COORDINATOR = "coordinator"
    MEMBER = "member"

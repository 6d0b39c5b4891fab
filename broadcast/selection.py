"""Whom an alert is for, as an officer chooses it: kept with the alert, shown to and bound by its approval."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Self

from people.membership import MemberRole
from storage.errors import InvalidInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """People to whom every condition applies that is given.

    networks: ids, members of any of them. languages: what people asked for, or else write in; who never told counts as
    Dutch. channels: those on which they have an address, and the only ones used. role: in any of these networks; a
    member is who coordinates none of them. coordinators_first: they are told before the others.
    """

    networks: frozenset[int] = frozenset()
    languages: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    role: MemberRole | None = None
    coordinators_first: bool = False

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> Self:
        """From what `as_json` gave; raises InvalidInput for anything else."""
        if unknown := value.keys() - {one.name for one in fields(cls)}:
            raise InvalidInput(f"An audience knows nothing of: {', '.join(sorted(unknown))}")
        try:
            return cls(
                networks=frozenset(map(int, value.get("networks", ()))),
                languages=frozenset(map(str, value.get("languages", ()))),
                channels=frozenset(map(str, value.get("channels", ()))),
                role=MemberRole(value["role"]) if "role" in value else None,
                coordinators_first=bool(value.get("coordinators_first", False)),
            )
        except (TypeError, ValueError) as error:
            raise InvalidInput("An audience is lists of networks, languages and channels, and a role") from error

    def as_json(self) -> dict[str, Any]:
        """What is asked for, in one written form of the same audience."""
        given = {one.name: getattr(self, one.name) for one in fields(self) if getattr(self, one.name)}
        return {name: sorted(value) if isinstance(value, frozenset) else value for name, value in given.items()}

    @property
    def is_empty(self) -> bool:
        """Whether it names nobody: not even where to look."""
        return not self.networks

    def in_order(self) -> tuple[Self, ...]:
        """The parts of it, to be told one after another; nobody is in two of them."""
        whole = replace(self, coordinators_first=False)
        if not self.coordinators_first or self.role is not None:
            return (whole,)
        return tuple(replace(whole, role=role) for role in MemberRole)

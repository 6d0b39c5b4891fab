"""Whom an alert is for, as an officer chooses it: kept with the alert, shown to and bound by its approval."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from broadcast.places.area import Area
from broadcast.places.houses import Houses
from people.kinds import MessageKind
from people.membership import MemberRole
from storage.errors import InvalidInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """People to whom every condition applies that is given; without networks, of the whole organisation.

    networks: ids, members of any of them. houses, post_codes, municipalities (NIS codes), area: who lives in any
    of these places. kind: what it is about, which the alert says and not the officer; who does not want that is left
    out. languages: what people asked for, or else write in; who never told counts as Dutch. channels: those on which
    they have an address, and the only ones used. role: in any of these networks; a member is who coordinates none of
    them. coordinators_first: they are told before the others, ten thousand people at a time.
    """

    networks: frozenset[int] = frozenset()
    houses: frozenset[Houses] = frozenset()
    post_codes: frozenset[str] = frozenset()
    municipalities: frozenset[str] = frozenset()
    area: Area | None = None
    kind: MessageKind | None = None
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
                houses=frozenset(map(Houses.read, value.get("houses", ()))),
                post_codes=_words(value.get("post_codes", ())),
                municipalities=_words(value.get("municipalities", ())),
                area=Area.read(value["area"]) if "area" in value else None,
                kind=MessageKind(value["kind"]) if "kind" in value else None,
                languages=_words(value.get("languages", ())),
                channels=_words(value.get("channels", ())),
                role=MemberRole(value["role"]) if "role" in value else None,
                coordinators_first=bool(value.get("coordinators_first", False)),
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise InvalidInput("This is no audience: it must be written as the console writes it") from error

    def as_json(self) -> dict[str, Any]:
        """What is asked for, in one written form of the same audience."""
        given = {one.name: getattr(self, one.name) for one in fields(self) if getattr(self, one.name)}
        return {name: _written(value) for name, value in given.items()}

    @property
    def has_places(self) -> bool:
        """Whether it matters where people live."""
        return bool(self.houses or self.post_codes or self.municipalities or self.area)

    @property
    def places(self) -> Self:
        """Where they live, and nothing else."""
        return type(self)(
            houses=self.houses, post_codes=self.post_codes, municipalities=self.municipalities, area=self.area
        )

    @property
    def is_empty(self) -> bool:
        """Whether it names nobody: not even where to look."""
        return not self.networks and not self.has_places


def _words(values: Iterable[Any]) -> frozenset[str]:
    if isinstance(values, str):
        raise TypeError(values)
    return frozenset(map(str, values))


def _written(value: Any) -> Any:
    if isinstance(value, Area):
        return value.as_json()
    if not isinstance(value, frozenset):
        return value
    if all(isinstance(one, Houses) for one in value):
        return [one.as_json() for one in sorted(value, key=lambda one: one.line)]
    return sorted(value)

"""The part of the form of an alert that says whom it is for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import ClassVar, Self, TypeVar

from fastapi.datastructures import FormData

from broadcast.alert import LANGUAGES
from broadcast.places import geojson
from broadcast.places.area import Area
from broadcast.places.houses import Houses, parse_lines
from broadcast.repository import places
from broadcast.selection import Selection
from console.context import Console
from console.login import Visit
from console.parameters import LARGEST_ID
from messaging.incoming import ChannelKind, storable
from people.membership import MemberRole
from people.municipalities import codes
from storage.errors import InvalidInput

Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class AudienceForm:
    """The fields as they were filled in. networks: the ids that were ticked, as text.

    streets: one a line. codes: post codes and NIS codes. area: lines of coordinates, or GeoJSON. place: the id of a
    kept one that is to be added.
    """

    CHANNELS: ClassVar = tuple(ChannelKind)
    LANGUAGES: ClassVar = LANGUAGES
    ROLES: ClassVar = tuple(MemberRole)

    networks: tuple[str, ...] = ()
    streets: str = ""
    codes: str = ""
    area: str = ""
    languages: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    role: str = ""
    coordinators_first: bool = False
    place: str = ""

    @classmethod
    def read(cls, form: FormData) -> Self:
        """From the form as it came in."""
        return cls(
            networks=_fields(form, "network"),
            streets=_field(form, "streets"),
            codes=_field(form, "codes"),
            area=_field(form, "coordinates"),
            languages=_fields(form, "language"),
            channels=_fields(form, "channel"),
            role=_field(form, "member_role"),
            coordinators_first=bool(_field(form, "coordinators_first")),
            place=_field(form, "place"),
        )

    @classmethod
    def of(cls, selection: Selection) -> Self:
        """The form of what is stored already."""
        return cls(
            networks=tuple(map(str, sorted(selection.networks))),
            streets="\n".join(sorted(one.line for one in selection.houses)),
            codes=" ".join(sorted(selection.post_codes | selection.municipalities)),
            area=geojson.write_coordinates(selection.area) if selection.area else "",
            languages=tuple(sorted(selection.languages)),
            channels=tuple(sorted(selection.channels)),
            role=selection.role or "",
            coordinators_first=selection.coordinators_first,
        )

    def adding(self, places: Selection) -> Self:
        """The same form with these places added to it."""
        more = type(self).of(places)
        return replace(
            self,
            streets=_joined(self.streets, more.streets, "\n"),
            codes=_joined(self.codes, more.codes, " "),
            area=_joined(self.area, more.area, "\n\n"),
            place="",
        )

    @property
    def selection(self) -> Selection:
        """Whom it is for. What cannot be read counts as empty: `problems` names it."""
        ticked = (int(one) for one in self.networks if one.isdecimal() and len(one) <= len(str(LARGEST_ID)))
        post_codes, municipalities = _or(codes, self.codes, (frozenset[str](), frozenset[str]()))
        return Selection(
            networks=frozenset(one for one in ticked if one <= LARGEST_ID),
            houses=_or(parse_lines, self.streets, frozenset[Houses]()),
            post_codes=post_codes,
            municipalities=municipalities,
            area=_or(_area, self.area, None),
            languages=frozenset(self.languages),
            channels=frozenset(self.channels),
            role=MemberRole(self.role) if self.role in set(MemberRole) else None,
            coordinators_first=self.coordinators_first,
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but networks is filled in."""
        return self != type(self)(networks=self.networks)

    def problems(self) -> Iterator[tuple[str, InvalidInput]]:
        """What cannot be read, by field."""
        readers: tuple[tuple[str, Callable[[str], object], str], ...] = (
            ("streets", parse_lines, self.streets),
            ("codes", codes, self.codes),
            ("coordinates", _area, self.area),
        )
        for name, read, written in readers:
            try:
                read(written)
            except InvalidInput as error:
                yield name, error


def _area(text: str) -> Area | None:
    if text.lstrip().startswith("{"):
        return geojson.read_geojson(text.encode())[0]
    found = geojson.read_coordinates(text)
    return None if found is None else found[0]


def _or(read: Callable[[str], Part], written: str, otherwise: Part) -> Part:
    try:
        return read(written)
    except InvalidInput:
        return otherwise


def _joined(one: str, other: str, sign: str) -> str:
    return sign.join(part.strip() for part in (one, other) if part.strip())


def _field(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return storable(value).replace("\r\n", "\n") if isinstance(value, str) else ""


def _fields(form: FormData, name: str) -> tuple[str, ...]:
    return tuple(storable(one) for one in form.getlist(name) if isinstance(one, str))


async def with_kept_place(console: Console, visit: Visit, form: AudienceForm) -> AudienceForm:
    """The form with the kept place in it that was chosen, if one was."""
    if not form.place:
        return form
    async with console.database.read() as connection:
        kept = {str(one.id): one.selection for one in await places.kept(connection, visit.organisation_id)}
    return form.adding(kept.get(form.place, Selection()))

"""Places as CAP writes them (latitude first, kilometres) and as an audience has them (longitude first, metres)."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace

from broadcast.cap import words
from broadcast.cap.model import Area, Circle, Named
from broadcast.places import area as surface
from broadcast.selection import Selection
from people import municipalities
from storage.errors import InvalidInput

_METRES = 1000
_LISTS = {words.NIS.casefold(), "nis-code", "niscode", "nis_code", words.POST_CODE, "post code", "postal code"}


def written(audience: Selection, description: str) -> Area:
    """The places of an audience; networks and single streets are no places on a map, their words are."""
    drawn = audience.area or surface.Area()
    codes = [Named(words.NIS, one) for one in sorted(audience.municipalities)]
    codes += [Named(words.POST_CODE, one) for one in sorted(audience.post_codes)]
    return Area(
        description=description,
        polygons=tuple(tuple(point[::-1] for point in ring) for ring in drawn.polygons),
        circles=tuple(Circle(one.centre[::-1], one.radius / _METRES) for one in drawn.circles),
        geocodes=tuple(codes),
    )


def read(areas: Iterable[Area]) -> tuple[Selection, list[str]]:
    """Who lives in the areas, and what could not be used of them, a line each."""
    given, notes = list(areas), []
    post_codes, nis_codes = _codes([code for one in given for code in one.geocodes])
    found = Selection(municipalities=nis_codes, post_codes=post_codes)
    try:
        drawn, mended = _drawn(given)
        found = replace(found, area=drawn)
        notes += ["area: a polygon crossed itself and was mended"] if mended else []
    except InvalidInput as error:
        notes.append(f"area: {error}")
    return found, notes


def _drawn(areas: list[Area]) -> tuple[surface.Area | None, bool]:
    rings = [[point[::-1] for point in ring] for one in areas for ring in one.polygons]
    circles = [
        surface.Circle(one.centre[::-1], one.radius * _METRES) for each in areas for one in each.circles if one.radius
    ]
    return surface.Area.of(rings, circles) if rings or circles else (None, False)


def _codes(geocodes: Iterable[Named]) -> tuple[frozenset[str], frozenset[str]]:
    """The post codes and the NIS codes of places that exist; other lists of codes say nothing to us."""
    post_codes, nis_codes = frozenset[str](), frozenset[str]()
    for one in geocodes:
        if one.name.casefold() in _LISTS:
            with suppress(InvalidInput):
                some, others = municipalities.codes(one.value)
                post_codes, nis_codes = post_codes | some, nis_codes | others
    return post_codes, nis_codes

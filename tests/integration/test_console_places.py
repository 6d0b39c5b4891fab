"""Places in the console: kept from streets, codes, coordinates or a GeoJSON file; hostile files are refused."""

from collections.abc import AsyncIterator

import pytest

from people.roles import Role
from tests.integration.console_setting import Setting, console_at

SQUARE = b'{"type":"Polygon","coordinates":[[[3.7,51],[3.8,51],[3.8,51.1],[3.7,51.1],[3.7,51]]]}'
BOW_TIE = b'{"type":"Polygon","coordinates":[[[3.7,51],[3.8,51.1],[3.8,51],[3.7,51.1],[3.7,51]]]}'


@pytest.fixture
async def setting(sqlite_url: str) -> AsyncIterator[Setting]:
    async with console_at(sqlite_url) as made:
        yield made


async def test_a_place_is_kept_shown_on_the_map_and_taken_away(setting: Setting) -> None:
    editor = await setting.officer(Role.EDITOR)
    form = {"name": "Station", "streets": "Statiestraat 1-99 oneven\nDorp", "codes": "9000, 44021"}
    assert (await editor.send("/places", "a.geojson", SQUARE, **form)).headers["location"] == "/places?done=kept"
    page = (await editor.get("/places")).text
    assert "Dorp, Statiestraat 1-99 oneven, 44021, 9000" in page
    assert "km²" in page
    (drawn,) = (await editor.get("/places/background.json")).json()["features"]
    assert drawn["properties"]["name"] == "Station"
    stranger = await setting.officer(Role.ADMINISTRATOR, "elders")
    assert (await stranger.get("/places/background.json")).json()["features"] == []
    assert (await stranger.post("/places/1/forget")).status_code == 404
    assert (await editor.post("/places/1/forget")).status_code == 303
    assert "Station" not in (await editor.get("/places")).text


async def test_a_mended_border_is_said(setting: Setting) -> None:
    editor = await setting.officer(Role.EDITOR)
    answer = await editor.send("/places", "a.geojson", BOW_TIE, name="Strik")
    assert "hersteld" in (await editor.get(answer.headers["location"])).text


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"name": "", "streets": "Dorp"}, "1 tot 120 tekens"),
        ({"name": "X"}, "Geef een straat"),
        ({"name": "X", "streets": "Dorp\n12"}, "Regel 2"),
        ({"name": "X", "codes": "99999"}, "geen gemeente met NIS-code 99999"),
        ({"name": "X", "codes": "gent"}, "vier cijfers"),
        ({"name": "X", "coordinates": "51.0 3.7"}, "geen oppervlakte"),
        ({"name": "X", "coordinates": "noord"}, "Regel 1 is geen punt"),
    ],
)
async def test_what_cannot_be_read_is_said_and_stays_in_its_field(
    setting: Setting, form: dict[str, str], said: str
) -> None:
    editor = await setting.officer(Role.EDITOR)
    answer = await editor.post("/places", **form)
    assert answer.status_code == 422
    assert said in answer.text
    for written in form.values():
        assert written in answer.text


@pytest.mark.parametrize("content", [b"[" * 50_000, b"<kml/>", b"{}", b" " * 1_000_001], ids=range(4))
async def test_a_hostile_file_is_refused(setting: Setting, content: bytes) -> None:
    editor = await setting.officer(Role.EDITOR)
    assert (await editor.send("/places", "a.geojson", content, name="X")).status_code == 422

"""The form of an alert: what must be corrected before anything is stored, and how it will read."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from broadcast.alert import Severity
from console.audience_form import AudienceForm
from console.draft import Draft, event_of, readings
from console.login import Visit
from people.officer import Officer
from people.organisation import OfficeHours, Organisation, OrganisationKind
from people.roles import Role

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
TOWN = Organisation(
    id=1,
    kind=OrganisationKind.MUNICIPALITY,
    name="Lindebeke",
    slug="lindebeke",
    nis_code=None,
    inhabitants=21_032,
    address_form="u",
    office_hours=OfficeHours.read([[]] * 7),
    demonstration=False,
)
VISIT = Visit(Officer(1, 1, "an@lindebeke.example", "An", Role.EDITOR, "nl", None), TOWN, "csrf", "token", NOW)
TICKED = AudienceForm(networks=("3", "3", "5"))
GOOD = Draft("Gaslek", "Severe", TICKED, {"nl": "Blijf binnen.", "fr": " "}, "2026-03-02T18:30")


def test_a_good_draft_becomes_content_in_local_time_without_empty_translations() -> None:
    assert GOOD.problems(VISIT) == {}
    content = GOOD.content()
    assert content.severity is Severity.SEVERE
    assert content.texts == {"nl": "Blijf binnen."}
    assert content.expires_at == datetime(2026, 3, 2, 17, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"severity": "Enormous"}, "severity"),
        ({"audience": AudienceForm()}, "networks"),
        ({"audience": AudienceForm(networks=("one", "-2", "9" * 40))}, "networks"),
        ({"audience": replace(TICKED, streets="12")}, "streets"),
        ({"audience": replace(TICKED, codes="gent")}, "codes"),
        ({"audience": replace(TICKED, area="51.0 3.7")}, "coordinates"),
        ({"texts": {"nl": "  ", "fr": "Restez"}}, "text_nl"),
        ({"texts": {"nl": "x" * 1600}}, "text_nl"),
        ({"expires": ""}, "expires"),
        ({"expires": "tomorrow"}, "expires"),
        ({"expires": "2026-03-02T12:59"}, "expires"),
    ],
)
def test_each_mistake_is_said_at_its_field(changed: dict[str, object], field: str) -> None:
    assert list(replace(GOOD, **changed).problems(VISIT)) == [field]  # type: ignore[arg-type]


def test_everybody_reads_dutch_and_who_asked_for_another_language_its_translation_too() -> None:
    draft = replace(GOOD, texts={"nl": "Blijf binnen.", "fr": "Restez chez vous."})
    usual, french = readings(event_of(draft, TOWN, NOW))
    assert usual.language is None
    assert "Restez" not in usual.message
    assert french.language == "fr"
    assert french.message.index("Blijf binnen.") < french.message.index("Restez chez vous.")
    assert french.parts.parts >= usual.parts.parts


def test_where_notices_go_out_in_french_too_everybody_reads_it() -> None:
    draft = replace(GOOD, texts={"nl": "Blijf binnen.", "fr": "Restez chez vous."})
    (usual,) = readings(event_of(draft, replace(TOWN, nis_code="23103"), NOW))
    assert "Restez chez vous." in usual.message

"""The form of an alert: what is left empty is as usual, what is wrong is said at its field, and how it will read."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from broadcast.event import first
from broadcast.vocabulary import Certainty, Kind, ResponseType, Scope, Severity, Status, Urgency
from console.audience_form import AudienceForm
from console.draft import Draft
from console.login import Visit
from console.problems import problems
from console.readings import Reading, readings
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
GOOD = Draft(
    title="Gaslek",
    severity="Severe",
    audience=AudienceForm(networks=("3", "3", "5")),
    texts={"nl": "Blijf binnen.", "fr": " "},
    expires="2026-03-02T18:30",
)


def read(draft: Draft, town: Organisation = TOWN) -> list[Reading]:
    return list(readings(first(draft.content(NOW), town, NOW)))


def test_a_good_draft_becomes_content_in_local_time_without_empty_translations() -> None:
    assert problems(GOOD, VISIT) == {}
    content = GOOD.content(NOW)
    assert content.severity is Severity.SEVERE
    assert content.texts == {"nl": "Blijf binnen."}
    assert content.audience.networks == {3, 5}
    assert content.expires_at == datetime(2026, 3, 2, 17, 30, tzinfo=UTC)


@pytest.mark.parametrize(("asks", "kept"), [("", None), ("yes", True), ("no", False), ("perhaps", None)])
def test_whether_people_are_asked_if_they_are_safe_is_as_usual_unless_somebody_chose(
    asks: str, kept: bool | None
) -> None:
    assert replace(GOOD, asks=asks).content(NOW).ask_if_safe is kept


def test_in_a_hurry_four_fields_are_enough() -> None:
    hurried = Draft(kind="gas_leak", title="Gaslek", texts={"nl": "Ga weg."}, audience=AudienceForm(networks=("3",)))
    assert problems(hurried, VISIT) == {}
    content = hurried.content(NOW)
    assert (content.kind, content.status, content.severity) == (Kind.GAS_LEAK, Status.ACTUAL, Severity.EXTREME)
    assert (content.urgency, content.certainty) == (Urgency.IMMEDIATE, Certainty.OBSERVED)
    assert content.response_types == (ResponseType.EVACUATE,)
    assert content.expires_at == NOW + timedelta(hours=2)


def test_an_alert_that_leaves_later_usually_lasts_from_then() -> None:
    later = Draft(kind="gas_leak", effective="2026-03-03T09:00").content(NOW)
    assert later.expires_at == datetime(2026, 3, 3, 10, tzinfo=UTC)


def test_blanks_are_filled_in_once_for_every_language_and_none_is_left_empty() -> None:
    texts = {"nl": "Gaslek in de [straat].", "fr": "Fuite dans la [straat]."}
    draft = replace(GOOD, texts=texts)
    assert draft.blanks == ("straat",)
    assert list(problems(draft, VISIT)) == ["blank_straat"]
    filled = replace(draft, values={"straat": " Kerkstraat "})
    assert filled.content(NOW).texts == {"nl": "Gaslek in de Kerkstraat.", "fr": "Fuite dans la Kerkstraat."}
    assert problems(filled, VISIT) == {}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"severity": "Enormous"}, "severity"),
        ({"audience": AudienceForm()}, "networks"),
        ({"audience": AudienceForm(networks=("one", "-2", "9" * 40))}, "networks"),
        ({"audience": replace(GOOD.audience, streets="12")}, "streets"),
        ({"audience": replace(GOOD.audience, codes="gent")}, "codes"),
        ({"audience": replace(GOOD.audience, area="51.0 3.7")}, "coordinates"),
        ({"texts": {"nl": "  ", "fr": "Restez"}}, "text_nl"),
        ({"texts": {"nl": "x" * 1600}}, "text_nl"),
        ({"instructions": {"fr": "Partez."}}, "instruction_fr"),
        ({"short_texts": {"de": "Weg."}}, "short_de"),
        ({"expires": "tomorrow"}, "expires"),
        ({"expires": "2026-03-02T12:59"}, "expires"),
        ({"effective": "2026-03-02T19:00"}, "expires"),
        ({"effective": "now"}, "effective"),
        ({"onset": "now"}, "onset"),
        ({"web": "/gaslek"}, "web"),
        ({"contact": "x" * 201}, "contact"),
    ],
)
def test_each_mistake_is_said_at_its_field(changed: dict[str, object], field: str) -> None:
    assert list(problems(replace(GOOD, **changed), VISIT)) == [field]  # type: ignore[arg-type]


def test_everybody_reads_dutch_and_who_asked_for_another_language_its_translation_too() -> None:
    draft = replace(GOOD, texts={"nl": "Blijf binnen.", "fr": "Restez chez vous."})
    usual, french = read(draft)
    assert usual.language is None
    assert "Restez" not in usual.message
    assert french.language == "fr"
    assert french.message.index("Blijf binnen.") < french.message.index("Restez chez vous.")
    assert french.parts.parts >= usual.parts.parts


def test_where_notices_go_out_in_french_too_everybody_reads_it() -> None:
    draft = replace(GOOD, texts={"nl": "Blijf binnen.", "fr": "Restez chez vous."})
    (usual,) = read(draft, replace(TOWN, nis_code="23103"))
    assert "Restez chez vous." in usual.message


@pytest.mark.parametrize(("ticked", "scope"), [("", Scope.RESTRICTED), ("on", Scope.PUBLIC)])
def test_an_alert_is_for_its_audience_alone_unless_the_public_feed_was_ticked(ticked: str, scope: Scope) -> None:
    assert replace(GOOD, feed=ticked).content(NOW).scope is scope

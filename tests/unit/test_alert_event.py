"""How an alert reads to each resident."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from broadcast.alert import Severity
from broadcast.event import (
    Event,
    EventKind,
    EventState,
    check_length,
    check_texts,
    render,
    template_variables,
)
from messaging.sms import Encoding, segments
from storage.errors import InvalidInput

NOW = datetime(2026, 3, 1, tzinfo=UTC)
EVENT = Event(
    id=1,
    organisation_id=1,
    alert_id=1,
    kind=EventKind.ALERT,
    state=EventState.SENDING,
    severity=Severity.EXTREME,
    title="Gaslek in de Kerkstraat",
    texts={"nl": "Sluit ramen en deuren.", "fr": "Fermez tout.", "en": "Close your windows."},
    source="PZ Lindebeke",
    has_facilities=False,
    recipients=0,
    expires_at=NOW,
    created_at=NOW,
    officer_id=1,
    approved_by=2,
)


def test_everybody_gets_dutch_and_learns_who_sends_it() -> None:
    text = render(EVENT, None, sms=False)
    assert text.startswith("WAARSCHUWING - PZ Lindebeke\nGaslek in de Kerkstraat\nSluit ramen en deuren.")
    assert "Fermez" not in text


def test_who_asked_for_another_language_gets_its_translation_below_the_dutch() -> None:
    text = render(EVENT, "fr", sms=False)
    assert 0 < text.index("Sluit ramen") < text.index("Traduction: Fermez tout.")


def test_without_a_translation_in_the_language_asked_for_dutch_alone_is_sent() -> None:
    assert render(EVENT, "de", sms=False) == render(EVENT, None, sms=False)


def test_a_municipality_with_facilities_speaks_dutch_then_french_to_all() -> None:
    text = render(replace(EVENT, has_facilities=True), None, sms=False)
    assert 0 < text.index("Sluit ramen") < text.index("ALERTE - PZ Lindebeke\nFermez tout.")


def test_it_can_be_answered_and_stopped_and_danger_comes_with_its_number() -> None:
    assert render(EVENT, None, sms=True).endswith("Gevaar? Bel 112. Antwoord op dit bericht. STOP = stoppen.")
    routine = replace(EVENT, severity=Severity.MINOR)
    assert "112" not in render(routine, None, sms=True)


@pytest.mark.parametrize("kind", EventKind)
def test_what_we_add_never_makes_an_sms_dear(kind: EventKind) -> None:
    text = render(replace(EVENT, kind=kind), None, sms=True)
    assert segments(text).encoding is Encoding.GSM7


def test_each_kind_says_what_it_is() -> None:
    assert len({render(replace(EVENT, kind=kind), None, sms=True).splitlines()[0] for kind in EventKind}) == 5


def test_it_says_where_and_what_to_do_and_where_more_is_told() -> None:
    told = replace(EVENT, area="Molenveld", instructions={"nl": "Ga weg."}, web="https://pz.example", contact="101")
    lines = render(told, None, sms=False).splitlines()
    assert lines[2:5] == ["Waar: Molenveld", "Sluit ramen en deuren.", "Ga weg."]
    assert lines[-3:-1] == ["Info: https://pz.example", "Contact: 101"]


def test_an_sms_has_the_short_text_instead_where_one_was_written() -> None:
    told = replace(EVENT, instructions={"nl": "Ga naar de sporthal."}, short_texts={"nl": "Ramen dicht."})
    assert "Sluit ramen" in render(told, None, sms=False)
    assert "Ramen dicht." in render(told, None, sms=True)
    assert "sporthal" not in render(told, None, sms=True)


def test_what_is_minor_is_a_message_and_no_alert() -> None:
    assert render(replace(EVENT, severity=Severity.MINOR), None, sms=True).startswith("BERICHT - ")


def test_a_template_has_no_line_ends() -> None:
    told = replace(
        EVENT, severity=Severity.MODERATE, texts={"nl": "Een.\n\nTwee."}, instructions={"nl": "Drie.\nVier."}
    )
    assert template_variables(told, None)["2"] == "Gaslek in de Kerkstraat Een. Twee. Drie. Vier."


def test_what_follows_an_alert_says_so_in_a_template_too() -> None:
    told = replace(EVENT, kind=EventKind.ALL_CLEAR, texts={"nl": "Het is veilig."})
    assert template_variables(told, None)["2"] == "EINDE WAARSCHUWING: Gaslek in de Kerkstraat Het is veilig."


def test_a_template_gets_the_sender_and_the_whole_message() -> None:
    expected = {"1": "PZ Lindebeke", "2": "Gaslek in de Kerkstraat Sluit ramen en deuren. Close your windows."}
    assert template_variables(replace(EVENT, severity=Severity.MODERATE), "en") == expected


@pytest.mark.parametrize("texts", [{"fr": "Fermez tout."}, {"nl": " "}, {"nl": "Goed", "es": "Bueno"}, {}])
def test_texts_that_cannot_be_sent_are_refused(texts: dict[str, str]) -> None:
    with pytest.raises(InvalidInput):
        check_texts(texts)


@pytest.mark.parametrize("event", [replace(EVENT, title=""), replace(EVENT, title="x" * 121)])
def test_a_title_is_short_and_not_empty(event: Event) -> None:
    with pytest.raises(InvalidInput):
        check_length(event)


def test_a_message_that_twilio_would_refuse_is_refused_before() -> None:
    with pytest.raises(InvalidInput, match="too long"):
        check_length(replace(EVENT, texts={"nl": "x" * 900, "fr": "y" * 900}))
    check_length(replace(EVENT, texts={"nl": "x" * 1200}))
